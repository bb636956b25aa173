"""What the table says, in a few sentences with its own numbers, and what it does not say."""

from __future__ import annotations

import numpy as np

from dark_core.app.evidence.view import DARK, SETS, Asked, told
from dark_core.app.widgets.numbers import interval, signed
from dark_core.evaluation.ablation import BASELINE, Interval
from dark_core.evaluation.published_results import Published


def summary_text(asked: Asked) -> str:
    """The takeaway as Markdown: what unbiased targets read by DARK reach, what that is more than the standard."""
    gains = {size: asked.gain(DARK[0], size, DARK[1]) for size in asked.sizes}
    first, *others = asked.sizes
    reach, gain = asked.value(DARK[0], first, DARK[1]), gains[first]
    points = f"{abs(gain.value):.1f} {asked.how.points} {'more' if gain.value >= 0 else 'less'}"
    text = (
        f"At {first} px input, unbiased targets read by DARK {_reach(asked, reach)}, **{points}** "
        f"{interval(gain, sign=True)} than the standard"
    ).replace("  ", " ")
    rest = [f"at {size} px {signed(gains[size].value)} {interval(gains[size], sign=True)}".strip() for size in others]
    return f"{'; '.join([text, ', '.join(rest)] if rest else [text])}. {trend(asked, gains)}"


def smoothing(asked: Asked) -> str:
    """What the first of DARK's steps gives or costs on these networks: its figures beside the Taylor step's alone."""
    sign = -1 if asked.how.less else 1
    alone, whole = (
        [asked.value(DARK[0], size, reading).value for size in asked.sizes] for reading in ("taylor", DARK[1])
    )
    costs = [sign * (without - smoothed) for without, smoothed in zip(alone, whole, strict=True)]
    if min(costs) < 0:
        return ""
    figures = ", ".join(f"{cost:.1f}" for cost in costs)
    return (
        f"Unsmoothed, the Taylor step alone would be better by {figures} {asked.how.points}: the maps of these "
        "networks are smooth already, and DARK’s blur pulls the peak of a lopsided one aside."
    )


def _reach(asked: Asked, value: Interval) -> str:
    if asked.how.less:
        return f"leave a {asked.how.title.lower()} of **{value.value:.1f} photo px** on the limb joints"
    if asked.metric == "oks_ap":
        return f"reach **{value.value:.1f} OKS AP**"
    return f"find **{value.value:.1f} %** of the {asked.who} within {asked.metric.split('@')[1]} torsos"


def trend(asked: Asked, gains: dict[int, Interval]) -> str:
    """Where the gain cannot be told from nothing, and whether it falls with the resolution."""
    if asked.joint is not None:
        return "One joint alone has no interval here: take a point or two for chance."
    sign = -1 if asked.how.less else 1
    better = {size: _flipped(gain) if sign < 0 else gain for size, gain in gains.items()}
    vague = [size for size, gain in better.items() if not told(gain)]
    worse = [size for size, gain in better.items() if told(gain) and gain.value < 0]
    said = []
    if vague:
        where = "nowhere can that" if len(vague) == len(better) else f"at {_sizes(vague)} that cannot"
        said.append(f"{where} be told from nothing")
    if worse:
        said.append(f"at {_sizes(worse)} the standard is the better one")
    first, last = better[asked.sizes[0]], better[asked.sizes[-1]]
    if len(better) > 1:
        if last.high < first.low:
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


RIDDLE = "**How much better than the standard are unbiased targets read by DARK?** Decide, then look."
"""What stands in the sentence's place while the answer is kept back."""


def how(asked: Asked) -> str:
    """Whose joints, how the intervals were made, and what the labels hide."""
    people = asked.table.sets[asked.name]["people"]
    about = SETS.get(asked.name, (asked.name, asked.name))[1]
    hidden = (
        "The truth is exact, so nothing but the networks and the readings errs here."
        if asked.exact
        else "Labels scatter too, and that scatter hides part of what a finer reading wins."
    )
    resamples = asked.table.data["resamples"]
    bars = f" Bars, brackets: 95 % intervals, {resamples} resamples of the people, the same for all."
    bars = bars if asked.joint is None else ""
    return f"{people} {about}. {hidden}{bars}"


def made(cards: list[dict], seeds: list[int]) -> str:
    """How the networks were made, from the cards of those that are here; ``seeds``: those of the table."""
    what = "Six networks that differ in nothing but targets and input size"
    if not cards:
        return f"{what}. They are not in this copy of the project, so nothing is told here of their training."
    count = len(cards)
    what = f"{count} networks that differ in nothing but targets, input size and seed" if count != 6 else what
    card = cards[0]
    return (
        f"{what}: small ones, {card['parameters'] / 1e6:.1f} million parameters each, fine-tuned for {card['steps']} "
        f"steps from one common trunk, here, on {card['hardware'].split(',')[0]}. {_again(seeds)}What they say is what "
        "encoding and reading are worth; how good a pose network can be they do not say."
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


def leaning(asked: Asked) -> str:
    """Where the gain comes from: bias of floored targets and scatter of the readings, where the truth is exact."""
    size = asked.sizes[0]
    before, after = (
        asked.table.cell(asked.name, encoding, size, reading).get("lean") for encoding, reading in (BASELINE, DARK)
    )
    if not before or not after:
        return ""

    def bias(lean: dict) -> str:
        return f"({signed(lean['bias_x'], 2)}, {signed(lean['bias_y'], 2)})"

    scatters = f"{before['scatter']:.2f} against {after['scatter']:.2f}"
    return (
        f"At {size} px input the standard lands by {bias(before)} heatmap px beside the truth at the median, unbiased "
        f"targets read by DARK by {bias(after)}; about their own middle they scatter by {scatters} heatmap px an axis. "
        "Across, the average with the mirrored crop takes the lean of floored targets away: mirrored, it leans the "
        "other way. Downwards it stays."
    )


def parts(asked: Asked, size: int) -> str:
    """What reading alone and targets alone give at one size."""
    if asked.joint is not None:
        return ""
    decoding, targets = asked.gain("floor", size, DARK[1]), asked.gain(DARK[0], size, BASELINE[1])
    return (
        f"What gives it: at {size} px, DARK on floored targets alone {signed(decoding.value)} "
        f"{interval(decoding, sign=True)}; unbiased targets read by ¼ shift {signed(targets.value)} "
        f"{interval(targets, sign=True)}."
    )


def seeds(asked: Asked) -> str:
    """The gain of each seed's networks beside the interval, which knows nothing of another training."""
    if asked.joint is not None:
        return ""
    each = [asked.table.gain_by_seed(asked.name, DARK[0], size, DARK[1], asked.metric) for size in asked.sizes]
    shared = [seed for seed in asked.table.seeds if all(seed in one for one in each)]
    if len(shared) < 2:
        return ""
    told = " and ".join(f"{', '.join(signed(one[seed]) for one in each)} (seed {seed})" for seed in shared)
    apart = max(np.ptp([one[seed] for seed in shared]) for one in each)
    wide = max(gain.high - gain.low for gain in (asked.gain(DARK[0], size, DARK[1]) for size in asked.sizes))
    return (
        f"Seed by seed, unbiased targets read by DARK change the standard at {_sizes(asked.sizes)} by {told} "
        f"{asked.how.points}: up to {apart:.1f} apart. The intervals, up to {wide:.1f} wide, know of other people but "
        "not of another training."
    )


def finite(values) -> np.ndarray:
    kept = np.asarray(values, dtype=float).ravel()
    return kept[np.isfinite(kept)]
