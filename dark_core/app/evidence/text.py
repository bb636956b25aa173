"""What the table says, in a few sentences with its own numbers, and what it does not say."""

from __future__ import annotations

import numpy as np

from dark_core.app.evidence.view import DARK, SETS, Selection, is_significant
from dark_core.app.widgets.numbers import interval, signed
from dark_core.evaluation.ablation_table import BASELINE, Interval
from dark_core.evaluation.published_results import Published


def summary_text(selection: Selection) -> str:
    """The takeaway as Markdown: what unbiased targets with DARK reach, and by how much that exceeds the baseline."""
    gains = {size: selection.gain(DARK[0], size, DARK[1]) for size in selection.sizes}
    first, *others = selection.sizes
    reach, gain = selection.value(DARK[0], first, DARK[1]), gains[first]
    points = f"{abs(gain.value):.1f} {selection.measure.points} {'more' if gain.value >= 0 else 'less'}"
    text = (
        f"At {first} px input, unbiased targets read by DARK {_reach(selection, reach)}, **{points}** "
        f"{interval(gain, sign=True)} than the standard"
    ).replace("  ", " ")
    rest = [f"at {size} px {signed(gains[size].value)} {interval(gains[size], sign=True)}".strip() for size in others]
    return f"{'; '.join([text, ', '.join(rest)] if rest else [text])}. {trend(selection, gains)}"


def smoothing(selection: Selection) -> str:
    """What DARK's smoothing costs on these networks, where it does: DARK beside the noise-matched decoder."""
    sign = -1 if selection.measure.less else 1
    matched, dark = (
        [selection.value(DARK[0], size, variant).value for size in selection.sizes]
        for variant in ("noise_matched", DARK[1])
    )
    costs = [sign * (less - full) for less, full in zip(matched, dark, strict=True)]
    if min(costs) < 0:
        return ""
    figures = ", ".join(f"{cost:.1f}" for cost in costs)
    return (
        f"The noise-matched decoder, which smooths less, is better than DARK by {figures} {selection.measure.points}: "
        "these heatmaps are smooth already, and DARK’s blur moves a lopsided peak."
    )


def _reach(selection: Selection, value: Interval) -> str:
    if selection.measure.less:
        return f"leave a {selection.measure.title.lower()} of **{value.value:.1f} photo px** on the limb joints"
    if selection.metric == "oks_ap":
        return f"reach **{value.value:.1f} OKS AP**"
    return (
        f"find **{value.value:.1f} %** of the {selection.joints_title} within {selection.metric.split('@')[1]} torsos"
    )


def trend(selection: Selection, gains: dict[int, Interval]) -> str:
    """Where the gain is not significant, and whether it falls with the resolution."""
    if selection.joint is not None:
        return "One joint alone has no interval here: take a point or two for chance."
    sign = -1 if selection.measure.less else 1
    better = {size: _flipped(gain) if sign < 0 else gain for size, gain in gains.items()}
    vague = [size for size, gain in better.items() if not is_significant(gain)]
    worse = [size for size, gain in better.items() if is_significant(gain) and gain.value < 0]
    said = []
    if vague:
        where = "nowhere can that" if len(vague) == len(better) else f"at {_sizes(vague)} that cannot"
        said.append(f"{where} be told from nothing")
    if worse:
        said.append(f"at {_sizes(worse)} the standard is the better one")
    first, last = better[selection.sizes[0]], better[selection.sizes[-1]]
    if len(better) > 1:
        most = max(better, key=lambda size: better[size].value)
        if most not in (selection.sizes[0], selection.sizes[-1]):
            said.append(f"the gain is largest at {most} px")
        elif last.high < first.low:
            said.append("the gain falls with resolution, as published")
        elif last.value < first.value:
            said.append("whether it falls with resolution the intervals leave open")
        else:
            said.append("it does not fall with resolution here, unlike the published gain")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _flipped(one: Interval) -> Interval:
    return Interval(-one.value, -one.high, -one.low)


def _sizes(sizes: list[int]) -> str:
    return (
        " and ".join([", ".join(map(str, sizes[:-1])), str(sizes[-1])] if len(sizes) > 1 else map(str, sizes)) + " px"
    )


PREDICTION_PROMPT = "**How much better than the standard are unbiased targets read by DARK?** Decide, then look."
"""What replaces the sentence while the answer is hidden."""


def caption(selection: Selection) -> str:
    """Whose joints, how the intervals were made, and what the labels hide."""
    people = selection.table.sets[selection.name]["people"]
    about = SETS.get(selection.name, (selection.name, selection.name))[1]
    hidden = (
        "The truth is exact: only the networks and the decoders err."
        if selection.exact
        else "Labels scatter too, and that scatter hides part of what a finer reading wins."
    )
    resamples = selection.table.data["resamples"]
    bars = f" Bars, brackets: 95 % intervals of {resamples} resamples of the people."
    bars = bars if selection.joint is None else ""
    return f"{people} {about}. {hidden}{bars}"


def training_note(cards: list[dict], seeds: list[int]) -> str:
    """How the networks were made, from the cards of those that are here; ``seeds``: those of the table."""
    what = "Six networks that differ in nothing but targets and input size"
    if not cards:
        return f"{what}. They are not in this copy of the project, so nothing is told here of their training."
    count = len(cards)
    what = f"{count} networks that differ in nothing but targets, input size and seed" if count != 6 else what
    card = cards[0]
    return (
        f"{what}: {card['parameters'] / 1e6:.1f} million parameters each. All began as the network of the app. The two "
        f"of a size share its trunk, adapted to that size; only the layers after it were trained apart, for "
        f"{card['steps']} steps, here, on {card['hardware'].split(',')[0]}. {_again(seeds)}They show what encoding and "
        "decoding are worth, not how good a pose network can be."
    )


def _again(seeds: list[int]) -> str:
    """That all was trained again from other seeds, with what the copy holds of it."""
    if len(seeds) < 2:
        return ""
    return (
        f"All of it, trunk too, was trained from {len(seeds)} seeds: figures are the mean, and the networks of seed "
        f"{seeds[0]} are those that run below. "
    )


def published(rows: list[Published]) -> str:
    """The published gains of one network over its sizes."""
    return ", ".join(f"{signed(row.gain)} at {row.size[1]} × {row.size[0]}" for row in rows)


def bias_and_scatter(selection: Selection) -> str:
    """Where the gain comes from, if the truth is exact: bias of floored targets, scatter of the decoded positions."""
    size = selection.sizes[0]
    before, after = (
        selection.table.cell(selection.name, encoding, size, variant).get("lean")
        for encoding, variant in (BASELINE, DARK)
    )
    if not before or not after:
        return ""

    def bias(found: dict) -> str:
        return f"({signed(found['bias_x'], 2)}, {signed(found['bias_y'], 2)})"

    scatters = f"{before['scatter']:.2f} against {after['scatter']:.2f}"
    return (
        f"At {size} px input the standard lands by {bias(before)} heatmap px beside the truth at the median, unbiased "
        f"targets read by DARK by {bias(after)}; about their own middle they scatter by {scatters} heatmap px an axis. "
        "Across, the average with the mirrored crop takes the lean of floored targets away: mirrored, it leans the "
        "other way. Downwards it stays."
    )


def contributions(selection: Selection, size: int) -> str:
    """What only the decoding and only the targets contribute at one size."""
    if selection.joint is not None:
        return ""
    decoding, targets = selection.gain("floor", size, DARK[1]), selection.gain(DARK[0], size, BASELINE[1])
    return (
        f"What gives it: at {size} px, DARK on floored targets alone {signed(decoding.value)} "
        f"{interval(decoding, sign=True)}; unbiased targets read by ¼ shift {signed(targets.value)} "
        f"{interval(targets, sign=True)}."
    )


def gain_by_seed(selection: Selection) -> str:
    """The gain of each seed's networks beside the interval, which knows nothing of another training."""
    if selection.joint is not None:
        return ""
    each = [
        selection.table.gain_by_seed(selection.name, DARK[0], size, DARK[1], selection.metric)
        for size in selection.sizes
    ]
    shared = [seed for seed in selection.table.seeds if all(seed in one for one in each)]
    if len(shared) < 2:
        return ""
    by_seed = " and ".join(f"{', '.join(signed(one[seed]) for one in each)} (seed {seed})" for seed in shared)
    apart = max(np.ptp([one[seed] for seed in shared]) for one in each)
    wide = max(gain.high - gain.low for gain in (selection.gain(DARK[0], size, DARK[1]) for size in selection.sizes))
    return (
        f"Seed by seed, unbiased targets read by DARK change the standard at {_sizes(selection.sizes)} by {by_seed} "
        f"{selection.measure.points}: up to {apart:.1f} apart. The intervals, up to {wide:.1f} wide, know of other "
        "people but not of another training."
    )


def finite(values) -> np.ndarray:
    kept = np.asarray(values, dtype=float).ravel()
    return kept[np.isfinite(kept)]
