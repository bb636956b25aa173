"""Shoes and hair: the two things that are not the body's own surface moved outwards."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from dark_core.rendering.engine.mesh import Mesh, ellipsoid, grid_faces, noise, point_normals, solid, tube
from dark_core.rendering.people.body import RestBody, load_rig
from dark_core.rendering.people.clothing import Cut, cut

# Profiles of a trainer from heel (0) to toe (1): half width as a share of the half width at the ball, height of the
# upper in foot lengths. Drawn by eye.
STATIONS = np.array([0.0, 0.03, 0.1, 0.22, 0.36, 0.48, 0.6, 0.72, 0.84, 0.93, 0.98, 1.0])
WIDTHS = np.array([0.30, 0.52, 0.70, 0.76, 0.77, 0.82, 0.93, 1.0, 0.95, 0.76, 0.5, 0.22])
HEIGHTS = np.array([0.22, 0.30, 0.36, 0.385, 0.37, 0.33, 0.26, 0.195, 0.155, 0.12, 0.085, 0.05])
SOLE = 0.022  # metres under the foot


def make_shoe(body: RestBody, tag: str) -> Mesh:
    """A trainer in the rest pose; `chart` is (sideways in half widths, 0 heel to 1 toe, metres above the ground)."""
    rig = load_rig()
    foot = body.vertices[rig.weight_of(f"foot.{tag}", *(f"toe{k}-1.{tag}" for k in range(1, 6))) > 0.6]
    heel, toe, floor = foot[:, 1].max() + 0.012, foot[:, 1].min() - 0.022, body.vertices[:, 2].min()
    length = heel - toe
    u = np.linspace(0, 1, 40)
    half, height = np.interp(u, STATIONS, WIDTHS), np.interp(u, STATIONS, HEIGHTS) * length * 0.92
    half = np.convolve(np.pad(half, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    ball = foot[np.abs((heel - foot[:, 1]) / length - 0.7) < 0.12]
    back = foot[(heel - foot[:, 1]) / length < 0.3]
    width = (np.ptp(ball[:, 0]) + 0.018) / 2
    center = np.interp(
        u, [0.1, 0.7, 1.0], [back[:, 0].mean(), (ball[:, 0].min() + ball[:, 0].max()) / 2, ball[:, 0].mean()]
    )
    angle = np.arange(32) * 2 * np.pi / 32
    cosine, sine = np.cos(angle), np.sin(angle)
    across = np.sign(cosine) * np.abs(cosine) ** 0.6
    up = 0.5 + 0.5 * np.sign(sine) * np.abs(sine) ** 0.75  # (32,) 0 sole, 1 top
    narrow = 1 - 0.5 * up**2.0
    x = center[:, None] + width * half[:, None] * across * narrow
    y = np.broadcast_to((heel - u * length)[:, None], x.shape)
    spring = 0.018 * np.clip((u - 0.8) / 0.2, 0, 1) ** 2 + 0.006 * np.clip((0.08 - u) / 0.08, 0, 1)
    z = floor - SOLE + spring[:, None] + up * (height[:, None] + SOLE)
    points = np.stack([x, y, z], -1).reshape(-1, 3)
    chart = np.stack(np.broadcast_arrays(across * narrow, u[:, None], z - spring[:, None] - floor + SOLE), -1).reshape(
        -1, 3
    )
    faces = grid_faces(len(u), 32)
    ends = []
    for row, flip in ((0, True), (len(u) - 1, False)):
        points = np.concatenate([points, points[row * 32 : row * 32 + 32].mean(axis=0, keepdims=True)])
        chart = np.concatenate([chart, chart[row * 32 : row * 32 + 32].mean(axis=0, keepdims=True)])
        ring = row * 32 + np.arange(32)
        fan = np.stack([ring, np.roll(ring, -1), np.full(32, len(points) - 1)], 1)
        ends.append(fan[:, ::-1] if flip else fan)
    faces = np.concatenate([faces, *ends])
    return solid(points, faces, chart)


# The lower edge of the hair seen from the side: depth behind the face (y) against height (z) on the average head.
EDGE_Y = np.array([-0.150, -0.120, -0.102, -0.090, -0.078, -0.066, -0.058, -0.024, -0.010, 0.006, 0.06])
EDGE_Z = np.array([0.985, 0.976, 0.958, 0.930, 0.906, 0.906, 0.946, 0.942, 0.880, 0.832, 0.826])


def hairline(points: np.ndarray) -> np.ndarray:
    """Metres inside the hair on the average head (N,): above the forehead, round the ears, down to the nape."""
    wave = 0.004 * noise(points * 60, 5) + 0.003 * noise(points * 140, 6)
    return points[:, 2] - np.interp(points[:, 1], EDGE_Y, EDGE_Z) + wave


@lru_cache(maxsize=8)
def _cap_cut(detail: int) -> tuple[Cut, np.ndarray, np.ndarray]:
    """The scalp's mesh, its metres inside the hairline (N,) and its chart (N, 3)."""
    rig = load_rig()
    inside = hairline(rig.template)
    inside = np.where(rig.weight_of("head", "neck") > 0.5, inside, -1.0)
    inside = np.where(rig.weight_of("eye") > 0.01, -1.0, inside)
    piece = cut(np.repeat(inside[:, None], 3, axis=1), 0.02, detail)
    return piece, piece.from_body @ inside, piece.from_body @ rig.template


THICKNESS = {"crop": 0.007, "short": 0.018, "bun": 0.012, "tail": 0.012, "bob": 0.017}


def make_hair(style: str, skin: np.ndarray, normals: np.ndarray, head, detail: int, seed: int) -> list[Mesh]:
    """The cap and what hangs from it. `head` maps points of the posed person's head: rest metres -> world."""
    if style == "none":
        return []
    piece, inside, chart = _cap_cut(detail)
    under, outward = piece.from_body @ skin, piece.from_body @ normals
    thick = THICKNESS[style] * np.clip((inside + 0.004) / 0.03, 0.12, 1)
    top = np.clip((chart[:, 2] - 0.93) / 0.06, 0, 1)
    if style == "short":
        thick = thick * (0.55 + 0.65 * top)
    points = under + outward * thick[:, None]
    for _ in range(6 * (1 + detail)):
        points = 0.5 * points + 0.5 * (piece.smoothing @ points)
    points = points + outward * (0.0035 if style == "short" else 0.0015) * noise(chart * 55, seed)[:, None]
    meshes = [
        Mesh(points, point_normals(points, piece.faces), piece.faces, chart, np.repeat(inside[:, None], 3, axis=1))
    ]
    if style == "bun":
        bun = ellipsoid((0.036, 0.03, 0.034), head(np.array([[0, 0.075, 0.965]]))[0])
        meshes.append(Mesh(bun.points, bun.normals, bun.faces, bun.chart * 0.04 + [0, 0.06, 0.96], bun.edges))
    if style == "tail":
        t = np.linspace(0, 1, 20)[:, None]
        path = np.concatenate([0 * t, 0.045 + 0.06 * np.sin(2.2 * t), 0.955 + 0.03 * np.sin(3 * t) - 0.23 * t**1.2], 1)
        tail = tube(head(path), 0.010 + 0.020 * np.sin(np.pi * np.linspace(0.12, 0.97, 20)) ** 0.8)
        meshes.append(Mesh(tail.points, tail.normals, tail.faces, tail.chart * [0.02, 0.02, 1], tail.edges))
    if style == "bob":
        meshes.append(_curtain(head))
    return meshes


def _curtain(head) -> Mesh:
    """Hair that falls from the temples and the back of the head to the jaw."""
    around = np.deg2rad(np.linspace(-122, 122, 61))  # 0 = back of the head
    down = np.linspace(0, 1, 22)[:, None]
    radius = np.interp(down, [0, 0.25, 0.6, 1], [0.064, 0.090, 0.096, 0.084]) + 0.003 * np.cos(around * 17)
    x, y = radius * np.sin(around), -0.048 + 1.12 * radius * np.cos(around)
    bottom = 0.795 + 0.035 * (np.abs(around) / around.max()) ** 2 + 0.004 * np.cos(around * 23)
    z = 1.005 + (bottom - 1.005) * down
    points = np.stack(np.broadcast_arrays(x, y, z), -1).reshape(-1, 3)
    columns = len(around)
    r, c = np.mgrid[:21, : columns - 1]
    here = (r * columns + c).ravel()
    faces = np.concatenate(
        [np.stack([here, here + columns, here + 1], 1), np.stack([here + 1, here + columns, here + columns + 1], 1)]
    )
    placed = head(points)
    return Mesh(placed, point_normals(placed, faces), faces, points, np.ones_like(points))
