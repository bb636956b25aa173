"""Sound bytes made unsound: flipped, cut, spliced, repeated, with numbers that lie, checksums kept right or not."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

NUMBERS = (0, 1, 2, 7, 8, 255, 256, 4096, 2**15, 2**16 - 1, 2**24, 2**31 - 1, 2**32 - 1, 2**53, 2**63, 2**64 - 1)

TOKENS = (
    *(b"IHDR IDAT iCCP tRNS acTL fdAT Exif\0\0 VP8L ANMF GIF89a MM\0* II+\0".split(b" ")),
    *(b"\xff\xd8 \xff\xda\0\x0c\x03 \xff\xc2 \xff\xdb \xff\xe1\xff\xff".split(b" ")),
    *(b"\x93NUMPY\x01\0 PK\x03\x04 PK\x01\x02 PK\x05\x06 <f8 |O <c16 True (1,) -1 BF16 data_offsets shape".split(b" ")),
    *(b'NaN Infinity -0 1e999 1e-999 null true [] {} " \\ \\ud800 \\u0000 , : ; \0 \r\n'.split(b" ")),
    b"<script>window.pwned=1</script>",
    b'"><img src=x onerror=alert(1)>',
    b"![](http://198.51.100.1/x.png)",
    b"=cmd|'/C calc'!A1",
    b"../../../etc/passwd",
    "\u202egnp.exe\u202c".encode(),
    "１２٣".encode(),
    b"cos\nsystem\n(S'true'\ntR.",
    b"9" * 5000,
    b"[" * 5000,
    b'{"a":' * 2000,
)

MOST = 2**18
"""Bytes that a mutation may reach: lies matter here, not bulk."""


def mutated(rng: random.Random, seeds: list[bytes]) -> bytes:
    """One of ``seeds`` after one to six changes; the same for the same state of ``rng``."""
    data = rng.choice(seeds)
    if rng.random() < 0.3:
        data = _within(rng, data)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        data = _changed(rng, data, seeds)[:MOST]
    return _summed(data) if rng.random() < 0.5 else data


def _changed(rng: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    at = _place(rng, data)
    to = min(len(data), at + int(rng.expovariate(1 / 20)) + 1)
    change = rng.randrange(9)
    if change == 0:
        return data[:at] + bytes([(data[at : at + 1] or b"\0")[0] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
    if change == 1:
        return data[:at] + rng.randbytes(to - at) + data[to:]
    if change == 2:  # a length, an offset or a size that lies
        number = struct.pack(rng.choice("<>") + "Q", rng.choice(NUMBERS))
        width = rng.choice((1, 2, 4, 8))
        number = number[:width] if rng.random() < 0.5 else number[-width:]
        return data[:at] + number + data[at + width :]
    if change == 3:
        return data[:at]
    if change == 4:
        return data[:at] + data[to:]
    if change == 5:
        return data[:to] + data[at:to] * rng.choice((1, 2, 200)) + data[to:]
    if change == 6:
        other = rng.choice(seeds)
        return data[:at] + other[_place(rng, other) :]
    token = rng.choice(TOKENS)
    return data[:at] + token + data[at if change == 7 else at + len(token) :]


def _place(rng: random.Random, data: bytes) -> int:
    """Anywhere, more often at the beginning or the end, where headers and directories are."""
    length = len(data)
    return rng.choice(
        (rng.randint(0, length), rng.randint(0, min(length, 150)), rng.randint(max(0, length - 150), length))
    )


def _within(rng: random.Random, data: bytes) -> bytes:
    """An archive packed again with one of its members changed; anything else as it is."""
    if not data.startswith(b"PK"):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        victim = rng.choice(old.namelist())
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, _changed(rng, body, [body]) if name == victim else body)
    return out.getvalue()


def _summed(data: bytes) -> bytes:
    """A PNG with the right checksum on every chunk that can still be found; anything else as it is."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data
    out, at = bytearray(data), 8
    while at + 12 <= len(out):
        end = at + 8 + int.from_bytes(out[at : at + 4], "big")
        if end + 4 > len(out):
            break
        out[end : end + 4] = struct.pack(">I", zlib.crc32(out[at + 4 : end]))
        at = end + 4
    return bytes(out)
