"""The parts of a model card's page that are measured after the training and can be renewed alone."""

from __future__ import annotations

import re

from dark_core.evaluation.failures.left_right import WITHIN

RELIABILITY = "## What its confidence says"
FAULTS = "## Where it fails"
TRAINING = "## What it was trained on"


def table_head(*titles: str) -> list[str]:
    return [row(*titles), "|" + "---|" * len(titles)]


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def figure_name(card: dict) -> str:
    """The drawing that the section on reliability shows, beside the card."""
    return f"{card['title']}_reliability.svg"


def reliability_section(card: dict) -> list[str]:
    """The section on calibrated confidence, a blank line at its end; nothing without a calibration."""
    found = card.get("calibration")
    if not found:
        return []
    joints = sum(one["joints"] for one in found["reliability"])
    lines = [
        RELIABILITY,
        "",
        f"Confidence is the probability that a joint decoded by DARK is within {100 * found['within']:g} % of the "
        "torso length of its label. It is computed from the maximum of the heatmap, by isotonic regression on "
        f"{joints} labeled joints of {found['people']} people of {' and '.join(found['sets'])}. For this table, each "
        "fifth of the people is judged by a regression fitted to the other four: stated and true confidence differ by "
        f"{100 * found['gap']:.1f} points on average, and by {100 * found['gap of the score']:.1f} points if the bare "
        "maximum is taken for the confidence. All this holds where there is a person. The mean of the maxima tells "
        "whether there is one.",
        "",
        f"![Confidence stated against the share of joints that are right]({figure_name(card)})",
        "",
        *table_head("stated", "joints", "right", "95 %"),
    ]
    for one in found["reliability"]:
        stated, right, low, high = (f"{100 * share:.0f}" for share in (one["said"], one["right"], *one["interval"]))
        lines.append(row(f"{stated} %", str(one["joints"]), f"{right} %", f"{low} – {high} %"))
    return [*lines, "", *_regions(card)]


def _regions(card: dict) -> list[str]:
    """The paragraph on the regions round the joints, a blank line at its end; nothing of a card without them."""
    found = card.get("regions")
    if not found:
        return []
    shares = ", ".join(f"{100 * share:.1f} % of {joints} on {name}" for name, joints, share in found["holds"])
    return [
        f"**How far off a joint may be.** The covariance of `{found['decoder']}`, times a factor per joint (`regions` "
        f"in the card), gives an ellipse that should hold {100 * found['share']:.0f} % of the labels. With factors "
        f"fitted to the other four fifths of the people it holds {shares}.",
        "",
    ]


def failures_name(card: dict) -> str:
    """The pictures that the section on faults shows, beside the card."""
    return f"{card['title']}_failures.jpg"


def faults_section(card: dict) -> list[str]:
    """The section on what ``python -m dark_core faults`` measured, a blank line at its end; nothing before it has."""
    found = card.get("faults")
    if not found:
        return []
    lines = [
        FAULTS,
        "",
        "Measured by `python -m dark_core faults`. Joints are decoded by DARK from heatmaps averaged over the crop and "
        "its mirror image.",
        "",
        "**Left and right.** A joint is swapped if it is decoded nearer to the label of the other side than to its "
        f"own, and within {100 * WITHIN:g} % of the torso length of it. Joints whose two labels are nearer to each "
        "other than that are not counted. The labeled shoulders and hips tell from where a person is seen.",
        "",
        *table_head("set", "seen from", "joints", "swapped"),
    ]
    for name, views in found["sides"].items():
        lines += [row(name, view, str(one["joints"]), _percent(one["share"])) for view, one in views.items()]
    empty = found["empty"]
    placed = " and ".join(f"{one['found']} of {one['people']} of {name}" for name, one in found["found"].items())
    lines += [
        "",
        f"**Nobody there.** Of {empty['pictures']} pictures made without a person (landscapes of random shapes, scenes "
        f"with the person painted out), the network sees a person in {empty['taken']}. Placed in larger "
        f"pictures, where the detector has to find them, {placed} are found.",
        "",
        "**Cut off.** Photos cut so that three joints are gone, in the box of the joints left:",
        "",
        *table_head("set", "joints gone", "called missing", "a guess", "right calls", "left but called missing"),
    ]
    shares = ("called", "guessed", "right", "wrongly")
    lines += [
        row(name, str(one["joints"]), *(_percent(one[share]) for share in shares)) for name, one in found["cut"].items()
    ]
    if shown := found.get("shown"):
        errors = ", ".join(f"{error:.1f}" for error in shown["errors"])
        said = f"The people of {shown['set']} with the largest errors, rings at the true joints; mean limb error "
        said += f"{errors} times the torso length"
        lines += ["", f"![{said}]({failures_name(card)})", "", f"{said}."]
    return [*lines, ""]


def _percent(share: float | None) -> str:
    return "not measured" if share is None else f"{100 * share:.1f} %"


def with_sections(page: str, card: dict) -> str:
    """A model card's ``page`` with these sections of ``card`` put in, or in place of those it has.

    Whatever else was written on the page stays.
    """
    sections = "".join(f"{line}\n" for line in [*reliability_section(card), *faults_section(card)])
    bare = re.sub(rf"^({RELIABILITY}|{FAULTS})\n.*?(?=^## |\Z)", "", page, flags=re.MULTILINE | re.DOTALL)
    head, mark, tail = bare.partition(f"{TRAINING}\n")
    return f"{head}{sections}{mark}{tail}" if mark else f"{head.rstrip()}\n\n{sections}"
