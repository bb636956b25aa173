"""What the curves of the Noise lab show, in a sentence or two, with their own numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from dark_core.app.text.catalog import listed, read_catalog
from dark_core.figures.decoder_style import title_of
from dark_core.simulation.number_formats import NUMBER_FORMATS
from dark_core.simulation.sweep_parameters import Value
from dark_core.simulation.sweeps import SweepPoint

TEXT = read_catalog("noise_lab")

WITHOUT, WITH = "taylor", "dark"
"""The step on the raw log and on the smoothed one: what lies between them is the gain by smoothing."""

FIT = "gaussian_fit"
"""The decoder that an edge does not bias."""

AT_LIMIT = (WITH, FIT, "gaussian_fit_free", "gaussian_fit_rotated", "simcc_smoothed")
"""Decoders that reach the bound where nothing disturbs them: an exercise hides them with it."""

NEAR = 1.1
"""A decoder whose error is at most this many times the bound counts as near it."""


def summary_text(quantity: str, points: list[SweepPoint], marked: Value) -> str:
    """The takeaway of a sweep as Markdown; ``marked`` is the value of the setting itself.

    It compares the Taylor step without smoothing and DARK where they are among the decoders, else the
    furthest from the bound and the nearest at ``marked``.
    """
    here = next(point for point in points if point.value == marked)
    if not here.accuracy:
        return TEXT["summary"]["no_decoder"]
    ranked = sorted(here.accuracy, key=lambda name: here.accuracy[name].rmse)
    worse = WITHOUT if WITHOUT in ranked else ranked[-1]
    better = WITH if WITH in ranked else ranked[0]
    return " ".join(_SENTENCES[quantity](points, here, worse, better, TEXT["summary"][quantity]))


Texts = dict[str, str]
"""The sentences of one quantity, by their keys."""


def _noise(points: list[SweepPoint], here: SweepPoint, worse: str, better: str, texts: Texts) -> list[str]:
    far, near = here.accuracy[worse], here.accuracy[better]
    said = [
        texts["one"].format(
            noise=here.value, sigma=here.setting.sigma, decoder=title_of(worse), error=far.rmse, ratio=far.ratio
        )
    ]
    smoothing = (worse, better) == (WITHOUT, WITH)
    if better != worse:
        told = texts["smoothed" if smoothing else "other"]
        said.append(told.format(decoder=title_of(better), error=near.rmse, ratio=near.ratio))
    if smoothing:
        said.append(texts["gain" if near.rmse < far.rmse else "loss"])
    return said


def _sigma(points: list[SweepPoint], here: SweepPoint, worse: str, better: str, texts: Texts) -> list[str]:
    narrow, wide = _ends(points)
    if here in (narrow, wide):
        here = next(point for point in points if point.value >= 1)
    values: dict[str, object] = {"sigma": here.value, "wide": wide.value, "narrow": narrow.value}
    for key, name in (("one", worse), ("two", better)):
        values |= {key: title_of(name), f"{key}_narrow": _ratio(narrow, name)}
        values |= {f"{key}_before": _ratio(here, name), f"{key}_after": _ratio(wide, name)}
    which = "one" if better == worse else "two"
    said = [texts[which].format(**values)]
    if worse == WITHOUT and _ratio(wide, worse) > _ratio(here, worse):
        said.append(texts["three_pixels"])
    return [*said, texts[f"narrow_{which}"].format(**values), *_jumps(here, wide, better, texts)]


def _jumps(here: SweepPoint, wide: SweepPoint, better: str, texts: Texts) -> list[str]:
    """What a wide peak does to the largest pixel and to the position, which is often said to jump with it."""
    if "argmax" not in here.accuracy or better == "argmax":
        return []
    largest, position = ([point.accuracy[name].rmse for point in (here, wide)] for name in ("argmax", better))
    if not (largest[1] > 1.5 * largest[0] and position[1] < NEAR * position[0]):
        return []
    errors = {"argmax_before": largest[0], "argmax_after": largest[1], "before": position[0], "after": position[1]}
    return [texts["jump"].format(argmax=title_of("argmax"), decoder=title_of(better), **errors)]


def _kernel(points: list[SweepPoint], here: SweepPoint, worse: str, better: str, texts: Texts) -> list[str]:
    near, (low, high) = _near(points, better), _ends(points)
    told = texts["near" if near else "never"]
    ends = texts["ends"].format(
        low=low.value, ratio_low=_ratio(low, better), high=high.value, ratio_high=_ratio(high, better)
    )
    return [told.format(decoder=title_of(better), low=near[0] if near else 0, high=near[-1] if near else 0), ends]


def _border(points: list[SweepPoint], here: SweepPoint, worse: str, better: str, texts: Texts) -> list[str]:
    edge, start = points[0].accuracy[better], _from(points, better)
    side = "inwards" if edge.bias[0] > 0 else "outwards"
    values = {"error": edge.rmse, "ratio": edge.ratio, "bias": abs(edge.bias[0])}
    said = [texts[side].format(decoder=title_of(better), **values)]
    if better == WITH:
        said.append(texts["zeros"])
    if start:
        said.append(texts["from"].format(start=start))
    if better != WITH:
        return said
    if FIT not in here.accuracy:
        return [*said, texts["choose_fit"].format(fit=title_of(FIT))]
    return [*said, texts["fit"].format(fit=title_of(FIT), ratio=_ratio(points[0], FIT))]


def _resolution(points: list[SweepPoint], here: SweepPoint, worse: str, better: str, texts: Texts) -> list[str]:
    # Below a sigma of one px few pixels hold the peak, which is another story.
    start, end = next((point for point in points if point.setting.sigma >= 1), points[0]), points[-1]
    said = [texts["times"].format(start=start.value, end=end.value, times=end.value / start.value)]
    for name in dict.fromkeys((better, worse)):
        before, after = (point.accuracy[name].rmse * point.setting.photo_px for point in (start, end))
        grows = after > before
        change = after / before if grows else before / after
        told = texts["grows" if grows else "falls"]
        said.append(told.format(decoder=title_of(name), before=before, after=after, change=change))
        if grows and name == WITHOUT:
            said.append(texts["three_pixels"])
    return said


def _size(points: list[SweepPoint], here: SweepPoint, worse: str, better: str, texts: Texts) -> list[str]:
    small, large, start = *_ends(points), _from(points, better)
    said = [texts["small"].format(small=small.value, decoder=title_of(better), ratio=_ratio(small, better))]
    if start and start > small.value:
        said.append(texts["from"].format(start=start))
    said.append(texts["large"].format(large=large.value, ratio=_ratio(large, better)))
    grown = [name for name in here.accuracy if large.accuracy[name].rmse > 3 * small.accuracy[name].rmse]
    if grown:
        name = max(grown, key=lambda name: large.accuracy[name].rmse)
        before, after = (point.accuracy[name].rmse for point in (small, large))
        said.append(texts["grows"].format(decoder=title_of(name), before=before, after=after))
    return said


UNCHANGED = 0.05
"""An error that differs by at most this share from that in float32 counts as unchanged."""


def _number_format(points: list[SweepPoint], here: SweepPoint, worse: str, better: str, texts: Texts) -> list[str]:
    # All formats round the same heatmaps, so that their errors differ by the format alone.
    errors = {point.value: point.accuracy[better].rmse for point in points}
    plain = errors["float32"]
    change = {name: error / plain for name, error in errors.items()}

    def unchanged(name: str) -> bool:
        return abs(change[name] - 1) <= UNCHANGED

    rounded = ("float16", "bfloat16", "int8", "uint8", "uint4")
    kept = [NUMBER_FORMATS[name].title for name in rounded if unchanged(name)]
    said = [texts["plain"].format(decoder=title_of(better), error=plain)]
    if kept:
        said.append(texts["kept"].format(formats=", ".join(kept), share=100 * UNCHANGED))
    for name in rounded:
        if not unchanged(name):
            said.append(texts["changed"].format(format=NUMBER_FORMATS[name].title, times=change[name]))
    for name, repaired in (("logits", "logits_converted"), ("sigmoid", "sigmoid_undone")):
        said.append(texts[f"{name}_{'same' if unchanged(name) else 'changed'}"].format(times=change[name]))
        if not (unchanged(name) and unchanged(repaired)):
            result = "restored" if unchanged(repaired) else "remains"
            said.append(texts[f"{name}_{result}"].format(times=change[repaired]))
    return said


def _bins(points: list[SweepPoint], here: SweepPoint, worse: str, better: str, texts: Texts) -> list[str]:
    said = [
        texts["bounds"].format(simcc=here.simcc_limit, bins=here.value, heatmap=here.limit),
        texts["equal"].format(equal=np.sqrt(np.pi) * here.setting.sigma),
    ]
    if "simcc" in here.accuracy:
        ratios = {"largest": _ratio(here, "simcc"), "smoothed": _ratio(here, "simcc_smoothed")}
        said.append(texts["errors"].format(**ratios))
    return [*said, texts["two_ways"]]


_SENTENCES: dict[str, Callable[..., list[str]]] = {
    "noise": _noise,
    "sigma": _sigma,
    "kernel": _kernel,
    "border": _border,
    "resolution": _resolution,
    "size": _size,
    "number_format": _number_format,
    "bins": _bins,
}


def prediction_prompt(decoders: Sequence[str]) -> str:
    """What replaces the sentences while the answer is hidden."""
    texts, kept = TEXT["prompt"], [title_of(name) for name in decoders if name in AT_LIMIT]
    if not kept:
        return texts["bound"]
    return texts["curves"].format(decoders=listed(kept))


def _ratio(point: SweepPoint, name: str) -> float:
    return point.accuracy[name].ratio


def _ends(points: list[SweepPoint]) -> tuple[SweepPoint, SweepPoint]:
    return points[0], points[-1]


def _near(points: list[SweepPoint], name: str) -> list[float]:
    """The values at which a decoder is within 10 % of the bound."""
    return [point.value for point in points if point.accuracy[name].ratio <= NEAR]


def _from(points: list[SweepPoint], name: str) -> float | None:
    """The value from which on a decoder stays within 10 % of the bound; None if it does not."""
    start = None
    for point in reversed(points):
        if not point.accuracy[name].ratio <= NEAR:
            break
        start = point.value
    return start


def times_bound(points: Sequence[SweepPoint], marked: Value) -> float:
    """DARK's error at the ``marked`` value over the Cramér–Rao bound; NaN where DARK is not chosen."""
    accuracy = next(point for point in points if point.value == marked).accuracy
    return accuracy["dark"].ratio if "dark" in accuracy else np.nan
