"""A dressed person standing in the world: meshes to draw and the fourteen joints, exact.

Joints are bone heads: shoulder = upperarm01, elbow = lowerarm01, wrist, hip = upperleg01, knee = lowerleg01, ankle =
foot; neck = the lowest neck bone, at the height of the collar; head top = the highest vertex of the skull (under the
hair).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from dark_core.rendering.engine.mesh import Mesh, neighbor_mean, point_normals
from dark_core.rendering.people.body import RestBody, Shape, load_rig, make_body, skin
from dark_core.rendering.people.clothing import Outfit, bare_skin, body_chart, chart_of, make_shirt, make_trousers
from dark_core.rendering.people.pose import Pose, Posed, solve_pose
from dark_core.rendering.people.shoes_and_hair import make_hair, make_shoe

JOINT_NAMES = (
    "right_ankle",
    "right_knee",
    "right_hip",
    "left_hip",
    "left_knee",
    "left_ankle",
    "right_wrist",
    "right_elbow",
    "right_shoulder",
    "left_shoulder",
    "left_elbow",
    "left_wrist",
    "neck",
    "head_top",
)
JOINT_BONES = (
    "foot.R",
    "lowerleg01.R",
    "upperleg01.R",
    "upperleg01.L",
    "lowerleg01.L",
    "foot.L",
    "wrist.R",
    "lowerarm01.R",
    "upperarm01.R",
    "upperarm01.L",
    "lowerarm01.L",
    "wrist.L",
    "neck01",
)
# How far the visible surface may lie from a joint that counts as seen: about the thickness of the clothed limb
# (metres).
JOINT_DEPTH = np.array([0.13, 0.14, 0.20, 0.20, 0.14, 0.13, 0.11, 0.125, 0.15, 0.15, 0.125, 0.11, 0.15, 0.10])


@dataclass(frozen=True)
class Figure:
    """`parts` are (material, mesh) pairs; `joints` (14, 3) and `outline` (P, 3), points that span the figure, in
    metres; `seat` is the height of the lowest point of hips and thighs' back."""

    parts: tuple[tuple[str, Mesh], ...]
    joints: np.ndarray
    outline: np.ndarray
    seat: float
    posed: Posed


def _head_map(body: RestBody, posed: Posed):
    """Points around the average head -> the same places around this person's posed head."""
    rig = load_rig()
    rows = rig.weight_of("head") > 0.9
    template = np.concatenate([rig.template[rows], np.ones((rows.sum(), 1))], axis=1)
    affine, *_ = np.linalg.lstsq(template, body.vertices[rows], rcond=None)
    bone = rig.bone("head")
    return lambda p: (np.c_[p, np.ones(len(p))] @ affine) @ posed.rotations[bone].T + posed.offsets[bone]


def make_figure(shape: Shape, pose: Pose, outfit: Outfit, detail: int = 1, seed: int = 0) -> Figure:
    """Pose and dress one person and set them on the floor z = 0. `detail` subdivides cloth and hair (0, 1 or 2)."""
    rig = load_rig()
    body = make_body(shape)
    posed = solve_pose(rig, body, pose)
    shoes = {tag: make_shoe(body, tag) for tag in ("R", "L")}

    def with_foot(mesh: Mesh, tag: str, motion: Posed) -> Mesh:
        bone = rig.bone(f"foot.{tag}")
        turn = motion.rotations[bone]
        return Mesh(
            mesh.points @ turn.T + motion.offsets[bone], mesh.normals @ turn.T, mesh.faces, mesh.chart, mesh.edges
        )

    points = skin(rig, body.vertices, posed.rotations, posed.offsets)
    soles = [with_foot(shoe, tag, posed).points[:, 2].min() for tag, shoe in shoes.items()]
    lift = pose.hop - min(min(soles), points[:, 2].min() - 0.01)
    posed = posed.moved(np.array([0.0, 0.0, lift]))
    points = points + [0.0, 0.0, lift]
    normals = point_normals(points, rig.faces)

    padded = _relaxed(points, normals)
    upward = np.einsum("nk,nkj->nj", rig.weights, posed.rotations[rig.influences][..., 2])
    cloth_base, cloth_normals = _rounded(padded, normals, upward)

    chart = chart_of(body)
    shirt = make_shirt(chart, outfit, cloth_base, cloth_normals, detail, seed)
    trousers = make_trousers(chart, outfit, cloth_base, cloth_normals, detail, seed)
    eyes = (rig.weight_of("eye") > 0.5)[rig.faces].all(axis=1)
    bare = Mesh(padded, point_normals(padded, rig.faces), rig.faces[~eyes], rig.template, bare_skin(chart, outfit))
    eye = Mesh(bare.points, bare.normals, rig.faces[eyes], bare.chart, np.ones_like(padded))
    hair = make_hair(outfit.hair, padded, normals, _head_map(body, posed), min(detail + 1, 2), seed)
    feet = [with_foot(shoe, tag, posed) for tag, shoe in shoes.items()]
    parts = [("skin", bare), ("eye", eye), ("trousers", trousers), ("shirt", shirt)]
    parts += [("hair", mesh) for mesh in hair] + [("shoe", mesh) for mesh in feet]
    crown = points[np.argmax(np.where(rig.weight_of("head") > 0.5, rig.template[:, 2], -9))]
    joints = np.concatenate([posed.heads[[rig.bone(name) for name in JOINT_BONES]], crown[None]])
    outline = np.concatenate([padded[::5], *[m.points[::7] for m in feet], *[m.points[::7] for m in hair]])
    hips = rig.weight_of("pelvis", "root", "upperleg01") > 0.6  # what sits on a seat
    return Figure(tuple(parts), joints, outline, float(padded[hips, 2].min()), posed)


def _relaxed(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Skinned points (V, 3) with the creases of shoulders, hips and knees smoothed, more where several bones pull."""
    rig, relax = load_rig(), _body_smoothing()
    mixed = np.clip(1.25 - rig.weights.max(axis=1), 0, 1) * (rig.weight_of("head", "finger", "wrist") < 0.5)
    for _ in range(6):
        pull = ((relax @ points - points) * normals).sum(axis=1)
        points = points + (0.8 * mixed * pull)[:, None] * normals
    return points


@lru_cache(maxsize=1)
def _body_smoothing() -> sparse.csr_matrix:
    rig = load_rig()
    return neighbor_mean(rig.faces, len(rig.template))


@lru_cache(maxsize=1)
def _tailor():
    """Solver of (M + l^2 K) x = M b on the average body: smoothing by a length l in metres, blind to how densely the
    mesh is sampled (M lumped areas, K cotangent stiffness), so that fine relief goes and the figure stays."""
    rig = load_rig()
    p, faces, count = rig.template, rig.faces, len(rig.template)
    area = np.linalg.norm(np.cross(p[faces[:, 1]] - p[faces[:, 0]], p[faces[:, 2]] - p[faces[:, 0]]), axis=1) / 2
    mass = np.bincount(faces.ravel(), np.repeat(area / 3, 3), count) + 1e-9
    stiffness = sparse.csr_matrix((count, count))
    for k in range(3):
        i, j, o = faces[:, (k + 1) % 3], faces[:, (k + 2) % 3], faces[:, k]
        a, b = p[i] - p[o], p[j] - p[o]
        cotangent = (
            np.clip((a * b).sum(axis=1) / np.maximum(np.linalg.norm(np.cross(a, b), axis=1), 1e-9), 0.02, 20) / 2
        )
        graph = sparse.csr_matrix((cotangent, (i, j)), shape=(count, count))
        stiffness = stiffness + graph + graph.T
    laplacian = sparse.diags(np.asarray(stiffness.sum(axis=1)).ravel()) - stiffness
    factor = splu((sparse.diags(mass) + RELIEF**2 * laplacian).tocsc())
    return lambda values: factor.solve(mass[:, None] * values)


RELIEF = 0.022  # metres: what is finer than this on the torso is not seen through cloth


def _rounded(points: np.ndarray, normals: np.ndarray, up: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The body as a tailor sees it: hollows filled, limbs as thick as they are, the torso without small relief; and the
    directions in which cloth leaves it, level round the torso. `up` (V, 3) is where each vertex's upward turned."""
    chart = body_chart()
    smooth, direction = np.split(_tailor()(np.concatenate([points, normals], axis=1)), 2, axis=1)
    trunk = np.clip(1 - 2 * chart.arms, 0, 1) * np.clip((chart.height - 0.07) / 0.06, 0, 1)
    level = trunk * np.clip((0.68 - chart.height) / 0.1, 0, 1)
    direction = direction - (level * (direction * up).sum(axis=1))[:, None] * up
    direction = direction / np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
    rise = ((smooth - points) * direction).sum(axis=1)
    torso = trunk * (chart.height < 0.72)
    return points + direction * np.maximum(rise, rise * torso)[:, None], direction
