"""What Your heatmaps says of a file: how it was understood, and what the decoders make of it."""

from __future__ import annotations

import numpy as np

from dark_core.app.your_heatmaps.source import Source
from dark_core.app.your_heatmaps.view import MARKED, Positions
from dark_core.codec import DECODERS, in_full
from dark_core.diagnosis.explain import diagnose
from dark_core.evaluation import decoder_choice_text as words
from dark_core.evaluation.batch_decode import EDGE, BatchResult, InputFrame
from dark_core.evaluation.decoder_choice import Choice
from dark_core.files.formats.stored import plain
from dark_core.files.heatmap_layouts import Heatmaps, Survey
from dark_core.pose.pixel_conventions import CONVENTIONS
from dark_core.pose.skeleton import SKELETON

TITLE = "On your own network"
CHOICE_TITLE = "Which decoder does this network need?"
TRUTH_HELP = (
    "Where the joints are, of the same people in the same order: in heatmap px, in px of the network’s input, or in "
    "photo px with the box of each person. The .npz of the heatmaps may hold them too, as an array called joints."
)
RESULTS_NOTE = "Marker: median; thick: the middle half of the maps; thin: 5 to 95 %."

_AXES = {"N": ("person", "people"), "K": ("joint", "joints"), "H": ("row", "rows"), "W": ("column", "columns")}


def lead(source: Source) -> str:
    """What the page is for, and whose heatmaps it shows."""
    whose = "This one is yours." if source.own else "Until you do, here is one of ours."
    return f"Bring a file of heatmaps and see how far apart the decoders are on it. **{whose}**"


def recognized_text(source: Source, heatmaps: Heatmaps, found: Survey, given: float | None) -> str:
    """How the file was understood, in a line: its name, type, axes and σ."""
    lengths = [heatmaps.values.shape["NKHW".index(axis)] for axis in heatmaps.layout]
    axes = " × ".join(f"{n} {_AXES[axis][n != 1]}" for n, axis in zip(lengths, heatmaps.layout, strict=True))
    sigma = f"σ from {found.clear:,} clear peak{'' if found.clear == 1 else 's'} of {found.seen:,} maps"
    if given is not None:
        sigma = f"σ = {given:g} as you chose"
    elif not found.clear:
        sigma = "No clear peak shows σ"
    return f"`{plain(source.name)}`, {heatmaps.dtype}: {axes}. {sigma}."


def measured_text(heatmaps: Heatmaps, found: Survey, given: bool) -> str:
    """How axes and sigma were found."""
    text = f"The axes were taken so because {heatmaps.why}. " if heatmaps.why else ""
    if not found.clear:
        return f"{text}No clear peak among {found.seen:,} maps shows σ: {found.sigma:g} heatmap px assumed."
    text += (
        f"σ is the median over the clear peaks, by the curvature of the log: {found.sigma:g} heatmap px, half of them "
        f"between {found.low:.2f} and {found.high:.2f}"
    )
    return text + ("." if given else "; a network blurs its targets, so enter the σ of your training if you know it.")


def warnings(found: Survey) -> list[str]:
    """A sentence for each property of the values that is probably a mistake."""
    sentences = []
    if found.not_finite:
        sentences.append(
            f"{found.not_finite:,} of {found.seen:,} maps looked at hold NaN or infinity, which every decoder reads as "
            "zero and flags."
        )
    return sentences


def joint_name(source: Source, joint: int) -> str:
    """ "joint 6", and its name where the heatmaps are ours."""
    return f"joint {joint}" if source.own else f"joint {joint}, the {SKELETON.names[joint]}"


def summary_text(positions: Positions, frame: InputFrame, name: str) -> str:
    """How far apart the decoded positions of one heatmap are, as Markdown."""
    away = {other: xy - positions["dark"] for other, xy in positions.items() if other != "dark"}
    far = max(away, key=lambda other: np.linalg.norm(away[other]))
    text = f"On {name}, argmax lands {_in_both_units(away['argmax'], frame)} from DARK"
    if far != "argmax":
        distance = _in_both_units(away[far], frame)
        text += f". The farthest of all {len(positions)} decoders is {DECODERS[far].title}, {distance}"
    return text + "."


def explanation(raw: np.ndarray, sigma: float, positions: Positions) -> str:
    """Why the decoders are off, for heatmaps of ordinary size."""
    if raw.size > 2**16:
        return ""
    return diagnose(raw, sigma, {decoder: positions[decoder] for decoder in MARKED})


def _in_both_units(offset: np.ndarray, frame: InputFrame) -> str:
    """A length in heatmap px, and in input px where there are any."""
    text = f"**{float(np.linalg.norm(offset)):.2f} heatmap px**"
    return text + (f" ({float(frame.length(offset)):.2f} input px)" if frame.name else "")


def gains_alt(choice: Choice, names: list[str]) -> str:
    """The figure of the gains per joint in words."""
    gains = ", ".join(f"{name} {gain:.3f}" for name, gain in zip(names, choice.joints.value, strict=True))
    return f"Error of argmax less that of {words.title(choice.recommended)}, heatmap px: {gains}"


def choice_caption(choice: Choice, people: int, how: str) -> str:
    """What the ranking was measured on, and what its intervals mean."""
    some = "" if choice.people == people else f" of {people:,}"
    said = (
        f"{choice.people:,}{some} people, {choice.labeled:,} labeled joints; the truth is in {how}. PCK@0.1: within "
        f"10 % of the {choice.yardstick}. Each interval covers 95 % for all rows at once, from a bootstrap over people."
    )
    fits = words.conventions(choice)
    return f"{said} {fits}" if fits else said


def conventions_text(source: Source, frame: InputFrame) -> str:
    """How pixels count, and what a link cannot hold."""
    text = "Pixels count from their centers, people and joints from 0"
    text += f"; {CONVENTIONS[frame.name].formula} with λ = {frame.stride:g}." if frame.name else "."
    if source.own:
        text += " The address of this page holds every choice but the file: whoever opens the link brings their own."
    return text


def frame_help() -> str:
    """The formulas of the conventions, for the control that chooses one."""
    return "How a heatmap px maps to the px of the network’s input. " + " · ".join(
        f"{name}: {one.formula} ({one.users})" for name, one in CONVENTIONS.items()
    )


def file_summary_text(result: BatchResult, frame: InputFrame) -> str:
    """The whole file in a few numbers, as Markdown."""
    counted = f"{result.count:,} map{'' if result.count == 1 else 's'}"
    full = int(in_full(result.reason["dark"]).sum())
    text = f"DARK reads {full:,} of {counted} in full"
    if full:
        far = result.percentiles("argmax", InputFrame("", 1.0, frame.size))
        half = f"**{far[2]:.2f} heatmap px**"
        if frame.name:
            half += f" ({result.percentiles('argmax', frame)[2]:.2f} input px)"
        text += f". On these, argmax lands a median {half} from it, and one in twenty more than {far[4]:.2f}"
    return text + (
        f". Of all peaks {100 * np.mean(result.border):.0f} % stand within {EDGE} heatmap px of an edge, where a "
        f"decoder that smooths is biased towards the inside; the mean score is {np.mean(result.score):.3g}."
        f"{_rivals_text(result.contested)}"
    )


def _rivals_text(count: int) -> str:
    """On how many heatmaps no decoder can tell which of two peaks is right."""
    if not count:
        return ""
    maps = "1 map has" if count == 1 else f"{count:,} maps have"
    return f" {maps} a second peak more than 80 % as high as the first: no decoder can tell which one is the joint."
