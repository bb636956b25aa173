"""Poses in the words of the body, and the bone rotations that realise them.

Angles are degrees. A limb hangs straight down at zero; `lift` swings it up in the vertical plane `azimuth`
(0 forward, 90 out to its own side, 180 backward, negative across the body); `bend` folds the elbow forward or
the knee backward; `turn` rolls the limb about its own axis, positive towards the midline. Arms are given in
the frame of the chest, legs in the frame of the pelvis, so that a leaning body carries them along.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from dark_core.rendering.people.body import RestBody, Rig

DOWN = np.array([0.0, 0.0, -1.0])
SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
SPINE_SHARE = np.cumsum([0.15, 0.25, 0.25, 0.2, 0.15])
NECK = ("neck01", "neck02", "neck03", "head")
NECK_SHARE = (0.25, 0.45, 0.7, 1.0)


@dataclass(frozen=True)
class Arm:
    """`palm` pronates the forearm (positive turns the palm down or back), `wrist` flexes the hand, `curl` closes it
    (0-1)."""

    lift: float = 8
    azimuth: float = 70
    bend: float = 15
    turn: float = 10
    palm: float = 0
    wrist: float = 0
    curl: float = 0.35


@dataclass(frozen=True)
class Leg:
    """`point` stretches the ankle (toes down); `planted` puts the flat sole on the floor by bending hip and knee."""

    lift: float = 4
    azimuth: float = 90
    bend: float = 4
    turn: float = -8
    point: float = 0
    planted: bool = True


@dataclass(frozen=True)
class Pose:
    """A whole body. `lean`, `tilt`, `face` move the pelvis (forward, to the person's left, yaw to the left); `bow`,
    `side`, `twist` do the same along the spine and `nod`, `head_tilt`, `look` along the neck. `hop` lifts the lowest
    point above the floor, in metres."""

    right_arm: Arm = Arm()
    left_arm: Arm = Arm()
    right_leg: Leg = Leg()
    left_leg: Leg = Leg()
    lean: float = 0
    tilt: float = 0
    face: float = 0
    bow: float = 0
    side: float = 0
    twist: float = 0
    nod: float = 0
    head_tilt: float = 0
    look: float = 0
    hop: float = 0


@dataclass(frozen=True)
class Posed:
    """Bone motion from the rest pose: x -> rotations[b] x + offsets[b]; `heads` (B, 3) where the bone heads went."""

    rotations: np.ndarray
    offsets: np.ndarray
    heads: np.ndarray

    def moved(self, shift: np.ndarray) -> Posed:
        return replace(self, offsets=self.offsets + shift, heads=self.heads + shift)


def mirrored(pose: Pose) -> Pose:
    """The same pose with left and right exchanged."""
    return replace(
        pose,
        right_arm=pose.left_arm,
        left_arm=pose.right_arm,
        right_leg=pose.left_leg,
        left_leg=pose.right_leg,
        tilt=-pose.tilt,
        face=-pose.face,
        side=-pose.side,
        twist=-pose.twist,
        head_tilt=-pose.head_tilt,
        look=-pose.look,
    )


def _about(axis, degrees) -> np.ndarray:
    axis = np.asarray(axis, float)
    return Rotation.from_rotvec(np.deg2rad(degrees) * axis / np.linalg.norm(axis)).as_matrix()


def _lean(forward: float, left: float, yaw: float) -> np.ndarray:
    """Forward about +x (the person faces -y), to their left about +y, yaw to the left about +z."""
    return _about([0, 0, 1], yaw) @ _about([0, 1, 0], left) @ _about([1, 0, 0], forward)


def _unit(v: np.ndarray) -> np.ndarray:
    return v / np.linalg.norm(v)


def _frame(axis: np.ndarray, hinge: np.ndarray) -> np.ndarray:
    """Orthonormal columns (axis, hinge, axis x hinge), the hinge made square to the axis."""
    axis = _unit(axis)
    hinge = _unit(hinge - axis * (axis @ hinge))
    return np.stack([axis, hinge, np.cross(axis, hinge)], axis=1)


def limb_directions(limb: Arm | Leg, side: int, fold: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit vectors (upper, lower, hinge) of a limb in its parent's frame; `side` +1 left, -1 right; `fold` -1 for
    elbows (forward) and +1 for knees (backward)."""
    az, turn, bend = np.deg2rad([limb.azimuth, limb.turn, limb.bend])
    outward = np.array([side * np.sin(az), -np.cos(az), 0.0])
    swing = _about(np.cross(DOWN, outward), limb.lift)
    towards = np.array([fold * side * np.sin(turn), fold * np.cos(turn), 0.0])
    lower = np.cos(bend) * DOWN + np.sin(bend) * towards
    return swing @ DOWN, swing @ lower, swing @ np.cross(DOWN, towards)


def _reach(hip: np.ndarray, ankle: np.ndarray, thigh: float, shin: float, hinge: np.ndarray):
    """Two-bone reach: directions (thigh, shin) that bring the ankle to its place with the knee before the hinge."""
    line = ankle - hip
    distance = np.clip(np.linalg.norm(line), abs(thigh - shin) * 1.01, (thigh + shin) * 0.9995)
    line = _unit(line)
    hinge = _unit(hinge - line * (line @ hinge))
    forward = np.cross(line, hinge)
    cosine = (thigh**2 + distance**2 - shin**2) / (2 * thigh * distance)
    upper = cosine * line + np.sqrt(max(0.0, 1 - cosine**2)) * forward
    return upper, _unit(hip + line * distance - (hip + thigh * upper))


def _twist_share(rotation: np.ndarray, axis: np.ndarray, share: float) -> np.ndarray:
    """The rotation with only a share of its twist about the rest `axis`, so that skin does not wring at the joint."""
    quaternion = Rotation.from_matrix(rotation).as_quat()
    along = quaternion[:3] @ _unit(axis)
    angle = 2 * np.arctan2(along, quaternion[3])
    angle = (angle + np.pi) % (2 * np.pi) - np.pi
    return rotation @ _about(axis, np.rad2deg(-(1 - share) * angle))


class _Skeleton:
    """Global rotations by bone name, filled in from the root outwards; bones never named follow their parent."""

    def __init__(self, rig: Rig, heads: np.ndarray):
        self.rig, self.heads = rig, heads
        self.named: dict[str, np.ndarray] = {}

    def rest(self, name: str) -> np.ndarray:
        return self.heads[self.rig.bone(name)]

    def solve(self) -> Posed:
        rotations, placed = np.zeros((len(self.heads), 3, 3)), np.zeros_like(self.heads)
        for b, (name, parent) in enumerate(zip(self.rig.names, self.rig.parents)):
            above = rotations[parent] if parent >= 0 else np.eye(3)
            rotations[b] = self.named.get(name, above)
            placed[b] = placed[parent] + above @ (self.heads[b] - self.heads[parent]) if parent >= 0 else self.heads[b]
        offsets = placed - np.einsum("bij,bj->bi", rotations, self.heads)
        return Posed(rotations, offsets, placed)


def _pose_arm(skeleton: _Skeleton, arm: Arm, tag: str, chest: np.ndarray) -> None:
    side = 1 if tag == "L" else -1
    shoulder, elbow, wrist = (skeleton.rest(f"{bone}.{tag}") for bone in ("upperarm01", "lowerarm01", "wrist"))
    upper, lower, hinge = limb_directions(arm, side, fold=-1)
    raised = min(max(arm.lift - 30, 0) * 0.24, 30)
    forward = np.cos(np.deg2rad(arm.azimuth)) * np.sin(np.deg2rad(min(arm.lift, 90))) * 12
    clavicle = chest @ _about([0, 0, 1], -side * forward) @ _about([0, 1, 0], -side * raised)
    rest_hinge = np.cross(elbow - shoulder, wrist - elbow)
    rest_upper, rest_lower = _frame(elbow - shoulder, rest_hinge), _frame(wrist - elbow, rest_hinge)
    humerus = chest @ _frame(upper, hinge) @ rest_upper.T
    forearm = chest @ _frame(lower, hinge) @ rest_lower.T
    axis = wrist - elbow
    relative = clavicle.T @ humerus
    named = skeleton.named
    named[f"clavicle.{tag}"] = (
        chest @ _about([0, 0, 1], -side * forward * 0.6) @ _about([0, 1, 0], -side * raised * 0.6)
    )
    named[f"shoulder01.{tag}"] = clavicle
    named[f"upperarm01.{tag}"] = clavicle @ _twist_share(relative, elbow - shoulder, 0.5)
    named[f"upperarm02.{tag}"] = humerus
    named[f"lowerarm01.{tag}"] = forearm @ _about(axis, side * arm.palm * 0.25)
    named[f"lowerarm02.{tag}"] = forearm @ _about(axis, side * arm.palm * 0.75)
    hand = forearm @ _about(axis, side * arm.palm)
    knuckle2, knuckle5 = skeleton.rest(f"finger2-1.{tag}") - wrist, skeleton.rest(f"finger5-1.{tag}") - wrist
    palm_normal = side * np.cross(knuckle2, knuckle5)  # out of the back of the hand or the palm, by side alike
    flex = np.cross(palm_normal, knuckle2 + knuckle5)
    named[f"wrist.{tag}"] = hand = hand @ _about(flex, arm.wrist)
    for finger, first in ((2, 0.9), (3, 1.0), (4, 1.08), (5, 1.15)):
        total = 0.0
        for joint, degrees in ((1, 62), (2, 78), (3, 50)):
            total += (arm.curl - 0.2) * degrees * first
            named[f"finger{finger}-{joint}.{tag}"] = hand @ _about(flex, total)
    thumb = np.cross(palm_normal, skeleton.rest(f"finger1-3.{tag}") - skeleton.rest(f"finger1-1.{tag}"))
    for joint, share in ((1, 0.3), (2, 0.8), (3, 1.4)):
        named[f"finger1-{joint}.{tag}"] = hand @ _about(thumb, (arm.curl - 0.2) * 30 * share)


def _pose_leg(
    skeleton: _Skeleton, leg: Leg, tag: str, pelvis: np.ndarray, ankle: np.ndarray | None, hip: np.ndarray | None
):
    """Sets one leg; with `ankle` and `hip` (world) the foot is planted there."""
    side = 1 if tag == "L" else -1
    rest_hip, rest_knee, rest_ankle = (skeleton.rest(f"{bone}.{tag}") for bone in ("upperleg01", "lowerleg01", "foot"))
    upper, lower, hinge = (pelvis @ v for v in limb_directions(leg, side, fold=1))
    if ankle is not None and hip is not None:
        thigh, shin = (float(np.linalg.norm(bone)) for bone in (rest_knee - rest_hip, rest_ankle - rest_knee))
        upper, lower = _reach(hip, ankle, thigh, shin, hinge)
    rest_hinge = np.array([1.0, 0.0, 0.0])
    femur = _frame(upper, hinge) @ _frame(rest_knee - rest_hip, rest_hinge).T
    tibia = _frame(lower, hinge) @ _frame(rest_ankle - rest_knee, rest_hinge).T
    named = skeleton.named
    named[f"upperleg01.{tag}"] = pelvis @ _twist_share(pelvis.T @ femur, rest_knee - rest_hip, 0.4)
    named[f"upperleg02.{tag}"] = femur
    named[f"lowerleg01.{tag}"] = named[f"lowerleg02.{tag}"] = tibia
    if ankle is None:
        named[f"foot.{tag}"] = tibia @ _about(rest_hinge, leg.point)
        return
    flat = tibia @ np.array([0.0, -1.0, 0.0])
    flat = np.array([flat[0], flat[1], 0.0]) if np.hypot(*flat[:2]) > 0.3 else pelvis @ np.array([0.0, -1.0, 0.0])
    named[f"foot.{tag}"] = _about([0, 0, 1], np.rad2deg(np.arctan2(flat[0], -flat[1])))


def solve_pose(rig: Rig, body: RestBody, pose: Pose) -> Posed:
    """Bone motions of one body in one pose, the pelvis over the origin, the planted ankles at one height.

    The vertical position is settled by the dressed figure, which knows where the soles are.
    """
    skeleton = _Skeleton(rig, body.heads)
    pelvis = _lean(pose.lean, pose.tilt, pose.face)
    skeleton.named["root"] = pelvis
    for name, share in zip(SPINE, SPINE_SHARE):
        skeleton.named[name] = pelvis @ _lean(pose.bow * share, pose.side * share, pose.twist * share)
    chest = skeleton.named["spine01"]
    for name, share in zip(NECK, NECK_SHARE):
        skeleton.named[name] = chest @ _lean(pose.nod * share, pose.head_tilt * share, pose.look * share)
    _pose_arm(skeleton, pose.right_arm, "R", chest)
    _pose_arm(skeleton, pose.left_arm, "L", chest)
    legs = {"R": pose.right_leg, "L": pose.left_leg}
    for tag, leg in legs.items():
        _pose_leg(skeleton, leg, tag, pelvis, None, None)
    posed = skeleton.solve()
    planted = [tag for tag in legs if legs[tag].planted]
    if planted:
        ankles = {tag: posed.heads[rig.bone(f"foot.{tag}")].copy() for tag in planted}
        floor = max(ankle[2] for ankle in ankles.values())
        for tag, ankle in ankles.items():
            ankle[2] = floor
            _pose_leg(skeleton, legs[tag], tag, pelvis, ankle, posed.heads[rig.bone(f"upperleg01.{tag}")])
        posed = skeleton.solve()
    return posed.moved(-np.array([*posed.heads[0, :2], 0.0]))
