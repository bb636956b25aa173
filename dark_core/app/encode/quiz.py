"""The question of Encode, its numbers computed."""

from __future__ import annotations

from dark_core.app.widgets.teaching import Option
from dark_core.evaluation.metrics import mean_rounding


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers computed."""
    floor, rounded = (mean_rounding(name) for name in ("floor", "round"))
    return (
        "You train on floored targets, then read the heatmaps without any error. How far off are the joints?",
        [
            Option(
                "0 heatmap px: a perfect reading is perfect",
                "The reading is perfect, the target was not: the "
                f"network has learnt to answer {floor:.2f} px up and to the left.",
            ),
            Option(
                f"{rounded:.2f} heatmap px",
                "That is what rounding to the nearest pixel costs; floor costs twice "
                "as much, because it always goes the same way.",
            ),
            Option(
                f"{floor:.2f} heatmap px",
                "Yes: the mean distance from a point of a pixel to its corner. Adding "
                f"half a pixel when decoding leaves {rounded:.2f}, and nothing brings back the rest.",
                right=True,
            ),
            Option("1.41 heatmap px", "That is the worst case, a joint just short of the next pixel on both axes."),
        ],
    )
