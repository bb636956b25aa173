"""From light to a photograph: depth of field, composition, tone curve, vignette and grain."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from dark_core.rendering.engine.render import Rendered
from dark_core.rendering.places.backdrop import Painted


@dataclass(frozen=True)
class Film:
    """`exposure` in stops, `aperture` the blur of what is infinitely far as a share of the picture's height, `grain`
    the standard deviation of the noise in display units, `contrast` of the tone curve, `warmth` shifts red against
    blue."""

    exposure: float = 0.0
    aperture: float = 0.008
    grain: float = 0.012
    contrast: float = 1.0
    warmth: float = 0.0
    vignette: float = 0.18


def defocused(rgb: np.ndarray, blur: np.ndarray) -> np.ndarray:
    """Each pixel blurred by its own Gaussian of standard deviation `blur` (H, W) pixels, between ready-made levels."""
    levels = [0.0, 0.8, 1.6, 3.2, 6.4, 12.8]
    stack = [rgb] + [cv2.GaussianBlur(rgb, (0, 0), sigma) for sigma in levels[1:]]
    out = np.zeros_like(rgb)
    for k, (low, high) in enumerate(pairwise(levels)):
        last = k == len(levels) - 2
        here = (blur >= low) & ((blur < high) | last)
        share = np.clip((blur - low) / (high - low), 0, 1)[..., None]
        out += np.where(here[..., None], (1 - share) * stack[k] + share * stack[k + 1], 0)
    return out


def tone(light: np.ndarray, contrast: float) -> np.ndarray:
    """Linear light -> display sRGB in [0, 1] with a soft shoulder."""
    mapped = light * (1 + light / 7.0) / (1 + light * 0.75)
    mapped = np.clip(mapped, 0, 1)
    srgb = np.where(mapped <= 0.0031308, 12.92 * mapped, 1.055 * np.maximum(mapped, 1e-9) ** (1 / 2.4) - 0.055)
    bent = srgb + contrast * 0.12 * (srgb - 0.45) * 4 * srgb * (1 - srgb)
    return np.clip(bent, 0, 1)


def develop(rendered: Rendered, painted: Painted, film: Film, focus: float, rng: np.random.Generator) -> np.ndarray:
    """The finished picture, (H, W, 3) uint8 RGB. `focus` metres from the lens is sharp."""
    height, width = painted.depth.shape
    ground = painted.rgb.astype(np.float32)
    blur = film.aperture * height * np.abs(1 - focus / painted.depth) * 2.2
    blur = np.where(np.abs(painted.depth - focus) < 0.3, 0, np.clip(blur, 0, 12.8))
    ground = defocused(ground, blur) * rendered.shade
    light = rendered.rgb + ground * (1 - rendered.alpha[..., None])
    light = light * 2.0**film.exposure * np.array([1 + film.warmth, 1.0, 1 - film.warmth])
    glare = cv2.GaussianBlur(np.maximum(light - 1.1, 0).astype(np.float32), (0, 0), height * 0.012)
    light = light + 0.18 * glare
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = light * (1 - film.vignette * np.clip((x**2 + y**2) / 2, 0, 1) ** 1.5)[..., None]
    picture = tone(light, film.contrast)
    picture = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 0.45)
    noise = rng.normal(size=(height, width, 1)) * 0.8 + rng.normal(size=(height, width, 3)) * 0.45
    picture = picture + film.grain * noise * (0.6 + 0.8 * picture * (1 - picture))
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
