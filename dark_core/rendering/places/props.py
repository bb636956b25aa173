"""Things people sit on, hold, kick and reach for, placed where the posed figure needs them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dark_core.rendering.engine.mesh import Mesh, box, ellipsoid, solid, tube
from dark_core.rendering.engine.render import Prop
from dark_core.rendering.people.body import load_rig
from dark_core.rendering.people.figure import Figure

WOOD, DARK = (0.72, 0.52, 0.34), (0.16, 0.17, 0.19)


def _turned(mesh: Mesh, degrees: float, about: np.ndarray) -> Mesh:
    a = np.deg2rad(degrees)
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    return Mesh((mesh.points - about) @ turn.T + about, mesh.normals @ turn.T, mesh.faces, mesh.chart, mesh.edges)


def _hips(figure: Figure) -> np.ndarray:
    return figure.joints[[2, 3]].mean(axis=0)


def stool(figure: Figure) -> list[Prop]:
    """A wooden cube to sit on, under the hips."""
    hips, top = _hips(figure), figure.seat + 0.012
    side = 0.42
    lid = box((side, side, 0.03), (hips[0], hips[1] + 0.02, top - 0.015))
    body = box((side - 0.03, side - 0.03, top - 0.03), (hips[0], hips[1] + 0.02, (top - 0.03) / 2))
    return [Prop(lid, "wood", WOOD), Prop(body, "wood", (0.86 * WOOD[0], 0.86 * WOOD[1], 0.86 * WOOD[2]))]


def chair(figure: Figure) -> list[Prop]:
    """A plain chair: seat, back and four legs."""
    hips, top = _hips(figure), figure.seat + 0.012
    x, y = hips[0], hips[1] - 0.03
    pieces = [Prop(box((0.44, 0.46, 0.035), (x, y, top - 0.0175)), "wood", WOOD)]
    for dx in (-0.19, 0.19):
        for dy in (-0.20, 0.20):
            pieces.append(
                Prop(
                    tube(np.array([[x + dx, y + dy, z] for z in np.linspace(0, top - 0.03, 4)]), np.full(4, 0.017)),
                    "plain",
                    DARK,
                )
            )
        post = np.array([[x + dx, y + 0.215 + 0.05 * t, top - 0.02 + 0.46 * t] for t in np.linspace(0, 1, 5)])
        pieces.append(Prop(tube(post, np.full(5, 0.015)), "plain", DARK))
    pieces.append(Prop(box((0.42, 0.022, 0.19), (x, y + 0.262, top + 0.34)), "wood", WOOD))
    return pieces


SHELF_AHEAD = 0.25  # metres from the wrist to the middle of the shelf


def shelf(figure: Figure) -> list[Prop]:
    """A wall shelf with books and a jar at the person's right (x downwards), the raised right hand before its jar."""
    hand = figure.joints[6]
    x, y, z = hand - [SHELF_AHEAD, 0.0, 0.0]
    pieces = [Prop(_turned(box((1.15, 0.26, 0.03), (x, y + 0.1, z)), 90, np.array([x, y + 0.1, z])), "wood", WOOD)]
    tones = (
        (0.62, 0.20, 0.16),
        (0.15, 0.30, 0.45),
        (0.85, 0.72, 0.42),
        (0.25, 0.42, 0.33),
        (0.80, 0.78, 0.74),
        (0.35, 0.22, 0.38),
    )
    for k, color in enumerate(tones):
        tall = 0.19 + 0.05 * ((k * 37) % 5) / 5
        pieces.append(Prop(box((0.17, 0.034, tall), (x, y + 0.3 + 0.038 * k, z + 0.015 + tall / 2)), "plain", color))
    heights = (0.0, 0.001, 0.06, 0.12, 0.135, 0.136)
    jar = tube(
        np.array([[x + 0.05, y - 0.04, z + 0.015 + h] for h in heights]),
        np.array([0.0, 0.045, 0.055, 0.048, 0.03, 0.0]),
        28,
    )
    pieces.append(Prop(jar, "plain", (0.80, 0.45, 0.28)))
    return pieces


def _ball_at(center: np.ndarray, radius: float, color, accent) -> Prop:
    sphere = ellipsoid((radius,) * 3, center, rings=32)
    return Prop(sphere, "ball", color, accent)


def football(figure: Figure) -> list[Prop]:
    """A football just beyond the right foot's toes, flying off."""
    rig = load_rig()
    bone = rig.bone("foot.R")
    toe = figure.posed.rotations[bone] @ (np.array([0.0, -0.30, 0.02])) + figure.joints[0]
    toe[2] = max(toe[2], 0.115)
    return [_ball_at(toe, 0.11, (0.93, 0.93, 0.91), (0.08, 0.08, 0.09))]


def held_ball(figure: Figure) -> list[Prop]:
    """A basketball between the two hands."""
    hands = _palms(figure)
    middle = (hands[0] + hands[1]) / 2
    return [_ball_at(middle, 0.119, (0.78, 0.36, 0.14), (0.70, 0.31, 0.12))]


def tossed_ball(figure: Figure) -> list[Prop]:
    """A tennis ball above the left hand."""
    return [_ball_at(figure.joints[11] + [0.0, -0.10, 0.55], 0.034, (0.80, 0.88, 0.25), (0.80, 0.88, 0.25))]


def _palms(figure: Figure) -> np.ndarray:
    rig = load_rig()
    return np.stack(
        [
            0.5 * (figure.posed.heads[rig.bone(f"finger3-1.{tag}")] + figure.posed.heads[rig.bone(f"finger2-2.{tag}")])
            for tag in "RL"
        ]
    )


def racket(figure: Figure) -> list[Prop]:
    """A tennis racket in the right fist, its shaft along the knuckles, thumb side up."""
    rig, posed = load_rig(), figure.posed
    wrist, k2, k5 = (posed.heads[rig.bone(f"{name}.R")] for name in ("wrist", "finger2-1", "finger5-1"))
    shaft = (k2 - k5) / np.linalg.norm(k2 - k5)
    palm = np.cross(k2 - wrist, shaft)
    palm /= np.linalg.norm(palm)
    ahead = np.cross(shaft, palm)
    shaft = shaft * 0.92 + 0.39 * (k2 + k5 - 2 * wrist) / np.linalg.norm(k2 + k5 - 2 * wrist)
    shaft /= np.linalg.norm(shaft)
    ahead = np.cross(shaft, palm)
    ahead /= np.linalg.norm(ahead)
    palm = np.cross(ahead, shaft)
    grip = 0.35 * k2 + 0.35 * k5 + 0.3 * wrist - palm * PALM_DEPTH
    handle = tube(grip + shaft * np.linspace(-0.10, 0.14, 6)[:, None], np.full(6, 0.0165))
    throat = [
        tube(
            np.array(
                [
                    grip + shaft * (0.14 + 0.17 * t) + side * ahead * (0.006 + 0.062 * t**1.6)
                    for t in np.linspace(0, 1, 7)
                ]
            ),
            np.full(7, 0.009),
        )
        for side in (-1, 1)
    ]
    t = np.linspace(0, 2 * np.pi, 49)
    hoop = tube(
        grip + shaft * (0.455 + 0.175 * np.cos(t))[:, None] + ahead * (0.130 * np.sin(t))[:, None],
        np.full(49, 0.0105),
        10,
    )
    ring = np.stack([0.165 * np.cos(t), 0 * t, 0.122 * np.sin(t)], 1)
    flat = np.concatenate([np.zeros((1, 3)), ring])
    faces = np.stack([np.zeros(48, int), np.arange(1, 49), np.arange(2, 50)], 1)
    face = flat @ np.stack([shaft, palm, ahead]) + grip + shaft * 0.455
    strings = solid(face, faces, flat)
    return [
        Prop(handle, "plain", DARK),
        *(Prop(m, "plain", (0.75, 0.16, 0.14)) for m in throat),
        Prop(hoop, "plain", (0.75, 0.16, 0.14)),
        Prop(strings, "net", (0.9, 0.9, 0.85), measure=(52.0, 0.09)),
    ]


PALM_DEPTH = 0.028  # metres from the bones of the palm to the middle of what the fist holds


def mat(figure: Figure) -> list[Prop]:
    """An exercise mat under the feet, along the line between them."""
    ankles = figure.joints[[0, 5]]
    middle, line = ankles.mean(axis=0), ankles[1] - ankles[0]
    angle = np.rad2deg(np.arctan2(line[1], line[0]))
    sheet = box((1.75, 0.62, 0.010), (middle[0], middle[1] - 0.04, 0.0))
    return [Prop(_turned(sheet, angle, np.array([middle[0], middle[1], 0.0])), "plain", (0.30, 0.45, 0.52))]


PROPS: dict[str, Callable[[Figure], list[Prop]]] = {
    "stool": stool,
    "chair": chair,
    "shelf": shelf,
    "football": football,
    "held ball": held_ball,
    "tossed ball": tossed_ball,
    "racket": racket,
    "mat": mat,
}
