"""A room on the pages that ask for a guess: who opens it, what its link holds, what garbage does."""

import json
import re
from urllib.parse import parse_qs

import numpy as np
import pytest
import streamlit as st

from dark_core.app.class_room.store import Rooms
from dark_core.app.class_room.view import COOKIE, TEXT, Seat, is_position
from dark_core.app.runtime.page import JOINT, SCENE
from dark_core.app.smooth.view import CASE
from dark_core.codec import decode
from dark_core.files.scenes import load_scenes
from dark_core.pose import SKELETON, Estimator
from tests.pages.opening import opened

ENCODE = "pages/1_Encode.py"


@pytest.fixture(autouse=True)
def _own_rooms(tmp_path, monkeypatch):
    monkeypatch.setenv("DARK_ROOMS", str(tmp_path))


def figure(app) -> dict:
    found = [json.loads(element.proto.json) for element in app.get("bidi_component")]
    return next(data for data in found if "window" in data)


def asked_for(app, name: str) -> str:
    """A parameter of the address."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def press(app, label: str):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def link(app) -> dict[str, list[str]]:
    """The parameters of the first link on the page: of the room, or of the class."""
    return parse_qs(next(one.value for one in app.code if one.value.startswith("?"))[1:])


def test_a_teacher_opens_a_room_sees_the_cloud_clears_and_closes_it(tmp_path):
    app = opened(ENCODE, present="1", input="128", hide="scene")
    assert "class" not in figure(app)
    press(app, TEXT["open"])
    code = asked_for(app, "room")
    assert asked_for(app, "hide") == "answer,scene" and "answer" in figure(app)["hide"]
    assert figure(app)["class"] == {"teacher": True, "guesses": [], "text": figure(app)["class"]["text"]}
    assert link(app) == {"input": ["128"], "hide": ["answer,scene"], "room": [code]}, "phones do not present"

    # A phone in the room; what it asks is what the teacher asks.
    guest = opened(ENCODE, **{name: values[0] for name, values in link(app).items()})
    assert figure(guest)["class"]["teacher"] is False and figure(guest)["class"]["guesses"] == []
    assert any(TEXT["guest"].format(code=code) == one.value for one in guest.caption)
    assert not [button for button in guest.button if button.label in (TEXT["clear"], TEXT["close"])]

    rooms = Rooms(tmp_path / "rooms.sqlite")
    app.toggle(key="class_cloud").set_value(True).run()
    question = _question_of(app)
    for n in range(3):
        rooms.guess(code, question, f"phone {n}", (n, 2 * n))
    app.run()
    assert figure(app)["class"]["guesses"] == [[0, 0], [1, 2], [2, 4]]
    assert any(one.value == "3 guesses" for one in app.markdown)
    app.toggle(key="class_cloud").set_value(False).run()
    assert figure(app)["class"]["guesses"] == [], "the teacher decides when they are seen"
    press(app, TEXT["clear"])
    assert len(rooms.guesses(code, question)) == 0
    press(app, TEXT["close"])
    assert "room" not in app.query_params and not rooms.is_open(code)


def _question_of(app) -> str:
    """What the room of this page asks: the same for everyone who sees the same figure."""
    from dark_core.app.class_room import view

    asked = []
    original, view.digest = view.digest, lambda question: asked.append(original(question)) or asked[-1]
    try:
        app.run()
    finally:
        view.digest = original
    return asked[-1]


def test_a_full_server_says_so_in_a_sentence(monkeypatch):
    monkeypatch.setattr("dark_core.app.class_room.store.MOST_ROOMS", 0)
    app = opened(ENCODE)
    press(app, TEXT["open"])
    assert "room" not in app.query_params and [one.value for one in app.error] == [
        "0 rooms are open, and no more can be. Try again in an hour."
    ]


def test_the_room_goes_along_to_the_next_question():
    app = opened(ENCODE)
    press(app, TEXT["open"])
    code = asked_for(app, "room")
    first = _question_of(app)
    app.selectbox(key="joint").select("left wrist").run()
    assert _question_of(app) != first, "another joint is another question"
    app.switch_page("pages/2_Decode.py").run()
    press(app, TEXT["again"].format(code=code))
    assert asked_for(app, "room") == code and asked_for(app, "hide") == "answer"


@pytest.mark.parametrize("room", ["", "ABC", "ABCDE", "IIII", "'; DROP TABLE rooms; --", "é" * 4])
def test_a_code_that_is_none_is_ignored(room):
    app = opened(ENCODE, room=room, hide="answer")
    assert "class" not in figure(app) and not app.error


def test_a_closed_room_says_so_and_lets_the_visitor_guess_alone():
    app = opened(ENCODE, room="abcd", hide="answer")
    assert "class" not in figure(app) and TEXT["closed"].format(code="ABCD") in [one.value for one in app.caption]


@pytest.mark.parametrize(
    "guess", [None, [], [1], [1, 2, 3], ["1", 2], [True, 2], [float("nan"), 0], [1e9, 0], {"x": 1}]
)
def test_garbage_is_no_guess(guess):
    assert not is_position(guess)
    Seat("ABCD", "", "q").take(guess)


def test_the_link_for_a_class_hides_what_is_ticked():
    app = opened("pages/7_Noise_lab.py", level="0.05")
    app.checkbox(key="hide answer").check()
    app.checkbox(key="hide table").check()
    app.checkbox(key="for_projector").check().run()
    assert not app.exception
    assert link(app) == {"level": ["0.05"], "hide": ["answer,table"], "present": ["1"]}


# A file that cannot be used, and a reload


def test_rooms_that_cannot_be_written_are_one_clear_sentence(tmp_path):
    (tmp_path / "rooms.sqlite").mkdir()  # no file, but a folder: SQLite refuses it for every user
    app = opened(ENCODE)
    press(app, TEXT["open"])
    assert [error.value for error in app.error] == [TEXT["broken"]]
    assert "room" not in app.query_params
    guest = opened(ENCODE, room="ABCD", hide="answer")
    assert TEXT["broken"] in [one.value for one in guest.caption]
    assert "class" not in figure(guest), "the guest guesses without the room"


def test_a_room_that_breaks_while_it_is_open_is_one_clear_sentence(tmp_path):
    app = opened(ENCODE)
    press(app, TEXT["open"])
    for file in tmp_path.glob("rooms.sqlite*"):
        file.unlink()
    (tmp_path / "rooms.sqlite").mkdir()
    press(app, TEXT["clear"])
    assert TEXT["broken"] in [one.value for one in app.caption]


def test_a_reload_finds_the_teachers_key_in_the_cookie_and_a_wrong_key_makes_no_teacher(tmp_path, monkeypatch):
    code, key = Rooms(tmp_path / "rooms.sqlite").open()
    cookies = {}
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _: cookies))
    for kept, teacher in (("", False), ("0123456789abcdef", False), (key, True)):
        cookies[COOKIE + code] = kept
        app = opened(ENCODE, room=code, hide="answer")
        assert figure(app)["class"]["teacher"] is teacher
        assert any(button.label == TEXT["clear"] for button in app.button) is teacher
        assert key not in "".join(one.value for one in app.code), "no link holds it"
        kept_by = [element.proto.json for element in app.get("bidi_component") if COOKIE in element.proto.json]
        assert [json.loads(data)["key"] for data in kept_by] == ([key] if teacher else [])


NUMBERS = {
    "app.py": "photo px",
    "pages/3_Smooth.py": "heatmap px",
    "pages/7_Noise_lab.py": "times the Cramér–Rao bound",
    "pages/8_Evidence.py": "%",
}
"""Pages that ask for a number, and its unit."""


@pytest.mark.parametrize(("page", "unit"), NUMBERS.items())
def test_a_number_is_asked_for_before_the_answer_and_judged_after_it(page, unit):
    assert not [field for field in opened(page).number_input if "Your guess" in field.label], "only in an exercise"
    app = opened(page, hide="answer")
    (field,) = [field for field in app.number_input if "Your guess" in field.label]
    assert field.label.endswith(f"Your guess, in {unit}:") and field.value is None
    assert not [one for one in app.markdown if "The answer is" in one.value]
    field.set_value(30.0).run()
    app.button(key="reveal").click().run()
    (said,) = [one.value for one in app.markdown if "The answer is" in one.value]
    guess, answer, miss = (float(number) for number in re.findall(r"\d+\.\d+", said))
    assert guess == 30.0 and abs(miss - abs(30.0 - answer)) <= 0.11, "each number is rounded by itself"
    assert [field.disabled for field in app.number_input if "Your guess" in field.label] == [True]


def test_the_number_to_guess_is_the_one_that_the_page_tells():
    app = opened("app.py", hide="answer")
    app.button(key="reveal").click().run()
    (said,) = [one.value for one in app.markdown if "The answer is" in one.value]
    scene, joint = load_scenes()[SCENE], SKELETON.names.index(JOINT)
    pose = Estimator.load(device="cpu").predict(scene.photo, scene.box)
    away = np.linalg.norm(pose.transform.to_photo(decode(pose.heatmaps[joint], "argmax").xy) - scene.joints[joint])
    assert said == f"The answer is **{away:.1f} photo px**."

    app = opened("pages/3_Smooth.py", hide="answer")
    app.button(key="reveal").click().run()
    (said,) = [one.value for one in app.markdown if "The answer is" in one.value]
    away = np.linalg.norm(decode(CASE.heatmap(), "dark", CASE.sigma).xy - CASE.joint)
    assert said == f"The answer is **{away:.2f} heatmap px**."


@pytest.mark.parametrize("page", ["pages/7_Noise_lab.py", "pages/8_Evidence.py"])
def test_the_number_to_guess_stands_in_the_text_that_is_revealed(page):
    app = opened(page, hide="answer")
    app.button(key="reveal").click().run()
    (said,) = [one.value for one in app.markdown if "The answer is" in one.value]
    number = re.search(r"[\d.]+\d", said)[0]
    words = [one.value for one in app.markdown if one.value != said]
    assert any(re.search(rf"\*\*{re.escape(number)}( times| %)", text) for text in words), (said, words)


def test_a_class_guesses_a_number(tmp_path):
    app = opened("app.py")
    press(app, TEXT["open"])
    code = asked_for(app, "room")
    guest = opened("app.py", hide="answer", room=code)
    assert any(TEXT["guest_number"].format(code=code) == one.value for one in guest.caption)
    assert guest.button(key="send_number").disabled, "nothing to send yet"
    next(field for field in guest.number_input if "Your guess" in field.label).set_value(4.5).run()
    guest.button(key="send_number").click().run()
    assert any(TEXT["sent"].format(code=code) == one.value for one in guest.caption)

    rooms = Rooms(tmp_path / "rooms.sqlite")
    rooms.guess(code, _question_of(app), "another phone", (1.5, 0.0))
    app.toggle(key="class_cloud").set_value(True).run()
    said = "The class: 2 guesses from 1.5 to 4.5 photo px, on average 3.0."
    assert any(said in element.proto.json for element in app.get("bidi_component"))
    press(app, TEXT["close"])
