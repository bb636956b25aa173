"""The wire format: arrays there and back, and everything else refused in one sentence."""

import io
import re

import numpy as np
import pytest

from dark_core.cluster.wire import MOST_BYTES, MOST_CROPS, maps_shape, pack, share, unpack, unpack_crops


def crops(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("array", [crops(2, 32, 64, 3), np.arange(6, dtype="f4").reshape(1, 2, 3)])
def test_an_array_comes_back_as_it_was(array):
    again = unpack(pack(array), array.dtype.type)
    assert again.dtype == array.dtype
    np.testing.assert_array_equal(again, array)


def test_a_view_is_sent_as_what_it_shows():
    array = crops(4, 32, 32, 3)
    np.testing.assert_array_equal(unpack_crops(pack(array[1:, :, ::-1])), array[1:, :, ::-1])


def with_header(text: str, data: bytes = b"") -> bytes:
    header = text.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode("latin1") + data


def npz() -> bytes:
    out = io.BytesIO()
    np.savez(out, crops=crops(1, 32, 32, 3))
    return out.getvalue()


HUGE = "{'descr': '|u1', 'fortran_order': False, 'shape': (100000, 100000, 100000, 3)}"

BAD = {
    "nothing": b"",
    "text": b"hello",
    "npz": npz(),
    "cut short": pack(crops(1, 32, 32, 3))[:-1],
    "too long": pack(crops(1, 32, 32, 3)) + b"x",
    "half a header": pack(crops(1, 32, 32, 3))[:60],
    "a header of code": with_header("__import__('os').abort()"),
    "a shape of terabytes": with_header(HUGE),
    "a negative shape": with_header("{'descr': '|u1', 'fortran_order': False, 'shape': (-1, -3)}", b"abc"),
    "objects": with_header("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", b"cos\nsystem\n."),
    "columns": pack(np.asfortranarray(crops(2, 32, 32, 3))),
    "floats": pack(crops(1, 32, 32, 3).astype("f4")),
    "one crop without its axis": pack(crops(32, 32, 3)),
    "four channels": pack(crops(1, 32, 32, 4)),
    "sides that 32 does not divide": pack(crops(1, 32, 40, 3)),
    "no crops": pack(crops(0, 32, 32, 3)),
    "too many crops": pack(crops(MOST_CROPS + 1, 32, 32, 3)),
    "too many bytes": pack(np.zeros((2, 1632, 2048, 3), np.uint8)),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_are_no_crops_is_refused_in_one_sentence(data):
    with pytest.raises(ValueError) as refused:
        unpack_crops(data)
    assert re.fullmatch(r"[A-Z].*[^.]\.", str(refused.value)) and len(str(refused.value)) < 200


def test_the_most_a_request_may_hold_fills_a_batch():
    for full in ((MOST_CROPS, 32, 32, 3), (1, 2048, 2720, 3)):
        assert share(unpack_crops(pack(np.zeros(full, np.uint8)))) == MOST_CROPS
    assert share(np.zeros((3, 160, 160, 3), np.uint8)) == 3
    assert 2 * 1632 * 2048 * 3 > MOST_BYTES >= 2048 * 2720 * 3


def test_heatmaps_have_a_quarter_of_the_crops_sides():
    assert maps_shape((5, 64, 96, 3)) == (5, 14, 16, 24)
