"""The flip test: the two passes on the same pixels, so that the average is decoded where the joint is."""

import numpy as np
import pytest
import torch

from dark_core.codec import FLIP_GAPS, decode, encode, flip_average

pytestmark = pytest.mark.filterwarnings("error")

WIDTH, HEIGHT = 48, 64


def passes(convention: str, stride: int, joints: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Targets (N, 64, 48) of joints (N, 2) in crop px, those of the mirrored crop, and the joints in heatmap px."""
    width = WIDTH * stride

    def to_heatmap(xy):
        if convention == "half_pixel":
            return (xy + 0.5) / stride - 0.5
        return xy / stride if convention == "size_ratio" else xy * (WIDTH - 1) / (width - 1)

    mirrored = [width - 1, 0] + [-1, 1] * joints
    draw = [encode(to_heatmap(xy), (WIDTH, HEIGHT), sigma, dtype=np.float64) for xy in (joints, mirrored)]
    return *draw, to_heatmap(joints)


@pytest.mark.parametrize("convention", FLIP_GAPS)
@pytest.mark.parametrize("stride", [1, 2, 4, 8])
@pytest.mark.parametrize("decoder", ["dark", "gaussian_fit"])
def test_the_average_is_decoded_where_the_joint_is(convention, stride, decoder):
    # At many phases of a pixel, no closer to an edge than DARK needs.
    joints = stride * np.stack([np.linspace(12, 35, 41), np.linspace(12, 51, 41)], -1)
    plain, flipped, true = passes(convention, stride, joints, 2.0)
    average = flip_average(plain[:, None], flipped[:, None], [0], convention, stride)[:, 0]
    np.testing.assert_allclose(decode(average, decoder, 2.0).xy, true, atol=1.5e-3)


def test_the_whole_pixel_shift_of_hrnet_would_leave_an_eighth_of_a_pixel():
    joints = 4.0 * np.stack([np.linspace(12, 35, 41), np.linspace(12, 51, 41)], -1)
    plain, flipped, true = passes("size_ratio", 4, joints, 2.0)
    shifted = (plain + np.roll(flipped[..., ::-1], 1, axis=-1)) / 2
    np.testing.assert_allclose((decode(shifted).xy - true).mean(0), [0.125, 0], atol=1e-3)


@pytest.mark.parametrize("stride", [1, 2, 3, 4, 8])
def test_the_gaps_by_hand(stride):
    # x / s, and (W s - 1 - x) / s mirrored back: W - 1 - that. The difference is 1/s - 1, whatever x.
    x = 10.0
    seen = WIDTH - 1 - (WIDTH * stride - 1 - x) / stride
    assert FLIP_GAPS["size_ratio"](stride) == pytest.approx(seen - x / stride)
    assert FLIP_GAPS["half_pixel"](stride) == FLIP_GAPS["size_minus_one"](stride) == 0


def test_a_gap_of_a_whole_number_of_pixels_moves_nothing_else():
    # Without a gap the mirrored heatmaps are averaged as they are, to the last bit.
    rng = np.random.default_rng(0)
    plain, flipped = rng.normal(size=(2, 3, 5, 7))
    np.testing.assert_array_equal(
        flip_average(plain, flipped, [0, 2, 1], "half_pixel"), (plain + flipped[[0, 2, 1], :, ::-1]) / 2
    )


def test_a_polynomial_is_interpolated_exactly_inside():
    # A cubic through four pixels is the cubic itself, three quarters of a pixel to the left.
    x = np.arange(12.0)
    cubic = lambda x: 0.1 * x**3 - x**2 + 2 * x - 1  # noqa: E731
    flipped = np.broadcast_to(cubic(x)[::-1], (1, 2, 12))
    moved = 2 * flip_average(np.zeros((1, 2, 12)), flipped, [0], "size_ratio", 4)
    np.testing.assert_allclose(moved[0, 0, 2:-1], cubic(x - 0.75)[2:-1], atol=1e-12)


def test_a_constant_stays_up_to_the_edges():
    ones = np.ones((2, 4, 6))
    np.testing.assert_allclose(flip_average(ones, ones, [1, 0], "size_ratio"), ones, atol=1e-15)


@pytest.mark.parametrize("sigma, lost", [(1.0, 0.03), (2.0, 0.003)])
def test_what_interpolation_costs_of_the_height(sigma, lost):
    joints = 4.0 * np.array([[20.0, 30.0]])
    plain, flipped, _ = passes("size_ratio", 4, joints, sigma)
    moved = 2 * flip_average(plain, flipped, [0], "size_ratio") - plain
    assert 1 - moved.max() == pytest.approx(lost, rel=0.5)


def test_left_and_right_joints_are_exchanged():
    joints = np.array([[10.0, 20], [30.0, 22], [20.0, 40]])
    plain = encode(joints, (WIDTH, HEIGHT), 2.0)
    flipped = encode([WIDTH - 1, 0] + [-1, 1] * joints[[1, 0, 2]], (WIDTH, HEIGHT), 2.0)
    np.testing.assert_allclose(flip_average(plain, flipped, [1, 0, 2], "half_pixel"), plain, atol=1e-6)


@pytest.mark.parametrize("convention", FLIP_GAPS)
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_tensors_are_averaged_as_arrays_are(convention, dtype):
    rng = np.random.default_rng(0)
    plain, flipped = (torch.from_numpy(rng.normal(size=(2, 3, 9, 8))).to(dtype).requires_grad_() for _ in range(2))
    average = flip_average(plain, flipped, (0, 2, 1), convention)
    assert average.dtype == dtype
    expected = flip_average(plain.detach().numpy(), flipped.detach().numpy(), (0, 2, 1), convention)
    assert expected.dtype == plain.detach().numpy().dtype
    np.testing.assert_allclose(average.detach().numpy(), expected, atol=1e-3 if dtype == torch.float16 else 1e-6)
    average.sum().backward()
    assert torch.isfinite(flipped.grad).all() and (plain.grad == 0.5).all()


def test_inputs_are_left_alone_and_whole_numbers_are_averaged():
    plain, flipped = np.arange(12).reshape(1, 3, 4), np.arange(12).reshape(1, 3, 4)
    before = flipped.copy()
    average = flip_average(plain, flipped, [0], "half_pixel")
    np.testing.assert_array_equal(average, [[[1.5] * 4, [5.5] * 4, [9.5] * 4]])
    np.testing.assert_array_equal(flipped, before)


@pytest.mark.parametrize(
    "shapes, options, message",
    [
        (((2, 5, 6), (2, 5, 7)), {}, r"alike.*\(2, 5, 6\).*\(2, 5, 7\)"),
        (((5, 6), (5, 6)), {}, r"K, H, W"),
        (((2, 5, 6), (2, 5, 6)), {"mirror": [0, 0]}, r"permutation of the 2 joints.*\[0, 0\]"),
        (((2, 5, 6), (2, 5, 6)), {"mirror": [0, 1, 2]}, r"permutation of the 2 joints"),
        (((2, 5, 6), (2, 5, 6)), {"convention": "udp"}, r"'udp'.*half_pixel, size_minus_one, size_ratio"),
        (((2, 5, 6), (2, 5, 6)), {"stride": 0}, r"stride.*got 0"),
    ],
)
def test_an_error_names_what_came(shapes, options, message):
    options = {"mirror": [0, 1], "convention": "half_pixel", **options}
    with pytest.raises(ValueError, match=message):
        flip_average(*(np.zeros(shape) for shape in shapes), **options)
