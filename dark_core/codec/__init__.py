"""Joints to heatmaps and back: encode, smooth, decode, trace. Arrays or tensors, answered in kind.

Convention, everywhere: an integer coordinate is a pixel's center, x runs right and
y down, coordinates are ``(..., 2)`` in (x, y) order, heatmaps are ``(..., H, W)``.

>>> import numpy as np
>>> from dark_core.codec import decode, encode
>>> maps = encode(np.array([[20.3, 31.7]]), size=(48, 64), sigma=2.0)
>>> decode(maps, decoder="argmax").xy.tolist()
[[20.0, 32.0]]
>>> decode(maps, decoder="dark", sigma=2.0).xy.round(3).tolist()
[[20.3, 31.7]]
"""

from dark_core.codec._cramer_rao import cramer_rao
from dark_core.codec._decode import Decoded, decode
from dark_core.codec._encode import ENCODINGS, encode, quantize
from dark_core.codec._smooth import smooth
from dark_core.codec._trace import Trace, trace
from dark_core.codec.registry import CORE_DECODERS, DECODERS, Decoder

__all__ = [
    "CORE_DECODERS",
    "DECODERS",
    "ENCODINGS",
    "Decoded",
    "Decoder",
    "Trace",
    "cramer_rao",
    "decode",
    "encode",
    "quantize",
    "smooth",
    "trace",
]
