"""Hostile addresses and hostile components: every page stays whole and shows nothing of what it was sent."""

import json

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from dark_core.app.runtime.page import PAGES
from tests.pages.opening import opened

PATHS = [path for path, *_ in PAGES]
SPY = "qzvx"
"""In every hostile value, and nowhere in the app."""

MARKUP = (
    f'<script>window.{SPY}=1</script>"><img src=x onerror=window.{SPY}=1></style>'
    f"* {{ background: url(//198.51.100.1) }}[{SPY}](javascript:alert(1))![{SPY}](http://198.51.100.1/{SPY}.png)"
    f"../../../etc/{SPY};=cmd|'/C {SPY}'!A1"
)
NASTY = {
    "markup": MARKUP,
    "controls": f"{SPY}\x00\r\nSet-Cookie: {SPY}=1\u202e{SPY}\u2066\u200b",
    "long": SPY * 25_000,
    "infinite": "1e999",
    "not a number": "NaN",
    "huge": "9" * 5000,
    "negative": "-1e308",
}

FREE = {"box"}
"""The one parameter that is text: its widget shows it back, as text."""


def nodes(block) -> list:
    found = []
    for child in getattr(block, "children", {}).values():
        found += [child, *nodes(child)]
    return found


def parameters(app: AppTest) -> set[str]:
    """Every parameter that a widget of the page reads from the address."""
    protos = (getattr(node, "proto", None) for node in nodes(app._tree))
    return {key for proto in protos if (key := getattr(proto, "query_param_key", ""))}


def shown(app: AppTest) -> str:
    """Everything the page sends to the browser but what free text holds."""
    protos = [getattr(node, "proto", None) for node in nodes(app._tree)]
    return "".join(str(proto) for proto in protos if getattr(proto, "query_param_key", "") not in FREE)


def assert_whole(app: AppTest) -> None:
    assert not app.exception
    assert len(app.title) == 1 and app.get("bidi_component")
    assert SPY not in shown(app) and "198.51.100.1" not in shown(app)


READ_BESIDE = {"present", "x", "y", "noise", "pedestal", "second", "step", "kernel", "yaw", "pitch"}
"""What the pages read of the address themselves (ui.page, ui.live); of ``hide`` plain names are let through, which
tests/pages/test_lessons.py shows to carry neither markup nor style."""


@pytest.fixture(scope="module", params=PATHS)
def path_and_parameters(request) -> tuple[str, set[str]]:
    return request.param, READ_BESIDE | parameters(opened(request.param))


@pytest.mark.parametrize("value", NASTY.values(), ids=NASTY)
def test_a_hostile_address_is_text_or_the_default(path_and_parameters, value):
    path, names = path_and_parameters
    assert_whole(opened(path, **dict.fromkeys(names, value)))


def test_the_parameters_are_found():
    assert {"scene", "joint", "box", "show", "place"} <= parameters(opened("pages/4_Your_photo.py"))
    assert {"frame", "stride", "person"} <= parameters(opened("pages/6_Your_heatmaps.py"))


# What a component reports; a browser may send anything in its name

MESSAGES = [
    MARKUP,
    "9" * 5000,
    -1e308,
    {},
    {"placed": {SPY: [1, 2]}, "joint": SPY, "x": float("nan"), "y": "1e999"},
    {"placed": [[1]], "joint": [SPY], "x": [1], "y": {"a": 1}, "revealed": SPY},
    [[1], [float("nan")], 3, SPY],
    [0] * 100_000,
]


def send(app: AppTest, reports: list[WidgetState]) -> None:
    """A run of the page with these reports in the name of its components, as its browser would send them."""
    states = app._tree.get_widget_states()
    states.widgets.extend(reports)
    app._run(states)


def picked(component: str, events: list[dict]) -> WidgetState:
    return WidgetState(id=_make_trigger_id(component, "events"), json_trigger_value=json.dumps(events))


@pytest.mark.parametrize("path", PATHS)
def test_hostile_components_are_not_heeded(path):
    app = opened(path)
    components = {element.proto.id: json.loads(element.proto.json) for element in app.get("bidi_component")}
    for message in MESSAGES:
        reports = []
        for component, data in components.items():
            if "html" in data:
                reports.append(picked(component, [{"event": event, "value": message} for event in ("pick", "box")]))
            elif "epoch" in data:
                told = {**message, "epoch": data["epoch"]} if isinstance(message, dict) else message
                reports.append(WidgetState(id=component, json_value=json.dumps({"state": told})))
        assert reports, "the page has components"
        send(app, reports)
        assert_whole(app)


def test_a_component_that_is_sound_is_heeded():
    app = opened("app.py")
    figures = [one.proto for one in app.get("bidi_component") if one.proto.component_name == "dark_explorer.figure"]
    story = figures[0].id
    send(app, [picked(story, [{"event": "pick", "value": "left knee"}])])
    assert app.selectbox(key="joint").value == "left knee"
