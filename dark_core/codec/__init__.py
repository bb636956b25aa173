"""Joints to heatmaps and back: encode, smooth, decode, trace. Arrays or tensors in, the same out.

Convention, everywhere: an integer coordinate is a pixel's center, x runs right and y down, coordinates are
``(..., 2)`` in (x, y) order, heatmaps are ``(..., H, W)``.

``reference`` is DARK as the paper writes it, one heatmap in plain NumPy: begin there to see how it works.

Examples
--------
>>> import numpy as np
>>> from dark_core.codec import decode, encode
>>> maps = encode(np.array([[20.3, 31.7]]), size=(48, 64), sigma=2.0)
>>> decode(maps, decoder="argmax").xy.tolist()
[[20.0, 32.0]]
>>> decode(maps, decoder="dark", sigma=2.0).xy.round(3).tolist()
[[20.3, 31.7]]
"""

from dark_core.codec import reference
from dark_core.codec._cramer_rao import cramer_rao
from dark_core.codec._decode import decode
from dark_core.codec._decoded import Decoded, Peaks
from dark_core.codec._encode import ENCODINGS, encode, quantize
from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec._flip_average import FLIP_GAPS, flip_average
from dark_core.codec._newton_step import NewtonStep, newton_step
from dark_core.codec._offset_maps import decode_offset_maps, encode_offset_maps
from dark_core.codec._simcc import decode_simcc, encode_simcc
from dark_core.codec._smooth import gaussian_kernel, kernel_radius, smooth
from dark_core.codec._trace import Trace, trace
from dark_core.codec.decoders import CORE_DECODERS
from dark_core.codec.decoders.expected_oks import maximize_expected_oks
from dark_core.codec.decoders.noise_matched import kernel_for_noise
from dark_core.codec.registry import DECODERS, Decoder, decoder
from dark_core.codec.status import Status, in_full, is_contested

__all__ = [
    "CORE_DECODERS",
    "DECODERS",
    "ENCODINGS",
    "FLIP_GAPS",
    "Decoded",
    "Decoder",
    "HeatmapBatch",
    "NewtonStep",
    "Peaks",
    "Status",
    "Trace",
    "cramer_rao",
    "decode",
    "decode_offset_maps",
    "decode_simcc",
    "decoder",
    "encode",
    "encode_offset_maps",
    "encode_simcc",
    "flip_average",
    "gaussian_kernel",
    "in_full",
    "is_contested",
    "kernel_for_noise",
    "kernel_radius",
    "maximize_expected_oks",
    "newton_step",
    "quantize",
    "reference",
    "smooth",
    "trace",
]
