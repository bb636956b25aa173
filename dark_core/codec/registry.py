"""The decoders by name, each with what the pages need to name and explain it.

A decoder is declared once, above its function in ``codec/decoders``. It then appears on every page and in every table
that compares decoders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from dark_core.codec._fast.heatmap_batch import HeatmapBatch

DecoderFunction: TypeAlias = Callable[[HeatmapBatch], tuple[Any, ...]]
"""M heatmaps to positions (M, 2) in heatmap px, codes of ``Status`` ((M,) or one for all), and, where the decoder has
them, covariances (M, 2, 2) in heatmap px^2, and noises (M,) in units of the peaks."""

Function = TypeVar("Function", bound=DecoderFunction)


@dataclass(frozen=True)
class Decoder:
    """One way to turn a heatmap into coordinates.

    Attributes
    ----------
    name : str
        What ``decode(..., decoder=name)`` takes.
    title : str
        What a page calls it.
    formula : str
        LaTeX, without dollar signs.
    source : str
        Where it comes from, beginning in lower case.
    known_failure : str
        Where it is known to go wrong, a sentence.
    function : callable
        A ``DecoderFunction``.
    core : bool
        Whether it is one of the few that every figure shows.
    """

    name: str
    title: str
    formula: str
    source: str
    known_failure: str
    function: DecoderFunction
    core: bool = False


DECODERS: dict[str, Decoder] = {}
"""Every decoder by its name, in the order in which the pages list them."""


def decoder(
    name: str, *, title: str, formula: str, source: str, known_failure: str, core: bool = False
) -> Callable[[Function], Function]:
    r"""Register the function below as a decoder.

    Parameters
    ----------
    name, title, formula, source, known_failure, core
        As in ``Decoder``.

    Returns
    -------
    callable
        Registers a ``DecoderFunction`` and returns it unchanged.

    Raises
    ------
    ValueError
        For a name that is taken.

    Examples
    --------
    >>> from dark_core.codec import Status, decode, encode
    >>> @decoder("middle", title="Middle", formula=r"\hat{x} = W / 2", source="nobody", known_failure="Blind.")
    ... def middle(batch):
    ...     return 0.0 * batch.peak + [batch.width / 2, batch.height / 2], Status.FINE
    >>> decode(encode([[3, 4]], size=(16, 12), sigma=1.0), decoder="middle").xy.tolist()
    [[8.0, 6.0]]
    >>> del DECODERS["middle"]
    """
    if name in DECODERS:
        raise ValueError(f"there is a decoder {name!r} already: choose another name")

    def register(function: Function) -> Function:
        DECODERS[name] = Decoder(name, title, formula, source, known_failure, function, core)
        return function

    return register
