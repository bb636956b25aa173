"""Tensors are decoded as arrays are, on their own device and in their own kind, and gradients pass through.

A tensor that needs no gradient is handed to NumPy, one that needs a gradient goes through PyTorch; both are tested.
"""

import subprocess
import sys

import numpy as np
import pytest
import torch

from dark_core.codec import DECODERS, ENCODINGS, _decode, decode, encode, newton_step, quantize, smooth
from dark_core.codec._fast.backend import as_numpy

pytestmark = pytest.mark.filterwarnings("error")

methods = pytest.mark.parametrize("method", DECODERS)
gradients = pytest.mark.parametrize("gradient", [False, True], ids=["numpy", "autograd"])
SIZE = (24, 20)
FITS = tuple(name for name in DECODERS if name.startswith("gaussian_fit"))


def sheet(count: int = 60, noise: float = 0.05, sigma: float = 2.0, seed: int = 0) -> np.ndarray:
    """(count, 20, 24) float64: joints anywhere on the map, the edges too, in white noise."""
    rng = np.random.default_rng(seed)
    joints = rng.uniform(-0.5, np.array(SIZE) - 0.5, (count, 2))
    return encode(joints, SIZE, sigma, dtype=np.float64) + noise * rng.normal(size=(count, *SIZE[::-1]))


def same(tensor, array, atol: float = 1e-4) -> None:
    """The same joints, decoded from tensors and from arrays."""
    np.testing.assert_allclose(tensor.xy.detach().cpu().numpy(), array.xy, atol=atol)
    np.testing.assert_array_equal(tensor.status.cpu().numpy(), array.status)
    np.testing.assert_array_equal(tensor.ok.cpu().numpy(), array.ok)
    np.testing.assert_allclose(tensor.score.detach().double().cpu().numpy(), array.score, rtol=1e-6)
    assert (tensor.covariance is None) == (array.covariance is None)
    if array.covariance is not None:
        np.testing.assert_allclose(tensor.covariance.detach().cpu().numpy(), array.covariance, rtol=5e-3, atol=1e-6)
    assert tensor.reasons == array.reasons


@methods
@gradients
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_a_tensor_is_read_as_its_array_is(method, dtype, gradient):
    maps = torch.from_numpy(sheet()).to(dtype).requires_grad_(gradient)
    before = maps.clone()
    read = decode(maps, method)
    same(read, decode(maps.detach().numpy(), method))
    assert (read.xy.dtype, read.score.dtype, read.ok.dtype) == (torch.float64, dtype, torch.bool)
    assert not read.status.is_floating_point()
    assert torch.equal(maps, before)


@methods
@gradients
def test_bfloat16_and_whole_numbers_are_read_too(method, gradient):
    maps = torch.from_numpy(sheet(8, 0.0))
    read = decode(maps.bfloat16().requires_grad_(gradient), method)
    assert (read.xy.dtype, read.score.dtype) == (torch.float64, torch.bfloat16)
    same(read, decode(maps.bfloat16().float().numpy(), method))
    whole = (1000 * maps).round().int()
    same(decode(whole, method), decode(whole.float().numpy(), method))


@methods
@pytest.mark.parametrize("leading", [(), (1,), (3, 4), (0,), (3, 0)])
@gradients
def test_leading_axes_are_kept(method, leading, gradient):
    maps = torch.from_numpy(sheet(12))[: int(np.prod(leading))].reshape(*leading, *SIZE[::-1]).requires_grad_(gradient)
    read = decode(maps, method)
    assert (read.xy.shape, read.score.shape, read.ok.shape) == ((*leading, 2), leading, leading)
    assert read.status.shape == leading
    same(read, decode(maps.detach().numpy(), method))


@methods
@gradients
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (2, 9), (3, 3), (4, 31)])
def test_small_maps_and_broken_values_are_read_as_arrays_are(method, shape, gradient):
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(9, *shape))
    maps[1], maps[2], maps[3, 0, 0], maps[4, -1, -1], maps[5, 0, -1] = 0, -2, np.nan, np.inf, -np.inf
    maps[6], maps[7] = 1e-300 * maps[6], 1e300 * maps[7]
    tensor = decode(torch.from_numpy(maps).requires_grad_(gradient), method, 1.0)
    array = decode(maps, method, 1.0)
    assert torch.isfinite(tensor.xy).all() and torch.isfinite(tensor.score).all()
    np.testing.assert_array_equal(tensor.status.numpy(), array.status)
    np.testing.assert_allclose(tensor.xy.detach().numpy(), array.xy, rtol=1e-6, atol=1e-6)


@methods
@gradients
def test_a_view_of_any_layout_is_read(method, gradient):
    maps = torch.from_numpy(sheet(6).astype(np.float32))
    turned = maps.transpose(1, 2)
    same(decode(turned.requires_grad_(gradient), method), decode(turned.detach().contiguous().numpy(), method))
    # NumPy cannot see through a lazy negation: it has to be resolved.
    negated = torch._neg_view(-maps).requires_grad_(gradient)
    same(decode(negated, method), decode(maps.numpy(), method))


def test_numpy_takes_over_only_where_no_gradient_is_needed(monkeypatch):
    taken = []
    monkeypatch.setattr(_decode, "as_numpy", lambda tensor: taken.append(tensor) or as_numpy(tensor))
    maps = torch.from_numpy(sheet(3))
    free = maps.clone().requires_grad_()
    assert decode(free).xy.requires_grad and not taken
    with torch.no_grad():
        assert not decode(free).xy.requires_grad
    with torch.inference_mode():
        decode(maps.clone())
    decode(maps)
    assert len(taken) == 3
    assert taken[2].data_ptr() == maps.data_ptr() == as_numpy(maps).__array_interface__["data"][0]


def test_smoothing_answers_in_kind():
    maps = sheet(4)
    for dtype, kept in ((torch.float16, torch.float32), (torch.float32, torch.float32), (torch.float64, torch.float64)):
        tensor = torch.from_numpy(maps).to(dtype)
        seen = smooth(tensor, 1.5)
        assert seen.dtype == kept
        np.testing.assert_allclose(seen.numpy(), smooth(tensor.numpy(), 1.5), atol=1e-6)
        assert smooth(tensor, 0).data_ptr() != tensor.data_ptr()


@pytest.mark.parametrize("sigma", [2.0, 1.3])
@pytest.mark.parametrize("method", ["dark", "taylor", "weighted_average", "soft_argmax", *FITS])
def test_gradients_are_those_of_finite_differences(method, sigma):
    # Three joints, one by an edge and one in a corner; a sum that weighs both coordinates.
    noise = 0.02 * np.random.default_rng(0).normal(size=(3, 17, 19))
    maps = torch.from_numpy(encode([[9.3, 8.8], [1.2, 9.4], [17.6, 0.4]], (19, 17), sigma, dtype=np.float64) + noise)
    weigh = torch.tensor([1.0, -0.7], dtype=torch.float64)

    def values(batch: torch.Tensor) -> torch.Tensor:
        return (decode(batch, method, sigma).xy * weigh).sum(-1)

    free = maps.clone().requires_grad_()
    values(free).sum().backward()
    assert torch.isfinite(free.grad).all()
    step, every = 1e-6, torch.eye(17 * 19, dtype=torch.float64).reshape(-1, 17, 19)
    for heatmap, gradient in zip(maps, free.grad):
        expected = (values(heatmap + step * every) - values(heatmap - step * every)) / (2 * step)
        np.testing.assert_allclose(gradient.reshape(-1), expected, atol=2e-5 * float(gradient.abs().max()))


def test_a_gradient_reaches_no_further_than_the_crop():
    joints = np.random.default_rng(0).uniform(0, 47, (40, 2))
    maps = torch.from_numpy(encode(joints, (48, 64), 2.0)).requires_grad_()
    decode(maps, "dark").xy.sum().backward()
    reached = maps.grad != 0
    assert (reached.sum((1, 2)) > 50).all() and (reached.sum((1, 2)) <= 13 * 13).all()


@pytest.mark.parametrize("method", ["dark", "taylor", "weighted_average", "soft_argmax", *FITS, "parabola"])
def test_a_map_without_a_reading_spoils_nobodys_gradient(method):
    rng = np.random.default_rng(0)
    maps = torch.from_numpy(encode([[9.3, 8.8], [7.2, 9.4]], (19, 17), 2.0) + 0.02 * rng.normal(size=(2, 17, 19)))
    broken = torch.from_numpy(rng.normal(size=(7, 17, 19)))
    broken[0], broken[1], broken[2, 4, 4], broken[3, 5, 5], broken[4, 9, 9] = 0, -1, torch.nan, torch.inf, -torch.inf
    broken[5] *= 1e300
    alone, among = maps.clone().requires_grad_(), torch.cat([maps, broken]).requires_grad_()
    decode(alone, method).xy.sum().backward()
    decode(among, method).xy.sum().backward()
    assert torch.isfinite(among.grad).all()
    np.testing.assert_allclose(among.grad[:2], alone.grad, atol=1e-12)
    assert alone.grad.abs().amax((1, 2)).min() > 1e-3
    with torch.no_grad():
        assert not decode(among, method).xy.requires_grad


PIECEWISE = ("argmax", "quarter_shift", "second_maximum", "bicubic")
"""Decoders whose positions are whole pixels or fractions of one: they move in jumps."""
SEARCHING = (*FITS, "noise_matched")
"""Decoders whose gradient passes through many steps."""


@pytest.mark.parametrize("method", sorted(DECODERS.keys() - set(PIECEWISE)))
def test_gradcheck_passes_with_its_defaults(method):
    # One joint inside, one by an edge; the score is an output of its own, so that gradients can be undefined. What
    # climbs or searches is asked along one direction of all pixels at once, in place of 288 decodings.
    noise = 0.02 * np.random.default_rng(0).normal(size=(2, 9, 8))
    maps = torch.from_numpy(encode([[4.3, 4.1], [1.2, 5.4]], (8, 9), 1.5, dtype=np.float64) + noise)
    assert decode(maps, method, 1.5).ok.all() or method == "dark_release"  # which takes no step beside an edge
    free = maps.requires_grad_()
    assert torch.autograd.gradcheck(lambda maps: tuple(decode(maps, method, 1.5)), free, fast_mode=method in SEARCHING)


@pytest.mark.parametrize("gradient", [False, True], ids=["numpy", "autograd"])
@pytest.mark.parametrize("method", DECODERS)
def test_autocast_changes_no_position(method, gradient):
    maps = torch.from_numpy(sheet().astype(np.float32)).requires_grad_(gradient)
    outside = decode(maps, method)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert (maps[0] @ maps[0].T).dtype == torch.bfloat16, "products are in half precision here"
        inside = decode(maps, method)
        assert (maps[0] @ maps[0].T).dtype == torch.bfloat16, "and still are afterwards"
    assert torch.equal(inside.xy, outside.xy) and torch.equal(inside.status, outside.status)


def test_autocast_changes_neither_smoothing_nor_a_step():
    maps = torch.from_numpy(sheet().astype(np.float32))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        smoothed, step = smooth(maps, 2.0), newton_step(maps)
    assert smoothed.dtype == torch.float32 and torch.equal(smoothed, smooth(maps, 2.0))
    assert torch.equal(step.xy, newton_step(maps).xy)


@pytest.mark.parametrize("bad", [torch.ones(3, 3, dtype=torch.complex64), torch.ones(3), torch.ones(2, 0, 3)])
def test_an_error_names_what_came(bad):
    with pytest.raises(ValueError, match=r"real numbers|\(\.\.\., H, W\)"):
        decode(bad)


def test_the_codec_does_not_import_torch():
    code = (
        "import sys, numpy, dark_core.codec as codec\n"
        "for name in codec.DECODERS: codec.decode(numpy.eye(9), name)\n"
        "codec.smooth(numpy.eye(9), 1.0)\n"
        "assert not any(name.partition('.')[0] == 'torch' for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_targets_are_drawn_alike():
    joints = np.random.default_rng(0).uniform(-3, 50, (4, 5, 2))
    joints[1, 2] = np.nan
    for method in ENCODINGS:
        for dtype in (torch.float64, torch.float32, torch.float16):
            given = torch.from_numpy(joints).to(dtype)
            maps = encode(given, (48, 40), 2.0, method)
            assert maps.dtype == dtype and maps.shape == (4, 5, 40, 48)
            expected = encode(given.numpy(), (48, 40), 2.0, method, dtype=np.float64)
            np.testing.assert_allclose(maps.double().numpy(), expected, atol=1e-3 if dtype == torch.float16 else 1e-6)
        np.testing.assert_array_equal(quantize(torch.from_numpy(joints), method).numpy(), quantize(joints, method))
    assert encode(torch.tensor([[3, 4]]), (8, 8), 1.0).dtype == torch.float32


def test_a_gradient_passes_from_a_target_to_its_joint():
    joint = torch.tensor([9.3, 12.6], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda xy: encode(xy, (24, 20), 2.0), joint)
    encode(joint, (24, 20), 2.0)[12, 10].backward()
    height = float(encode([9.3, 12.6], (24, 20), 2.0)[12, 10])
    np.testing.assert_allclose(joint.grad.numpy(), height * np.array([0.7, -0.6]) / 4, atol=1e-6)
    given = torch.tensor([9.3, 12.6])
    encode(given, (24, 20), 2.0)
    assert given.tolist() == pytest.approx([9.3, 12.6])  # left alone


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_and_the_cpu_agree():
    for dtype in (torch.float16, torch.float32):
        maps = torch.from_numpy(sheet(500)).to(dtype)
        maps[3], maps[5, 4, 4] = 0, torch.nan
        for method in DECODERS:
            read = decode(maps.cuda(), method)
            assert {part.device.type for part in (read.xy, read.score, read.ok, read.status)} == {"cuda"}
            same(read, decode(maps.numpy(), method))
        np.testing.assert_allclose(smooth(maps.cuda(), 2.0).cpu().numpy(), smooth(maps.numpy(), 2.0), atol=1e-5)
