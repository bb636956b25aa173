"""The wide figure of Evidence: what was measured here, and beside it what was published."""

from __future__ import annotations

import streamlit as st

from dark_core.app.evidence import text as evidence_text
from dark_core.app.evidence.text import NETWORK
from dark_core.app.evidence.view import DARK, ENCODINGS, TEXT, Selection, is_significant, set_title, title
from dark_core.app.runtime.page import answer_hidden
from dark_core.app.text.catalog import listed
from dark_core.app.widgets.chart_style import chart_style
from dark_core.app.widgets.numbers import interval, signed
from dark_core.evaluation.ablation_table import BASELINE, VARIANTS, Interval
from dark_core.evaluation.published_results import PUBLISHED, SOURCE, Published
from dark_core.figures.charts import ablation as drawing
from dark_core.figures.charts.ablation import Line
from dark_core.figures.charts.chart import Axis
from dark_core.figures.legend import interval_mark, legend_of, line_mark

FIGURE, PAPER = TEXT["figure"], TEXT["figure"]["published"]

HEIGHT = 300
SPACING = 3.2
"""Between the intervals of one input size, px of input."""


def key(selection: Selection | None) -> str:
    """Which line is which."""
    pairs = [BASELINE, DARK] if selection is None else combinations(selection)
    items = [
        (line_mark(VARIANTS[variant][0], encoding == "floor"), _key_title(encoding, variant))
        for encoding, variant in pairs
        if (encoding, variant) == BASELINE or not _is_left_out(selection is not None and selection.as_gain, variant)
    ]
    if selection is not None and selection.joint is None:
        items.append((interval_mark(), FIGURE["interval"]))
    return legend_of(items)


def _key_title(encoding: str, variant: str) -> str:
    """A pair's title in the legend, which says which one is the baseline."""
    pair = title(encoding, variant)
    return TEXT["names"]["baseline"].format(pair=pair) if (encoding, variant) == BASELINE else pair


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
    across = Axis(FIGURE["across"], False, (sizes[0] - air, sizes[-1] + 2.2 * air), sizes)
    up = Axis(_gain_axis(selection) if selection.as_gain else value_axis(selection), False, _span(selection, every))
    st.markdown(FIGURE["measured"].format(people=_data_title(selection)))
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
            level=FIGURE["level"] if selection.as_gain else "",
        ),
        key="ours_chart",
        config={"displayModeBar": False},
        alt=FIGURE["alt"].format(said=said.replace("**", ""), ends=ends(drawn) or FIGURE["nothing"]),
    )


def _gain_axis(selection: Selection) -> str:
    return FIGURE["change_axis" if selection.measure.less else "gain_axis"].format(points=selection.measure.points)


def value_axis(selection: Selection) -> str:
    """The title of a scale of scores; it names the joint if there is only one."""
    measure = selection.measure
    if selection.joint is None:
        return measure.axis
    return FIGURE["axis_joint"].format(joints=selection.joints_title, axis=measure.axis)


def _data_title(selection: Selection) -> str:
    return FIGURE["people" if selection.joint is None else "people_joint"].format(
        set=set_title(selection.name),
        people=selection.table.sets[selection.name]["people"],
        joints=selection.joints_title,
    )


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
    return FIGURE["tick_hidden" if answer_hidden() else "tick"].format(size=size, before=before, after=after)


def _hover_text(selection: Selection, pair: tuple[str, str], size: int) -> str:
    """The text of a point on hover."""
    value, gain = selection.value(pair[0], size, pair[1]), selection.gain(pair[0], size, pair[1])
    text = (
        FIGURE["hover"]
        .format(size=size, value=value.value, unit=selection.measure.unit, interval=interval(value))
        .rstrip()
    )
    if pair == BASELINE or answer_hidden():
        return text
    over = FIGURE["hover_gain"].format(gain=signed(gain.value), interval=interval(gain, sign=True))
    return f"{text}<br>{over}"


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


def ends(drawn: list[Line]) -> str:
    """Each line's first and last value, for those who cannot see it."""
    return "; ".join(FIGURE["end"].format(title=one.title, first=one.y[0], last=one.y[-1]) for one in drawn)


# Published


def _point(row: Published) -> str:
    """The text of a point on hover."""
    text = PAPER["hover" if answer_hidden() else "hover_dark"]
    return text.format(size=_size(row), base=row.base, dark=row.dark, gain=signed(row.gain))


def _size(row: Published) -> str:
    return PAPER["size"].format(height=row.size[1], width=row.size[0])


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
            said = PAPER["hover_of"].format(network=row.network, point=_point(row))
            base, dark = (0.0, row.gain) if as_gain else (row.base, row.dark)
            if not as_gain:
                drawn.append(Line(row.network, "quarter_shift", [x], [base], [said], minor=True, hollow=True))
            if not exercise:
                drawn.append(Line(PAPER["dark"].format(network=row.network), "dark", [x], [dark], [said], minor=True))
    points = [_point(row) for row in main]
    if not as_gain:
        drawn.append(Line(NETWORK, "quarter_shift", heights, [row.base for row in main], points, hollow=True))
    values = [row.gain if as_gain else row.dark for row in main]
    if not exercise:
        label, free = [signed(row.gain) for row in main], f"top {'right' if as_gain else 'left'}"
        drawn.append(
            Line(PAPER["dark"].format(network=NETWORK), "dark", heights, values, points, label=label, label_at=free)
        )
    held = (
        [0.0, *(row.gain for row in PUBLISHED)] if as_gain else [v for row in PUBLISHED for v in (row.base, row.dark)]
    )
    air = 0.08 * (max(held) - min(held))
    up = Axis(PAPER["gain_axis" if as_gain else "axis"], False, (min(held) - air, max(held) + 2 * air))
    across = Axis(PAPER["across"], False, (heights[0] - 108, heights[-1] + 70), heights)
    st.markdown(PAPER["title"].format(network=NETWORK))
    st.plotly_chart(
        drawing.lines(
            drawn,
            across,
            up,
            chart_style(HEIGHT),
            [_tick(_size(row), row.base, row.dark) for row in main],
            PAPER["level"] if as_gain else "",
        ),
        key="paper_chart",
        config={"displayModeBar": False},
        alt=PAPER["alt_hidden" if exercise else "alt"].format(
            network=NETWORK,
            base=listed([PAPER["alt_base"].format(base=row.base, size=_size(row)) for row in main]),
            gains=listed([PAPER["alt_gain"].format(gain=signed(row.gain), size=_size(row)) for row in main]),
        ),
    )
    st.caption(PAPER["note"].format(network=NETWORK, source=SOURCE))
