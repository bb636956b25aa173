"""Files of heatmaps, good, odd and hostile, built in memory: each gives its arrays or one clear sentence."""

import io
import json
import os
import re
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dark_core.files.formats.stored import HeatmapsError, plain
from dark_core.files.heatmap_files import MAX_BYTES, open_heatmaps
from dark_core.files.heatmap_layouts import as_heatmaps

MAPS = np.random.default_rng(0).random((2, 3, 8, 6)).astype(np.float32)


def npy(array: np.ndarray, version: tuple[int, int] | None = None) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version, allow_pickle=array.dtype == object)
    return out.getvalue()


def headed(header: str, values: bytes = b"", version: int = 1) -> bytes:
    """An .npy with a header written by hand."""
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header.encode() + values


def npz(compressed: bool = False, **arrays: np.ndarray) -> bytes:
    out = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(out, **arrays)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return out.getvalue()


def safetensors(values: bytes = b"", /, **entries) -> bytes:
    """A .safetensors written by hand: entries are header entries."""
    header = json.dumps(entries).encode()
    return struct.pack("<Q", len(header)) + header + values


def tensor(array: np.ndarray, kind: str) -> bytes:
    entry = {"dtype": kind, "shape": list(array.shape), "data_offsets": [0, array.nbytes]}
    return safetensors(array.tobytes(), __metadata__={"format": "np"}, maps=entry)


def refused(data: bytes, **options) -> str:
    """The sentence with which a file, or its array, is refused."""
    with pytest.raises(HeatmapsError) as caught:
        as_heatmaps(open_heatmaps(data, **options).choose())
    assert_one_sentence(caught.value)
    return str(caught.value)


def assert_one_sentence(error: HeatmapsError) -> None:
    assert re.fullmatch(r"[A-Z][^\n]*[^.\s]\.", str(error)) and ". " not in str(error), str(error)


# What is read


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"])
@pytest.mark.parametrize("order", "<>")
def test_every_number_type_in_both_byte_orders(dtype, order):
    array = (100 * MAPS).astype(order + dtype)
    maps = as_heatmaps(open_heatmaps(npy(array)).choose())
    assert maps.dtype == array.dtype.name
    np.testing.assert_array_equal(maps.take(range(6)).reshape(array.shape), array)
    assert maps.take([0]).dtype.isnative


def test_bool_is_read_as_numbers():
    maps = as_heatmaps(open_heatmaps(npy(MAPS > 0.5)).choose())
    assert maps.dtype == "uint8"
    np.testing.assert_array_equal(maps.values, (MAPS > 0.5).astype(int))


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_and_fortran_order(version):
    for array in (MAPS, np.asfortranarray(MAPS)):
        np.testing.assert_array_equal(open_heatmaps(npy(array, version)).choose().load(), MAPS)


@pytest.mark.filterwarnings("ignore:Reading .*additional header parsing:UserWarning")
def test_a_header_written_by_others():
    header = '{"shape":(2L, 3L,8,6), "descr" : "<f4","fortran_order":False}'
    np.testing.assert_array_equal(open_heatmaps(headed(header, MAPS.tobytes())).choose().load(), MAPS)


@pytest.mark.parametrize("compressed", [False, True])
def test_an_npz_of_several_arrays(compressed):
    names = np.array(["a", "b"])
    file = open_heatmaps(npz(compressed, names=names, boxes=np.ones((2, 4)), maps=MAPS))
    assert file.kind == ".npz" and list(file.arrays) == ["names", "boxes", "maps"]
    assert [stored.shape for stored in file.arrays.values()] == [(2,), (2, 4), MAPS.shape]
    assert file.usable == ["maps", "boxes"], "the largest first, and no text"
    assert file.choose().name == "maps" and file.arrays["maps"].shape == MAPS.shape
    np.testing.assert_array_equal(file.choose().load(), MAPS)
    np.testing.assert_array_equal(file.choose("boxes").load(), np.ones((2, 4)))
    with pytest.raises(HeatmapsError, match="holds text"):
        file.choose("names").load()
    with pytest.raises(HeatmapsError, match="no array of that name, only ‘names’") as caught:
        file.choose("other")
    assert_one_sentence(caught.value)


@pytest.mark.parametrize("kind, dtype", [("F16", "f2"), ("F32", "f4"), ("F64", "f8"), ("U8", "u1"), ("I64", "i8")])
def test_safetensors(kind, dtype):
    array = (100 * MAPS).astype(dtype)
    file = open_heatmaps(tensor(array, kind))
    assert file.kind == ".safetensors" and list(file.arrays) == ["maps"]
    np.testing.assert_array_equal(file.choose().load(), array)


def test_bfloat16_is_the_upper_half_of_float32():
    bits = (MAPS.view(np.uint32) >> 16).astype(np.uint16)
    maps = as_heatmaps(open_heatmaps(tensor(bits, "BF16")).choose())
    assert maps.dtype == "bfloat16" and maps.take([0]).dtype == np.float32
    np.testing.assert_allclose(maps.take(range(6)).reshape(MAPS.shape), MAPS, rtol=2**-7)


def test_a_file_that_the_library_wrote(tmp_path):
    from safetensors.numpy import save_file

    save_file({"boxes": np.ones((2, 4), np.float32), "maps": MAPS}, tmp_path / "a.safetensors")
    file = open_heatmaps(tmp_path / "a.safetensors")
    assert file.choose().name == "maps"
    np.testing.assert_array_equal(file.choose().load(), MAPS)


def test_values_that_are_not_finite_are_taken():
    array = MAPS.copy()
    array[0, 0, 0, 0], array[0, 0, 0, 1] = np.nan, np.inf
    np.testing.assert_array_equal(open_heatmaps(npy(array)).choose().load(), array)


@pytest.mark.parametrize(
    "data", [npy(MAPS), npy(np.asfortranarray(MAPS)), npz(maps=MAPS), tensor(MAPS, "F32")], ids=["npy", "f", "npz", "s"]
)
def test_arrays_are_views_of_the_bytes_and_read_only(data):
    values = open_heatmaps(data).choose().load()
    assert np.shares_memory(values, np.frombuffer(data, np.uint8))
    assert not values.flags.writeable


@pytest.mark.parametrize("data", [npy(MAPS), npz(maps=MAPS), tensor(MAPS, "F32")], ids=["npy", "npz", "safetensors"])
def test_a_path_is_mapped_and_not_read(tmp_path, data):
    path = tmp_path / "maps"
    path.write_bytes(data + bytes(30_000_000))
    if data.startswith(b"PK"):
        path.write_bytes(npz(maps=np.zeros((10, 75_000, 10)), a=MAPS))
    tracemalloc.start()
    values = open_heatmaps(path, limit=1000).choose("a" if data.startswith(b"PK") else None).load()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(values, MAPS)
    assert peak < 2_000_000


def test_the_largest_upload_is_200_million_bytes():
    assert MAX_BYTES == 200_000_000
    assert "The file has 1 kB and the limit is 1 kB" in refused(npy(MAPS), limit=1000)


def test_a_name_from_a_file_says_nothing_of_its_own():
    assert plain("<b>a. b</b>\n") == "_b_a._b__b__" and len(plain("x" * 999)) == 60


# What is refused

ZIP = npz(True, maps=MAPS)
SAFE = tensor(MAPS, "F32")
ENTRY = {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}


@pytest.mark.parametrize(
    "data, says",
    [
        (b"", "The file is empty"),
        (b"hello, world", "The file is a text: save the heatmaps with"),
        (b"%PDF-1.7", "The file is a PDF document: save the heatmaps with"),
        (b"\0\1\2\3", "neither .npy nor .npz nor .safetensors"),
        (b"\x80\x04\x95" + bytes(50), "a pickle, which could run code"),
        (b"\x89HDF\r\n\x1a\n" + bytes(50), "an HDF5 file"),
        (b"MATLAB 5.0 MAT-file", "a MATLAB file"),
        (b"\x1f\x8b\x08" + bytes(50), "a compressed archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"[[0.1, 0.2]]", "a text"),
        (b"\x93NUMPY", "unknown version or cut short"),
        (b"\x93NUMPY\x07\x00" + bytes(50), "unknown version"),
        (npy(MAPS)[:40], "cut short within its header"),
        (npy(MAPS)[:-1], "declares 1152 bytes of values and holds 1151 bytes"),
        (npy(MAPS)[:200], "cut short: it declares 1 kB of values and holds 72 bytes"),
        (headed("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 9, 9)}"), "cut short"),
        (headed("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 9, 9)}"), "shape in the header"),
        (headed("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2, 9)}"), "header of the .npy cannot be read"),
        (headed("__import__('os').abort()"), "header of the .npy cannot be read"),
        (headed(" " * 20_000, version=2), "longer than 10000 bytes"),
        (npy(np.array([[MAPS[0]], [1, 2, 3]], dtype=object)), "Python objects, which are pickled"),
        (npy(MAPS.astype(complex)), "complex numbers"),
        (npy(np.array([["a", "b"]])), "holds text"),
        (npy(np.array([[b"a", b"b"]])), "holds text"),
        (npy(np.array([["2020-01-01"]], dtype="M8[D]")), "holds dates"),
        (npy(np.zeros((2, 2), "V8")), "holds raw records"),
        (npy(np.zeros((2, 2), [("x", "f4"), ("y", "f4")])), "named fields"),
        (npy(np.zeros((2, 2), np.longdouble)), "number type that is not supported"),
        (npy(np.float32(1)), "has 0 axes where heatmaps"),
        (npy(np.ones(5)), r"has 1 axis (5) where heatmaps"),
        (npy(MAPS[None]), "has 5 axes (1 × 2 × 3 × 8 × 6)"),
        (npy(MAPS[:0]), "holds no values (0 × 3 × 8 × 6)"),
        (npy(np.zeros((1025, 2, 1025), bool)), "more than 1024 on a side"),
        (b"PK\x05\x06" + bytes(18), "without any .npy"),
        (ZIP[: len(ZIP) // 2], "damaged or cut short"),
        (b"PK\x03\x04" + bytes(50), "damaged or cut short"),
        (zipped(maps=b"no npy"), "does not begin as an .npy"),
        (zipped(maps=npy(MAPS)[:-5]), "cut short: it declares"),
        (SAFE[:-1], "cut short: it declares"),
        (SAFE[:30], "cut short, or its header does not match its length"),
        (struct.pack("<Q", 2**63) + SAFE[8:], "its header does not match its length"),
        (struct.pack("<Q", 2 * 10**6) + b"{" + bytes(3 * 10**6), "far too long"),
        (struct.pack("<Q", 9) + b"{" * 9, "header of the .safetensors cannot be read"),
        (struct.pack("<Q", 100_000) + b'{"a":' * 20_000, "header of the .safetensors cannot be read"),
        (safetensors(), "holds no array"),
        (safetensors(a=[]), "damaged at this array"),
        (safetensors(bytes(16), a={**ENTRY, "shape": [2, 3]}), "damaged at this array"),
        (safetensors(bytes(16), a={**ENTRY, "shape": [2, True]}), "damaged at this array"),
        (safetensors(bytes(16), a={**ENTRY, "shape": "22"}), "damaged at this array"),
        (safetensors(bytes(16), a={**ENTRY, "data_offsets": [16, 0]}), "damaged at this array"),
        (safetensors(bytes(16), a={**ENTRY, "data_offsets": [-16, 0]}), "damaged at this array"),
        (safetensors(bytes(16), a={**ENTRY, "data_offsets": [8, 24]}), "cut short"),
        (safetensors(bytes(16), a={**ENTRY, "dtype": "F8_E4M3"}), "number type that is not supported"),
        (safetensors(bytes(16), a={**ENTRY, "shape": [2**59, 2**59]}), "damaged at this array"),
        (safetensors(**{str(k): ENTRY for k in range(1001)}), "more than 1000 arrays"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_clear_sentence(data, says):
    assert says in refused(data)


@pytest.mark.parametrize("name", ["\x1b[201~\nrm -rf", "\u202eyen", "\ud800", "a\tb"])
def test_a_name_that_does_not_print_is_refused(name):
    entry = {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}
    assert "do not print" in refused(safetensors(bytes(16), **{name: entry}))
    if name.isascii():
        assert "do not print" in refused(npz(**{name: MAPS}))


def test_an_npz_of_very_many_arrays_is_refused():
    assert "more than 1000 arrays" in refused(zipped(**{str(k): b"" for k in range(1001)}))


def test_a_file_of_torch_save_is_named():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02")
    assert "one of torch.save" in refused(out.getvalue())


@pytest.mark.parametrize(
    "text", ["-" * 9900 + "1", "(" * 9900, "[" * 99 + "]" * 99, "1+" * 4900 + "1", "9" * 9900, "1," * 4900]
)
@pytest.mark.parametrize("place", ["{}", "{{'descr': '<f4', 'fortran_order': False, 'shape': ({},)}}"])
def test_a_header_that_is_hard_to_parse_costs_little(text, place):
    data = headed(place.format(text)[:10_000], bytes(100))
    tracemalloc.start()
    refused(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_length_beyond_any_file_is_refused():
    for length in (10**18, 10**400, True):
        header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({length}, 9)}}"
        assert "shape in the header" in refused(headed(header, bytes(100)))


class Trap:
    def __reduce__(self):
        return (os.abort, ())


def test_nothing_is_unpickled():
    trap = np.array([[Trap()]], dtype=object)
    assert "Python objects" in refused(npy(trap))
    assert "Python objects" in refused(zipped(maps=npy(trap)))


def entry_of(data: bytes, **fields: int) -> bytes:
    """An .npz of one array with fields of its directory entry overwritten: name -> value at its place."""
    places = {"method": (10, "<H"), "crc": (16, "<I"), "packed": (20, "<I"), "size": (24, "<I"), "flags": (8, "<H")}
    at, out = data.rindex(b"PK\x01\x02"), bytearray(data)
    for name, value in fields.items():
        offset, code = places[name]
        struct.pack_into(code, out, at + offset, value)
    return bytes(out)


PLAIN = npz(maps=MAPS)


@pytest.mark.parametrize(
    "data, says",
    [
        (entry_of(ZIP, crc=1), "damaged at this array"),
        (entry_of(PLAIN, crc=1), "damaged at this array"),
        (entry_of(ZIP, packed=900), "damaged at this array"),
        (entry_of(ZIP, packed=2**31), "damaged at this array"),
        (entry_of(ZIP, size=1500), "damaged at this array"),
        (entry_of(PLAIN, size=5000), "damaged at this array"),
        (entry_of(ZIP, size=100_000_000), "damaged at this array"),
        (entry_of(ZIP, size=4_000_000_000), "unpacks to 4000 MB and the limit is 200 MB"),
        (entry_of(ZIP, method=12), "packed in a rare way"),
        (entry_of(ZIP, flags=1), "encrypted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_directory_that_lies_costs_nothing(data, says):
    tracemalloc.start()
    said = refused(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert says in said
    assert peak < 3_000_000


def test_an_array_is_unpacked_to_its_declared_size_and_no_more():
    data = npz(True, maps=np.zeros((40, 17, 64, 48), np.float32))
    tracemalloc.start()
    refusal = refused(data, limit=1_000_000)
    refused_peak = tracemalloc.get_traced_memory()[1]
    values = open_heatmaps(data).choose().load()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "unpacks to 8 MB and the limit is 1 MB" in refusal
    assert refused_peak < 2_000_000 and peak < values.nbytes + 4_000_000


def test_what_follows_a_compressed_array_is_not_read_for_ever():
    data, more = npz(True, maps=np.zeros((6, 256, 256), np.float32)), 59
    at = data.rindex(b"PK\x01\x02")
    (packed,) = struct.unpack_from("<I", data, at + 20)
    longer = bytearray(data[:at] + bytes(more) + data[at:])
    struct.pack_into("<I", longer, longer.rindex(b"PK\x05\x06") + 16, at + more)
    values = open_heatmaps(entry_of(bytes(longer), packed=packed + more)).choose().load()
    assert values.shape == (6, 256, 256) and not values.any()


def test_a_directory_without_end_is_not_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(12_000):
            archive.writestr(f"{number:060d}.npy", b"")
    assert "directory of the .npz is far too long" in refused(out.getvalue())


def test_a_path_that_cannot_be_opened(tmp_path):
    (tmp_path / "empty.npy").touch()
    for path, says in (("nowhere.npy", "cannot be opened"), (".", "cannot be opened"), ("empty.npy", "is empty")):
        with pytest.raises(HeatmapsError, match=says) as caught:
            open_heatmaps(tmp_path / path)
        assert_one_sentence(caught.value)


# Whatever comes


def maps_or_error(data: bytes) -> None:
    try:
        file = open_heatmaps(data, limit=10**6)
    except HeatmapsError as error:
        assert_one_sentence(error)
        return
    for name in file.arrays:
        try:
            maps = as_heatmaps(file.choose(name))
        except HeatmapsError as error:
            assert_one_sentence(error)
        else:
            assert maps.values.ndim == 4 and maps.values.size > 0
            assert maps.take([len(maps) - 1]).shape == (1, *maps.size[::-1])


VALID = [npy(MAPS[0]), npy(MAPS[0], (2, 0)), PLAIN, ZIP, SAFE, npz(True, a=MAPS[0, 0], b=np.array(["x"]))]
MAGIC = [b"", b"\x93NUMPY\x01\x00", b"PK\x03\x04", b"PK\x05\x06", struct.pack("<Q", 40) + b"{", b"\x80\x04"]


@given(st.sampled_from(MAGIC), st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes(start, rest):
    maps_or_error(start + rest)


@given(st.data())
@settings(max_examples=500)
def test_any_change_to_a_valid_file(data):
    file = bytearray(data.draw(st.sampled_from(VALID)))
    # Headers and directories are where files lie.
    places = st.integers(0, len(file) - 1) | st.integers(0, 130) | st.integers(len(file) - 130, len(file) - 1)
    for place in data.draw(st.lists(places, max_size=6)):
        file[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(file)) | st.just(len(file)))
    maps_or_error(bytes(file[:end]))


@given(st.text("'\"{}()[]:, 0123456789<>|=fiuOdescrshapfontran_oderTuFl", max_size=120), st.integers(1, 3))
@settings(max_examples=300)
def test_any_header(text, version):
    maps_or_error(headed(text, bytes(100), version))
    maps_or_error(headed(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({text})}}", bytes(100), version))


def test_joints_beside_heatmaps_are_not_taken_for_heatmaps():
    joints = np.zeros((2, 3, 2), np.float32)
    file = open_heatmaps(npz(joints=joints, heatmaps=MAPS))
    assert file.joints_of("heatmaps") == ["joints"] and file.usable == ["heatmaps"] and file.likeliest == "heatmaps"
    assert file.possible == ["heatmaps"] and list(file.arrays) == ["joints", "heatmaps"]
    last = open_heatmaps(npz(heatmaps=MAPS.transpose(0, 2, 3, 1), joints=np.zeros((2, 3, 3))))
    assert last.joints_of("heatmaps") == ["joints"], "joints on the last axis"
    other = open_heatmaps(npz(heatmaps=MAPS, more=MAPS[0], narrow=np.zeros((5, 3, 2))))
    assert other.usable == ["heatmaps", "more", "narrow"], "of other people or joints"
