"""The window that the tests share: nothing of one test's page is found by the next."""

import pytest

LEAVE = """() => {
  document.cookie = "left=1; path=/";
  localStorage.setItem("left", "1");
  sessionStorage.setItem("left", "1");
}"""
FIND = "() => [document.cookie.includes('left='), localStorage.length, sessionStorage.length]"


@pytest.mark.parametrize("time", ["first", "again"])
def test_a_page_finds_nothing_that_the_one_before_left(server, window, page, time):
    page.goto(f"{server.url}/_stcore/health")
    assert page.evaluate(FIND) == [False, 0, 0]
    page.evaluate(LEAVE)
    assert page.evaluate(FIND) == [True, 1, 1]
    assert len(window.pages) == 2  # the one that stays, and this


@pytest.mark.parametrize("time", ["first", "again"])
def test_traffic_is_that_of_the_test(page, traffic, time):
    with page.expect_console_message():
        page.evaluate("time => console.error(time)", time)
    assert traffic.errors == [time]
