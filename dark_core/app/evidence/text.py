"""What Evidence says: the published result, what our networks gain, and why it differs."""

from __future__ import annotations

import numpy as np

from dark_core.app.evidence.view import DARK, TEXT, Selection, is_significant
from dark_core.app.text.catalog import listed
from dark_core.app.widgets.numbers import signed
from dark_core.evaluation.ablation_table import BASELINE, Interval
from dark_core.evaluation.published_results import HEADLINE, PUBLISHED

NETWORK = "HRNet-W32"
"""The published network at all three input sizes."""


def published_text() -> str:
    """The published result as Markdown."""
    texts, rows = TEXT["published"], [row for row in PUBLISHED if row.network == NETWORK]
    gains = [texts["gain"].format(gain=signed(row.gain), height=row.size[1], width=row.size[0]) for row in rows]
    headline = HEADLINE.replace(" AP", " [[AP]]")
    return texts["gains"].format(headline=headline, network=NETWORK, gains=listed(gains))


def summary_text(selection: Selection) -> str:
    """The takeaway as Markdown: what unbiased targets with DARK reach, and by how much that exceeds the baseline."""
    texts = TEXT["summary"]
    gains = {size: selection.gain(DARK[0], size, DARK[1]) for size in selection.sizes}
    first, *others = selection.sizes
    gain, measure = gains[first].value, selection.measure
    said = [
        _reach(selection, first),
        texts["more" if gain >= 0 else "less"].format(change=abs(gain), points=measure.points),
    ]
    if others:
        each = [texts["gain"].format(gain=signed(gains[size].value), size=size) for size in others]
        said.append(texts["changes" if measure.less else "gains"].format(gains=listed(each)))
    return " ".join([*said, trend(selection, gains)]).rstrip()


def reason(selection: Selection, cards: list[dict]) -> str:
    """Why our gains differ from the published ones, as Markdown: the networks, the targets, the smoothing."""
    texts = TEXT["reason"]
    networks = texts["networks_size"].format(parameters=cards[0]["parameters"] / 1e6) if cards else texts["networks"]
    said = (networks, near_limit(selection), contributions(selection, selection.sizes[0]), smoothing(selection))
    return " ".join(part for part in said if part)


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
    figures = listed([f"{cost:.1f}" for cost in costs])
    return TEXT["reason"]["smoothing"].format(costs=figures, points=selection.measure.points)


def reached(selection: Selection, size: int) -> float:
    """What unbiased targets with DARK reach at one size, in the unit of the measure."""
    return selection.value(DARK[0], size, DARK[1]).value


def _reach(selection: Selection, size: int) -> str:
    """What unbiased targets with DARK reach at one size, as Markdown."""
    texts, value = TEXT["summary"], reached(selection, size)
    if selection.measure.less:
        return texts["reach_px"].format(size=size, measure=selection.measure.title.lower(), value=value)
    if selection.metric == "oks_ap":
        return texts["reach_oks_ap"].format(size=size, value=value)
    percent = 100 * float(selection.metric.split("@")[1])
    return texts["reach_pck"].format(size=size, value=value, joints=selection.joints_title, percent=percent)


def trend(selection: Selection, gains: dict[int, Interval]) -> str:
    """Where the gain is not significant, and whether it falls with the resolution."""
    texts = TEXT["trend"]
    if selection.joint is not None:
        return texts["single_joint"]
    sign = -1 if selection.measure.less else 1
    better = {size: _flipped(gain) if sign < 0 else gain for size, gain in gains.items()}
    vague = [size for size, gain in better.items() if not is_significant(gain)]
    worse = [size for size, gain in better.items() if is_significant(gain) and gain.value < 0]
    said = []
    if vague:
        key = "vague_all" if len(vague) == len(better) else "vague_one" if len(vague) == 1 else "vague"
        said.append(texts[key].format(sizes=_sizes(vague)))
    if worse:
        said.append(texts["worse"].format(sizes=_sizes(worse)))
    first, last = better[selection.sizes[0]], better[selection.sizes[-1]]
    if len(better) > 1:
        most = max(better, key=lambda size: better[size].value)
        if most not in (selection.sizes[0], selection.sizes[-1]):
            said.append(texts["largest"].format(size=most))
        elif last.high < first.low:
            said.append(texts["falls"])
        elif last.value < first.value:
            said.append(texts["open"])
        else:
            said.append(texts["no_fall"])
    return " ".join(said)


def near_limit(selection: Selection) -> str:
    """Why PCK@0.1 gains most at a middle size, where that is why: most joints are between half and twice its limit."""
    if selection.metric != "pck@0.1" or selection.joint is not None:
        return ""
    most = max(selection.sizes, key=lambda size: selection.gain(DARK[0], size, DARK[1]).value)
    if most in (selection.sizes[0], selection.sizes[-1]):
        return ""
    (encoding, variant), share = BASELINE, {}
    for size in selection.sizes:
        wide, narrow = (
            selection.table.value(selection.name, encoding, size, variant, metric).value
            for metric in ("pck@0.2", "pck@0.05")
        )
        share[size] = wide - narrow
    if max(share, key=share.__getitem__) != most:
        return ""
    others = [size for size in selection.sizes if size != most]
    return TEXT["reason"]["near_limit"].format(
        size=most, share=share[most], others=_sizes(others), shares=listed([f"{share[size]:.0f}" for size in others])
    )


def _flipped(one: Interval) -> Interval:
    return Interval(-one.value, -one.high, -one.low)


def _sizes(sizes: list[int]) -> str:
    return listed([str(size) for size in sizes])


def caption(selection: Selection) -> str:
    """Whose joints, how the intervals were made, and what the labels hide."""
    texts, sets = TEXT["caption"], TEXT["sets"]
    about = sets.get(selection.name, sets["another"])["about"]
    people = selection.table.sets[selection.name]["people"]
    said = [about.format(people=people, name=selection.name), texts["exact" if selection.exact else "labels"]]
    if selection.joint is None:
        said.append(texts["bars"].format(resamples=selection.table.data["resamples"]))
    return " ".join(said)


def training_note(cards: list[dict], seeds: list[int]) -> str:
    """How the networks were made, from the cards of those that are here; ``seeds``: those of the table."""
    texts = TEXT["training"]
    if not cards:
        return texts["unknown"]
    count, card = len(cards), cards[0]
    said = [
        texts["six" if count == 6 else "networks"].format(count=count, parameters=card["parameters"] / 1e6),
        texts["trained"].format(steps=card["steps"], hardware=card["hardware"].split(",")[0]),
    ]
    if len(seeds) > 1:
        said.append(texts["again"].format(count=len(seeds), seed=seeds[0]))
    return " ".join([*said, texts["purpose"]])


def bias_and_scatter(selection: Selection) -> str:
    """Where the gain comes from, if the truth is exact: bias of floored targets, scatter of the decoded positions."""
    texts, size = TEXT["bias"], selection.sizes[0]
    said = []
    for key, (encoding, variant) in (("before", BASELINE), ("after", DARK)):
        found = selection.table.cell(selection.name, encoding, size, variant).get("lean")
        if not found:
            return ""
        x, y = (signed(found[axis], 2) for axis in ("bias_x", "bias_y"))
        said.append(texts[key].format(size=size, x=x, y=y, scatter=found["scatter"]))
    return " ".join([*said, texts["flip"]])


def contributions(selection: Selection, size: int) -> str:
    """What only the decoding and only the targets contribute at one size."""
    if selection.joint is not None:
        return ""
    decoding, targets = selection.gain("floor", size, DARK[1]), selection.gain(DARK[0], size, BASELINE[1])
    texts, sign = TEXT["reason"], -1 if selection.measure.less else 1
    said = texts["contributions"].format(
        size=size,
        targets=signed(targets.value),
        decoding=signed(decoding.value),
        points=selection.measure.points,
    )
    unsmoothed = selection.gain("floor", size, "taylor")
    if sign * decoding.value < 0 < sign * unsmoothed.value:
        said += " " + texts["blur"].format(unsmoothed=signed(unsmoothed.value))
    return said


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
    texts = TEXT["seeds"]
    by_seed = [texts["gain"].format(gains=", ".join(signed(one[seed]) for one in each), seed=seed) for seed in shared]
    apart = max(np.ptp([one[seed] for seed in shared]) for one in each)
    wide = max(gain.high - gain.low for gain in (selection.gain(DARK[0], size, DARK[1]) for size in selection.sizes))
    gains = texts["gains"].format(
        sizes=_sizes(selection.sizes), gains=listed(by_seed), points=selection.measure.points, apart=apart
    )
    return f"{gains} {texts['intervals'].format(wide=wide)}"


def finite(values) -> np.ndarray:
    kept = np.asarray(values, dtype=float).ravel()
    return kept[np.isfinite(kept)]
