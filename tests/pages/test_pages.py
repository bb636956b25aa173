"""Every page under AppTest: first sight, every control, garbage in the address, bad uploads."""

import io
import json
import re

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from streamlit.proto.PageLink_pb2 import PageLink
from streamlit.testing.v1 import AppTest

from dark_core.app.runtime.page import PAGES
from dark_core.app.widgets.teaching import QUESTIONS
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.figures.decoder_style import style_of
from dark_core.files.scenes import load_scenes
from tests.pages.opening import opened

SCENES = load_scenes()
YOUR_PHOTO = "pages/4_Your_photo.py"


def sent(app: AppTest) -> list[dict]:
    """What every component on the page is given to show."""
    return [json.loads(element.proto.json) for element in app.get("bidi_component")]


def drawn(app: AppTest) -> list[str]:
    """The HTML of every figure that Python draws; a live figure and the links have none."""
    return [data["html"] for data in sent(app) if "html" in data]


def png(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG")
    return out.getvalue()


def scene_file(name: str) -> bytes:
    return png(SCENES[name].photo)


@pytest.mark.parametrize("path", [path for path, *_ in PAGES])
def test_a_page_opens_with_a_claim_and_a_figure(path):
    app = opened(path)
    assert len(app.title) == 1
    if path in ("pages/1_Encode.py", "pages/2_Decode.py", "pages/3_Smooth.py"):
        first = next(data for data in sent(app) if data.keys() & {"epoch", "html"})
        assert "epoch" in first, "a lesson's first figure is a live one"
    else:
        assert any("<svg" in html for html in drawn(app))
    assert not app.error and not app.warning


@pytest.mark.parametrize("path", [path for path, *_ in PAGES])
def test_garbage_in_every_parameter_is_survived(path):
    keys = ("scene", "joint", "show", "source", "hand", "box", "upload", "camera", "present", "hide", "nothing")
    for value in ("", "<script>alert(1)</script>", "999999999999", "../../etc/passwd", "null", "%00", "é" * 500):
        app = opened(path, **dict.fromkeys(keys, value))
        assert "<script" not in json.dumps(sent(app)) + "".join(text.value for text in app.markdown)


def onward(app: AppTest) -> PageLink:
    (link,) = (link.proto for link in app.get("page_link") if link.proto.label.startswith("**Next: "))
    return link


def test_every_foot_leads_to_the_next_page_with_the_question_that_it_answers():
    """In the order of the menu; from the last page to the visitor's own heatmaps."""
    titles = [title for _path, title, _icon in PAGES]
    assert set(QUESTIONS) == set(titles[1:]) and all(question.endswith("?") for question in QUESTIONS.values())
    for (path, title, _icon), following in zip(PAGES, [*titles[1:], "Your heatmaps"], strict=True):
        link = onward(opened(path))
        assert link.page == following.replace(" ", "_"), title
        assert link.label == f"**Next: {following}.** {QUESTIONS[following]}"


def test_a_presented_page_leads_to_one_that_is_presented():
    assert onward(opened("pages/3_Smooth.py", present="1")).query_string == "present=1"
    assert onward(opened("pages/3_Smooth.py")).query_string == ""


def test_home_links_the_paper_and_the_code_of_its_authors():
    (sources,) = (html.proto.body for html in opened("app.py").get("html") if 'href="https' in html.proto.body)
    assert re.findall('href="([^"]+)"', sources) == [
        "https://arxiv.org/abs/1910.06278",
        "https://github.com/ilovepose/DarkPose",
    ]
    assert "Feng Zhang, Xiatian Zhu, Hanbin Dai, Mao Ye and Ce Zhu, CVPR 2020" in sources


def test_home_states_the_errors_it_computed():
    app = opened("app.py")
    figure = drawn(app)[0]
    said = figure.split('class="said"', 1)[1]
    verdict, medians = said.split("Median error over")
    assert ("DARK is off by" in medians) == ("DARK" not in verdict), "the reason follows where DARK is not the nearest"
    table = figure.split("<tbody>")[1].split("</tbody>")[0]
    assert table.count("<tr") == len(CORE_DECODERS)
    argmax = re.search(r"Argmax is off by (\d+\.\d) photo px", verdict).group(1)
    assert f"<td>{argmax}</td>" in table
    assert len(re.findall(r"\w (\d+\.\d)\b", medians.split("</p>")[0])) == len(CORE_DECODERS)


def test_one_joint_has_the_same_numbers_on_every_page_and_the_link_keeps_the_network():
    for network in ("Our network", "Perfect network"):
        query = {"scene": SCENES["kick"].title, "joint": "left elbow", "network": network}
        home = drawn(opened("app.py", **query))[0]
        lead = re.search(r"<strong>(Nearest to the left elbow: .+?)</strong>", home)[1]
        for path, more in ((YOUR_PHOTO, {"source": "Scene"}), ("pages/2_Decode.py", {"case": "Real joint"})):
            app = opened(path, **query, **more)
            assert app.segmented_control(key="network").value == ("our" if network == "Our network" else "perfect")
            assert any(f"**{lead}**" in text.value for text in app.markdown), (path, lead)
        smooth = opened("pages/3_Smooth.py", what="Real joint", **query)
        assert smooth.segmented_control(key="network").value == app.segmented_control(key="network").value


def test_the_visitors_photo_has_no_perfect_network():
    app = opened(YOUR_PHOTO, network="Perfect network")
    assert any("Heatmaps of a perfect network" in text.value for text in app.caption)
    app.file_uploader[0].upload("me.png", scene_file("standing"), "image/png").run()
    assert not app.exception
    assert not any(control.key == "network" for control in app.segmented_control)
    assert not any("Heatmaps of a perfect network" in text.value for text in app.caption)


@pytest.mark.parametrize("name", SCENES)
def test_home_follows_the_chosen_scene_and_joint(name):
    app = opened("app.py")
    app.selectbox(key="scene").select(name).run()
    app.selectbox(key="joint").select("right wrist").run()
    assert not app.exception
    assert "for the right wrist" in drawn(app)[0]
    assert SCENES[name].description.split(",")[0] in drawn(app)[0].replace("&#x27;", "'")


def test_every_decoder_marked_on_a_photo_is_in_the_legend():
    panels = next(html for html in drawn(opened(YOUR_PHOTO)) if "detail-panels" in html)
    drawing, legend = panels.rsplit('class="legend"', 1)
    marks = {name: drawing.count(f'fill="{style_of(name).color}"') for name in CORE_DECODERS}
    assert set(marks.values()) == {3}, "one of each family on each of the three panels"
    assert all(DECODERS[name].title in legend for name in CORE_DECODERS)


def test_an_upload_takes_the_scenes_place_and_brings_no_truth():
    app = opened(YOUR_PHOTO)
    assert any("error</th>" in html for html in drawn(app))
    app.file_uploader[0].upload("me.png", scene_file("standing"), "image/png").run()
    assert not app.exception and not app.error
    assert "Your photo with the joints" in "".join(drawn(app))
    assert not any("error</th>" in html for html in drawn(app))
    height, width = SCENES["standing"].photo.shape[:2]
    assert any(f"picture {width} × {height} px" in text.value for text in app.caption)


def test_a_large_photo_is_measured_in_its_own_pixels():
    small = SCENES["standing"].photo
    large = np.repeat(np.repeat(small, 4, axis=0), 4, axis=1)
    app = opened(YOUR_PHOTO)
    app.file_uploader[0].upload("large.png", png(large), "image/png").run()
    assert any(f"picture {large.shape[1]} × {large.shape[0]} px" in text.value for text in app.caption)
    assert f'viewBox="-0.500 -0.500 {large.shape[1]}.000 {large.shape[0]}.000"' in "".join(drawn(app))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.jpg", b""),
        ("program.jpg", b"MZ" + bytes(500)),
        ("cut.png", scene_file("standing")[:5000]),
        ("dot.png", png(np.zeros((1, 1, 3), np.uint8))),
        ("text.gif", b"not a picture at all"),
        ("notes.txt", b"not a picture by its name either"),
        ("paper.pdf", b"%PDF-1.7"),
    ],
)
def test_a_bad_upload_gets_one_sentence_and_the_page_lives_on(name, data):
    app = opened(YOUR_PHOTO)
    app.file_uploader[0].upload(name, data, "image/jpeg").run()
    assert not app.exception
    assert len(app.error) == 1
    assert app.error[0].value.count(". ") == 0, "one sentence"
    assert app.error[0].value.endswith("; the scene is still shown.")
    assert any("<svg" in html for html in drawn(app)), "the scene is still there"
    app.selectbox(key="joint").select("left hip").run()
    assert not app.exception


@pytest.mark.parametrize("format", ["HEIF", "AVIF"])
def test_a_photo_of_a_phone_is_opened_and_a_bad_file_after_it_leaves_it(format):
    pillow_heif.register_heif_opener()
    photo, out = Image.fromarray(SCENES["standing"].photo), io.BytesIO()
    photo.save(out, format)
    app = opened(YOUR_PHOTO)
    app.file_uploader[0].upload("IMG_0001", out.getvalue(), "application/octet-stream").run()
    assert not app.exception and not app.error
    shown = f"picture {photo.width} × {photo.height} px"
    assert any(shown in text.value for text in app.caption)
    app.file_uploader[0].upload("notes.txt", b"Dear diary", "text/plain").run()
    assert app.error[0].value.startswith("The file is a text, not a picture: choose a JPEG, PNG, WebP, HEIC, AVIF")
    assert app.error[0].value.endswith("; your photo from before is still shown.")
    assert any(shown in text.value for text in app.caption)


def test_a_picture_without_a_person_is_said_to_have_none():
    app = opened(YOUR_PHOTO)
    empty = np.full((300, 400, 3), (90, 140, 200), np.uint8)
    app.file_uploader[0].upload("sky.png", png(empty), "image/png").run()
    assert not app.exception
    assert "No person found" in app.warning[0].value


def test_a_box_in_the_address_is_where_the_network_looks():
    scene = SCENES["standing"]
    text = ", ".join(f"{v:.0f}" for v in scene.box)
    app = opened(YOUR_PHOTO, scene=scene.title, box=text)
    assert app.text_input(key="box").value == text
    assert not app.warning
    said = next(text.value for text in app.caption if "decoding" in text.value)
    assert "person found" not in said


def test_a_senseless_box_gets_one_sentence():
    app = opened(YOUR_PHOTO, box="left of the tree")
    assert "not four numbers" in app.warning[0].value


def test_a_box_goes_with_the_picture_it_was_drawn_on():
    app = opened(YOUR_PHOTO, box="100, 50, 500, 700")
    app.selectbox(key="scene").select("waving").run()
    assert app.text_input(key="box").value == "", "another scene"
    app.text_input(key="box").set_value("90, 40, 500, 700").run()
    app.file_uploader[0].upload("a.png", scene_file("standing"), "image/png").run()
    assert app.text_input(key="box").value == "90, 40, 500, 700", "a link's box waits for its photo"
    app.file_uploader[0].upload("b.png", scene_file("waving"), "image/png").run()
    assert not app.exception
    assert app.text_input(key="box").value == "", "another photo"


def test_several_decoders_draw_several_skeletons():
    app = opened(YOUR_PHOTO)
    app.pills(key="show").set_value(["argmax", "dark"]).run()
    stage = next(html for html in drawn(app) if 'class="overview"' in html)
    assert style_of("argmax").color in stage and style_of("dark").color in stage
    app.pills(key="show").set_value([]).run()
    assert not app.exception
