"""What the panels draw and say, read back from the SVG."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from dark_core.codec import encode, trace
from dark_core.figures import panels
from dark_core.figures.decoder_style import style_of
from dark_core.figures.export import overlay_png
from dark_core.figures.panels import Marked
from dark_core.figures.skeletons import Other, draw_person
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.skeleton import SKELETON

PHOTO = np.full((120, 90, 3), 128, np.uint8)
TRANSFORM = CropTransform.from_box((0, 0, 96, 96), (64, 64))


def parse(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def fills(text: str) -> list[str]:
    return [element.get("fill") for element in parse(text).iter("polygon")]


def test_a_heatmap_shows_each_decoded_position_in_its_color_and_the_truth():
    text = panels.heatmap(np.zeros((8, 6)), "a map", {"argmax": (1, 2), "dark": (1.3, 2.4)}, truth=(1.2, 2.2))
    assert style_of("argmax").color in fills(text) and style_of("dark").color in fills(text)
    assert len(list(parse(text).iter("circle"))) == 2, "the white ring and its black casing"
    assert parse(text).get("viewBox") == "-0.500 -0.500 6.000 8.000"
    assert parse(text).get("aria-label") == "a map"


def test_the_window_holds_the_points_and_a_truth_that_is_near():
    center, radius = panels.window([(10, 10), (10.4, 9.8)], (12, 10))
    assert (np.abs(np.array([[10, 10], [10.4, 9.8], [12, 10]]) - center) < radius).all()
    center, radius = panels.window([(10, 10), (10.4, 9.8)], (30, 10))
    assert radius == 1.7 and np.abs(center - [10.2, 9.9]).max() < 1e-9


def test_a_point_outside_the_inset_is_drawn_on_its_border():
    text = panels.magnified("<g/>", np.array([10.0, 10.0]), 2.0, {"weighted_average": (30.0, 10.0)}, None, "inset")
    last = [e for e in parse(text).iter("polygon") if e.get("fill") == style_of("weighted_average").color][-1]
    x = np.array([float(pair.split(",")[0]) for pair in last.get("points").split()])
    assert 11.5 < x.mean() < 12.0


def test_the_bar_is_one_heatmap_pixel_long():
    text = panels.magnified("<g/>", np.array([10.0, 10.0]), 3.0, {}, None, "inset")
    assert {float(e.get("width")) for e in parse(text).iter("rect")} == {1.0}


def test_the_ground_of_an_inset_is_the_photo_at_that_place():
    photo = np.zeros((96, 96, 3), np.uint8)
    photo[40:56, 64:80] = (255, 0, 0)
    joint = TRANSFORM.to_heatmap([71.5, 47.5])
    text = panels.photo_ground(photo, TRANSFORM, joint, 1.0)
    element = parse(f'<svg xmlns:x="x">{text}</svg>')[0]
    assert float(element.get("x")) == pytest.approx(joint[0] - 1, abs=0.01)
    assert float(element.get("width")) == pytest.approx(2.0)


def test_every_joint_of_a_person_can_be_chosen_by_mouse_and_keyboard():
    joints = np.random.default_rng(0).uniform(10, 80, (14, 2))
    root = parse(draw_person(PHOTO, {"dark": joints}, 3, "person", transform=TRANSFORM))
    targets = [e for e in root.iter("circle") if e.get("data-pick")]
    assert [e.get("data-pick") for e in targets] == list(SKELETON.names)
    assert all(e.get("tabindex") == "0" and e.get("role") == "button" for e in targets)
    assert [e.get("aria-pressed") for e in targets].index("true") == 3


def test_drawing_a_box_takes_the_place_of_choosing():
    joints = np.random.default_rng(0).uniform(10, 80, (14, 2))
    root = parse(draw_person(PHOTO, {"dark": joints}, 3, "person", transform=TRANSFORM, pick=False, draw=True))
    assert root.get("data-draw") == "box"
    assert not [e for e in root.iter("circle") if e.get("data-pick")]


def test_one_skeleton_is_colored_and_several_are_gray():
    joints = np.random.default_rng(0).uniform(10, 80, (14, 2))

    def inks(drawn):
        root = parse(draw_person(PHOTO, drawn, 0, "person", transform=TRANSFORM, pick=False))
        return {line.get("stroke") for line in root.iter("line")} - {"#000"}

    assert {"#D55E00", "#56B4E9"} <= inks({"dark": joints})
    assert inks({"dark": joints, "argmax": joints}) == {"#9AA0A6"}


def test_no_decoder_chosen_still_shows_the_photo():
    assert (
        parse(draw_person(PHOTO, {}, 0, "person", transform=TRANSFORM)).get("viewBox") == "-0.500 -0.500 90.000 120.000"
    )


def test_the_step_leads_from_peak_to_mean():
    steps = trace(encode([[10.3, 8.6]], (20, 20), 2.0)[0], 2.0)
    text = panels.newton(steps, "step")
    arrow = next(e for e in parse(text).iter("line") if e.get("stroke") == "#fff")
    ends = [float(arrow.get(key)) for key in ("x1", "y1", "x2", "y2")]
    np.testing.assert_allclose(ends, [10, 9, 10.3, 8.6], atol=0.011)


def test_the_exported_picture_is_the_photo_with_the_joints_on_it():
    import cv2

    joints = np.full((14, 2), 45.0)
    joints[:, 1] = np.linspace(10, 110, 14)
    png = overlay_png(PHOTO, [{"dark": joints}])
    seen = cv2.cvtColor(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    assert seen.shape == PHOTO.shape
    assert (seen[:, :20] == 128).all(), "what is not drawn on stays as it was"
    assert tuple(seen[10, 45]) == (0xF0, 0xE4, 0x42)


# Two cells on a photo


def letters(drawing: str) -> dict[str, float]:
    return {letter: float(x) for x, letter in re.findall(r'<text x="([\d.-]+)"[^>]*>(\w)</text>', drawing)}


def test_lettered_points_stand_where_they_are_with_their_letters_outside():
    landed = [Marked("dark", np.array([110.0, 50.0]), "A", True), Marked("dark", np.array([95.0, 52.0]), "B")]
    drawing = panels.lettered(
        "", np.array([100.0, 50.0]), 20.0, landed, np.array([101.0, 49.0]), 8.0, "two & the truth"
    )
    at = letters(drawing)
    assert at["A"] > 110 and at["B"] < 95
    assert 'viewBox="80.000 30.000 40.000 40.000"' in drawing and "two &amp; the truth" in drawing
    assert "110.0000" in drawing


@pytest.mark.parametrize("truth", [None, np.array([101.0, 49.0])])
def test_a_point_beyond_the_window_stands_on_its_border(truth):
    landed = [Marked("dark", np.array([400.0, 50.0]), "A", True), Marked("argmax", np.array([100.0, 50.0]), "B")]
    drawing = panels.lettered("", np.array([100.0, 50.0]), 20.0, landed, truth, 8.0, "far")
    assert 80 < letters(drawing)["A"] < 120
    assert not re.search(r"\b400\b", drawing)


def test_others_stand_in_gray_with_a_number_above_the_head_and_an_area_to_choose_them():
    joints = np.random.default_rng(3).uniform(20, 60, (14, 2))
    away = np.full((14, 2), np.nan)
    others = [Other(2, joints + 5, (10.0, 40.0, 50.0, 110.0)), Other(3, away, (60.0, 0.0, 80.0, 30.0))]
    root = parse(draw_person(PHOTO, {"dark": joints}, 3, "people", transform=TRANSFORM, others=others))
    areas = {one.get("data-pick"): one for one in root.iter() if (one.get("data-pick") or "").startswith("person")}
    assert list(areas) == ["person 2", "person 3"]
    assert float(areas["person 2"].get("x")) == 9.5 and float(areas["person 2"].get("height")) == 70
    numbers = {one.text: float(one.get("y")) for one in root.iter() if one.tag.endswith("text")}
    assert numbers["2"] < 39.5 and numbers["3"] > 0, "above the box, but within the photo"
    assert not any("nan" in value for one in root.iter() for value in one.attrib.values())
    shut = parse(draw_person(PHOTO, {"dark": joints}, 3, "people", transform=TRANSFORM, others=others, pick=False))
    assert not [one for one in shut.iter() if (one.get("data-pick") or "").startswith("person")]
