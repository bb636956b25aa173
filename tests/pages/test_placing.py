"""True joints on the visitor's own photo: placed, loaded from a file, kept, and what is said against them."""

import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from dark_core.app.runtime.page import JOINT
from dark_core.app.your_photo.placed_joints import as_json
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.files.scenes import load_scenes
from dark_core.pose.skeleton import SKELETON
from tests.pages.opening import opened

SCENE = load_scenes()["standing"]
SIZE = SCENE.photo.shape[1::-1]


def png(photo: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(photo).save(out, "PNG")
    return out.getvalue()


def file_of(*joints: str, size=SIZE) -> bytes:
    """The scene's true joints of these names, as saved on another file of ``size``."""
    xy = SCENE.joints.copy()
    xy[[name not in joints for name in SKELETON.names]] = np.nan
    return as_json(xy, size, "0" * 64).encode()


def open_page(**query: str) -> AppTest:
    return opened("pages/4_Your_photo.py", **query)


def placing_page(photo: np.ndarray = SCENE.photo) -> AppTest:
    app = open_page(place="true")
    app.file_uploader(key="upload").upload("me.png", png(photo), "image/png").run()
    assert not app.exception
    return app


def load(app: AppTest, data: bytes) -> None:
    app.file_uploader(key="joints_file").upload("joints.json", data, "application/json").run()
    assert not app.exception


def shown(app: AppTest) -> dict[str, dict]:
    """The data of every component on the page, by its name; figures under their key are told apart by their HTML."""
    out = {}
    for element in app.get("bidi_component"):
        data = json.loads(element.proto.json)
        out[data.get("html", element.proto.component_name)] = data
    return out


def live_data(app: AppTest) -> dict | None:
    return next((data for name, data in shown(app).items() if name.endswith("annotation")), None)


def table(app: AppTest) -> str:
    return next(html for html in shown(app) if "wide-table" in html)


def errors(app: AppTest, joint: str) -> list[str]:
    """The cells of the errors, a decoder each, in the row of a joint."""
    row = table(app).split(f'data-pick="{joint}"')[1].split("</tr>")[0]
    return re.findall(r">([^<]*)</td>", row)[-len(CORE_DECODERS) :]


def done(app: AppTest) -> None:
    next(button for button in app.button if button.label.startswith("Done")).click().run()
    assert not app.exception


def test_on_a_scene_nothing_can_be_placed():
    app = open_page(place="true", source="Scene")
    assert app.toggle(key="place").disabled
    assert live_data(app) is None
    assert "error</th>" in table(app)


@pytest.mark.parametrize("value", ["", "<script>alert(1)</script>", "999", "null", "é" * 500])
def test_garbage_in_the_address_places_nothing(value):
    app = open_page(place=value)
    app.file_uploader(key="upload").upload("me.png", png(SCENE.photo), "image/png").run()
    assert not app.exception
    assert live_data(app) is None


def test_placing_is_blind():
    app = placing_page()
    others = {f"dark_explorer.{name}" for name in ("kept_photo", "page", "share_links", "tab", "timer")}
    assert shown(app).keys() - others == {"dark_explorer.annotation"}, "no other figure"
    said = json.dumps(live_data(app))
    assert not any(decoder in said for decoder in DECODERS)
    assert live_data(app)["state"] == {"joint": JOINT, "placed": {}}
    # Nor does the place where the magnifier looks first give argmax away.
    places, one = np.array(live_data(app)["views"]), live_data(app)["photoPx"]
    assert (np.linalg.norm(places - SCENE.joints, axis=1) < 4 * one).all(), "yet the joint is in sight"
    done(app)
    assert live_data(app) is None
    dark = re.findall(r">([\d.]+)</td>", table(app).split('data-pick="neck"')[1].split("</tr>")[0])[1:3]
    assert not np.allclose(places[SKELETON.names.index("neck")], np.array(dark, float), atol=0.05)


def test_joints_of_a_file_give_the_errors_of_every_decoder():
    app = placing_page()
    load(app, file_of("left knee", "neck", "head top"))
    assert set(live_data(app)["state"]["placed"]) == {"left knee", "neck", "head top"}
    assert "another file of the same size" in app.warning[0].value
    done(app)
    assert not app.warning
    # The same photo as a scene, in the same box, where the truth is known exactly.
    app.text_input(key="box").set_value(", ".join(map(str, SCENE.box))).run()
    assert not app.warning
    scene = open_page(source="Scene")
    scene.selectbox(key="scene").select(SCENE.name).run()
    for joint in ("left knee", "neck", "head top"):
        assert errors(app, joint) == errors(scene, joint)
        assert all(float(value) >= 0 for value in errors(app, joint))
    assert errors(app, "right hip") == ["–"] * len(CORE_DECODERS)
    said = next(text.value for text in app.markdown if "median error" in text.value)
    assert said.startswith("Over the 3 joints of 14 that you placed")
    for decoder in (DECODERS[name] for name in CORE_DECODERS):
        assert re.search(rf"{decoder.title} \*\*[\d.]+ px\*\* \([\d.]+ heatmap px\)", said)
    middle = sorted(float(errors(app, joint)[-1]) for joint in ("left knee", "neck", "head top"))[1]
    assert f"{DECODERS[CORE_DECODERS[-1]].title} **{middle:.1f} px**" in said


def test_a_joint_not_placed_has_no_error_and_no_mark():
    app = placing_page()
    load(app, file_of("neck"))
    done(app)
    assert not any("You placed" in text.value for text in app.markdown)
    assert not any("nan" in re.sub('base64,[^"]*', "", html) for html in shown(app))
    app.selectbox(key="joint").select("neck").run()
    assert not app.exception
    assert any("You placed the true joint. **Nearest to the neck: " in text.value for text in app.markdown)
    assert any("Over the 1 joint of 14" in text.value for text in app.markdown)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "cannot be read as JSON"),
        (b"[" * 50_000, "cannot be read as JSON"),
        (b" " * 300_000, "more than 200 kB"),
        (b'{"joints": []}', "other than placed joints"),
        (file_of("neck", size=(1200, 1600)), "1200 × 1600 px"),
        (file_of("neck").replace(b"neck", b"<img src=x>"), "none of the 14"),
    ],
)
def test_a_bad_file_of_joints_gets_one_sentence_and_changes_nothing(data, says):
    app = placing_page()
    load(app, file_of("neck"))
    load(app, data)
    assert len(app.error) == 1 and says in app.error[0].value
    assert list(live_data(app)["state"]["placed"]) == ["neck"]
    load(app, file_of("left hip"))
    assert not app.error
    assert list(live_data(app)["state"]["placed"]) == ["left hip"]


def test_another_file_starts_another_epoch_that_the_browser_takes_over():
    app = placing_page()
    before = live_data(app)["epoch"]
    load(app, file_of("neck"))
    assert live_data(app)["epoch"] != before


def test_joints_go_with_their_picture():
    app = placing_page()
    load(app, file_of("neck"))
    other = np.ascontiguousarray(SCENE.photo[:, ::-1])
    app.file_uploader(key="upload").upload("other.png", png(other), "image/png").run()
    assert live_data(app)["state"]["placed"] == {}
    assert not app.warning and not app.error, "what was said of the file belonged to the picture before"
    app.file_uploader(key="upload").upload("me.png", png(SCENE.photo), "image/png").run()
    assert list(live_data(app)["state"]["placed"]) == ["neck"]


def test_joints_are_still_there_after_a_look_at_another_page():
    app = placing_page()
    load(app, file_of("neck"))
    app.switch_page("app.py").run()
    app.switch_page("pages/4_Your_photo.py").run()
    assert not app.exception
    assert list(live_data(app)["state"]["placed"]) == ["neck"]


def test_nothing_placed_is_nothing_to_save():
    app = placing_page()
    save = next(b for b in app.get("download_button") if "Save joints" in b.proto.label)
    assert save.proto.disabled
    load(app, file_of("neck"))
    save = next(b for b in app.get("download_button") if "Save joints" in b.proto.label)
    assert not save.proto.disabled
