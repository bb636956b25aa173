"""The model card of the person detector as a page to read."""

from __future__ import annotations

from dark_core.training.card_sections import row, table_head


def as_markdown(card: dict) -> str:
    """The page of a detector's card."""
    size, count = card["size"], card["parameters"] / 1e6
    lines = [
        f"# Model card: {card['title']}",
        "",
        f"A photo of {size} × {size} px in, a heatmap of people and two maps of box sizes out, "
        f"{size // 4} × {size // 4} px each; {count:.1f} million parameters. Each peak of the heatmap from "
        f"{card['least']:g} on is a person: `dark_core.codec` decodes its position, the maps give width and height. "
        f"SHA-256 of the weights: `{card['sha256']}`.",
        "The maps of a photo are averaged with those of its mirror image.",
        "",
        "## How good it is",
        "",
        "Recall is the share of labeled people with a detection whose box shares at least half of the union with "
        "theirs; precision is the share of detections that show a labeled person. Heights are shares of the photo’s.",
        "",
        *table_head("set", "people at least", "people", "recall", "detections", "precision"),
    ]
    for name, heights in card.get("validation", {}).items():
        for taller, one in heights.items():
            recall, precision = (f"{100 * one[key]:.1f} %" for key in ("recall", "precision"))
            height = f"{100 * float(taller):.0f} % tall"
            lines.append(row(name, height, str(one["people"]), recall, str(one["detections"]), precision))
    for name, one in card.get("nobody", {}).items():
        lines += [
            "",
            f"**Nobody there.** Of {one['pictures']} photographs of {name} without a person (people painted out, and "
            f"parts beside people) the detector finds somebody in {one['found']}. The pose network then looks for "
            f"joints in the boxes: {one['taken']} are left, and are taken for a photo of a person.",
        ]
    if "ms" in card:
        lines += ["", f"One photo takes {card['ms']:.0f} ms on {card['hardware']}."]
    lines += ["", "## What it was trained on", "", *table_head("data", "photos", "everyone has a box")]
    lines += [row(one["name"], str(one["photos"]), "yes" if one["everyone"] else "no") for one in card["sources"]]
    if card.get("about"):
        lines += ["", f"Where the data comes from, its terms, and what follows: [{card['about']}]({card['about']})."]
    lines += [
        "",
        "## How",
        "",
        f"{card['steps']} steps of {card['batch']} views of {card.get('views', size)} px in {card['minutes']:g} "
        f"minutes on {card['hardware']}; seed {card['seed']}. {card['start']}",
    ]
    return "\n".join(lines) + "\n"
