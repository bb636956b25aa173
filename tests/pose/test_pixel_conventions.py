"""Three ways to say where a heatmap pixel lies, each its own inverse, and what mixing them costs: by hand, and from
a joint in the input through its target and a decoder back to the input."""

import doctest

import numpy as np
import pytest

from dark_core.codec import decode, encode, flip_average
from dark_core.pose import pixel_conventions
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.pixel_conventions import CONVENTIONS, convention_bias, flip_gap

SMALL, LARGE = (48, 64), (192, 256)
names = pytest.mark.parametrize("name", CONVENTIONS)


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(pixel_conventions).failed == 0


@names
def test_there_and_back(name):
    places = np.random.default_rng(0).uniform(-1, 65, (50, 2))
    convention = CONVENTIONS[name]
    there = convention.to_input(places, SMALL, LARGE)
    np.testing.assert_allclose(convention.to_heatmap(there, SMALL, LARGE), places, atol=1e-12)


def test_by_hand():
    first, last = [0, 0], [47, 63]
    np.testing.assert_allclose(
        CONVENTIONS["half_pixel"].to_input([first, last], SMALL, LARGE), [[1.5, 1.5], [189.5, 253.5]]
    )
    np.testing.assert_allclose(CONVENTIONS["size_ratio"].to_input([first, last], SMALL, LARGE), [[0, 0], [188, 252]])
    np.testing.assert_allclose(
        CONVENTIONS["size_minus_one"].to_input([first, last], SMALL, LARGE), [[0, 0], [191, 255]]
    )


def test_the_formulas():
    x = np.linspace(-3, 50, 7)
    points = np.stack([x, x], -1)
    half, ratio, less = (CONVENTIONS[name].to_input(points, SMALL, (144, 320)) for name in CONVENTIONS)
    np.testing.assert_allclose(half, np.stack([(x + 0.5) * 3 - 0.5, (x + 0.5) * 5 - 0.5], -1))
    np.testing.assert_allclose(ratio, np.stack([3 * x, 5 * x], -1))
    np.testing.assert_allclose(less, np.stack([143 / 47 * x, 319 / 63 * x], -1))


def test_the_stride_of_each():
    strides = [CONVENTIONS[name].stride(SMALL, LARGE).tolist() for name in CONVENTIONS]
    assert strides == [[4, 4], [4, 4], [191 / 47, 255 / 63]]


# Mixed


def test_weights_of_one_decoded_by_another_are_off_by_three_eighths_of_a_pixel():
    across = np.stack([np.linspace(0, 47, 1001), np.linspace(0, 63, 1001)], -1)
    off = convention_bias("size_minus_one", "size_ratio", across)
    np.testing.assert_allclose(off[0], 0)
    np.testing.assert_allclose(off[-1], -0.75)
    np.testing.assert_allclose(off.mean(0), -0.375)
    for name in CONVENTIONS:
        np.testing.assert_allclose(convention_bias(name, name, across), 0, atol=1e-12)


# Drawn in one convention and decoded in another: the decoded position less the truth, in input px, at the first and
# the last pixel of a row of 192, by hand. Between them the error is linear.
MIXED = {
    ("size_minus_one", "size_ratio"): (0, -3),  # 47 * 4 = 188, not 191
    ("size_ratio", "size_minus_one"): (0, 191 * (191 / 188 - 1)),  # x / 4 * 191 / 47
    ("size_ratio", "half_pixel"): (1.5, 1.5),
    ("half_pixel", "size_ratio"): (-1.5, -1.5),
    ("half_pixel", "size_minus_one"): (-0.375 * 191 / 47, 47.375 * 191 / 47 - 191),
    ("size_minus_one", "half_pixel"): (1.5, -1.5),  # 47 * 4 + 1.5 = 189.5
}


@pytest.mark.parametrize(("trained", "assumed"), MIXED)
def test_a_joint_drawn_in_one_and_decoded_in_another(trained, assumed):
    # A row of joints right across the input. The fit is exact at a border, where modulation is not.
    joints = np.stack([np.linspace(0, 191, 21), np.full(21, 127.5)], -1)
    maps = encode(CONVENTIONS[trained].to_heatmap(joints, SMALL, LARGE), SMALL, 2.0)
    seen = CONVENTIONS[assumed].to_input(decode(maps, "gaussian_fit", 2.0).xy, SMALL, LARGE)
    off = (seen - joints)[:, 0]
    first, last = MIXED[trained, assumed]
    np.testing.assert_allclose(off, np.linspace(first, last, 21), atol=2e-4)
    expected = convention_bias(trained, assumed, CONVENTIONS[trained].to_heatmap(joints, SMALL, LARGE), SMALL, LARGE)
    np.testing.assert_allclose(off, expected[:, 0] * CONVENTIONS[assumed].stride(SMALL, LARGE)[0], atol=2e-4)


def test_dark_cannot_see_it():
    # Inside the map, where DARK is exact to 1e-3 heatmap px; the joints' mean is the middle of the input.
    joints = np.stack(np.meshgrid(np.linspace(32, 159, 9), np.linspace(32, 223, 9)), -1)
    maps = encode(CONVENTIONS["size_minus_one"].to_heatmap(joints, SMALL, LARGE), SMALL, 2.0)
    found = decode(maps, "dark", 2.0)
    assert found.ok.all()
    right, wrong = (CONVENTIONS[name].to_input(found.xy, SMALL, LARGE) for name in ("size_minus_one", "size_ratio"))
    np.testing.assert_allclose(right, joints, atol=4e-3)
    np.testing.assert_allclose((wrong - joints).mean((0, 1)), -1.5, atol=4e-3)
    np.testing.assert_allclose((wrong - joints).mean((0, 1)) / 4, -0.375, atol=1e-3)


# Mirrored


@pytest.mark.parametrize(("name", "gap"), [("half_pixel", 0), ("size_ratio", -0.75), ("size_minus_one", 0)])
def test_the_gap_of_a_mirrored_pass(name, gap):
    # (191 - x) / 4 counted from the other side of 48 px is 47 - (191 - x) / 4 = x / 4 - 3/4.
    assert flip_gap(name, SMALL, LARGE) == pytest.approx(gap, abs=1e-12)
    plain_xy = CONVENTIONS[name].to_heatmap([100.0, 90.0], SMALL, LARGE)
    mirrored_xy = CONVENTIONS[name].to_heatmap([191 - 100.0, 90.0], SMALL, LARGE)
    assert 47 - mirrored_xy[0] - plain_xy[0] == pytest.approx(gap, abs=1e-12)
    plain, mirrored, _ = passes(name, np.array([[100.0, 90.0]]))
    x, back = (decode(maps, "dark", 2.0).xy[0, 0] for maps in (plain, mirrored[..., ::-1]))
    assert back - x == pytest.approx(gap, abs=1e-3)


def test_the_gap_grows_with_the_stride():
    assert [flip_gap("size_ratio", (24, 32), (24 * s, 32 * s)) for s in (1, 2, 4, 8)] == [0, -0.5, -0.75, -0.875]


def passes(name: str, joints: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Targets of joints (..., 2) in input px as the network sees the input and its mirror image, and the places."""
    turned = [191, 0] + [-1, 1] * joints
    places = [CONVENTIONS[name].to_heatmap(xy, SMALL, LARGE) for xy in (joints, turned)]
    return *(encode(xy, SMALL, 2.0) for xy in places), places[0]


@pytest.mark.parametrize(
    ("name", "shift", "off"),
    [
        ("half_pixel", 0, 0),
        ("half_pixel", 1, 0.5),
        ("size_ratio", 0, -0.375),
        ("size_ratio", 1, 0.125),
        ("size_minus_one", 0, 0),
        ("size_minus_one", 1, 0.5),
    ],
)
def test_the_flip_average_moves_the_joint_by_half_its_gap(name, shift, off):
    # Joints at many phases of a pixel; the mirrored pass turned back, shifted and averaged in; then DARK.
    joints = np.stack([np.linspace(60, 140, 33), np.linspace(70, 190, 33)], -1)
    plain, mirrored, true = passes(name, joints)
    average = (plain + np.roll(mirrored[..., ::-1], shift, axis=-1)) / 2
    assert off == (flip_gap(name) + shift) / 2
    np.testing.assert_allclose(decode(average, "dark", 2.0).xy - true, np.broadcast_to([off, 0], true.shape), atol=2e-3)


@pytest.mark.parametrize("name", CONVENTIONS)
def test_a_photo_a_network_and_its_mirrored_pass(name):
    # The recipe of the README. A dot on a photo stands for the joint; the network finds the dot in its crop, with
    # weights that draw in their own convention.
    dot = np.array([301.3, 212.6])
    y, x = np.mgrid[:480, :640]
    bright = np.exp(-0.5 * ((x - dot[0]) ** 2 + (y - dot[1]) ** 2) / 9**2)
    photo = np.repeat((255 * bright).round().astype(np.uint8)[..., None], 3, -1)

    def network(crop):
        weights = crop[..., 0] * 1.0
        rows, columns = (weights.sum(axis) @ np.arange(n) / weights.sum() for axis, n in ((1, 256), (0, 192)))
        return encode(CONVENTIONS[name].to_heatmap([[columns, rows]], SMALL, LARGE), SMALL, 2.0)

    transform = CropTransform.from_box((240, 100, 420, 340), size=(192, 256), convention=name)
    crop = transform.crop(photo)
    heatmaps, flipped = network(crop), network(crop[:, ::-1])
    joints = decode(flip_average(heatmaps, flipped, mirror=[0], convention=name), "dark", sigma=2.0)
    photo_xy = transform.to_photo(joints.xy)
    np.testing.assert_allclose(photo_xy, [dot], atol=0.02)
    expected = CONVENTIONS[name].to_input(joints.xy, SMALL, LARGE)
    np.testing.assert_allclose(transform.to_crop(photo_xy), expected, atol=1e-9)


@pytest.mark.parametrize("size", [(0, 64), (48,), (48, 64, 3)])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match="at least 1 px"):
        CONVENTIONS["half_pixel"].to_input([0, 0], size, LARGE)
