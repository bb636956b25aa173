"""The choice of a decoder in words, for the page and the terminal: the verdict, the recommendation and the code."""

from __future__ import annotations

from dark_core.codec import DECODERS
from dark_core.evaluation.decoder_choice import BASELINE, Choice, Row
from dark_core.evaluation.paired_bootstrap import FEWEST


def title(row: Row) -> str:
    """A decoder and its width: "DARK, σ 1.7"."""
    return DECODERS[row.decoder].title + ("" if row.sigma is None else f", σ {row.sigma:g}")


def interval(three: tuple[float, float, float], digits: int = 3) -> str:
    """A value with the ends of its interval: "0.051 (0.032 to 0.070)"."""
    value, low, high = (f"{one:.{digits}f}".replace("-", "−") for one in three)
    return value if low == "nan" else f"{value} ({low} to {high})"


def verdict(choice: Choice) -> str:
    """The winner, or that these data show no difference, in a sentence or two."""
    best, tied = choice.best, choice.tied
    if choice.people < FEWEST:
        return (
            f"{title(best)} has the smallest mean error, {best.error:.3f} heatmap px. But {choice.people} people are "
            f"too few to tell whether that is chance: give at least {FEWEST}, better a hundred."
        )
    if len(tied) == 1:
        second = choice.decoders[1]
        less = interval(second.behind)
        return (
            f"The winner is {title(best)}: its mean error is {best.error:.3f} heatmap px. The mean error of the next "
            f"decoder, {title(second)}, is larger by {less}."
        )
    if any(row.decoder == BASELINE for row in tied):
        return (
            f"{title(best)} has the smallest mean error, {best.error:.3f} heatmap px. Its difference from "
            f"{DECODERS[BASELINE].title} is not significant: the 95 % interval includes zero."
        )
    others = [DECODERS[row.decoder].title for row in tied[1:]]
    listed = " and ".join(others) if len(others) < 3 else f"{len(others)} other decoders"
    return (
        f"{title(best)} has the smallest mean error, {best.error:.3f} heatmap px. Its difference from {listed} is not "
        "significant."
    )


def recommendation(choice: Choice) -> str:
    """What to use and what it gains, in two or three sentences."""
    best = choice.recommended
    if best.decoder == BASELINE:
        return f"Keep {title(best)}: no decoder has a smaller mean error on these heatmaps."
    if not best.gain[1] > 0:
        return (
            f"Keep your decoder for now: these data do not show that {title(best)} is better than "
            f"{DECODERS[BASELINE].title}. Bring more people."
        )
    pck = next(row.pck for row in choice.rows if row.decoder == BASELINE)
    points = 100 * (best.pck - pck)
    metric = "" if points != points else f" PCK@0.1 changes by {points:+.1f} points.".replace("-", "−")
    why = "" if best is choice.best else " Its difference from the best is not significant."
    return (
        f"Use {title(best)}.{why} It lowers the mean error of {DECODERS[BASELINE].title} by {interval(best.gain)} "
        f"heatmap px, from {choice.row(BASELINE).error:.3f} to {best.error:.3f}.{metric}"
    )


def code(choice: Choice, size: tuple[int, int], stride: float) -> str:
    """The line of Python that decodes so, and the lines that undo what else was found."""
    best = choice.recommended
    sigma = "" if best.sigma is None else f", sigma={best.sigma:g}"
    lines = [f'xy = decode(heatmaps, decoder="{best.decoder}"{sigma}).xy']
    structure, axes = choice.check.structure, choice.check.lines
    if structure.moved:
        inverse = [structure.order.index(joint) for joint in range(len(structure.order))]
        lines.append(f"xy = xy[..., {inverse}, :]  # the truth's order of the joints")
    if structure.swapped:
        lines.append("xy = xy[..., ::-1]  # the truth's order of the axes")
    offset, slope = [round(one.offset, 3) for one in axes], [round(one.slope, 5) for one in axes]
    if any(offset) or slope != [1, 1]:
        undo = f"(xy - {offset})" if any(offset) else "xy"
        lines.append(f"xy = {undo}" + (f" / {slope}" if slope != [1, 1] else "") + "  # the frame of the truth")
    imports = ["from dark_core.codec import decode"]
    if choice.convention:
        imports.append("from dark_core.pose.pixel_conventions import CONVENTIONS")
        large = tuple(f"{length * stride:g}" for length in size)
        lines.append(f'xy = CONVENTIONS["{choice.convention}"].to_input(xy, {size}, ({", ".join(large)}))  # input px')
    return "\n".join([*imports, "", *lines])


def mistakes(choice: Choice) -> list[str]:
    """A sentence for each mistake of frame, and what undoing them is worth."""
    check = choice.check
    found = [one.sentence for one in check.mistakes]
    if found and check.before - check.after > 0.005:
        found.append(
            f"Undoing this lowers the median error from {check.before:.2f} to {check.after:.2f} heatmap px; the errors "
            "of the decoders are those after it is undone."
        )
    return found


def conventions(choice: Choice) -> str:
    """Which pixel convention fits, in two or three sentences; "" where there is none to choose."""
    if not choice.convention:
        return ""
    others = {name: three for name, three in choice.conventions.items() if name != choice.convention}
    worse = ", ".join(f"{name} {three[0]:.3f}" for name, three in others.items())
    open_ = [name for name, (_, low, _) in others.items() if not low > 0]
    sure = f" Its difference from {' and '.join(open_)} is not significant." if open_ else ""
    mean = choice.conventions[choice.convention][0]
    return f"The pixel convention is {choice.convention}: mean error {mean:.3f} heatmap px; {worse}.{sure}"
