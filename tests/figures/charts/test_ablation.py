"""The figure of Evidence draws the numbers it was given, and a photo's landing points where they are."""

from dark_core.figures.charts.ablation import Line, lines
from dark_core.figures.charts.chart import Axis, ChartStyle
from dark_core.figures.decoder_style import style_of
from dark_core.figures.legend import line_mark

SIZES = [64, 128, 192]
ACROSS, UP = Axis("input, px", False, (40, 220), SIZES), Axis("%", False, (0, 100))
STANDARD = Line("Floor + ¼ shift", "quarter_shift", SIZES, [40, 50, 60], ["a", "b", "c"], hollow=True)
DARK = Line(
    "Unbiased + DARK",
    "dark",
    SIZES,
    [44, 52, 60.5],
    ["d", "e", "f"],
    [42, 50, 58],
    [46, 54, 63],
    aside=2,
    label=["+4", "+2", "(+0.5)"],
)


def drawn(*given, **options):
    return lines(given, ACROSS, UP, ChartStyle(ink="#222", ground="#fff"), **options)


def points(figure, title: str):
    return next(trace for trace in figure.data if trace.name == title and trace.mode.startswith("markers"))


def test_the_lines_are_the_numbers_given():
    figure = drawn(STANDARD, DARK, names=["small", "middle", "large"])
    for line in (STANDARD, DARK):
        trace = points(figure, line.title)
        assert list(trace.x) == SIZES and list(trace.y) == list(line.y)
        assert list(trace.customdata) == list(line.said)
        assert trace.marker.color == style_of(line.decoder).color
    assert list(points(figure, DARK.title).text) == ["+4", "+2", "(+0.5)"]
    assert list(figure.layout.xaxis.ticktext) == ["small", "middle", "large"]
    assert list(figure.layout.yaxis.range) == [0, 100]


def test_intervals_reach_from_end_to_end_beside_their_points():
    bars = [trace for trace in drawn(STANDARD, DARK).data if trace.name.endswith("95 %")]
    assert len(bars) == 2, "a casing and a stroke, of the line that has intervals"
    for bar in bars:
        assert list(bar.y) == [42, 46, None, 50, 54, None, 58, 63, None]
        assert list(bar.x) == [66, 66, None, 130, 130, None, 194, 194, None]


def test_floored_targets_are_dashed_and_hollow():
    figure = drawn(STANDARD, DARK)
    dashes = {trace.name: trace.line.dash for trace in figure.data if trace.mode == "lines" and trace.line.dash}
    assert dashes == {STANDARD.title: "dash", DARK.title: "solid", f"{DARK.title}, 95 %": "solid"}
    holes = [trace.name for trace in figure.data if trace.marker.color == "#fff"]
    assert holes == [STANDARD.title]
    assert "circle" in line_mark("dark", hollow=True) and "circle" not in line_mark("dark")


def test_a_level_is_named_at_nought():
    figure = drawn(DARK, level="the standard")
    assert [(shape.y0, shape.y1) for shape in figure.layout.shapes] == [(0, 0)]
    assert [note.text for note in figure.layout.annotations] == ["the standard"]


def test_nothing_chosen_is_an_empty_figure():
    assert not drawn().data
