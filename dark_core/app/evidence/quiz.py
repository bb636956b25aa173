"""The question of Evidence, its numbers published."""

from __future__ import annotations

from dark_core.app.widgets.teaching import Option
from dark_core.evaluation.published_results import PUBLISHED


def question() -> tuple[str, list[Option]]:
    """The page's question, its numbers published."""
    rows = [row for row in PUBLISHED if row.network == "HRNet-W32"]
    small, large = rows[0], rows[-1]
    times = large.size[1] / small.size[1]
    fact = (
        f"HRNet-W32 gains {small.gain} AP at {small.size[1]} × {small.size[0]} px and {large.gain} at "
        f"{large.size[1]} × {large.size[0]}"
    )
    return (
        "The larger the input, the less the better encoding and decoding are worth. Why?",
        [
            Option(
                "A heatmap pixel covers less of the person",
                f"Yes. {fact}: {times:.0f} times the side makes every heatmap pixel {times:.0f} times smaller on the "
                "person, and with it all that is lost inside it. One pays for the same accuracy with "
                f"{times**2:.0f} times the work.",
                right=True,
            ),
            Option(
                "Larger maps have no sub-pixel error",
                f"They have the same error in heatmap px, whatever their size; only the pixel is smaller. {fact}.",
            ),
            Option(
                "DARK works on small maps only",
                f"It finds the same fraction of a pixel on any map: see Noise lab, resolution. {fact}.",
            ),
        ],
    )
