"""The decoders, one family per file. Importing a family registers its decoders."""

# In the order in which the pages list them:
from dark_core.codec.decoders import argmax, shift, centroid, soft_argmax, bicubic, parabola  # noqa: F401, I001
from dark_core.codec.decoders import dark, noise_matched  # noqa: F401
from dark_core.codec.decoders import gaussian_fit, rotated_fit  # noqa: F401
from dark_core.codec.registry import DECODERS

CORE_DECODERS: tuple[str, ...] = tuple(name for name, decoder in DECODERS.items() if decoder.core)
"""The decoders that every figure shows: those of the lessons."""
