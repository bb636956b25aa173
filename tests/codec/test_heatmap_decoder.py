"""HeatmapDecoder gives what ``decode`` gives, in eager mode, under every transform, and at the edges of the heatmap."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from dark_core.codec import DECODERS, decode, encode
from dark_core.codec.torch import EXPORTABLE, HeatmapDecoder

pytestmark = pytest.mark.filterwarnings("error")

decoders = pytest.mark.parametrize("name", EXPORTABLE)
SIZE = (24, 20)
ATOL = 1e-4


def sheet(count: int, noise: float = 0.05, sigma: float = 2.0, size=SIZE, seed: int = 0) -> np.ndarray:
    """(count, H, W) float32: joints anywhere on the heatmap, the edges too, in white noise."""
    rng = np.random.default_rng(seed)
    joints = rng.uniform(-0.5, np.array(size) - 0.5, (count, 2))
    maps = encode(joints, size, sigma, dtype=np.float64) + noise * rng.normal(size=(count, *size[::-1]))
    return maps.astype(np.float32)


def reference(maps, name: str, sigma: float = 2.0) -> np.ndarray:
    """Positions by NumPy in double precision."""
    return decode(np.asarray(maps, np.float64), name, sigma).xy


@decoders
@pytest.mark.parametrize("sigma", [0.8, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("noise", [0.0, 0.02, 0.1])
def test_positions_and_scores_are_those_of_decode(name, sigma, noise):
    maps = sheet(400, noise, sigma)
    xy, score = HeatmapDecoder(name, sigma)(torch.from_numpy(maps))
    assert (xy.dtype, score.dtype, xy.shape, score.shape) == (torch.float32, torch.float32, (400, 2), (400,))
    np.testing.assert_allclose(xy, reference(maps, name, sigma), atol=ATOL)
    np.testing.assert_array_equal(score, maps.max((1, 2)))


@decoders
def test_a_joint_on_every_pixel_of_the_border_is_decoded_as_decode_does(name):
    width, height = SIZE
    around = [(x, y) for x in range(width) for y in range(height) if x in (0, width - 1) or y in (0, height - 1)]
    joints = np.array(around) + [0.3, -0.2]
    maps = encode(joints, SIZE, 2.0)
    xy = HeatmapDecoder(name)(torch.from_numpy(maps))[0]
    np.testing.assert_allclose(xy, reference(maps, name), atol=ATOL)
    if name == "gaussian_fit":  # which is exact there, so the truth itself is a reference
        np.testing.assert_allclose(xy, joints, atol=ATOL)


@decoders
def test_pure_noise_and_a_second_peak_are_decoded_as_decode_does(name):
    """Where DARK climbs for long, starts anew from the largest smoothed pixel, or falls back."""
    rng = np.random.default_rng(1)
    maps = rng.normal(size=(300, *SIZE[::-1])).astype(np.float32)
    bright = sheet(100, 0.0) * np.float32(0.3)
    bright[np.arange(100), rng.integers(0, 20, 100), rng.integers(0, 24, 100)] = 2  # a lone pixel above the peak
    maps = np.concatenate([maps, bright])
    apart = np.abs(HeatmapDecoder(name)(torch.from_numpy(maps))[0].numpy() - reference(maps, name)).max(-1)
    assert apart[300:].max() <= ATOL
    # The step on noise divides by a determinant that may be as small as the rounding.
    assert (apart[:300] <= ATOL).mean() > 0.99


@decoders
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (2, 9), (3, 3), (4, 31)])
def test_small_heatmaps_and_broken_values_are_decoded_as_decode_does(name, shape):
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(9, *shape)).astype(np.float32)
    maps[1], maps[2], maps[3, 0, 0], maps[4, -1, -1] = 0, -2, np.nan, np.inf
    maps[5], maps[6], maps[7] = 1e-30 * maps[5], 1e30 * maps[6], np.nan
    heatmaps = torch.from_numpy(maps).requires_grad_()
    xy, score = HeatmapDecoder(name, 1.0)(heatmaps)
    np.testing.assert_allclose(xy.detach(), decode(maps, name, 1.0).xy, atol=ATOL)
    np.testing.assert_allclose(score.detach(), decode(maps, name, 1.0).score)
    (xy.sum() + score.sum()).backward()
    assert torch.isfinite(heatmaps.grad).all()


def test_minus_infinity_counts_as_no_value():
    """A masked heatmap is decoded from the pixels that are left: here every one that DARK needs."""
    maps = torch.from_numpy(encode([[9.3, 10.6]], SIZE, 2.0)).masked_fill(torch.arange(24) > 20, -torch.inf)
    heatmaps = maps.requires_grad_()
    xy, _ = HeatmapDecoder("dark")(heatmaps)
    np.testing.assert_allclose(xy.detach(), [[9.3, 10.6]], atol=ATOL)
    xy.sum().backward()
    assert torch.isfinite(heatmaps.grad).all() and heatmaps.grad.abs().sum() > 0


@decoders
@pytest.mark.parametrize("leading", [(), (1,), (3, 4), (0,), (3, 0)])
def test_leading_axes_are_kept(name, leading):
    maps = sheet(12)[: int(np.prod(leading))].reshape(*leading, *SIZE[::-1])
    xy, score = HeatmapDecoder(name)(torch.from_numpy(maps))
    assert (xy.shape, score.shape) == ((*leading, 2), leading)
    np.testing.assert_allclose(xy, reference(maps, name), atol=ATOL)


@decoders
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_decoded_in_single(name, dtype):
    maps = torch.from_numpy(sheet(200)).to(dtype)
    xy, score = HeatmapDecoder(name)(maps)
    assert (xy.dtype, score.dtype) == (torch.float32, dtype)
    np.testing.assert_allclose(xy, reference(maps.double(), name), atol=ATOL)
    with torch.autocast("cpu", torch.bfloat16):  # which would multiply in half precision
        np.testing.assert_array_equal(HeatmapDecoder(name)(maps)[0], xy)


@decoders
def test_double_precision_stays(name):
    maps = torch.from_numpy(sheet(50)).double()
    xy, _ = HeatmapDecoder(name)(maps)
    assert xy.dtype == torch.float64
    np.testing.assert_allclose(xy, reference(maps, name), atol=1e-9)


@pytest.mark.parametrize("name", ["dark", "gaussian_fit"])
def test_gradients_are_right(name):
    """Away from where a decoder changes its mind: two joints in little noise."""
    maps = torch.from_numpy(sheet(2, 0.002, size=(10, 9), seed=4)).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda h: HeatmapDecoder(name)(h)[0], maps, eps=1e-6, atol=1e-5, fast_mode=True)
    gradient = torch.autograd.grad(HeatmapDecoder(name)(maps)[0][0].sum(), maps)[0]
    assert gradient[0].abs().sum() > 0 and not gradient[1].any()


@pytest.mark.parametrize("name", ["argmax", "quarter_shift"])
def test_the_gradient_of_a_whole_pixel_reaches_by_the_score_alone(name):
    maps = torch.from_numpy(sheet(3)).requires_grad_()
    xy, score = HeatmapDecoder(name)(maps)
    (score.sum() + xy.sum()).backward()
    assert torch.equal(maps.grad, (maps == maps.amax((1, 2), keepdim=True)).float())


@decoders
def test_vmap_gives_the_same(name):
    maps = torch.from_numpy(sheet(12)).reshape(3, 4, *SIZE[::-1])
    xy, score = HeatmapDecoder(name)(maps)
    for mapped in (torch.func.vmap(HeatmapDecoder(name)), torch.func.vmap(torch.func.vmap(HeatmapDecoder(name)))):
        np.testing.assert_allclose(mapped(maps)[0], xy, atol=ATOL)
        assert torch.equal(mapped(maps)[1], score)


def test_vmap_of_a_gradient_is_the_gradient():
    decoder, maps = HeatmapDecoder("dark"), torch.from_numpy(sheet(4)).requires_grad_()
    (expected,) = torch.autograd.grad(decoder(maps)[0].sum(), maps)
    each = torch.func.vmap(torch.func.grad(lambda heatmap: decoder(heatmap)[0].sum()))(maps.detach())
    torch.testing.assert_close(each, expected, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("name", sorted(set(DECODERS) - set(EXPORTABLE)) + ["no such"])
def test_another_decoder_is_refused(name):
    with pytest.raises(ValueError, match=f"'{name}' cannot be exported: expected one of argmax, "):
        HeatmapDecoder(name)


@pytest.mark.parametrize("sigma", [0, -1, np.nan, np.inf])
def test_a_bad_sigma_is_named(sigma):
    with pytest.raises(ValueError, match=f"sigma .* got {sigma}"):
        HeatmapDecoder(sigma=sigma)


def test_it_has_nothing_to_train_and_says_what_it_is():
    decoder = HeatmapDecoder("dark", 1.5)
    assert not decoder.state_dict() and repr(decoder) == "HeatmapDecoder(decoder='dark', sigma=1.5)"


def test_the_codec_imports_without_torch():
    code = "import sys, dark_core.codec; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
