"""The model card: what a network is, what it learnt from, how good it is, in words a reader can check."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict

import torch

from dark_core.pose.network import PoseNet
from dark_core.pose.skeleton import SKELETON
from dark_core.training.fit import Phase, Progress


def make_card(
    args, sources: list[dict], phases: tuple[Phase, ...], progress: Progress, network: PoseNet, validation: dict
) -> dict:
    """Everything known of a training as one JSON-ready dict; paths are left out, file names kept.

    ``sources``: name, people, weight and unsure of each data set; ``validation``: set name ->
    decoder -> the dict of ``study.evaluate.score``.
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
        "batch": args.batch,
        "seed": args.seed,
        "steps": progress.step,
        "minutes": round(progress.seconds / 60, 1),
        "hardware": f"{hardware}, {platform.machine()}, PyTorch {torch.__version__.split('+')[0]}",
        "validation": validation,
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
        "Share of labelled joints within 0.2 or 0.1 torsos (mean shoulder–hip diagonal) of the label, in %: 12 limb "
        "joints, crop from the labelled joints, averaged over the crop and its mirror image.",
        "",
        "| set | decoder | PCK@0.2 | PCK@0.1 |",
        "|---|---|---|---|",
    ]
    for name, decoders in card["validation"].items():
        for decoder, result in decoders.items():
            lines.append(f"| {name} | {decoder} | {100 * result['pck@0.2']:.1f} | {100 * result['pck@0.1']:.1f} |")
    for name, decoders in card["validation"].items():
        decoder, result = list(decoders.items())[-1]
        lines += ["", f"By joint on {name}, read by {decoder}:", "", "| joint | PCK@0.2 | PCK@0.1 |", "|---|---|---|"]
        for joint in SKELETON.names:
            shares = [result[f"pck@{threshold} per joint"][joint] for threshold in (0.2, 0.1)]
            lines.append(f"| {joint} | {100 * shares[0]:.1f} | {100 * shares[1]:.1f} |")
    lines += [
        "",
        "## What it was trained on",
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
