"""The wide figure of Evidence: what was measured here, and beside it what was published."""

from __future__ import annotations

import streamlit as st

from dark_core.app.evidence import text as evidence_text
from dark_core.app.evidence.view import DARK, ENCODINGS, Asked, set_title, title, told
from dark_core.app.runtime.page import hidden
from dark_core.app.widgets.chart_style import chart_style
from dark_core.app.widgets.numbers import interval, signed
from dark_core.evaluation.ablation import BASELINE, VARIANTS, Interval
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


def kept_back() -> bool:
    return "answer" in hidden()


def key(asked: Asked | None) -> str:
    """Which line is which."""
    pairs = [BASELINE, DARK] if asked is None else combinations(asked)
    return legend_of(
        (
            line_mark(VARIANTS[reading][0], encoding == "floor"),
            f"{title(encoding, reading)}{' (standard)' if (encoding, reading) == BASELINE else ''}",
        )
        for encoding, reading in pairs
        if (encoding, reading) == BASELINE or not _held_back(asked is not None and asked.as_gain, reading)
    )


def _held_back(as_gain: bool, reading: str) -> bool:
    """Whether an exercise leaves out a line: every gain, and the readings that are as good as DARK."""
    return kept_back() and (as_gain or reading in ("dark", "gaussian_fit"))


def combinations(asked: Asked) -> list[tuple[str, str]]:
    """What is drawn, encoding and reading: the standard first, the paper's last."""
    pairs = [(encoding, reading) for reading in asked.readings for encoding in ENCODINGS]
    return sorted(pairs, key=lambda pair: (pair == DARK) - (pair == BASELINE))


def ours(asked: Asked, said: str) -> None:
    """The networks trained here; ``said`` is the takeaway."""
    pairs = combinations(asked)
    step = min(SPACING, 30 / max(len(pairs), 1))
    every = [_line(asked, pair, (k - len(pairs) + 1) * step) for k, pair in enumerate(pairs)]
    drawn = [one for pair, one in zip(pairs, every) if not _held_back(asked.as_gain, pair[1])]
    if asked.as_gain:
        drawn = [one for one in drawn if one.title != title(*BASELINE)]
    sizes = asked.sizes
    air = 0.14 * (sizes[-1] - sizes[0]) or 20
    across = Axis("input, px; standard → unbiased + DARK", False, (sizes[0] - air, sizes[-1] + 2.2 * air), sizes)
    name = asked.how.axis if asked.joint is None else f"{asked.who} {asked.how.axis}"
    up = Axis(_gain_axis(asked) if asked.as_gain else name, False, _span(asked, every))
    st.markdown(f"**Measured here: {_what(asked)}**")
    st.plotly_chart(
        drawing.lines(
            drawn,
            across,
            up,
            chart_style(HEIGHT),
            [_tick(str(size), *(asked.value(*_at(pair, size)).value for pair in (BASELINE, DARK))) for size in sizes],
            level="the standard" if asked.as_gain else "",
        ),
        key="ours_chart",
        config={"displayModeBar": False},
        alt=f"{said.replace('**', '')} Drawn over the input size: {_ends(drawn)}.",
    )


def _gain_axis(asked: Asked) -> str:
    return f"change, {asked.how.points} (below 0: better)" if asked.how.less else f"gain, {asked.how.points}"


def _what(asked: Asked) -> str:
    people = f"{set_title(asked.name)}, {asked.table.sets[asked.name]['people']} people"
    return people if asked.joint is None else f"{people}, {asked.who}"


def _line(asked: Asked, pair: tuple[str, str], aside: float) -> Line:
    """One combination; while gains are asked the standard is 0 everywhere."""
    encoding, reading = pair
    give = asked.gain if asked.as_gain else asked.value
    found = [give(encoding, size, reading) for size in asked.sizes]
    bars = asked.joint is None
    return Line(
        title(encoding, reading),
        VARIANTS[reading][0],
        asked.sizes,
        [one.value for one in found],
        [_said(asked, pair, size) for size in asked.sizes],
        [one.low for one in found] if bars else (),
        [one.high for one in found] if bars else (),
        hollow=encoding == "floor",
        minor=VARIANTS[reading][1],
        aside=aside,
        label=[] if pair != DARK or kept_back() else [_label(asked, size) for size in asked.sizes],
        label_at=_free(found, asked.how.less, _outdone(asked)),
    )


def _at(pair: tuple[str, str], size: int) -> tuple[str, int, str]:
    return pair[0], size, pair[1]


def _outdone(asked: Asked) -> bool:
    """Whether another reading that is drawn is better than DARK on its targets where it counts most, at small sizes."""
    encoding, dark = DARK
    size, sign = asked.sizes[0], -1 if asked.how.less else 1
    best = max(sign * asked.value(encoding, size, reading).value for reading in asked.readings)
    return best > sign * asked.value(encoding, size, dark).value


def _free(found: list[Interval], less: bool, outdone: bool) -> str:
    """Where a label beside a line is off it: on the side that it comes from or leaves, beyond it if no other is."""
    rising, below = found[-1].value > found[0].value, less != outdone
    return f"{'bottom' if below else 'top'} {'left' if rising != below else 'right'}"


def _label(asked: Asked, size: int) -> str:
    """The paper's gain beside its point, in brackets where it cannot be told from nothing,"""
    gain = asked.gain(*_at(DARK, size))
    text = signed(gain.value)
    return text if asked.joint is not None or told(gain) else f"({text})"


def _tick(size: str, before: float, after: float) -> str:
    """An input size, and below it what the standard and DARK reach there."""
    return f"{size}<br>{before:.1f} →{'' if kept_back() else f' {after:.1f}'}"


def _said(asked: Asked, pair: tuple[str, str], size: int) -> str:
    """What is said when a point is pointed at."""
    value, gain = asked.value(pair[0], size, pair[1]), asked.gain(pair[0], size, pair[1])
    text = f"{size} px: {value.value:.1f} {asked.how.unit} {interval(value)}"
    if pair == BASELINE or kept_back():
        return text
    return f"{text}<br>{signed(gain.value)} {interval(gain, sign=True)} beside the standard"


def _span(asked: Asked, every: list[Line]) -> tuple[float, float]:
    """A scale that holds every line with its bars, whether it is kept back or not."""
    held = evidence_text.finite([value for line in every for value in (*line.y, *line.low, *line.high)])
    if not held.size:
        return (0.0, 1.0)
    low, high = float(held.min()), float(held.max())
    if asked.as_gain:
        low, high = min(low, 0.0), max(high, 0.0)
    air = 0.08 * (high - low) or 1.0
    return low - 1.4 * air, high + 1.4 * air


def _ends(drawn: list[Line]) -> str:
    return "; ".join(f"{line.title} {line.y[0]:.1f} to {line.y[-1]:.1f}" for line in drawn) or "nothing"


# Published


def _point(row: Published) -> str:
    """What is said when a point is pointed at."""
    text = f"{row.size[1]} × {row.size[0]}: {row.base} AP"
    return text if kept_back() else f"{text}, with DARK {row.dark} ({signed(row.gain)})"


def paper(as_gain: bool) -> None:
    """The authors' figures: one network at three sizes, the others small."""
    main = [row for row in PUBLISHED if row.network == NETWORK]
    heights = [row.size[1] for row in main]
    back = kept_back()
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
            if not back:
                drawn.append(Line(f"{row.network} + DARK", "dark", [x], [dark], [said], minor=True))
    said = [_point(row) for row in main]
    if not as_gain:
        drawn.append(Line(NETWORK, "quarter_shift", heights, [row.base for row in main], said, hollow=True))
    values = [row.gain if as_gain else row.dark for row in main]
    if not back:
        label, free = [signed(row.gain) for row in main], "top right" if as_gain else "top left"
        drawn.append(Line(f"{NETWORK} + DARK", "dark", heights, values, said, label=label, label_at=free))
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
        + ("." if back else f"; with DARK {evidence_text.published(main)}: the gain falls with resolution."),
    )
    st.caption(f"Large: {NETWORK}, small: other networks. {SOURCE}.")
