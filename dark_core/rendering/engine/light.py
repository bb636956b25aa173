"""Light: a sun or lamp with a soft edge and the sky around it, both as many small directional lights with shadows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RIMS = 2


@dataclass(frozen=True)
class Light:
    """`around` degrees from the person's front (positive: from their left) and `height` degrees above the floor of
    the key light, `size` its angular radius (1 sun, 12 softbox), `key`, `sky`, `floor` linear RGB strengths, `rim`
    the strength of a light from behind the person as the camera sees it."""

    around: float = -35.0
    height: float = 48.0
    size: float = 6.0
    key: tuple[float, float, float] = (1.9, 1.8, 1.65)
    sky: tuple[float, float, float] = (0.55, 0.62, 0.75)
    floor: tuple[float, float, float] = (0.26, 0.24, 0.2)
    rim: float = 0.5


def _direction(around: float, height: float) -> np.ndarray:
    a, h = np.deg2rad([around, height])
    return np.array([np.sin(a) * np.cos(h), -np.cos(a) * np.cos(h), np.sin(h)])


def sample_lights(
    light: Light, camera_around: float, key_count: int, sky_count: int
) -> tuple[np.ndarray, np.ndarray, int]:
    """Unit directions towards the lights (L, 3), their linear colors (L, 3), and how many of the first are rim
    (RIMS of them) and key.

    The key is a disc of `key_count` on a golden spiral; the sky `sky_count` over the upper hemisphere, brighter
    above than at the horizon. A matte surface facing the whole sky receives `sky`.
    """
    golden = np.pi * (3 - np.sqrt(5))
    towards = _direction(light.around, light.height)
    side = np.cross(towards, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side)
    k = np.arange(key_count)
    spread = np.tan(np.deg2rad(light.size)) * np.sqrt((k + 0.5) / key_count)
    disc = spread[:, None] * (
        np.cos(k * golden)[:, None] * side + np.sin(k * golden)[:, None] * np.cross(side, towards)
    )
    key = towards + disc
    key /= np.linalg.norm(key, axis=1, keepdims=True)
    rim = np.stack([_direction(camera_around + 180 + turn, 38) for turn in (-38, 34)])
    s = np.arange(sky_count)
    z = 0.06 + 0.92 * (s + 0.5) / sky_count
    flat = np.sqrt(1 - z**2)
    sky = np.stack([flat * np.cos(s * golden + 0.4), flat * np.sin(s * golden + 0.4), z], 1)
    strength = 0.55 + 0.45 * z
    strength /= (strength * z).sum()
    colors = np.concatenate(
        [
            np.repeat(np.array([light.key]) * light.rim / RIMS, RIMS, axis=0),
            np.repeat(np.array([light.key]) / key_count, key_count, axis=0),
            strength[:, None] * np.array([light.sky]),
        ]
    )
    return np.concatenate([rim, key, sky]), colors, key_count + RIMS
