"""What the curves of the Noise lab show, in a sentence or two, with their own numbers."""

from __future__ import annotations

from collections.abc import Sequence

from dark_core.codec import DECODERS
from dark_core.simulation.sweeps import SweepPoint

WITHOUT, WITH = "taylor", "dark"
"""The step on the raw log and on the smoothed one: what lies between them is what modulation buys."""

FIT = "gaussian_fit"
"""The decoder that an edge does not bias."""

AT_LIMIT = (WITH, FIT, "gaussian_fit_free")
"""Decoders that reach the limit where nothing disturbs them: an exercise hides them with it."""

NEAR = 1.1
"""A decoder whose error is at most this many times the limit counts as near it."""


def summary_text(quantity: str, points: list[SweepPoint], marked: float) -> str:
    """The takeaway of a sweep as Markdown; ``marked`` is the value of the setting itself.

    It compares the Taylor step without smoothing and DARK where they are among the decoders, else the
    furthest from the limit and the nearest at ``marked``.
    """
    here = next(point for point in points if point.value == marked)
    if not here.accuracy:
        return "Choose a decoder. The dashed line is the least error that the noise allows."
    ranked = sorted(here.accuracy, key=lambda name: here.accuracy[name].rmse)
    worse = WITHOUT if WITHOUT in ranked else ranked[-1]
    better = WITH if WITH in ranked else ranked[0]
    return _TEXTS[quantity](points, here, worse, better)


def _noise(points: list[SweepPoint], here: SweepPoint, worse: str, better: str) -> str:
    far, near = here.accuracy[worse], here.accuracy[better]
    text = (
        f"At noise {here.value:g} and σ = {here.setting.sigma:g} px, {title(worse)} errs by {far.rmse:.3f} heatmap px, "
        f"**{far.ratio:.1f} times the limit**"
    )
    if (worse, better) == (WITHOUT, WITH):
        buys = (
            "that is what modulation buys, and no map without noise can show it"
            if near.rmse < far.rmse
            else "in this setting smoothing costs more than it wins"
        )
        return (
            f"{text}; the same step after smoothing, {title(better)}, by {near.rmse:.3f}, "
            f"**{near.ratio:.1f} times**: {buys}."
        )
    return text + (f"; {title(better)} by {near.rmse:.3f}, **{near.ratio:.1f} times**." if better != worse else ".")


def _sigma(points: list[SweepPoint], here: SweepPoint, worse: str, better: str) -> str:
    narrow, wide = _ends(points)
    if here in (narrow, wide):
        here = next(point for point in points if point.value >= 1)
    text = (
        f"{title(worse)} errs {_times(here, worse)} the limit at σ = {here.value:g} px and {_times(wide, worse)} at "
        f"{wide.value:g} px"
    )
    if worse == WITHOUT and wide.accuracy[worse].ratio > here.accuracy[worse].ratio:
        text += ": three pixels see ever less of a wider peak"
    if better != worse:
        text += f". {title(better)} errs {_times(here, better)} and {_times(wide, better)}"
    both = " and ".join(_times(narrow, name) for name in dict.fromkeys((worse, better)))
    return f"{text}. At {narrow.value:g} px, where few pixels hold the peak, {both}."


def _kernel(points: list[SweepPoint], here: SweepPoint, worse: str, better: str) -> str:
    near = _near(points, better)
    ends = ", ".join(f"told {point.value:g} × σ it errs {_times(point, better)} the limit" for point in _ends(points))
    if not near:
        return f"{title(better)} never comes within 10 % of the limit; {ends}."
    return (
        f"{title(better)} stays within 10 % of the limit while the σ it is told is **{near[0]:g} to {near[-1]:g}** "
        f"times the true one; {ends}."
    )


def _border(points: list[SweepPoint], here: SweepPoint, worse: str, better: str) -> str:
    edge, start = points[0].accuracy[better], _from(points, better)
    text = (
        f"With the joint in the outermost pixel, {title(better)} errs by {edge.rmse:.2f} heatmap px, "
        f"{_times(points[0], better)} the limit: on average it reads {abs(edge.bias[0]):.2f} px "
        f"{'inwards' if edge.bias[0] > 0 else 'outwards'}"
    )
    text += ", because its kernel finds zeros beyond the edge." if better == WITH else "."
    text += f" From **{start:g} px** inside on it is within 10 % of the limit." if start else ""
    if better != WITH:
        return text
    if FIT not in here.accuracy:
        return f"{text} The {title(FIT)} looks only at pixels that exist: choose it too."
    return (
        f"{text} The {title(FIT)}, which looks only at pixels that exist, errs {_times(points[0], FIT)} the limit "
        "there."
    )


def _resolution(points: list[SweepPoint], here: SweepPoint, worse: str, better: str) -> str:
    # Below a sigma of one px few pixels hold the peak, which is another story.
    start, end = next((point for point in points if point.setting.sigma >= 1), points[0]), points[-1]
    parts = []
    for name in dict.fromkeys((better, worse)):
        before, after = (point.accuracy[name].rmse * point.setting.photo_px for point in (start, end))
        change = f"÷\u00a0{before / after:.1f}" if before >= after else f"×\u00a0{after / before:.1f}"
        parts.append(f"{title(name)} goes from {before:.3g} to {after:.3g} photo px (**{change}**)")
    text = (
        f"From {start.value:g} to {end.value:g} heatmap px per 100 photo px, {end.value / start.value:.3g} times the "
        f"resolution, {' and '.join(parts)}"
    )
    return text + (": three pixels see ever less of the person." if worse == WITHOUT and change[0] == "×" else ".")


def _size(points: list[SweepPoint], here: SweepPoint, worse: str, better: str) -> str:
    small, large, start = *_ends(points), _from(points, better)
    text = (
        f"On a map of {small.value:g} px, where edges are near, {title(better)} errs {_times(small, better)} the limit"
    )
    if start and start > small.value:
        text += f"; from **{start:g} px** on it is within 10 % of it"
    text += f"; at {large.value:g} px it errs {_times(large, better)}."
    grown = [name for name in here.accuracy if large.accuracy[name].rmse > 3 * small.accuracy[name].rmse]
    if grown:
        name = max(grown, key=lambda name: large.accuracy[name].rmse)
        before, after = (point.accuracy[name].rmse for point in (small, large))
        text += f" {title(name)} goes from {before:.2f} to {after:.2f} heatmap px: a larger map holds more noise."
    return text


_TEXTS = {
    "noise": _noise,
    "sigma": _sigma,
    "kernel": _kernel,
    "border": _border,
    "resolution": _resolution,
    "size": _size,
}


def prediction_prompt(decoders: Sequence[str]) -> str:
    """What replaces the sentence while the answer is hidden."""
    kept = [name for name in decoders if name in AT_LIMIT]
    curves = " and ".join(title(name) for name in kept)
    what = f"do the curve{'s' if len(kept) > 1 else ''} of {curves} and the limit" if kept else "does the limit"
    return f"**Where {what} run?** Decide, then look."


def title(name: str) -> str:
    return DECODERS[name].title


def _times(point: SweepPoint, name: str) -> str:
    return f"**{point.accuracy[name].ratio:.1f} times**"


def _ends(points: list[SweepPoint]) -> tuple[SweepPoint, SweepPoint]:
    return points[0], points[-1]


def _near(points: list[SweepPoint], name: str) -> list[float]:
    """The values at which a decoder is within 10 % of the limit."""
    return [point.value for point in points if point.accuracy[name].ratio <= NEAR]


def _from(points: list[SweepPoint], name: str) -> float | None:
    """The value from which on a decoder stays within 10 % of the limit; None if it does not."""
    start = None
    for point in reversed(points):
        if not point.accuracy[name].ratio <= NEAR:
            break
        start = point.value
    return start
