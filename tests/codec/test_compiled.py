"""The compiled loops against NumPy: the same positions to 1e-6 px, the same statuses and covariances."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dark_core.codec import Status, decode, encode

pytest.importorskip("numba", reason="the compiled loops need Numba: pip install 'dark-explorer[fast]'")

ROOT = Path(__file__).parents[2]
SIZE = (48, 64)


@pytest.fixture(autouse=True)
def switched_on(monkeypatch):
    monkeypatch.setenv("DARK_COMPILED", "1")


def noisy(seed: int, count: int = 300, noise: float = 0.05, size: tuple[int, int] = SIZE, sigma: float = 2.0):
    generator = np.random.default_rng(seed)
    maps = encode(generator.uniform(-1, np.array(size), (count, 2)), size, sigma).astype(np.float64)
    return maps + noise * generator.standard_normal(maps.shape)


def spoiled() -> np.ndarray:
    """NaN, both infinities, flat, zero, negative, huge, tiny, a lone pixel, and two equal peaks."""
    maps = noisy(3, 14, 0.02)
    maps[0, 20, 20], maps[1, 10, 10], maps[2, 5, 5] = np.nan, np.inf, -np.inf
    maps[3], maps[4], maps[5] = 0.5, 0.0, np.nan
    maps[6] -= 3
    maps[7] *= 1e30
    maps[8] *= 1e-30
    maps[9] *= 0.01
    maps[9, 40, 3] = 1.0
    maps[10] = encode([[12.0, 12.0], [30.0, 40.0]], SIZE, 2.0).sum(0)
    maps[11], maps[12] = -np.inf, -np.abs(maps[12])
    maps[13, :, :6] = -np.inf
    return maps


GROUPS = {
    "noise": noisy(0),
    "strong noise": noisy(1, noise=0.3),
    "pure noise": np.random.default_rng(2).standard_normal((300, 64, 48)),
    "border": encode(np.array([[x, y] for x in (0, 0.4, 46.7, 47) for y in (0, 0.5, 1.2, 63)]), SIZE, 2.0),
    "spoiled": spoiled(),
    "small": noisy(4, 60, size=(9, 5), sigma=1.0),
    "three by three": noisy(5, 60, size=(3, 3), sigma=1.0),
    "too small": noisy(6, 5, size=(2, 7), sigma=1.0),
}


@pytest.mark.parametrize("sigma", [0.8, 2.0, 3.0])
@pytest.mark.parametrize("decoder", ["dark", "gaussian_fit"])
@pytest.mark.parametrize("maps", GROUPS.values(), ids=GROUPS)
def test_the_compiled_loops_agree_with_numpy(monkeypatch, maps, decoder, sigma):
    maps = np.asarray(maps, np.float64)
    fast = decode(maps, decoder, sigma)
    monkeypatch.setenv("DARK_COMPILED", "0")
    plain = decode(maps, decoder, sigma)
    np.testing.assert_array_equal(fast.status, plain.status)
    np.testing.assert_allclose(fast.xy, plain.xy, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(fast.score, plain.score)
    if decoder == "gaussian_fit":
        np.testing.assert_allclose(fast.covariance, plain.covariance, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("decoder", ["dark", "gaussian_fit"])
def test_single_precision_is_decoded_as_its_values_in_double(monkeypatch, decoder):
    maps = noisy(7).astype(np.float32)
    fast = decode(maps, decoder)
    monkeypatch.setenv("DARK_COMPILED", "0")
    np.testing.assert_allclose(fast.xy, decode(maps.astype(np.float64), decoder).xy, rtol=0, atol=1e-6)


def test_a_lone_gaussian_is_decoded_where_it_is():
    joints = np.array([[20.3, 31.7], [24.5, 30.0]])
    for decoder in ("dark", "gaussian_fit"):
        decoded = decode(encode(joints, SIZE, 2.0).astype(np.float64), decoder)
        np.testing.assert_allclose(decoded.xy, joints, atol=1e-3)
        assert (decoded.status == Status.FINE).all()


def test_heatmaps_that_cannot_be_written_or_lie_apart_are_decoded_and_left_as_they_were():
    maps = noisy(8, 20)
    before, expected = maps.copy(), decode(maps).xy
    np.testing.assert_array_equal(maps, before)
    maps.setflags(write=False)
    np.testing.assert_array_equal(decode(maps).xy, expected)
    apart = np.repeat(maps, 2, axis=2)[:, :, ::2]
    np.testing.assert_allclose(decode(apart).xy, expected, atol=1e-6)


@pytest.mark.parametrize("switch, expected", [("1", "True"), ("0", "False")])
def test_numba_comes_with_the_first_heatmap_unless_it_is_switched_off(monkeypatch, switch, expected):
    monkeypatch.setenv("DARK_COMPILED", switch)
    code = """
import sys
import numpy as np
from dark_core.codec import decode
assert "numba" not in sys.modules
decode(np.zeros((1, 8, 8)))
print("numba" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout.split()) == (0, [expected]), run.stderr
