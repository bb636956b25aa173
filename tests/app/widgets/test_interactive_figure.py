"""What an interactive figure keeps of an address or a browser: numbers within bounds, held exactly by a link."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dark_core.app.widgets import interactive_figure
from dark_core.app.widgets.interactive_figure import Field

FIELD = Field(0.25, -1.5, 3.0)

# Field


GARBAGE = [
    None,
    "",
    " ",
    "nan",
    "-inf",
    "1e999",
    "1,5",
    "0x10",
    "½",
    "<script>",
    [],
    [1.0],
    {},
    (),
    object(),
    b"\xff",
    1j,
]
GARBAGE += [math.nan, math.inf, 10**400, -(10**400), "é" * 9999]


@pytest.mark.parametrize("value", GARBAGE, ids=lambda value: repr(value)[:12])
def test_what_is_no_number_becomes_the_default(value):
    assert FIELD.checked(value) == 0.25


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("1.25", 1.25),
        (" 2 ", 2.0),
        ("9" * 300, 3.0),
        (1e308, 3.0),
        (-7, -1.5),
        ("-1e9", -1.5),
        (0.126, 0.13),
        (True, 1),
    ],
)
def test_a_number_is_held_within_its_bounds_and_rounded_to_its_decimals(value, kept):
    assert FIELD.checked(value) == kept


@st.composite
def fields(draw) -> Field:
    low, high = sorted(draw(st.tuples(*[st.floats(-1e4, 1e4)] * 2)))
    return Field(draw(st.floats(low, high)), low, high, draw(st.integers(0, 3)))


@given(fields(), st.one_of(st.floats(), st.integers(), st.text(), st.none(), st.booleans(), st.binary()))
def test_a_link_holds_every_value_exactly(field, value):
    kept = field.checked(value)
    assert field.checked(f"{kept:.{field.digits}f}") == kept
    assert field.checked(json.loads(json.dumps(kept))) == kept, "the browser hands back what it was given"
    half = 0.5 * 10**-field.digits + 1e-9
    assert field.low - half <= kept <= field.high + half


# Live


def script():
    import streamlit as st

    from dark_core.app.widgets.interactive_figure import Field, InteractiveFigure

    fields = {"x": Field(5.0, 0, 10), "step": Field(8, 1, 9, 0)}
    figure = InteractiveFigure("figure", fields, st.session_state.get("origin", "one"))
    figure.show({"more": 1}, st.session_state.get("epoch", ""))
    if st.button("Reveal"):
        from dark_core.app.runtime.page import reveal

        reveal()
        st.rerun()


class Browser:
    """Stands in for the component: remembers what it is given, and says what the test wants it to say."""

    def __init__(self):
        self.data: dict = {}
        self.says: list = []

    def __call__(self, name, data, on_state, hide=frozenset()):
        self.data = data
        for message in self.says:
            on_state(message)
        self.says = []

    def hears(self, app: AppTest, message) -> dict:
        """The values that Python keeps after ``message``, as a page sees them in its next run."""
        self.says = [message]
        app.run()
        app.run()
        assert not app.exception
        return self.data["state"]


@pytest.fixture
def browser(monkeypatch) -> Browser:
    browser = Browser()
    monkeypatch.setattr(interactive_figure, "mount_figure", browser)
    return browser


def start(**query) -> AppTest:
    app = AppTest.from_function(script)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def address(app: AppTest) -> dict[str, str]:
    """What the page wrote or left in the address."""
    return {
        name: value if isinstance(value, str) else value[-1]
        for name, value in app.query_params.items()
        if name != "hide"
    }


def test_the_address_says_what_differs_from_the_defaults_and_no_more(browser):
    app = start(other="1")
    assert browser.data["state"] == {"x": 5.0, "step": 8.0} and address(app) == {"other": "1"}, "what is not ours stays"
    epoch = browser.data["epoch"]
    assert browser.hears(app, {"epoch": epoch, "x": 2.5, "step": 8, "revealed": True}) == {"x": 2.5, "step": 8.0}
    assert address(app) == {"x": "2.50", "other": "1"}
    browser.hears(app, {"epoch": epoch, "x": 5.001, "step": 3})
    assert address(app) == {"step": "3", "other": "1"}


def test_a_link_is_taken_once_and_checked(browser):
    app = start(x="7.125", step="99")
    assert browser.data["state"] == {"x": 7.12, "step": 9.0}
    assert address(app) == {"x": "7.12", "step": "9"}
    app.query_params["x"] = "1.00"
    app.run()
    assert browser.data["state"]["x"] == 7.12, "later the session counts"
    assert address(app)["x"] == "7.12"


@pytest.mark.parametrize("garbage", ["", "nan", "<script>", "1e999", ["", "x"]])
def test_garbage_in_a_link_is_the_default_and_leaves_the_address(browser, garbage):
    app = start(x=garbage)
    assert browser.data["state"] == {"x": 5.0, "step": 8.0}
    assert address(app) == {}


@pytest.mark.parametrize("message", [None, [], "x", 3, {}, {"epoch": "another ", "x": 1}, {"x": 1}, {"epoch": None}])
def test_a_message_that_is_none_of_this_case_changes_nothing(browser, message):
    app = start(x="7.00")
    assert browser.hears(app, message) == {"x": 7.0, "step": 8.0}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({}, {"x": 5.0, "step": 8.0}),
        ({"x": math.nan, "step": math.inf}, {"x": 5.0, "step": 8.0}),
        ({"x": None, "step": "2"}, {"x": 5.0, "step": 2.0}),
        ({"x": 1e300, "step": -(10**500)}, {"x": 10.0, "step": 8.0}),
        ({"x": [1], "step": {"a": 1}, "revealed": "no", "more": "y" * 10**5}, {"x": 5.0, "step": 8.0}),
    ],
)
def test_a_hostile_message_leaves_every_value_within_bounds(browser, sent, kept):
    app = start(x="7.00")
    assert browser.hears(app, {"epoch": browser.data["epoch"], **sent}) == kept
    assert app.session_state["interactive figure"].keys() == {"origin", "values", "revealed", "concealed", "said"}


def test_a_new_origin_begins_with_the_defaults_and_ignores_what_was_sent_before(browser):
    app = start(x="7.00")
    old = browser.data["epoch"]
    app.session_state["origin"] = "two"
    app.run()
    assert browser.data["state"] == {"x": 5.0, "step": 8.0} and browser.data["epoch"] != old
    assert address(app) == {}
    assert browser.hears(app, {"epoch": old, "x": 1}) == {"x": 5.0, "step": 8.0}


def test_a_new_epoch_keeps_the_values(browser):
    app = start(x="7.00")
    old = browser.data["epoch"]
    app.session_state["epoch"] = "larger"
    app.run()
    assert browser.data["state"]["x"] == 7.0 and browser.data["epoch"] != old


def revealed(app: AppTest) -> bool:
    return app.session_state["interactive figure"]["revealed"]


def test_the_answer_is_hidden_until_the_figure_or_the_page_reveals_it(browser):
    assert revealed(start())
    app = start(hide="answer")
    assert not revealed(app)
    browser.hears(app, {"epoch": browser.data["epoch"], "revealed": True})
    assert revealed(app)
    browser.hears(app, {"epoch": browser.data["epoch"], "revealed": False})
    assert not revealed(app), "asked again"
    app.session_state["origin"] = "two"
    app.run()
    assert not revealed(app), "the next case is kept back as well"
    app.button[0].click().run()
    assert not app.exception and revealed(app)
    app.session_state["origin"] = "three"
    app.run()
    assert revealed(app), "the page's own button gives everything away"
