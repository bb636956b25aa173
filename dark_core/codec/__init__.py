"""Joints to heatmaps and back: encode, smooth, decode, trace. Arrays or tensors, answered in kind.

Convention, everywhere: an integer coordinate is a pixel's centre, x runs right and
y down, coordinates are ``(..., 2)`` in (x, y) order, heatmaps are ``(..., H, W)``.

>>> import numpy as np
>>> from dark_core.codec import decode, encode
>>> maps = encode(np.array([[20.3, 31.7]]), size=(48, 64), sigma=2.0)
>>> decode(maps, method="argmax").xy.tolist()
[[20.0, 32.0]]
>>> decode(maps, method="dark", sigma=2.0).xy.round(3).tolist()
[[20.3, 31.7]]
"""

from dark_core.codec.bound import cramer_rao
from dark_core.codec.decode import Decoded, decode
from dark_core.codec.encode import ENCODINGS, encode, quantise
from dark_core.codec.registry import CLASSICS, DECODERS, Decoder
from dark_core.codec.smooth import smooth
from dark_core.codec.trace import Trace, trace

__all__ = [
    "CLASSICS",
    "DECODERS",
    "ENCODINGS",
    "Decoded",
    "Decoder",
    "Trace",
    "cramer_rao",
    "decode",
    "encode",
    "quantise",
    "smooth",
    "trace",
]
