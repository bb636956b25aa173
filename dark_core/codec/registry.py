"""The decoders by name, each with what the pages need to name, explain and draw it.

A decoder is a function of a ``HeatmapBatch`` at M maps that returns places (M, 2) in heatmap px and reason codes of
``taylor.REASONS``, (M,) or one for all, and a covariance (M, 2, 2) where it has one. One added to ``DECODERS``
appears on every page and in every table by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from dark_core.codec._fast.heatmap_batch import HeatmapBatch
from dark_core.codec.decoders import dark, readings


@dataclass(frozen=True)
class Decoder:
    """One way to read a heatmap, with what the pages need to name, explain and draw it.

    color is a hex string and marker the name of a shape of ``figures.svg.SHAPES``; failure says where it is known
    to go wrong; classic marks the few that every figure shows, the others are for comparisons.
    """

    name: str
    title: str
    formula: str
    color: str
    marker: str
    source: str
    failure: str
    function: Callable[[HeatmapBatch], tuple]
    classic: bool = False


VERMILLION, BLUE, SKY, PINK, YELLOW, GREEN, ORANGE = (
    "#D55E00",
    "#0072B2",
    "#56B4E9",
    "#CC79A7",
    "#F0E442",
    "#009E73",
    "#E69F00",
)
"""One color a family: whole pixels, shifts, centroids, raw parabolas, DARK, fits, soft-argmax (Okabe and Ito 2008)."""

_ALL = (
    Decoder(
        "argmax",
        "Argmax",
        r"\hat{x} = m = \arg\max_x h(x)",
        VERMILLION,
        "square",
        "the pixel of the largest value",
        "Rounds to whole pixels: 0.38 heatmap px on average, however clean the map.",
        readings.argmax,
        classic=True,
    ),
    Decoder(
        "quarter_shift",
        "¼ shift",
        r"\hat{x} = m + \tfrac14\,\mathrm{sign}\,h'(m)",
        BLUE,
        "diamond",
        "Newell et al. 2016, as written in HRNet's code: a quarter pixel per axis by the sign of the slope",
        "Knows four places an axis and pixel; noise turns its sign.",
        readings.quarter_shift,
        classic=True,
    ),
    Decoder(
        "second_maximum",
        "¼ to second maximum",
        r"\hat{x} = m + \tfrac14\,\frac{s - m}{\lVert s - m \rVert}",
        BLUE,
        "hexagon",
        "the standard shift as the paper has it (Zhang et al. 2020, section 3.1): towards the second largest pixel s",
        "Moves along one of eight directions only, and towards any second peak.",
        readings.second_maximum,
    ),
    Decoder(
        "weighted_average",
        "Weighted average",
        r"\hat{x} = \sum_x h(x)\,x \,/\, \sum_x h(x)",
        SKY,
        "triangle",
        "the centroid of the whole map, negative values left out",
        "Noise, a pedestal or a second peak pull it far across the map; an edge pulls it inwards.",
        readings.weighted_average,
        classic=True,
    ),
    Decoder(
        "thresholded_average",
        "Average over a quarter of the peak",
        r"\hat{x} = \sum_{h > h(m)/4} h(x)\,x \,/\, \sum_{h > h(m)/4} h(x)",
        SKY,
        "triangle_down",
        "the centroid of the pixels of at least a quarter of the peak",
        "Which pixels count changes in jumps; a second peak of that height counts in full.",
        readings.thresholded_average,
    ),
    Decoder(
        "patch_average_5",
        "Average of 5 × 5",
        r"\hat{x} = \sum_{|x - m| \le 2} h(x)\,x \,/\, \sum_{|x - m| \le 2} h(x)",
        SKY,
        "pentagon",
        "the centroid of 5 by 5 pixels round the peak (SLEAP's integral refinement)",
        "The square is centerd on the peak's pixel and cuts the Gaussian off: it leans towards that pixel.",
        partial(readings.patch_average, reach=2),
    ),
    Decoder(
        "patch_average_7",
        "Average of 7 × 7",
        r"\hat{x} = \sum_{|x - m| \le 3} h(x)\,x \,/\, \sum_{|x - m| \le 3} h(x)",
        SKY,
        "cross",
        "the centroid of 7 by 7 pixels round the peak",
        "As of 5 by 5: less leaning, more noise.",
        partial(readings.patch_average, reach=3),
    ),
    Decoder(
        "soft_argmax",
        "Soft-argmax",
        r"\hat{x} = \sum_x e^{h(x)/T}\,x \,/\, \sum_x e^{h(x)/T}",
        ORANGE,
        "triangle",
        "Luvizon et al. 2017, Sun et al. 2018 (integral regression); T = 0.05 of the peak",
        "A high temperature pulls to the middle of the map, a low one to the largest pixel.",
        readings.soft_argmax,
    ),
    Decoder(
        "soft_argmax_compensated",
        "Soft-argmax, compensated",
        r"\hat{x} = \frac{C\,\hat{x}_{soft} - n\,\bar{x}}{C - n}",
        ORANGE,
        "circle",
        "Gu et al. 2021: the share of the n empty pixels taken back out of the sum C",
        "Takes pixels for empty that noise has filled.",
        partial(readings.soft_argmax, compensated=True),
    ),
    Decoder(
        "bicubic",
        "Bicubic × 4",
        r"\hat{x} = \arg\max_x (h \uparrow 4)(x)",
        VERMILLION,
        "triangle",
        "the largest value after enlarging the map four times by cubic convolution (OpenPose, Cao et al. 2017)",
        "Rounds to quarter pixels; enlarges the noise along with the peak.",
        readings.bicubic,
    ),
    Decoder(
        "parabola",
        "Parabola",
        r"\hat{x} = m - h'(m)\,/\,h''(m)",
        PINK,
        "cross",
        "the vertex through three raw values, an axis at a time (common in signal processing)",
        "A Gaussian is no parabola: it leans towards the pixel; noise is not averaged.",
        readings.parabola,
    ),
    Decoder(
        "taylor",
        "Taylor alone",
        r"\hat{x} = m - D''(m)^{-1} D'(m),\; D = \ln h",
        PINK,
        "plus",
        "DARK (Zhang et al. 2020, section 3.1), without modulation",
        "Three pixels an axis carry all the noise: some five times the limit.",
        dark.taylor,
        classic=True,
    ),
    Decoder(
        "dark_release",
        "DARK as released",
        r"\hat{x} = m_h - D_2''(m_h)^{-1} D'(m_h),\; D = \ln (K_{11} \ast h)",
        YELLOW,
        "diamond",
        "the code released with the paper: raw peak, 11 px kernel, second derivatives over two pixels",
        "Not refined in the outer two rows and columns; unbounded in noise; the kernel fits a sigma of 2 alone.",
        dark.dark_release,
    ),
    Decoder(
        "dark_raw_peak",
        "DARK from the raw peak",
        r"\hat{x} = m_h - D''(m_h)^{-1} D'(m_h),\; D = \ln (K \ast h)",
        YELLOW,
        "cross",
        "the paper's reading with a kernel of the target's sigma, started at the raw map's largest pixel m_h",
        "Noise moves its start away and the step is cut to a pixel: twice as far off at σ = 3 and noise 0.1.",
        dark.dark_raw_peak,
    ),
    Decoder(
        "dark",
        "DARK",
        r"\hat{x} = m - D''(m)^{-1} D'(m),\; D = \ln (K \ast h)",
        YELLOW,
        "star",
        "DARK (Zhang et al. 2020): modulation, then one Newton step on the log, from the smoothed map's peak",
        "Leans inwards within three sigma of an edge, where the kernel sees zeros that nobody measured.",
        dark.dark,
        classic=True,
    ),
    Decoder(
        "gaussian_fit",
        "Gaussian fit",
        r"\hat{x} = \arg\min_{\mu, A} \sum_x (h(x) - A\,g_\sigma(x - \mu))^2",
        GREEN,
        "circle",
        "least squares over the pixels that exist: the maximum likelihood in white noise, at an edge too",
        "Takes sigma on trust: a wrong one biases it at an edge.",
        dark.fitted,
    ),
    Decoder(
        "gaussian_fit_free",
        "Gaussian fit, σ free",
        r"\hat{x} = \arg\min_{\mu, A, \sigma} \sum_x (h(x) - A\,g_\sigma(x - \mu))^2",
        GREEN,
        "triangle",
        "the same with sigma fitted to each map",
        "One more unknown costs accuracy at an edge, where place and width look alike.",
        partial(dark.fitted, free=True),
    ),
)

DECODERS: dict[str, Decoder] = {decoder.name: decoder for decoder in _ALL}
CORE_DECODERS: tuple[str, ...] = tuple(decoder.name for decoder in _ALL if decoder.classic)
"""The readings of the lesson pages."""
