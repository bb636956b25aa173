"""What the timings time: the same maps, the same joints, little memory; how long it takes is not tested."""

from importlib.util import find_spec

import numpy as np
import pytest
import torch

from dark_core.benchmarks import decoders
from dark_core.benchmarks.decoders import opencv_blur, plain_argmax, sheet
from dark_core.codec import DECODERS, decode, encode
from dark_core.codec.release import gaussian_blur, joint_by_joint


def test_a_sheet_holds_targets_and_white_noise():
    maps = sheet((48, 64), 2.0, count=50, noise=0.02)
    assert maps.shape == (50, 64, 48) and maps.dtype == np.float32
    np.testing.assert_array_equal(maps, sheet((48, 64), 2.0, count=50, noise=0.02))
    clean = sheet((48, 64), 2.0, count=50, noise=0.0)
    assert clean.max((1, 2)).min() > 0.85 and clean.max() <= 1
    assert (maps - clean).std() == pytest.approx(0.02, rel=0.02)


def test_the_plain_argmax_is_every_decoders_first_pass():
    maps = sheet((48, 64), 2.0, count=200)
    np.testing.assert_array_equal(plain_argmax(maps), decode(maps, "argmax").xy)


def test_joint_by_joint_reads_a_clean_joint_inside_and_leaves_the_border():
    joints = np.array([[20.3, 31.7], [11.5, 40.9], [1.2, 30.4]])
    read = joint_by_joint(encode(joints, (48, 64), 2.0))
    np.testing.assert_allclose(read[:2], joints[:2], atol=1e-3)
    np.testing.assert_array_equal(read[2], [1, 30])


def test_joint_by_joint_takes_the_kernel_it_is_given():
    maps = sheet((72, 96), 3.0, count=60, noise=0.05)
    wide, narrow = (np.abs(joint_by_joint(maps, kernel) - decode(maps, "dark", 3.0).xy).mean() for kernel in (17, 5))
    assert wide < narrow


def test_the_blur_of_the_release_is_opencvs():
    maps = sheet((48, 64), 2.0, count=3, noise=0.1)
    for kernel in (11, 13, 17):
        for one in maps:
            np.testing.assert_allclose(gaussian_blur(one, kernel), opencv_blur(one, kernel), atol=1e-6)


def test_every_reading_is_timed_and_its_memory_measured():
    rows = {one.title: one for one in decoders.timings((24, 32), 1.5, rounds=2, count=20)}
    assert list(rows) == [
        "plain argmax",
        *(decoder.title for decoder in DECODERS.values()),
        *(f"{DECODERS[name].title}, compiled" for name in ("dark", "gaussian_fit") if find_spec("numba")),
        "joint by joint, as released",
    ]
    assert rows["plain argmax"].times == 1
    for one in rows.values():
        assert one.ms > 0 and one.extra > 0
        assert one.times == pytest.approx(one.ms / rows["plain argmax"].ms)
    assert rows[DECODERS["second_maximum"].title].extra > 1  # it works on a copy


def test_the_report_has_a_table_for_either_size(monkeypatch):
    monkeypatch.setattr(decoders, "timings", lambda size, sigma: [decoders.Timing("one", 2.0, 4.0, 0.081)])
    text = "\n".join(decoders.report())
    assert text.count("one ") >= 2 and "48 x 64" in text and "72 x 96" in text
    assert "2.00" in text and "4.0" in text and "8.1%" in text


@pytest.mark.parametrize("method", ["dark", "gaussian_fit"])
@pytest.mark.parametrize("size, sigma", decoders.SHEETS)
def test_dark_and_the_fit_need_a_tenth_of_the_maps_beside_them(method, size, sigma):
    maps = sheet(size, sigma)
    assert decoders._memory(lambda: decode(maps, method, sigma)) <= 0.1 * maps.nbytes


def test_a_larger_batch_is_read_in_blocks():
    maps = np.concatenate([sheet((48, 64), 2.0)] * 3)
    assert decoders._memory(lambda: decode(maps, "dark")) <= 0.05 * maps.nbytes


@pytest.fixture(scope="module")
def many() -> np.ndarray:
    """(6000, 64, 48) float16: 18.4 million values, more than single precision counts one by one."""
    maps = np.concatenate([sheet((48, 64), 2.0, 600, seed=seed).astype(np.float16) for seed in range(10)])
    assert maps.size > 2**24
    return maps


@pytest.mark.parametrize("method", ["argmax", "quarter_shift", "taylor", "dark", "gaussian_fit"])
@pytest.mark.parametrize("kind", ["array", "tensor"])
def test_more_than_two_to_the_24_values_are_read_as_their_parts_are(many, method, kind):
    last = slice(5400, None)  # where a flat index counted in single precision would be off by one
    maps = many if kind == "array" else torch.from_numpy(many)
    whole, part = decode(maps, method), decode(maps[last], method)
    np.testing.assert_allclose(whole.xy[last], part.xy, atol=1e-6)
    np.testing.assert_array_equal(whole.score[last], part.score)
    np.testing.assert_array_equal(whole.status[last], part.status)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_the_gpu_has_a_table():
    rows = {one.title: one for one in decoders.cuda_timings(count=500, rounds=2)}
    timed = ("argmax", "dark", "noise_matched", "gaussian_fit")
    assert list(rows) == ["reading them once", *(DECODERS[name].title for name in timed)]
    assert rows["reading them once"].times == 1 and all(one.ms > 0 for one in rows.values())


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_without_a_gpu_the_report_says_so():
    (line,) = decoders.cuda_report()
    assert line.startswith("No table for a GPU: ")
