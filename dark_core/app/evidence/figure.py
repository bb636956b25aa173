"""The wide figure of Evidence: what was measured here, and beside it what was published."""

from __future__ import annotations

import streamlit as st

from dark_core.app.evidence import text as evidence_text
from dark_core.app.evidence.view import DARK, ENCODINGS, Selection, is_significant, set_title, title
from dark_core.app.runtime.page import answer_hidden
from dark_core.app.widgets.chart_style import chart_style
from dark_core.app.widgets.numbers import interval, signed
from dark_core.evaluation.ablation_table import BASELINE, VARIANTS, Interval
from dark_core.evaluation.published_results import PUBLISHED, SOURCE, Published
from dark_core.figures.charts import ablation as drawing
from dark_core.figures.charts.ablation import Line
from dark_core.figures.charts.chart import Axis
from dark_core.figures.legend import legend_of, line_mark

HEIGHT = 300
NETWORK = "HRNet-W32"
"""The published network at all three sizes."""

SPACING = 3.2
"""Between the intervals of one input size, px of input."""


def key(selection: Selection | None) -> str:
    """Which line is which."""
    pairs = [BASELINE, DARK] if selection is None else combinations(selection)
    return legend_of(
        (
            line_mark(VARIANTS[variant][0], encoding == "floor"),
            f"{title(encoding, variant)}{' (standard)' if (encoding, variant) == BASELINE else ''}",
        )
        for encoding, variant in pairs
        if (encoding, variant) == BASELINE or not _is_left_out(selection is not None and selection.as_gain, variant)
    )


def _is_left_out(as_gain: bool, variant: str) -> bool:
    """Whether an exercise leaves out a line: every gain, and the decoders that are as good as DARK."""
    return answer_hidden() and (as_gain or variant in ("dark", "gaussian_fit"))


def combinations(selection: Selection) -> list[tuple[str, str]]:
    """The pairs of encoding and decoder variant that are drawn: the baseline first, the paper's last."""
    pairs = [(encoding, variant) for variant in selection.variants for encoding in ENCODINGS]
    return sorted(pairs, key=lambda pair: (pair == DARK) - (pair == BASELINE))


def ours(selection: Selection, said: str) -> None:
    """The networks trained here; ``said`` is the takeaway."""
    pairs = combinations(selection)
    step = min(SPACING, 30 / max(len(pairs), 1))
    every = [_line(selection, pair, (k - len(pairs) + 1) * step) for k, pair in enumerate(pairs)]
    drawn = [one for pair, one in zip(pairs, every) if not _is_left_out(selection.as_gain, pair[1])]
    if selection.as_gain:
        drawn = [one for one in drawn if one.title != title(*BASELINE)]
    sizes = selection.sizes
    air = 0.14 * (sizes[-1] - sizes[0]) or 20
    across = Axis("input, px; standard → unbiased + DARK", False, (sizes[0] - air, sizes[-1] + 2.2 * air), sizes)
    name = selection.measure.axis if selection.joint is None else f"{selection.joints_title} {selection.measure.axis}"
    up = Axis(_gain_axis(selection) if selection.as_gain else name, False, _span(selection, every))
    st.markdown(f"**Measured here: {_data_title(selection)}**")
    st.plotly_chart(
        drawing.lines(
            drawn,
            across,
            up,
            chart_style(HEIGHT),
            [
                _tick(str(size), *(selection.value(*_at(pair, size)).value for pair in (BASELINE, DARK)))
                for size in sizes
            ],
            level="the standard" if selection.as_gain else "",
        ),
        key="ours_chart",
        config={"displayModeBar": False},
        alt=f"{said.replace('**', '')} Drawn over the input size: {_ends(drawn)}.",
    )


def _gain_axis(selection: Selection) -> str:
    return (
        f"change, {selection.measure.points} (below 0: better)"
        if selection.measure.less
        else f"gain, {selection.measure.points}"
    )


def _data_title(selection: Selection) -> str:
    people = f"{set_title(selection.name)}, {selection.table.sets[selection.name]['people']} people"
    return people if selection.joint is None else f"{people}, {selection.joints_title}"


def _line(selection: Selection, pair: tuple[str, str], aside: float) -> Line:
    """One pair; while gains are selected the baseline is 0 everywhere."""
    encoding, variant = pair
    give = selection.gain if selection.as_gain else selection.value
    found = [give(encoding, size, variant) for size in selection.sizes]
    bars = selection.joint is None
    return Line(
        title(encoding, variant),
        VARIANTS[variant][0],
        selection.sizes,
        [one.value for one in found],
        [_hover_text(selection, pair, size) for size in selection.sizes],
        [one.low for one in found] if bars else (),
        [one.high for one in found] if bars else (),
        hollow=encoding == "floor",
        minor=VARIANTS[variant][1],
        aside=aside,
        label=[] if pair != DARK or answer_hidden() else [_label(selection, size) for size in selection.sizes],
        label_at=_free(found, selection.measure.less, _outdone(selection)),
    )


def _at(pair: tuple[str, str], size: int) -> tuple[str, int, str]:
    return pair[0], size, pair[1]


def _outdone(selection: Selection) -> bool:
    """Whether another variant that is drawn is better than DARK on its targets where it counts most, at small sizes."""
    encoding, dark = DARK
    size, sign = selection.sizes[0], -1 if selection.measure.less else 1
    best = max(sign * selection.value(encoding, size, variant).value for variant in selection.variants)
    return best > sign * selection.value(encoding, size, dark).value


def _free(found: list[Interval], less: bool, outdone: bool) -> str:
    """Where a label beside a line is off it: on the side that it comes from or leaves, beyond it if no other is."""
    rising, below = found[-1].value > found[0].value, less != outdone
    return f"{'bottom' if below else 'top'} {'left' if rising != below else 'right'}"


def _label(selection: Selection, size: int) -> str:
    """The paper's gain beside its point, in brackets where it is not significant."""
    gain = selection.gain(*_at(DARK, size))
    text = signed(gain.value)
    return text if selection.joint is not None or is_significant(gain) else f"({text})"


def _tick(size: str, before: float, after: float) -> str:
    """An input size, and below it what the baseline and DARK reach there."""
    return f"{size}<br>{before:.1f} →{'' if answer_hidden() else f' {after:.1f}'}"


def _hover_text(selection: Selection, pair: tuple[str, str], size: int) -> str:
    """The text of a point on hover."""
    value, gain = selection.value(pair[0], size, pair[1]), selection.gain(pair[0], size, pair[1])
    text = f"{size} px: {value.value:.1f} {selection.measure.unit} {interval(value)}"
    if pair == BASELINE or answer_hidden():
        return text
    return f"{text}<br>{signed(gain.value)} {interval(gain, sign=True)} beside the standard"


def _span(selection: Selection, every: list[Line]) -> tuple[float, float]:
    """A scale that holds every line with its bars, whether it is hidden or not."""
    held = evidence_text.finite([value for line in every for value in (*line.y, *line.low, *line.high)])
    if not held.size:
        return (0.0, 1.0)
    low, high = float(held.min()), float(held.max())
    if selection.as_gain:
        low, high = min(low, 0.0), max(high, 0.0)
    air = 0.08 * (high - low) or 1.0
    return low - 1.4 * air, high + 1.4 * air


def _ends(drawn: list[Line]) -> str:
    return "; ".join(f"{line.title} {line.y[0]:.1f} to {line.y[-1]:.1f}" for line in drawn) or "nothing"


# Published


def _point(row: Published) -> str:
    """The text of a point on hover."""
    text = f"{row.size[1]} × {row.size[0]}: {row.base} AP"
    return text if answer_hidden() else f"{text}, with DARK {row.dark} ({signed(row.gain)})"


def paper(as_gain: bool) -> None:
    """The authors' figures: one network at three sizes, the others small."""
    main = [row for row in PUBLISHED if row.network == NETWORK]
    heights = [row.size[1] for row in main]
    exercise = answer_hidden()
    drawn: list[Line] = []
    others = [row for row in PUBLISHED if row.network != NETWORK]
    at = {size: [row for row in others if row.size[1] == size] for size in heights}
    for size, rows in at.items():
        for k, row in enumerate(rows):
            x = size - 52 - 9 * (len(rows) - 1 - k)
            said = f"{row.network}, {_point(row)}"
            base, dark = (0.0, row.gain) if as_gain else (row.base, row.dark)
            if not as_gain:
                drawn.append(Line(row.network, "quarter_shift", [x], [base], [said], minor=True, hollow=True))
            if not exercise:
                drawn.append(Line(f"{row.network} + DARK", "dark", [x], [dark], [said], minor=True))
    points = [_point(row) for row in main]
    if not as_gain:
        drawn.append(Line(NETWORK, "quarter_shift", heights, [row.base for row in main], points, hollow=True))
    values = [row.gain if as_gain else row.dark for row in main]
    if not exercise:
        label, free = [signed(row.gain) for row in main], "top right" if as_gain else "top left"
        drawn.append(Line(f"{NETWORK} + DARK", "dark", heights, values, points, label=label, label_at=free))
    held = (
        [0.0, *(row.gain for row in PUBLISHED)] if as_gain else [v for row in PUBLISHED for v in (row.base, row.dark)]
    )
    air = 0.08 * (max(held) - min(held))
    up = Axis("gain, points of AP" if as_gain else "AP", False, (min(held) - air, max(held) + 2 * air))
    across = Axis("input, px; AP without DARK → with it", False, (heights[0] - 108, heights[-1] + 70), heights)
    st.markdown(f"**Published: {NETWORK} on COCO**")
    st.plotly_chart(
        drawing.lines(
            drawn,
            across,
            up,
            chart_style(HEIGHT),
            [_tick(f"{row.size[1]} × {row.size[0]}", row.base, row.dark) for row in main],
            "without DARK" if as_gain else "",
        ),
        key="paper_chart",
        config={"displayModeBar": False},
        alt=f"Published by the authors: {NETWORK} {', '.join(f'{row.base}' for row in main)} AP without DARK at "
        f"{', '.join(f'{row.size[1]} by {row.size[0]}' for row in main)} px"
        + ("." if exercise else f"; with DARK {evidence_text.published(main)}: the gain falls with resolution."),
    )
    st.caption(f"Large: {NETWORK}, small: other networks. {SOURCE}.")
