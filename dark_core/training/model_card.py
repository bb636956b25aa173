"""The model card: what a network is, what it learnt from, how good it is, in words a reader can check."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict
from math import isnan

import torch

from dark_core.pose.network import PoseNet
from dark_core.pose.skeleton import SKELETON
from dark_core.training.card_sections import TRAINING, faults_section, reliability_section, row, table_head
from dark_core.training.fit import Phase, Progress


def make_card(
    args,
    sources: list[dict],
    phases: tuple[Phase, ...],
    progress: Progress,
    network: PoseNet,
    validation: dict,
    start: dict | None = None,
) -> dict:
    """Everything known of a training as one JSON-ready dict; paths are left out, file names kept.

    ``sources``: name, people, weight and unsure of each data set; ``validation``: set name ->
    decoder -> the dict of ``evaluation.evaluate.score``; ``start``: the card of the weights it went on from.
    """
    device = torch.device(args.device)
    hardware = torch.cuda.get_device_name() if device.type == "cuda" else f"{os.cpu_count()} CPU cores"
    return {
        "title": args.name,
        "size": args.size,
        "sigma": args.sigma,
        "encoding": args.encoding,
        "parameters": sum(p.numel() for p in network.parameters()),
        "sources": sources,
        "about": args.about,
        "phases": [asdict(phase) for phase in phases],
        "start": start and {key: start[key] for key in ("title", "size", "steps", "minutes", "sha256")},
        "batch": args.batch,
        "seed": args.seed,
        "steps": progress.step,
        "minutes": round(progress.seconds / 60, 1),
        "hardware": f"{hardware}, {platform.machine()}, PyTorch {torch.__version__.split('+')[0]}",
        "validation": _without_nan(validation),
    }


def as_markdown(card: dict) -> str:
    """The card as a page to read."""
    lines = [
        f"# Model card: {card['title']}",
        "",
        f"Crops of {card['size']} × {card['size']} px in, {len(SKELETON)} heatmaps of "
        f"{card['size'] // 4} × {card['size'] // 4} px out; {card['parameters'] / 1e6:.1f} million parameters. "
        f"Targets: Gaussians of σ = {card['sigma']:g} px, {card['encoding']} encoding. "
        f"SHA-256 of the weights: `{card['sha256']}`.",
        "",
        "## How good it is",
        "",
        "PCK@0.1 is the percentage of labeled joints that are found within 10 % of the torso length (the mean diagonal "
        "from shoulder to hip) of their label. It counts 12 limb joints. The crop is drawn around the labeled joints, "
        "and the heatmaps are averaged over the crop and its mirror image. OKS AP, if given, is COCO's, with one "
        "detection per person. The column people, if given, says how many people PCK counts: those whose torso, or "
        "box, is labeled.",
        "",
    ]
    measures = {"pck@0.2": "PCK@0.2", "pck@0.1": "PCK@0.1", "pck@0.05": "PCK@0.05", "oks_ap": "OKS AP"}
    results = [result for decoders in card["validation"].values() for result in decoders.values()]
    kept = [key for key in measures if all(key in result for result in results)]  # cards of before have fewer
    lines += table_head("set", "decoder", *(measures[key] for key in kept), *(["people"] if _counts(results) else []))
    for name, decoders in card["validation"].items():
        for decoder, result in decoders.items():
            people = [f"{result['measured']} of {result['people']}"] if _counts(results) else []
            lines.append(row(name, decoder, *(_share(result[key], result) for key in kept), *people))
    shown = [key for key in kept if key.startswith("pck")]
    for name, decoders in card["validation"].items():
        decoder, result = list(decoders.items())[-1]
        lines += ["", f"By joint on {name}, decoded by {decoder}:", ""]
        lines += table_head("joint", *(measures[key] for key in shown))
        for joint in SKELETON.names:
            lines.append(row(joint, *(_share(result[f"{key} per joint"][joint]) for key in shown)))
    lines += ["", *_absent(card), *reliability_section(card), *faults_section(card)]
    lines += [
        TRAINING,
        "",
        "| data | people | drawn | weight of unsure joints |",
        "|---|---|---|---|",
    ]
    lines += [f"| {s['name']} | {s['people']} | × {s['weight']:g} | {s['unsure']:g} |" for s in card["sources"]]
    if card["about"]:
        link = f"[{card['about']}]({card['about']})"
        lines += ["", f"Where the data comes from, its terms, and what follows for the weights: {link}."]
    lines += [
        "",
        "## How",
        "",
        f"{card['steps']} steps of {card['batch']} crops in {card['minutes']:g} minutes on {card['hardware']}; "
        f"seed {card['seed']}.",
        *_start(card),
        "",
        "| until | crop | σ | loss | peak rate | empty crops |",
        "|---|---|---|---|---|---|",
    ]
    for phase in card["phases"]:
        lines.append(
            f"| {100 * phase['until']:.0f} % | {phase['size']} px | {phase['sigma']:g} px | "
            f"{phase['loss'].replace('_', ' ')} | {phase['rate']:g} | {100 * phase['empty']:.0f} % |"
        )
    return "\n".join(lines) + "\n"


def _counts(results: list[dict]) -> bool:
    """Whether the card says how many people PCK counts; cards of before do not."""
    return all("measured" in result for result in results)


def _share(share: float | None, result: dict | None = None) -> str:
    """A share in %, or that there is none, and why where ``result`` knows it."""
    if share is None or isnan(share):
        return f"not measured ({result['unmeasured']})" if result and result.get("unmeasured") else "–"
    return f"{100 * share:.1f}"


def _without_nan(found):
    """The same with None, which is JSON, in place of NaN, which is not."""
    if isinstance(found, dict):
        return {key: _without_nan(value) for key, value in found.items()}
    return None if isinstance(found, float) and isnan(found) else found


def _absent(card: dict) -> list[str]:
    """What is said of joints that are not in the picture, if the network was trained to say it."""
    found = dict(card.get("absent joints", {}))
    if not found:
        return []
    called = found.pop("called")
    shares = " and ".join(f"{100 * share:.0f} % of those of {name}" for name, share in found.items())
    return [
        f"A joint whose heatmap stays below {card['absent']:.2f} is called absent: it is not in the picture. That "
        f"finds {shares}, and is said of {100 * called:.1f} % of the joints that are there.",
        "",
    ]


def _start(card: dict) -> list[str]:
    """What the training went on from, if from anything."""
    start, average = card.get("start"), card.get("average")  # cards of before have none
    lines = []
    if start:
        lines.append(
            f"It went on from the weights `{start['title']}`: {start['steps']} steps in {start['minutes']:g} minutes, "
            f"ending on crops of {start['size']} px (SHA-256 `{start['sha256']}`)."
        )
    if trunk := card.get("trunk"):
        lines.append(f"Its trunk stayed as it was; networks share it in one file, `{trunk['name']}.safetensors`.")
    if average:
        lines.append(
            f"What was trained was then averaged with the weights `{average['title']}` (SHA-256 "
            f"`{average['sha256']}`), whose share is {100 * average['share']:.0f} %."
        )
    return lines
