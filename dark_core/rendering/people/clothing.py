"""Clothes: cut on the average body, draped over the posed one.

A garment is the part of the body's own mesh that lies inside its cut lines, moved off the skin, smoothed as cloth
bridges hollows, never closer to the skin than its clearance, and folded where joints bend. Cut lines are distances in
metres on the average body (z up, hips at 0.16, neck base at 0.75), so that one cut fits every shape and every hem is
exact per pixel; what lies under cloth is not drawn at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy import sparse

from dark_core.rendering.engine.mesh import Mesh, compacted, neighbor_mean, noise, point_normals, subdivided
from dark_core.rendering.people.body import RestBody, load_rig

FAR = 0.5
HIP = 0.162  # height of the hip joints on the average body


@dataclass(frozen=True)
class Outfit:
    """What a person wears; colors are sRGB triples in [0, 1].

    `sleeve` metres from the shoulder (0.17 short, 0.53 to the wrist, 0.0 sleeveless), `hem` the height of the shirt's
    lower edge, `legs` metres down from the hip (0.36 shorts, 0.87 trousers), `neckline` widens the collar, `loose`
    scales the distance to the skin. `pattern`: plain, stripes, block, panel. `hair`: crop, short, bun, tail, bob, none.
    """

    shirt: tuple[float, float, float] = (0.2, 0.35, 0.6)
    accent: tuple[float, float, float] = (0.95, 0.95, 0.95)
    pattern: str = "plain"
    sleeve: float = 0.17
    hem: float = 0.135
    neckline: float = 0.0
    trousers: tuple[float, float, float] = (0.12, 0.14, 0.2)
    legs: float = 0.895
    side_stripe: bool = False
    loose: float = 1.0
    shoes: tuple[float, float, float] = (0.9, 0.9, 0.9)
    soles: tuple[float, float, float] = (0.95, 0.95, 0.93)
    socks: tuple[float, float, float] = (0.92, 0.92, 0.9)
    hair: str = "short"
    hair_color: tuple[float, float, float] = (0.12, 0.08, 0.05)
    beard: float = 0.0
    skin: tuple[float, float, float] = (0.80, 0.60, 0.49)


@dataclass(frozen=True)
class Chart:
    """Per-vertex measures on the average body (V,): `arm` metres from the shoulder along the arm, `arms` how much a
    vertex belongs to an arm, `height` z, `neck` distance from the neck's axis, and the points themselves."""

    points: np.ndarray
    arm: np.ndarray
    arms: np.ndarray
    height: np.ndarray
    neck: np.ndarray


def _landmarks(rig, heads: np.ndarray) -> np.ndarray:
    """Heights of ankle, knee, hip, waist, shoulder and neck base, with a point far below and above."""
    z = [
        heads[rig.bone(name), 2]
        for name in ("foot.L", "lowerleg01.L", "upperleg01.L", "spine03", "upperarm01.L", "neck01")
    ]
    return np.array([z[0] - 1, *z, z[-1] + 1])


def chart_of(body: RestBody) -> Chart:
    """The chart of one body: its own rest pose, with heights between the same joints as on the average body, so that
    hems and stripes are level on every shape. The head keeps the average's."""
    rig = load_rig()
    p, heads = body.vertices, body.heads
    arms = rig.weight_of("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    fore = rig.weight_of("lowerarm", "wrist", "finger", "metacarpal")
    arm = np.zeros(len(p))
    for tag, here in (("L", p[:, 0] > 0), ("R", p[:, 0] <= 0)):
        ends = [
            [h[rig.bone(f"{b}.{tag}")] for b in ("upperarm01", "lowerarm01", "wrist")]
            for h in (heads, rig.template_heads)
        ]
        (shoulder, elbow, wrist), (s, e, w) = ends
        long, fore_long = np.linalg.norm(e - s), np.linalg.norm(w - e)
        upper = (p - shoulder) @ (elbow - shoulder) / ((elbow - shoulder) @ (elbow - shoulder)) * long
        lower = long + (p - elbow) @ (wrist - elbow) / ((wrist - elbow) @ (wrist - elbow)) * fore_long
        arm[here] = ((1 - fore) * np.minimum(upper, long) + fore * np.maximum(lower, long * 0.9))[here]
    height = np.interp(p[:, 2], _landmarks(rig, heads), _landmarks(rig, rig.template_heads))
    above = np.clip((rig.template[:, 2] - 0.66) / 0.08, 0, 1)
    across = p[:, 0] * rig.template_heads[rig.bone("upperarm01.L"), 0] / heads[rig.bone("upperarm01.L"), 0]
    level = np.stack([across, p[:, 1], height], axis=1)
    points = rig.template * above[:, None] + level * (1 - above)[:, None]
    neck = np.hypot(0.8 * rig.template[:, 0], rig.template[:, 1] + 0.028)
    arms = np.clip((arms - 0.15) / 0.45, 0, 1)
    return Chart(points, arm, arms * arms * (3 - 2 * arms), points[:, 2], neck)


@lru_cache(maxsize=1)
def body_chart() -> Chart:
    """The chart of the average body."""
    rig = load_rig()
    return chart_of(RestBody(rig.template, rig.template_heads))


def _sleeve_edge(chart: Chart, sleeve: float) -> np.ndarray:
    reach = max(sleeve, 0.02) - chart.arm
    return chart.arms * reach + (1 - chart.arms) * 0.25


def shirt_edges(c: Chart, outfit: Outfit) -> np.ndarray:
    """(V, 3) metres inside the sleeve end, the hem and the neckline."""
    drop = 0.748 + 0.25 * c.points[:, 1] - c.height
    collar = np.minimum(c.neck - 0.058 - outfit.neckline + 0.6 * drop, 0.775 - c.height)
    hem = np.where(c.arms > 0.5, FAR, c.height - outfit.hem)
    return np.stack([_sleeve_edge(c, outfit.sleeve), hem, collar], axis=1)


def trouser_edges(c: Chart, outfit: Outfit) -> np.ndarray:
    """(V, 3) metres inside the waist, the leg ends and (the arms being excluded) nothing else."""
    waist, ends = 0.30 - c.height, outfit.legs - (HIP - c.height)
    return np.stack([waist, ends, np.where(c.arms > 0.4, -FAR, FAR)], axis=1)


def bare_skin(c: Chart, outfit: Outfit) -> np.ndarray:
    """(V, 3) edges of the skin: it ends a little way inside every garment, sock and shoe."""
    shirt, trousers = shirt_edges(c, outfit).min(axis=1), trouser_edges(c, outfit).min(axis=1)
    shod = 0.925 - (HIP - c.height) + np.where(c.arms > 0.5, FAR, 0)
    return np.stack([0.03 - shirt, 0.03 - trousers, shod], axis=1)


@dataclass(frozen=True)
class Cut:
    """A garment's mesh, cut once: `faces`, the (N, V) matrix `from_body` and the smoothing matrix (N, N)."""

    faces: np.ndarray
    from_body: sparse.csr_matrix
    smoothing: sparse.csr_matrix


def cut(edges: np.ndarray, margin: float, detail: int) -> Cut:
    """The body's triangles that reach within `margin` metres of the inside of the cut lines, subdivided `detail`
    times."""
    rig = load_rig()
    keep = (edges.min(axis=1) > -margin)[rig.faces].all(axis=1)
    faces, used = compacted(rig.faces[keep])
    from_body = sparse.identity(len(rig.template), format="csr")[used]
    for _ in range(detail):
        faces, finer = subdivided(faces, from_body.shape[0])
        from_body = finer @ from_body
    return Cut(faces, from_body, neighbor_mean(faces, from_body.shape[0]))


def drape(
    piece: Cut, skin: np.ndarray, normals: np.ndarray, clearance: np.ndarray, rounds: int, sag: float
) -> np.ndarray:
    """Cloth points (N, 3) over posed skin (V, 3): offset, then smoothed without ever coming nearer than the clearance.

    `clearance` (N,) metres; `sag` how much further (as a share of the clearance) cloth hangs on the side facing down.
    """
    under, outward = piece.from_body @ skin, piece.from_body @ normals
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-9)
    distance = clearance * (1 + sag * np.maximum(0, -outward[:, 2]))
    cloth = under + outward * distance[:, None]
    for _ in range(rounds):
        pull = 0.6 * ((piece.smoothing @ cloth - cloth) * outward).sum(
            axis=1
        )  # across the cloth only: hems stay where cut
        gap = ((cloth - under) * outward).sum(axis=1)
        cloth = cloth + outward * np.maximum(pull, 0.75 * distance - gap)[:, None]
    return cloth


def folded(piece: Cut, cloth, p, edges, depth: np.ndarray, along: np.ndarray, seed: int) -> Mesh:
    """Folds of `depth` (N,) metres across the direction whose coordinate is `along` (N,), and the finished mesh.
    `cloth`, `p` (its chart) and `edges` are (N, 3)."""
    warp = noise(p * 9, seed) * 0.9 + noise(p * 21, seed + 1) * 0.35
    ridges = (
        1 - np.abs(noise(np.stack([p[:, 0] * 7 + warp, p[:, 1] * 7 - warp, along * 24 + 1.6 * warp], 1), seed + 2)) * 2
    )
    broad = noise(np.stack([p[:, 0] * 6, p[:, 1] * 6, along * 9 + warp], 1), seed + 3)
    normals = point_normals(cloth, piece.faces)
    cloth = cloth + normals * (depth * (0.65 * ridges + 0.6 * broad))[:, None]
    return Mesh(cloth, point_normals(cloth, piece.faces), piece.faces, p, edges)


@lru_cache(maxsize=64)
def _shirt_cut(sleeve: float, hem: float, neckline: float, detail: int) -> Cut:
    return cut(shirt_edges(body_chart(), Outfit(sleeve=sleeve, hem=hem, neckline=neckline)), 0.06, detail)


@lru_cache(maxsize=32)
def _trouser_cut(legs: float, detail: int) -> Cut:
    return cut(trouser_edges(body_chart(), Outfit(legs=legs)), 0.06, detail)


def make_shirt(c: Chart, outfit: Outfit, skin: np.ndarray, normals: np.ndarray, detail: int, seed: int) -> Mesh:
    piece = _shirt_cut(outfit.sleeve, outfit.hem, outfit.neckline, detail)
    arms, arm, chart = piece.from_body @ c.arms, piece.from_body @ c.arm, piece.from_body @ c.points
    edges, z = piece.from_body @ shirt_edges(c, outfit), chart[:, 2]
    torso = 0.007 + 0.017 * np.clip((0.50 - z) / 0.3, 0, 1)
    sleeve = 0.007 + np.interp(outfit.sleeve, [0.08, 0.17, 0.3, 0.5], [0.001, 0.011, 0.01, 0.005]) * np.clip(
        arm / outfit.sleeve, 0, 1
    )
    clearance = outfit.loose * ((1 - arms) * torso + arms * sleeve) + 0.003
    clearance = np.maximum(clearance, 0.016 * np.clip((0.36 - z) / 0.05, 0, 1) * (1 - arms))
    cloth = drape(piece, skin, normals, clearance, 14 * (1 + detail), sag=0.8)
    depth = (0.0012 + 0.0050 * np.clip((0.54 - z) / 0.25, 0, 1)) * (1 - arms)
    depth += arms * (0.0022 + 0.0045 * np.exp(-(((arm - 0.286) / 0.08) ** 2)))
    depth *= np.clip(edges.min(axis=1) / 0.03, 0.15, 1)
    shirt = folded(piece, cloth, chart, edges, depth * outfit.loose, (1 - arms) * z + arms * arm, seed)
    outer = np.where(chart[:, 0] > 0, 1, -1) * (0.2 + 0.5 * chart[:, 1])
    around = np.stack([outer, chart[:, 1], 0.62 - arm], axis=1)  # the print runs round the sleeves
    sewn = np.clip((arms - 0.35) / 0.3, 0, 1)[:, None]  # the print changes direction at the armhole
    return replace(shirt, chart=(1 - sewn) * chart + sewn * around)


def make_trousers(c: Chart, outfit: Outfit, skin: np.ndarray, normals: np.ndarray, detail: int, seed: int) -> Mesh:
    piece = _trouser_cut(outfit.legs, detail)
    chart, edges = piece.from_body @ c.points, piece.from_body @ trouser_edges(c, outfit)
    down = HIP - chart[:, 2]
    long = outfit.legs > 0.5
    flare = (
        0.004 + 0.020 * np.clip(down / outfit.legs, 0, 1) if long else 0.022 * np.clip(down / outfit.legs, 0, 1) ** 1.5
    )
    clearance = 0.006 + outfit.loose * flare
    cloth = drape(piece, skin, normals, clearance, 12 * (1 + detail), sag=0.5)
    knee, hip, ankle = (
        np.exp(-(((down - at) / width) ** 2)) for at, width in ((0.445, 0.1), (0.06, 0.08), (0.84, 0.1))
    )
    depth = 0.0016 + 0.0042 * knee + 0.0030 * hip + 0.0050 * ankle
    depth *= np.clip(edges.min(axis=1) / 0.03, 0.2, 1)
    return folded(piece, cloth, chart, edges, depth * outfit.loose, down, seed + 7)
