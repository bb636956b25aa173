"""Before and after: how many positions argmax can name, and the picture to share."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from dark_core.app.widgets.photo_source import scene_picture
from dark_core.app.your_photo import share_picture, wipe
from dark_core.evaluation.decoder_comparison import compare_decoders
from dark_core.figures.decoder_style import style_of
from dark_core.files.scenes import load_scenes
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pose import Pose
from dark_core.pose.skeleton import SKELETON

PICTURE = scene_picture(load_scenes()["standing"])
BOX = (100.0, 50.0, 484.0, 434.0)  # 384 px: one heatmap pixel is 8 photo pixels


def pose_with(peaks: np.ndarray) -> Pose:
    """A pose whose heatmaps are Gaussians of σ = 2 at ``peaks`` (14, 2), in heatmap px."""
    x, y = np.meshgrid(np.arange(48), np.arange(48))
    heatmaps = np.exp(-((x - peaks[:, :1, None]) ** 2 + (y - peaks[:, 1:, None]) ** 2) / 8)
    transform = CropTransform.from_box(BOX, (192, 192))
    ones = np.ones(len(SKELETON))
    return Pose(transform.to_photo(peaks), ones, ones, ("",) * 14, BOX, BOX, heatmaps, transform, 2.0, True)


POSE = pose_with(np.stack([8.4 + 2 * np.arange(14), 40.3 - 2 * np.arange(14)], -1))
COMPARISON = compare_decoders(POSE.heatmaps, POSE.transform, POSE.sigma)


@pytest.mark.parametrize(
    "box, size, count",
    [
        ((0, 0, 400, 400), (400, 400), 48 * 48),  # the box is the photo: every pixel of the heatmap
        ((-200, 0, 200, 400), (400, 400), 24 * 48),  # the left half lies beyond the photo
        ((0, 0, 48, 48), (10, 48), 10 * 48),  # one heatmap pixel a photo pixel: ten columns
        ((500, 0, 900, 400), (400, 400), 0),
    ],
)
def test_argmax_can_name_the_pixels_centered_on_the_photo(box, size, count):
    assert wipe.count_positions(CropTransform.from_box(box, (192, 192)), size) == count


def test_no_decoded_position_of_argmax_is_missing_from_the_count():
    """Every pixel in turn is the largest; the distinct positions that argmax then names are those that are counted."""
    frame = CropTransform.from_box((-8, 0, 40, 48), (48, 48))
    maps = np.eye(144).reshape(144, 12, 12)
    named = frame.to_photo(compare_decoders(maps, frame, 2.0).heatmap["argmax"])
    on_photo = {tuple(xy) for xy in named.round(6) if (xy >= -0.5).all() and (xy <= [39.5, 47.5]).all()}
    assert wipe.count_positions(frame, (40, 48)) == len(on_photo) == 10 * 12


def test_the_number_is_said_with_what_is_counted():
    said = wipe.count_text(PICTURE, CropTransform.from_box((0, 0, 48, 48), (192, 192)))
    assert "**Argmax can name 2,304 positions on this picture, DARK any.**" in said
    assert "48 × 48 heatmap" in said and "1.0 photo pixels wide" in said


def test_the_line_begins_at_the_joint_and_a_missing_joint_is_drawn_nowhere():
    absent = replace(POSE, joint_status=("absent",) + ("",) * 13)
    comparison = compare_decoders(POSE.heatmaps, POSE.transform, POSE.sigma, absent=absent.absent)
    data = wipe.figure_data(PICTURE, comparison, absent, POSE.transform, 1)
    assert [data["state"]["x"], data["state"]["y"]] == pytest.approx([10.4 * 8 + 103.5, 38.3 * 8 + 53.5], abs=0.05)
    assert data["joints"]["argmax"][1] == [10 * 8 + 103.5, 38 * 8 + 53.5]
    assert data["joints"]["dark"][0] is None and data["view"] == [99.5, 49.5, 384, 384]
    state = wipe.figure_data(PICTURE, comparison, absent, POSE.transform, 0)["state"]
    assert [state["x"], state["y"]] == [291.5, 241.5], "the middle of the box"


def test_the_picture_to_share_is_a_png_with_each_skeleton_in_its_color():
    sheet = Image.open(io.BytesIO(share_picture.png(PICTURE, COMPARISON, POSE)))
    assert (sheet.format, sheet.size) == ("PNG", (1280, 816))
    pixels = np.asarray(sheet)
    for column, name in enumerate(("argmax", "dark")):
        # The middle of the square or star of joint 5: the box of 384 px is drawn 640 px wide.
        x, y = ((COMPARISON.photo[name][5] - [99.5, 49.5]) * 640 / 384 - 0.5).round().astype(int)
        color = tuple(int(v) for v in pixels[56 + y, 640 * column + x])
        assert "#{:02X}{:02X}{:02X}".format(*color) == style_of(name).color
    assert (pixels[-110:] < 100).any(-1).any(1).sum() > 20, "the number and the source stand below"
