"""Encode, Smooth and Decode under AppTest: every control, every case, garbage in every parameter, what is kept back."""

import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dark_core.app.decode import log_step
from dark_core.app.decode import quiz as decode_quiz
from dark_core.app.decode import tables as decode_tables
from dark_core.app.decode import text as decode_text
from dark_core.app.decode import view as decode_view
from dark_core.app.encode import quiz as encode_quiz
from dark_core.app.encode import view as encode_view
from dark_core.app.smooth import quiz as smooth_quiz
from dark_core.app.smooth import view as smooth_view
from dark_core.app.text.catalog import read_catalog
from dark_core.app.text.glossary import with_terms
from dark_core.app.widgets import lesson_heatmap
from dark_core.codec import CORE_DECODERS
from dark_core.files.scenes import load_scenes
from dark_core.simulation.heatmaps import SCENARIOS, field
from tests.pages.opening import opened

PATHS = {"encode": "pages/1_Encode.py", "smooth": "pages/3_Smooth.py", "decode": "pages/2_Decode.py"}
LESSONS = {"encode": encode_view, "smooth": smooth_view, "decode": decode_view}
QUIZZES = {"encode": encode_quiz, "smooth": smooth_quiz, "decode": decode_quiz}


def open_lesson(name: str, **query) -> AppTest:
    return opened(PATHS[name], **query)


def components(app: AppTest) -> list[dict]:
    return [json.loads(element.proto.json) for element in app.get("bidi_component")]


def live(app: AppTest) -> dict:
    """What the lesson's live figure of a heatmap is given."""
    return next(data for data in components(app) if "size" in data)


def log_step_data(app: AppTest) -> dict:
    """What the drawing at the top of Decode is given."""
    return next(data for data in components(app) if "pixels" in data)


def tables(app: AppTest) -> list[str]:
    """The HTML that Python drew below the live figure."""
    return [data["html"] for data in components(app) if "html" in data]


def texts(app: AppTest) -> list[str]:
    return [text.value for text in app.markdown]


def styles(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


# Controls


def test_every_control_of_encode_is_heard():
    app = open_lesson("encode")
    joint = live(app)["state"]
    for size in encode_view.INPUTS:
        app.select_slider(key="input").set_value(size).run()
        assert not app.exception
        data = live(app)
        assert data["size"] == [size // 4] * 2 and data["epoch"].endswith(f" {size}")
        assert data["state"] == joint, "the joint stays where it is in the photo"
        xy = np.multiply(data["scale"], [joint["x"], joint["y"]]) + data["shift"]
        x0, y0, n = data["window"]
        assert (xy >= [x0 - 0.5, y0 - 0.5]).all() and (xy <= [x0 + n - 0.5, y0 + n - 0.5]).all(), "it is in sight"
        assert any(f"At {size} px input" in text for text in texts(app))
    app.slider(key="sigma").set_value(0.5).run()
    assert live(app)["sigma"] == 0.5
    assert live(app)["ground"].startswith("data:image/jpeg;base64,")
    app.toggle(key="ground").set_value(False).run()
    assert live(app)["ground"] is None and not app.exception


def test_every_control_of_smooth_is_heard():
    app = open_lesson("smooth")
    fields = [live(app)["noise"]]
    for seed in (0, 9999):
        app.number_input(key="seed").set_value(seed).run()
        assert not app.exception
        fields.append(live(app)["noise"])
    assert len(set(fields)) == 3
    assert fields[1] == lesson_heatmap.floats(field(smooth_view.CASE.size, 0))
    assert any('class="many"' in html for html in tables(app))
    app.segmented_control(key="what").set_value("real").run()
    assert not app.exception
    assert live(app)["made"] is None and live(app)["size"] == [48, 48]
    assert not tables(app), "no repeats of a real joint"


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_link_opens_each_case_with_its_reason_and_its_errors(name):
    app = open_lesson("decode", case=SCENARIOS[name].title)
    case = SCENARIOS[name].case
    shown = lesson_heatmap.simulated(case)
    landings = decode_view.decoded_positions(shown)
    assert decode_text.explanation(shown, landings) in texts(app)
    assert decode_tables.table(shown, landings) in tables(app)
    assert live(app)["noise"] == lesson_heatmap.figure_data(shown, case, None)["noise"]
    assert live(app)["text"]["steps"] == decode_text.TEXT["figure"]["steps"]
    app.segmented_control(key="case").set_value("real").run()
    assert not app.exception and live(app)["made"] is None
    assert tables(app)[0].count('scope="row"') == len(CORE_DECODERS)


def test_decode_begins_with_the_step_on_the_log_and_a_link_brings_it_back():
    app = open_lesson("decode")
    assert "pixels" in next(data for data in components(app) if "epoch" in data), "it is the first figure"
    assert log_step_data(app)["state"] == {"log": 1, "start": 5}, "the picture is whole before the first click"
    assert with_terms(log_step.summary_text()) in texts(app)
    state = log_step_data(open_lesson("decode", log="0.25", start="9", case="Noisy"))["state"]
    assert state == {"log": 0.25, "start": 9}


@pytest.mark.parametrize("name", PATHS)
def test_every_scene_and_two_joints_are_explained(name):
    real = {"encode": {}, "smooth": {"what": "Real joint"}, "decode": {"case": "Real joint"}}[name]
    app = open_lesson(name, **real)
    seen = set()
    for scene in load_scenes():
        app.selectbox(key="scene").select(scene)
        for joint in ("left ankle", "head top"):
            app.selectbox(key="joint").select(joint).run()
            assert not app.exception, (scene, joint)
            seen.add((live(app)["epoch"], tuple(texts(app))))
            assert len(tables(app)) == {"smooth": 0, "decode": 1, "encode": 2}[name]
    assert len(seen) == 2 * len(load_scenes()), "each has its own figure and its own words"


# What comes from outside


PARAMETERS = (
    "x y noise pedestal second step log start kernel yaw pitch seed case what scene joint input sigma ground view hide "
    "asked"
).split()

GARBAGE = [
    "",
    "nan",
    "1e999",
    "-999999999999",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "%00\x00",
    "é" * 500,
    ["1", "<script>alert(1)</script>"],
    ["0.3", "0.1", ""],
]


def assert_unharmed(app: AppTest, name: str) -> None:
    """Numbers within bounds and no markup from outside, with the page as whole as ever."""
    assert not app.exception
    data = live(app)
    whole = json.dumps(components(app)) + "".join(texts(app)) + styles(app)
    assert "<script" not in whole and "alert(" not in whole and "éé" not in whole
    state = data["state"]
    assert all(np.isfinite(value) for value in state.values())
    if name == "encode":
        # Photo px are kept in hundredths, so the outermost place may round to just beyond the grid.
        xy = np.multiply(data["scale"], [state["x"], state["y"]]) + data["shift"]
        x0, y0, n = data["window"]
        assert (np.abs(xy - [x0, y0] - (n - 1) / 2) <= n / 2 + 0.01).all()
    else:
        case = SCENARIOS["clean"].case if name == "decode" else smooth_view.CASE
        fields = decode_view.fields(case) if name == "decode" else smooth_view.fields(case, case.sigma)
        assert all(bounds.low <= state[key] <= bounds.high for key, bounds in fields.items())
    if name == "decode":
        drawing = log_step_data(app)["state"]
        assert all(bounds.low <= drawing[key] <= bounds.high for key, bounds in log_step.FIELDS.items())
    assert len(app.title) == 1 and len(app.radio) == 1


@pytest.mark.parametrize("value", GARBAGE, ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize("name", PATHS)
def test_garbage_in_every_parameter_harms_nothing(name, value):
    app = open_lesson(name, **dict.fromkeys(PARAMETERS, value))
    assert_unharmed(app, name)
    app.run()  # and with what is left of it in the address
    assert_unharmed(app, name)


@pytest.mark.parametrize("view", ["", "<script>alert(1)</script>"])
@pytest.mark.parametrize("name", ["encode", "smooth"])
def test_a_view_that_there_is_not_is_the_first_one(name, view):
    app = open_lesson(name, present="1", view=view)
    assert_unharmed(app, name)
    assert live(app)["present"] is True
    first, second, *_ = LESSONS[name].VIEWS.values()
    assert not set(live(app)["hide"]) & set(first)
    app.button(key="next").click().run()
    assert not app.exception and not set(live(app)["hide"]) & set(second)


def test_a_link_brings_the_figure_back():
    app = open_lesson("decode", case="Noisy", x="20.25", noise="0.05", step="3")
    state = live(app)["state"]
    assert (state["x"], state["y"], state["noise"], state["step"]) == (20.25, 16.62, 0.05, 3)
    case = lesson_heatmap.changed(SCENARIOS["noisy"].case, state)
    assert decode_tables.table(
        lesson_heatmap.simulated(case), decode_view.decoded_positions(lesson_heatmap.simulated(case))
    ) in tables(app)
    app.segmented_control(key="case").set_value("clean").run()
    assert live(app)["state"]["x"] == 13.37, "another case begins with its own"
    assert "x" not in app.query_params and "step" not in app.query_params


# What a teacher asks for


@pytest.mark.parametrize("name", PATHS)
def test_the_question_answers_every_choice_and_one_is_right(name):
    app = open_lesson(name)
    assert not app.success and not app.info, "nothing is said before"
    _, options = QUIZZES[name].question()
    shown = app.radio(key="asked").options
    assert shown == [option.text for option in options] and len(set(shown)) == len(shown) >= 3
    right, feedback = 0, set()
    for text, option in zip(shown, options):
        app.radio(key="asked").set_value(text).run()
        assert not app.exception
        said = [box.value for box in (*app.success, *app.info)]
        assert said == [option.feedback]
        right += len(app.success)
        feedback |= set(said)
    assert right == 1 and len(feedback) == len(shown)
    assert "asked" not in app.query_params, "the choice is nobody's business"


@pytest.mark.parametrize("name", PATHS)
def test_an_exercise_leaves_table_and_sentence_out(name):
    query = {"scene": "Waving"} if name == "encode" else {}
    whole = open_lesson(name, **query)
    app = open_lesson(name, hide="answer,cost", **query)
    assert "answer" in live(app)["hide"]
    assert tables(whole) and not tables(app)
    told = set(texts(whole)) - set(texts(app))
    assert any(re.search(r"\d\.\d", text) for text in told), "the sentence with the numbers is what is missing"
    assert app.session_state[f"interactive {name}"]["revealed"] is False
    if name == "smooth":  # the others ask for a guess in the figure
        app.button(key="reveal").click().run()
        assert not app.exception and "answer" not in live(app)["hide"]
        assert tables(app) == tables(whole)
        assert app.session_state[f"interactive {name}"]["revealed"] is True


@pytest.mark.parametrize("name", PATHS)
def test_an_exercise_asks_in_place_of_its_headline(name):
    text = read_catalog(name)
    whole, asked = open_lesson(name), open_lesson(name, hide="answer")
    assert whole.title[0].value == text["title"] and with_terms(text["lead"]) in texts(whole)
    assert asked.title[0].value == text["exercise"]["title"] and asked.title[0].value.endswith("?")
    assert with_terms(text["exercise"]["lead"]) in texts(asked) and with_terms(text["lead"]) not in texts(asked)


def test_a_presented_exercise_offers_no_view_that_is_blank():
    encode = open_lesson("encode", present="1", hide="answer")
    assert not encode.segmented_control, "every other view shows nothing but the grid"
    assert "grid" not in live(encode)["hide"]
    decode = open_lesson("decode", present="1", hide="answer")
    assert [one.key for one in decode.segmented_control] == ["case"], (
        "the heatmap on which one guesses is the only view"
    )
    assert "tiles" not in live(decode)["hide"] and not any("pixels" in data for data in components(decode))
    smooth = open_lesson("smooth", present="1", hide="answer,cuts,maps")
    assert smooth.segmented_control(key="view").options == ["Surfaces", "Bend of the log", "Steps"]
    smooth.segmented_control(key="view").set_value("Steps").run()
    assert not smooth.exception and "steps" not in live(smooth)["hide"]
    alone = open_lesson("smooth", present="1", hide="cuts,maps,surfaces,signs")
    assert "steps" not in live(alone)["hide"] and "view" not in [one.key for one in alone.segmented_control]


def test_a_presented_decode_shows_one_figure_at_a_time_from_its_first_step():
    app = open_lesson("decode", present="1")
    assert log_step_data(app) and {"tiles", "code"} <= set(live(app)["hide"])
    app.segmented_control(key="view").set_value("Nine steps").run()
    assert not any("pixels" in data for data in components(app))
    assert "code" in live(app)["hide"] and "tiles" not in live(app)["hide"]
    assert live(app)["state"]["step"] == 1 and "step" not in app.query_params
    assert live(open_lesson("decode"))["state"]["step"] == 8
    assert live(open_lesson("decode", present="1", step="5"))["state"]["step"] == 5


def test_a_name_to_hide_cannot_carry_markup_or_style():
    names = "table}body{display:none}</style><script>alert(1)</script>,QUESTION,*,[data-x],.x,\\74,scene:hover"
    app = open_lesson("decode", hide=names)
    rules = styles(app).split("</style>")[-2].split("<style>")[1]
    assert re.fullmatch(r"(\.st-key-[a-z][a-z0-9_-]*\{display:none\})+", rules)
    hidden = re.findall(r"st-key-([^{]+)", rules)
    assert {"table", "question", "scene"} <= set(hidden) == set(live(app)["hide"])
    assert "<script" not in json.dumps(components(app)) + styles(app)
    assert tables(app), "only its style hides the table"
    many = open_lesson("decode", hide=",".join(f"n{k}" for k in range(5000)))
    assert len(live(many)["hide"]) < 200


@pytest.mark.parametrize("name", ["encode", "smooth"])
def test_views_take_turns_while_presenting(name):
    views = LESSONS[name].VIEWS
    app = open_lesson(name, present="1")
    shown = []
    for _ in views:
        hidden = set(live(app)["hide"])
        shown.append(app.segmented_control(key="view").value)
        assert not hidden & set(views[shown[-1]])
        assert hidden >= {part for parts in views.values() for part in parts} - set(views[shown[-1]])
        app.button(key="next").click().run()
        assert not app.exception
    assert shown == list(views)
    assert app.segmented_control(key="view").value == shown[0]
    app.button(key="back").click().run()
    assert app.segmented_control(key="view").value == shown[-1]
