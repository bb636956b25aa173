"""Random people for training: the scenes' own machinery with everything drawn from natural ranges."""

from __future__ import annotations

import numpy as np

from dark_core.rendering.engine.camera import View
from dark_core.rendering.engine.light import Light
from dark_core.rendering.people.body import Shape
from dark_core.rendering.people.clothing import Outfit
from dark_core.rendering.people.repertoire import EVERYDAY, FAMILIES, Random, random_pose
from dark_core.rendering.photo import Film
from dark_core.rendering.places.sets import PLACES, Place
from dark_core.rendering.scene import Scene

SKINS = np.array(
    [
        (0.90, 0.72, 0.62),
        (0.83, 0.63, 0.52),
        (0.76, 0.56, 0.43),
        (0.62, 0.43, 0.31),
        (0.47, 0.31, 0.22),
        (0.32, 0.21, 0.15),
    ]
)
HAIRS = np.array(
    [
        (0.06, 0.05, 0.05),
        (0.15, 0.10, 0.07),
        (0.28, 0.18, 0.10),
        (0.60, 0.46, 0.28),
        (0.45, 0.20, 0.09),
        (0.62, 0.61, 0.60),
    ]
)
CLOTHS = np.array(
    [
        (0.92, 0.92, 0.90),
        (0.08, 0.08, 0.09),
        (0.35, 0.36, 0.38),
        (0.12, 0.16, 0.32),
        (0.16, 0.38, 0.66),
        (0.72, 0.12, 0.14),
        (0.90, 0.45, 0.12),
        (0.93, 0.78, 0.16),
        (0.12, 0.42, 0.26),
        (0.36, 0.18, 0.50),
        (0.72, 0.62, 0.47),
        (0.30, 0.22, 0.16),
        (0.55, 0.72, 0.82),
        (0.85, 0.55, 0.60),
    ]
)


def _pick(rng: Random, palette: np.ndarray, spread: float = 0.05) -> tuple[float, float, float]:
    color = palette[rng.integers(len(palette))] + rng.normal(0, spread) + rng.normal(0, 0.4 * spread, 3)
    return tuple(np.clip(color, 0.02, 0.97))


def _surface(rng: Random) -> tuple[float, float, float]:
    """Paint, paper or wood: mostly muted."""
    gray, tint = rng.uniform(0.2, 0.9), np.array(_pick(rng, CLOTHS, 0.1))
    share = rng.beta(1.2, 3.0)
    return tuple(np.clip(gray * (1 - share) * np.array([1.03, 1.0, 0.95]) + tint * share, 0.03, 0.95))


def _outfit(rng: Random, sex: float) -> Outfit:
    hair = (
        rng.choice(["short", "crop", "none"], p=[0.6, 0.3, 0.1])
        if sex < 0.5
        else rng.choice(["bob", "bun", "tail", "short"])
    )
    return Outfit(
        shirt=_pick(rng, CLOTHS),
        accent=_pick(rng, CLOTHS),
        pattern=str(rng.choice(["plain", "plain", "stripes", "block", "panel", "check"])),
        sleeve=float(rng.choice([0.06, 0.17, 0.17, 0.30, 0.52])),
        hem=float(rng.choice([0.12, 0.135, 0.16])),
        neckline=float(rng.choice([0.0, 0.0, 0.012])),
        trousers=_pick(rng, CLOTHS),
        legs=float(rng.choice([0.26, 0.36, 0.45, 0.80, 0.895, 0.895])),
        side_stripe=bool(rng.random() < 0.25),
        loose=float(rng.choice([0.5, 0.9, 1.3])),
        shoes=_pick(rng, CLOTHS),
        soles=_pick(rng, CLOTHS[:3]),
        socks=_pick(rng, CLOTHS[:4]),
        hair=str(hair),
        hair_color=_pick(rng, HAIRS, 0.02),
        beard=float(rng.choice([0, 0, 0.5, 0.9])) if sex < 0.5 else 0.0,
        skin=_pick(rng, SKINS, 0.02),
    )


def random_scene(
    rng: Random, size: int = 256, everyday: bool = False, around: tuple[float, float] = (-180, 180)
) -> Scene:
    """One random person, `size` pixels square, seen from `around` degrees of their front; `everyday` people stand or
    walk. The same generator state gives the same scene."""
    draw = rng.uniform
    sex = float(rng.random() < 0.5)
    shape = Shape(
        sex,
        draw(0.62, 0.95),
        draw(0.35, 0.8),
        draw(0.2, 0.85),
        draw(0.25, 0.8),
        tuple(rng.dirichlet([0.5, 0.5, 0.5]) + 0.01),
        draw(0, 0.7),
    )
    pose = random_pose(rng, shape, EVERYDAY if everyday else FAMILIES)
    seen = draw(*around)
    warm = draw(-0.12, 0.12)
    key, sky = draw(1.0, 2.4), draw(0.35, 0.8)
    light = Light(
        seen + draw(-110, 110),
        draw(18, 70),
        float(rng.choice([2.0, 6.0, 14.0])),
        (key * (1 + warm), key, key * (1 - 1.3 * warm)),
        (sky * draw(0.85, 1.1), sky, sky * draw(0.9, 1.2)),
        (0.26, 0.24, 0.2),
        draw(0, 0.7),
    )
    place = Place(
        str(rng.choice(list(PLACES))),
        (_surface(rng), _surface(rng)),
        draw(1.2, 4.0),
        draw(-35, 35),
        int(rng.integers(1 << 16)),
    )
    film = Film(draw(-0.45, 0.5), draw(0.0, 0.014), draw(0.004, 0.03), draw(0.4, 1.6), draw(-0.06, 0.06), draw(0, 0.3))
    view = View(
        seen, draw(0.4, 1.8), draw(16, 34), draw(0.68, 0.92), (draw(-0.04, 0.04), draw(-0.03, 0.03)), rng.normal(0, 4)
    )
    return Scene(
        "random",
        "Random person",
        "A rendered person.",
        shape,
        pose,
        _outfit(rng, sex),
        view,
        light,
        place,
        film,
        (),
        (size, size),
        seed=int(rng.integers(1 << 31)),
    )
