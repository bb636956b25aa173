"""What Your heatmaps says of a file: how it was understood, and what the decoders make of it."""

from __future__ import annotations

import numpy as np

from dark_core.app.your_heatmaps.source import Source
from dark_core.app.your_heatmaps.view import MARKED, TEXT, Positions
from dark_core.codec import DECODERS, in_full
from dark_core.diagnosis.explain import diagnose
from dark_core.evaluation import decoder_choice_text as words
from dark_core.evaluation.batch_decode import EDGE, BatchResult, InputFrame
from dark_core.evaluation.decoder_choice import Choice
from dark_core.files.formats.stored import plain
from dark_core.files.heatmap_layouts import Heatmaps, Survey
from dark_core.pose.pixel_conventions import CONVENTIONS
from dark_core.pose.skeleton import SKELETON


def lead(source: Source) -> str:
    """What the page is for, and whose heatmaps it shows."""
    return TEXT["lead_own" if source.own else "lead_sample"]


def recognized_text(source: Source, heatmaps: Heatmaps, found: Survey, given: float | None) -> str:
    """How the file was understood, in a line: its name, type, axes and σ."""
    texts = TEXT["recognized"]
    lengths = {axis: heatmaps.values.shape["NKHW".index(axis)] for axis in heatmaps.layout}
    axes = " × ".join(
        texts["axes"][axis]["one" if count == 1 else "many"].format(count=count) for axis, count in lengths.items()
    )
    if given is not None:
        sigma = texts["chosen"].format(sigma=given)
    elif not found.clear:
        sigma = texts["none"]
    else:
        sigma = texts["one" if found.clear == 1 else "many"].format(clear=found.clear)
    return f"{texts['file'].format(name=plain(source.name), dtype=heatmaps.dtype, axes=axes)} {sigma}"


def measured_text(heatmaps: Heatmaps, found: Survey, given: bool) -> str:
    """How axes and sigma were found."""
    texts = TEXT["measured"]
    said = [texts["axes"].format(why=heatmaps.why)] if heatmaps.why else []
    if not found.clear:
        return " ".join([*said, texts["none"].format(seen=found.seen, sigma=found.sigma)])
    said.append(texts["sigma"].format(sigma=found.sigma, low=found.low, high=found.high))
    return " ".join(said if given else [*said, texts["training"]])


def warnings(found: Survey) -> list[str]:
    """A text for each property of the values that is probably a mistake."""
    if not found.not_finite:
        return []
    return [TEXT["file"]["not_finite"].format(count=found.not_finite, seen=found.seen)]


def joint_name(source: Source, joint: int) -> str:
    """ "joint 6", and its name where the heatmaps are ours."""
    if source.own:
        return TEXT["joint"]["own"].format(joint=joint)
    return TEXT["joint"]["sample"].format(joint=joint, name=SKELETON.names[joint])


def summary_text(positions: Positions, frame: InputFrame, name: str) -> str:
    """How far apart the decoded positions of one heatmap are, as Markdown."""
    away = {other: xy - positions["dark"] for other, xy in positions.items() if other != "dark"}
    far = max(away, key=lambda other: np.linalg.norm(away[other]))

    def sentence(key: str, other: str) -> str:
        return TEXT["summary"][f"{key}_input" if frame.name else key].format(
            joint=name,
            count=len(positions),
            decoder=DECODERS[other].title,
            distance=float(np.linalg.norm(away[other])),
            distance_input=float(frame.length(away[other])) if frame.name else np.nan,
        )

    said = sentence("argmax", "argmax")
    return said if far == "argmax" else f"{said} {sentence('farthest', far)}"


def explanation(raw: np.ndarray, sigma: float, positions: Positions) -> str:
    """Why the decoders are off, for heatmaps of ordinary size."""
    if raw.size > 2**16:
        return ""
    return diagnose(raw, sigma, {decoder: positions[decoder] for decoder in MARKED})


def gains_alt(choice: Choice, names: list[str]) -> str:
    """The figure of the gains per joint in words."""
    texts = TEXT["choice"]
    gains = [
        texts["chart_gain"].format(joint=name, gain=gain) for name, gain in zip(names, choice.joints.value, strict=True)
    ]
    return texts["chart_alt"].format(decoder=words.title(choice.recommended), gains=", ".join(gains))


def choice_caption(choice: Choice, people: int, unit: str) -> str:
    """What the ranking was measured on, and what its intervals mean; ``unit``: of the truth."""
    texts = TEXT["choice"]
    counted = texts["people" if choice.people == people else "people_some"]
    said = [
        counted.format(people=choice.people, all=people, labeled=choice.labeled, unit=unit),
        texts["measures"].format(yardstick=choice.yardstick),
        words.conventions(choice),
    ]
    return " ".join(said).rstrip()


def conventions_text(source: Source, frame: InputFrame) -> str:
    """How pixels count, and what a link cannot hold."""
    texts = TEXT["measured"]
    said = [texts["pixels"]]
    if frame.name:
        said.append(texts["convention"].format(formula=CONVENTIONS[frame.name].formula, stride=frame.stride))
    if source.own:
        said.append(texts["link"])
    return " ".join(said)


def frame_help() -> str:
    """The formulas of the conventions, for the control that chooses one."""
    texts = TEXT["controls"]
    conventions = [
        texts["frame_of"].format(name=name, formula=one.formula, users=one.users) for name, one in CONVENTIONS.items()
    ]
    return texts["frame_help"].format(conventions=" · ".join(conventions))


def file_summary_text(result: BatchResult, frame: InputFrame) -> str:
    """The whole file in a few numbers, as Markdown."""
    texts, full = TEXT["whole"], int(in_full(result.reason["dark"]).sum())
    said = [texts["full_one" if result.count == 1 else "full"].format(full=full, count=result.count)]
    if full:
        far = result.percentiles("argmax", InputFrame("", 1.0, frame.size))
        values = {"median": far[2], "far": far[4], "median_input": result.percentiles("argmax", frame)[2]}
        said.append(texts["distance_input" if frame.name else "distance"].format(**values))
    said.append(texts["edge"].format(share=100 * np.mean(result.border), edge=EDGE))
    said.append(texts["score"].format(score=np.mean(result.score)))
    if result.contested:
        said.append(texts["rival" if result.contested == 1 else "rivals"].format(count=result.contested))
    return " ".join(said)
