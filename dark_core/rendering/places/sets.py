"""Places to stand in, drawn by a few lines of noise and geometry, in linear light.

A place has a floor (z = 0) and either a wall or a far distance. Coordinates, metres: u to the right, w away from the
camera, both zero under the person, z up. Each painter takes a Place and returns three functions, floor (u, w), wall
(u, z) or None and distance (azimuth and elevation in radians) or None, that give linear RGB (..., 3) for arrays of
coordinates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dark_core.rendering.engine.mesh import noise, turbulence
from dark_core.rendering.engine.render import linear


@dataclass(frozen=True)
class Place:
    """Which backdrop: `kind` a name in PLACES, two sRGB `colors`, `wall` metres behind the person (rooms), `turn`
    degrees."""

    kind: str = "studio"
    colors: tuple = ((0.75, 0.77, 0.8), (0.6, 0.55, 0.5))
    wall: float = 1.6
    turn: float = 0.0
    seed: int = 0


def mix(a, b, t) -> np.ndarray:
    """a + (b - a) t for colors a and b (..., 3) and shares t (...), held to [0, 1]."""
    t = np.clip(np.asarray(t), 0, 1)[..., None]
    return np.asarray(a) * (1 - t) + np.asarray(b) * t


def _step(value: np.ndarray, low: float, high: float) -> np.ndarray:
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def _line(distance: np.ndarray, half: float) -> np.ndarray:
    """Coverage of a painted line of half width `half`, softened by two centimetres."""
    return _step(half + 0.01 - np.abs(distance), 0, 0.02)


def _xy(a: np.ndarray, b: np.ndarray, scale: float) -> np.ndarray:
    return np.stack([a, b], -1) * scale


def _sky(elevation: np.ndarray, azimuth: np.ndarray, zenith, horizon, clouds: float, seed: int) -> np.ndarray:
    sky = mix(horizon, zenith, np.clip(elevation / 0.6, 0, 1) ** 0.7)
    cover = turbulence(_xy(azimuth, elevation * 3.2, 5.0), seed + 50)
    return mix(sky, np.array([1.35, 1.35, 1.38]), clouds * _step(cover, 0.05, 0.7))


def _trees(elevation, azimuth, base, height: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A line of trees: color and coverage. Crowns are where the skyline noise is above the ray."""
    skyline = height * (
        0.75 + 0.5 * noise(_xy(azimuth, 0 * azimuth, 5.0), seed) + 0.16 * noise(_xy(azimuth, elevation, 34), seed + 1)
    )
    leaf = turbulence(_xy(azimuth, elevation, 26.0), seed + 2)
    trunk = _step(noise(_xy(azimuth, 0 * azimuth, 30.0), seed + 3), 0.45, 0.6) * (elevation < 0.35 * height)
    shade = (0.55 + 0.55 * leaf + 0.5 * np.clip(elevation / np.maximum(skyline, 1e-3), 0, 1))[..., None]
    color = mix(np.asarray(base) * np.clip(shade, 0.12, 2), np.array([0.03, 0.022, 0.016]), 0.7 * trunk)
    return color, (elevation < skyline).astype(float)


def _distance(
    elevation, azimuth, place: Place, zenith=(0.42, 0.62, 1.0), horizon=(0.95, 1.05, 1.15), clouds=0.6, trees=True
):
    color = _sky(elevation, azimuth, np.array(zenith), np.array(horizon), clouds, place.seed)
    if trees:
        for base, height, seed in (((0.20, 0.27, 0.24), 0.13, 11), ((0.085, 0.15, 0.05), 0.095, 12)):
            tree, cover = _trees(elevation, azimuth, base, height, place.seed + seed)
            color = mix(color, tree, cover)
    return color


def _grass(u, w, seed: int, base=(0.10, 0.19, 0.05)) -> np.ndarray:
    blades = 0.55 * turbulence(_xy(u, w, 24.0), seed) + 0.45 * turbulence(_xy(u, w * 0.6, 2.2), seed + 4)
    dry = _step(turbulence(_xy(u, w, 0.9), seed + 8), 0.0, 0.9)
    green = np.asarray(base) * (1 + 0.5 * blades)[..., None]
    return mix(green, np.array([0.25, 0.23, 0.10]), 0.35 * dry)


def _park(place: Place):
    def floor(u, w):
        grass = _grass(u, w, place.seed)
        path = _step(0.9 - np.abs(w - 4.2 - 0.12 * u - 0.3 * noise(_xy(u, 0 * u, 0.3), 3)), 0, 0.3)
        return mix(grass, np.array([0.52, 0.46, 0.37]), path)

    return floor, None, lambda az, el: _distance(el, az, place)


def _track(place: Place):
    red = linear(place.colors[0])

    def floor(u, w):
        grains = 0.10 * noise(_xy(u, w, 150.0), place.seed) + 0.07 * turbulence(_xy(u, w, 1.3), place.seed + 1)
        tartan = red * (1 + grains)[..., None]
        lane = np.abs((w + 0.61) % 1.22 - 0.61)
        lines = _line(lane, 0.025) * (np.abs(w) < 4.3)
        surface = mix(tartan, np.array([0.86, 0.86, 0.84]), lines)
        return mix(surface, _grass(u, w, place.seed + 5), _step(np.abs(w + 0.4), 4.6, 4.75))

    def distance(az, el):
        color = _distance(el, az, place)
        seats = mix(
            np.array([0.34, 0.36, 0.42]),
            np.array([0.75, 0.72, 0.68]),
            _step(noise(_xy(az, el, 120.0), place.seed + 9), -0.2, 0.7),
        )
        stand = _step(0.055 - el, 0, 0.003) * _step(el, 0.008, 0.012)
        color = mix(color, seats * 0.8, stand)
        return mix(color, np.array([0.25, 0.32, 0.5]), _step(0.010 - el, 0, 0.002))

    return floor, None, distance


def _court(place: Place):
    inner, outer = linear(place.colors[0]), linear(place.colors[1])

    def floor(u, w):
        rough = 0.05 * noise(_xy(u, w, 90.0), place.seed) + 0.06 * turbulence(_xy(u, w, 0.7), place.seed + 1)
        color = mix(outer, inner, _step(w + 0.9, 0, 0.01)) * (1 + rough)[..., None]
        lines = np.maximum.reduce([_line(w + 0.9, 0.05), _line(u - 2.4, 0.025) * (w > -0.9), _line(w - 5.5, 0.03)])
        return mix(color, np.array([0.84, 0.84, 0.82]), lines)

    def distance(az, el):
        color = _distance(el, az, place)
        fence = _step(0.16 - el, 0, 0.004)
        mesh = 0.5 + 0.5 * _step(noise(_xy(az, el, 260.0), place.seed + 3), -0.3, 0.5)
        posts = _line(np.abs((az * 3.0) % 1.0 - 0.5), 0.012)
        screen = mix(np.array([0.035, 0.085, 0.06]) * mesh[..., None], np.array([0.03, 0.035, 0.035]), posts)
        return mix(color, screen, 0.88 * fence)

    return floor, None, distance


def _beach(place: Place):
    def floor(u, w):
        ripple = 0.10 * turbulence(_xy(u, w, 12.0), place.seed) + 0.08 * np.sin(
            9 * w + 2.5 * noise(_xy(u, w, 0.9), place.seed + 1)
        )
        sand = np.array([0.55, 0.42, 0.30]) * (1 + ripple)[..., None]
        shore = w - 4.5 - 0.5 * noise(_xy(u, 0 * u, 0.25), place.seed + 2)
        wet = mix(sand, np.array([0.34, 0.27, 0.23]), _step(shore, 0, 1.2))
        wave = turbulence(_xy(u * 0.25, w, 1.4), place.seed + 3)
        sea = mix(np.array([0.16, 0.24, 0.33]), np.array([0.70, 0.52, 0.45]), _step(wave, 0.1, 0.8) * 0.6)
        foam = _step(0.28 - np.abs(shore - 1.5), 0, 0.3)
        return mix(mix(wet, sea, _step(shore, 1.2, 1.7)), np.array([0.9, 0.85, 0.82]), foam)

    def distance(az, el):
        sky = _sky(el, az, np.array([0.30, 0.36, 0.62]), np.array([1.30, 0.74, 0.50]), 0.25, place.seed)
        glow = np.exp(-((az - 0.25) ** 2 + (el - 0.03) ** 2) / 0.02)
        return sky + glow[..., None] * np.array([1.0, 0.55, 0.25])

    return floor, None, distance


def _planks(u, w, color, seed: int, width: float = 0.14) -> np.ndarray:
    row = np.floor(w / width)
    jitter = noise(np.stack([row, 0 * row], -1) * 7.31, seed)
    board = np.floor((u + 2.0 * jitter) / 1.3)
    tone = 0.16 * noise(np.stack([row * 3.7, board * 5.3], -1), seed + 1)
    grain = 0.12 * turbulence(np.stack([u * 2.5, w * 60.0], -1) + board[..., None] * 7.7, seed + 2, 3)
    gap = np.maximum(_line(np.abs(w / width - row - 0.5) - 0.5, 0.004), 0)
    return color * (1 + tone + grain)[..., None] * (1 - 0.45 * gap)[..., None]


def _room(place: Place):
    paint, wood = linear(place.colors[0]), linear(place.colors[1])

    def floor(u, w):
        sheen = 0.25 * np.exp(-((u + 0.5) ** 2) / 2.0) * _step(w, -1, place.wall)
        return _planks(u, w, wood, place.seed) * (0.85 + sheen)[..., None]

    def wall(u, z):
        plaster = paint * (1 + 0.018 * turbulence(_xy(u, z, 9.0), place.seed))[..., None]
        fall = 0.68 + 0.34 * np.exp(-((u + 1.2) ** 2) / 3.5) - 0.05 * _step(z, 1.6, 2.6)
        color = plaster * fall[..., None]
        slant = u + 0.42 * z  # light of a window with two by three panes, seen across the wall
        pane = _line((slant - 0.30) % 0.42 - 0.21, 0.185) * _line((z - 0.66) % 0.52 - 0.26, 0.235)
        window = (
            pane
            * _step(slant, -0.14, -0.10)
            * _step(1.12 - slant, 0, 0.04)
            * _step(z, 0.66, 0.70)
            * _step(2.22 - z, 0, 0.04)
        )
        color = color * (1 + 0.42 * window[..., None] * np.array([1.0, 0.93, 0.78]))
        board = _step(0.105 - z, 0, 0.006)
        color = mix(color, np.array([0.82, 0.81, 0.79]) * fall[..., None], board)
        return color * (1 - 0.35 * np.exp(-np.abs(z) * 35) - 0.25 * np.exp(-np.abs(z - 0.105) * 150))[..., None]

    return floor, wall, None


def _studio(place: Place):
    paper = linear(place.colors[0])

    def floor(u, w):
        pool = np.exp(-(u**2 + (w * 0.7) ** 2) / 9.0)
        return paper * (0.62 + 0.42 * pool + 0.012 * noise(_xy(u, w, 40.0), place.seed))[..., None]

    def wall(u, z):
        pool = np.exp(-((u / 1.5) ** 2 + ((z - 1.2) / 1.5) ** 2))
        edge = _step(z, 0.0, 0.9)  # the paper's curve: at the floor it is lit like the floor
        level = (1 - edge) * (0.62 + 0.42 * np.exp(-(u**2 + (place.wall * 0.7) ** 2) / 9.0)) + edge * (
            0.48 + 0.55 * pool
        )
        return paper * level[..., None]

    return floor, wall, None


def _hall(place: Place):
    upper, wood = linear(place.colors[0]), linear(place.colors[1])

    def floor(u, w):
        boards = _planks(w, u, wood, place.seed, 0.09)
        lines = np.maximum(_line(w - 1.4, 0.025), _line(np.hypot(u - 1.5, w - 3.2) - 1.8, 0.025))
        return mix(boards, linear((0.15, 0.3, 0.6)), 0.8 * lines)

    def wall(u, z):
        bars = _line((z - 0.2) % 0.22 - 0.11, 0.018) * _step(2.3 - z, 0, 0.02) * (np.abs((u + 0.5) % 1.1 - 0.55) < 0.5)
        color = (
            mix(upper, upper * 0.62, _step(1.3 - z, 0, 0.02)) * (0.8 + 0.25 * np.exp(-((u - 1) ** 2) / 5))[..., None]
        )
        return mix(color, wood * 1.1, 0.9 * bars * (u > 0.4))

    return floor, wall, None


def _street(place: Place):
    plaster, door = linear(place.colors[0]), linear(place.colors[1])

    def floor(u, w):
        slab = np.maximum(_line((u + 0.3) % 0.6 - 0.3, 0.005), _line((w + 0.3) % 0.6 - 0.3, 0.005))
        tone = 0.1 * noise(np.floor(np.stack([u + 0.3, w + 0.3], -1) / 0.6) * 3.3, 2) + 0.16 * turbulence(
            _xy(u, w, 20.0), place.seed
        )
        return (0.37 * (1 + tone) * (1 - 0.4 * slab))[..., None] * np.array([1.04, 1.0, 0.95])

    def wall(u, z):
        rough = 0.05 * turbulence(_xy(u, z, 6.0), place.seed) + 0.04 * noise(_xy(u, z, 45.0), place.seed + 1)
        color = plaster * (1 + rough)[..., None] * 0.95
        stone = (
            mix(np.array([0.42, 0.40, 0.37]), np.array([0.30, 0.29, 0.27]), _line((u + 0.45) % 0.9 - 0.45, 0.012))
            * (1 + 3 * rough)[..., None]
        )
        color = mix(color, stone, _step(0.62 - z, 0, 0.01))
        across, floor_height = (u + 0.9) % 2.3 - 1.15, z % 2.9
        frame = (
            _step(0.62 - np.abs(across), 0, 0.01)
            * _step(floor_height, 0.93, 0.95)
            * _step(2.42 - floor_height, 0, 0.02)
        )
        glass = _line(np.abs(across) - 0.27, 0.22) * _line((floor_height - 1.06) % 0.66 - 0.29, 0.26)
        sky = mix(
            np.array([0.10, 0.12, 0.15]),
            np.array([0.45, 0.52, 0.60]),
            _step(noise(_xy(u, z, 1.7), place.seed + 3), -0.2, 0.9),
        )
        color = mix(color, np.array([0.78, 0.76, 0.72]), frame)
        color = mix(color, sky, frame * glass)
        shutter = (
            _step(0.30 - np.abs(np.abs(across) - 0.95), 0, 0.01)
            * _step(floor_height, 0.93, 0.95)
            * _step(2.42 - floor_height, 0, 0.02)
        )
        return mix(color, door * (0.75 + 0.25 * _step(np.abs((z * 14) % 1 - 0.5), 0.1, 0.3))[..., None], shutter)

    return floor, wall, None


PLACES: dict[str, Callable] = {
    "studio": _studio,
    "park": _park,
    "track": _track,
    "court": _court,
    "beach": _beach,
    "room": _room,
    "hall": _hall,
    "street": _street,
}
