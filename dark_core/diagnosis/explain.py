"""Why the decoders found the positions they did in one heatmap: measured on that heatmap, explained in words.

A cause explains the largest error where it moves a position by at least half of that error. The first cause that does
is named, with its numbers and the decoder with the smallest error. The order: no peak at all, the wrong peak, an edge,
a heatmap that is off as a whole, a second peak or other mass far away, rounding, noise, shape.
"""

from __future__ import annotations

import numpy as np

from dark_core.codec import DECODERS, Status, decode, trace
from dark_core.diagnosis.attribute import Causes, distance_between
from dark_core.diagnosis.measure import FAR, Facts, measure_heatmap, nearest_edge, outside

__all__ = ["Facts", "diagnose", "measure_heatmap"]

TOLERANCE = 1e-3
"""Heatmap px: errors that differ by less count as equal, and smaller ones as none."""

INWARDS = {"left": (1, 0), "right": (-1, 0), "top": (0, 1), "bottom": (0, -1)}


def diagnose(heatmap, sigma: float, positions: dict, truth=None, noise: float | None = None) -> str:
    """A few sentences on what determines the positions decoded from ``heatmap`` (H, W).

    positions: decoder name -> (2,) heatmap px, decoded with ``sigma``; truth: (2,) the joint in heatmap px, without
    which distances are from DARK and no decoder is called nearest; noise: standard deviation of the white noise,
    measured on the heatmap if not given. Any values are accepted, also flat or not finite ones, or one pixel of width.
    Raises ValueError for anything but one heatmap, a bad sigma or a name that is not in ``DECODERS``.
    """
    if not positions.keys() <= DECODERS.keys():
        raise ValueError(f"positions must be of {', '.join(DECODERS)}, got {', '.join(positions)}")
    steps = trace(heatmap, sigma)
    facts = measure_heatmap(heatmap, sigma, steps)
    finite = {name: np.asarray(xy, float) for name, xy in positions.items() if np.isfinite(xy).all()}
    every = {"dark": steps.xy, **finite}
    known = truth is not None and np.isfinite(truth).all()
    joint = np.asarray(truth, float) if known else None
    return _explain(Causes(steps, facts, sigma, facts.noise if noise is None else float(noise), every, joint))


def _explain(causes: Causes) -> str:
    worst, best = max(causes.errors.values()), min(causes.errors.values())
    enough = worst / 2
    if not causes.steps.ok:
        return _fallback(causes)
    if worst < TOLERANCE:
        return f"Nothing disturbs this peak: every decoder is {_px(worst)} from {_reference_name(causes)}."
    if causes.joint_is_second():
        return _wrong_peak(causes)
    if causes.moved_by_edges() >= enough:
        return _edge(causes)
    if best > max(0.25, enough):
        return _wrong_heatmap(causes)
    if np.hypot(*causes.far_pull[1]) >= enough:
        if causes.second_is_far_mass():
            return _second(causes)
        return _noise(causes) if causes.noise_is_far_mass() else _pedestal(causes)
    if causes.error_without_noise() >= enough and causes.noise < 0.05 * causes.height:
        return _rounding(causes)
    return _noise(causes) if causes.noise > 0.005 * causes.height else _shape(causes)


def _fallback(causes: Causes) -> str:
    reason, dark = causes.steps.fallback, causes.positions["dark"]
    if reason == Status.FLAT.sentence:
        other = max(causes.positions, key=lambda name: distance_between(causes.positions[name], dark))
        if distance_between(causes.positions[other], dark) < TOLERANCE:
            return _sentences(reason, f"every decoder returns {_at(dark)} heatmap px, which means nothing")
        others = f"{_name(other)} {_at(causes.positions[other])} heatmap px"
        return _sentences(reason, f"DARK returns {_at(dark)} and {others}: neither means anything")
    cut = dict.fromkeys((Status.BOUNDED.sentence, Status.OTHER_PEAK_BOUNDED.sentence), "stops")
    does = cut | {Status.NOT_FINITE.sentence: "takes those for zero and ends"}
    ending = f"DARK {does.get(reason, 'stays on the peak pixel,')} at {_at(dark)} heatmap px"
    return _sentences(reason, ending, _nearest(causes))


def _wrong_peak(causes: Causes) -> str:
    away, share = _px(distance_between(causes.facts.peak, causes.reference)), _percent(causes.facts.second_height)
    return _sentences(
        f"the higher of two peaks is not the joint’s: it is {away} from the joint",
        f"the joint’s own peak has about {share} of its height",
        _nearest(causes),
    )


def _edge(causes: Causes) -> str:
    shape = causes.steps.raw.shape
    edge, distance = nearest_edge(causes.reference, shape)
    subject = "DARK’s position" if causes.joint is None else "the joint"
    side = (
        f"{_px(abs(distance))} {'inside' if distance > 0 else 'outside'}" if abs(distance) >= TOLERANCE else "right on"
    )
    cut = _percent(outside(causes.reference, shape, causes.sigma))
    # The Taylor step without smoothing stands in for the joint where that is not known.
    origin = causes.positions.get("taylor") if causes.joint is None else causes.joint
    bias = 0.0 if origin is None else float((causes.positions["dark"] - origin) @ INWARDS[edge])
    effect = "is biased towards the inside"
    if bias >= TOLERANCE:
        known = causes.joint is not None
        effect = f"pulls DARK {_px(bias)} {'inwards' if known else 'further in than the step without smoothing'}"
    return _sentences(
        f"{subject} is {side} the {edge} edge, which cuts off {cut} of a Gaussian there",
        f"smoothing takes the missing part for zero and {effect}",
        _nearest(causes),
        _fitted(causes),
    )


def _fitted(causes: Causes) -> str:
    """The error of a Gaussian fit, which assumes no zeros outside, where it is at most half of DARK's."""
    fit = decode(causes.steps.raw, "gaussian_fit", causes.sigma)
    if causes.joint is None or not fit.ok or distance_between(fit.xy, causes.joint) > causes.errors["dark"] / 2:
        return ""
    return f"a Gaussian fitted to the pixels that exist is {_px(distance_between(fit.xy, causes.joint))} from the joint"


def _wrong_heatmap(causes: Causes) -> str:
    away = _px(distance_between(causes.facts.peak, causes.reference))
    return _sentences(f"the heatmap itself peaks {away} from the joint, which no decoder can correct", _nearest(causes))


def _second(causes: Causes) -> str:
    name, move = causes.far_pull
    x, y = causes.facts.second_at or (0, 0)
    return _sentences(
        f"a second peak at ({x}, {y}), about {_percent(causes.facts.second_height)} as high as the first, pulls "
        f"{_name(name)} {_px(np.hypot(*move))} away",
        _nearest(causes),
    )


def _pedestal(causes: Causes) -> str:
    height, width = causes.steps.raw.shape
    (name, move), floor = causes.far_pull, causes.facts.floor
    to_center = np.array([(width - 1) / 2, (height - 1) / 2]) - causes.facts.peak
    length, way = np.hypot(*move), np.hypot(*to_center)
    central = move @ to_center > 0.8 * length * way and length < 1.2 * way
    return _sentences(
        f"of the sum of all positive values, {_percent(causes.facts.far_share)} is more than {FAR * causes.sigma:g} "
        f"heatmap px from the peak{f', on a floor of {floor:.2g}' if floor >= 0.01 * causes.height else ''}",
        f"this pulls {_name(name)} {_px(length)} {'towards the center of the heatmap' if central else 'away'}",
        _nearest(causes),
    )


def _noise(causes: Causes) -> str:
    taylor = causes.positions.get("taylor", trace(causes.steps.raw, 0).xy)
    return _sentences(
        f"with noise of {causes.noise:.2g} per pixel, {_curvatures(causes)}",
        f"the step without smoothing is {_px(distance_between(taylor, causes.positions['dark']))} from DARK",
        _farthest(causes),
        _nearest(causes),
    )


def _rounding(causes: Causes) -> str:
    first, *rest = sorted(causes.errors, key=causes.errors.__getitem__, reverse=True)
    opening = "a clean Gaussian at this position has the same errors"
    if first in ("argmax", "quarter_shift"):
        opening = "rounding to whole pixels is the largest error"
        rest = [name for name in ("argmax", "quarter_shift") if name in rest]
    shown = [first, *rest[:1]]
    if causes.errors["dark"] > min(causes.errors.values()) + TOLERANCE:
        shown.append("dark")
    left = _listed([f"{_name(name)} {_px(causes.errors[name])}" for name in dict.fromkeys(shown)])
    return _sentences(f"{opening}: {left} from {_reference_name(causes)}", _nearest(causes))


def _shape(causes: Causes) -> str:
    return _sentences(f"the shape of the peak matters most: {_curvatures(causes)}", _farthest(causes), _nearest(causes))


def _curvatures(causes: Causes) -> str:
    facts, clean = causes.facts, -1 / causes.sigma**2
    values = (facts.raw_curvature, clean, facts.smoothed_curvature, clean / 2)
    raw, of_raw, smoothed, of_smoothed = (f"{value:.2f}".replace("-", "−") for value in values)
    return (
        f"the curvature of the raw log is {raw} per heatmap px² (of a clean Gaussian: {of_raw}), that of the smoothed "
        f"log {smoothed} ({of_smoothed})"
    )


def _farthest(causes: Causes) -> str:
    name = max(causes.errors, key=causes.errors.__getitem__)
    return f"farthest from {_reference_name(causes)} is {_name(name)}, {_px(causes.errors[name])}"


def _nearest(causes: Causes) -> str:
    """The decoders nearest to the joint, or "" where it is not known."""
    if causes.joint is None:
        return ""
    best = min(causes.errors.values())
    first, *rest = [name for name in DECODERS if causes.errors.get(name, np.inf) < best + TOLERANCE]
    if len(rest) == len(causes.errors) - 1 > 0:
        return f"every decoder is {_px(best)} from the joint"
    names = f"{_name(first)} and {len(rest)} others" if len(rest) > 3 else _listed([_name(n) for n in (first, *rest)])
    return f"nearest {'are' if rest else 'is'} {names}, {_px(best)} from the joint"


def _sentences(*clauses: str) -> str:
    """Each clause that is not empty as a sentence."""
    return " ".join(f"{clause[0].upper()}{clause[1:]}." for clause in clauses if clause)


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _reference_name(causes: Causes) -> str:
    return "DARK" if causes.joint is None else "the joint"


def _name(decoder: str) -> str:
    """A decoder's name within a sentence."""
    plain = {
        "argmax": "argmax",
        "quarter_shift": "the ¼ shift",
        "weighted_average": "the weighted average",
        "taylor": "the step without smoothing",
    }
    return plain.get(decoder, DECODERS[decoder].title)


def _at(position) -> str:
    return f"({position[0]:.4g}, {position[1]:.4g})".replace("-", "−")


def _px(length: float) -> str:
    """A length with its unit: two decimals, three below 0.01, one from 10 on."""
    if length < TOLERANCE:
        return f"less than {TOLERANCE:g} heatmap px"
    return f"{length:.{3 if length < 0.01 else 2 if length < 10 else 1}f} heatmap px"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
