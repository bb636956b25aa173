"""Natural poses at random: families of sports and everyday poses, kept only where the body does not run through
itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from dark_core.rendering.people.body import Shape, load_rig, make_body
from dark_core.rendering.people.pose import Arm, Leg, Pose, Posed, mirrored, solve_pose

Random = np.random.Generator


def _arm(rng: Random, lift=(0, 40), azimuth=(20, 110), bend=(5, 60), turn=(-10, 30)) -> Arm:
    draw = rng.uniform
    return Arm(draw(*lift), draw(*azimuth), draw(*bend), draw(*turn), draw(-30, 60), draw(-20, 20), draw(0.1, 0.9))


def _leg(rng: Random, lift=(0, 15), azimuth=(0, 180), bend=(0, 20), turn=(-20, 2), point=(-5, 20), planted=True) -> Leg:
    draw = rng.uniform
    return Leg(draw(*lift), draw(*azimuth), draw(*bend), draw(*turn), draw(*point), planted)


def _any_arm(rng: Random) -> Arm:
    """From hanging to overhead, in front, at the side or behind."""
    kind = rng.integers(5)
    if kind == 0:
        return _arm(rng)
    if kind == 1:
        return _arm(rng, (40, 110), (-10, 100), (0, 110), (-40, 50))
    if kind == 2:
        return _arm(rng, (110, 172), (10, 95), (0, 90), (-20, 20))
    if kind == 3:
        return _arm(rng, (30, 60), (100, 125), (80, 115), (50, 75))  # hand on the hip
    return _arm(rng, (15, 60), (120, 175), (5, 100), (0, 20))


def _stand(rng: Random) -> Pose:
    return Pose(_any_arm(rng), _any_arm(rng), _leg(rng), _leg(rng), bow=rng.normal(2, 6))


def _stride(rng: Random) -> Pose:
    reach = rng.uniform(12, 34)
    return Pose(
        _arm(rng, (10, 45), (-5, 25), (10, 70), (0, 15)),
        _arm(rng, (10, 45), (150, 178), (5, 50), (0, 10)),
        _leg(rng, (reach * 0.7, reach), (165, 180), (5, 45), point=(5, 30), planted=False),
        _leg(rng, (reach * 0.8, reach * 1.1), (0, 15), (0, 25), planted=False),
        lean=rng.uniform(0, 8),
        twist=-reach * 0.3,
    )


def _run(rng: Random) -> Pose:
    return Pose(
        _arm(rng, (15, 60), (0, 20), (65, 120), (0, 30)),
        _arm(rng, (25, 65), (155, 178), (60, 110), (0, 15)),
        _leg(rng, (5, 50), (165, 180), (20, 110), (-8, 4), (10, 40), False),
        _leg(rng, (30, 85), (0, 12), (35, 110), (-8, 4), (-5, 20), False),
        lean=rng.uniform(2, 18),
        twist=rng.uniform(-16, 4),
        hop=rng.uniform(0, 0.12),
    )


def _kick(rng: Random) -> Pose:
    return Pose(
        _any_arm(rng),
        _arm(rng, (30, 95), (30, 100), (5, 50)),
        _leg(rng, (20, 95), (-10, 40), (5, 60), point=(0, 40), planted=False),
        _leg(rng, (0, 18), (120, 180), (5, 35)),
        lean=rng.uniform(-20, 8),
        tilt=rng.uniform(-4, 12),
        twist=rng.uniform(-5, 25),
    )


def _throw(rng: Random) -> Pose:
    return Pose(
        _arm(rng, (70, 150), (70, 120), (20, 110), (-60, 10)),
        _arm(rng, (40, 120), (0, 60), (0, 60)),
        _leg(rng, (5, 40), (140, 180), (10, 50)),
        _leg(rng, (10, 45), (0, 40), (10, 50)),
        lean=rng.uniform(-12, 14),
        twist=rng.uniform(-40, 20),
        side=rng.uniform(-15, 15),
    )


def _lunge(rng: Random) -> Pose:
    return Pose(
        _any_arm(rng),
        _any_arm(rng),
        _leg(rng, (40, 75), (0, 80), (40, 85), (-50, 0)),
        _leg(rng, (25, 50), (90, 170), (0, 40)),
        lean=rng.uniform(-5, 22),
        side=rng.uniform(-14, 14),
    )


def _squat(rng: Random) -> Pose:
    deep = rng.uniform(40, 105)
    both = {"lift": (deep - 6, deep + 6), "azimuth": (8, 40), "bend": (deep - 5, deep + 20), "turn": (-25, 0)}
    return Pose(
        _any_arm(rng),
        _any_arm(rng),
        _leg(rng, **both),
        _leg(rng, **both),
        lean=rng.uniform(5, 35),
        bow=rng.uniform(0, 15),
        nod=-15,
    )


def _sit(rng: Random) -> Pose:
    legs = {"lift": (76, 94), "azimuth": (2, 28), "bend": (55, 105), "turn": (-12, 4)}
    return Pose(
        _arm(rng, (5, 70), (5, 60), (20, 95), (0, 30)),
        _arm(rng, (5, 70), (5, 60), (20, 95), (0, 30)),
        _leg(rng, **legs),
        _leg(rng, **legs),
        lean=rng.uniform(-12, 10),
        bow=rng.uniform(0, 18),
    )


def _leap(rng: Random) -> Pose:
    legs = {
        "lift": (0, 80),
        "azimuth": (0, 110),
        "bend": (0, 100),
        "turn": (-20, 4),
        "point": (10, 40),
        "planted": False,
    }
    return Pose(
        _any_arm(rng),
        _any_arm(rng),
        _leg(rng, **legs),
        _leg(rng, **legs),
        lean=rng.uniform(-15, 20),
        bow=rng.uniform(-10, 15),
        hop=rng.uniform(0.1, 0.5),
    )


def _bend_over(rng: Random) -> Pose:
    arms, lean = {"lift": (20, 100), "azimuth": (-5, 70), "bend": (0, 60)}, rng.uniform(20, 75)
    legs = {"lift": (lean - 10, lean + 15), "azimuth": (0, 25), "bend": (0, 40)}
    return Pose(
        _arm(rng, **arms),
        _arm(rng, **arms),
        _leg(rng, **legs),
        _leg(rng, **legs),
        lean=lean,
        bow=rng.uniform(5, 35),
        nod=rng.uniform(-30, 5),
    )


FAMILIES: dict[Callable[[Random], Pose], float] = {
    _stand: 0.22,
    _stride: 0.10,
    _run: 0.16,
    _kick: 0.08,
    _throw: 0.11,
    _lunge: 0.10,
    _squat: 0.05,
    _sit: 0.06,
    _leap: 0.07,
    _bend_over: 0.05,
}


EVERYDAY: dict[Callable[[Random], Pose], float] = {_stand: 0.6, _stride: 0.4}


def clear_of_itself(rig, posed: Posed) -> bool:
    """Whether forearms keep off the trunk, head and thighs and the legs off each other (distances between bone
    segments)."""

    def at(name: str) -> np.ndarray:
        return posed.heads[rig.bone(name)]

    def hand(tag: str) -> np.ndarray:
        return 2.2 * at(f"finger3-1.{tag}") - 1.2 * at(f"wrist.{tag}")

    trunk, skull = (
        (at("root"), at("neck01")),
        (at("neck03"), at("head") + 0.9 * (at("head") - at("neck03")) + 0.06 * posed.rotations[rig.bone("head"), :, 2]),
    )
    arms = {tag: [(at(f"lowerarm01.{tag}"), at(f"wrist.{tag}")), (at(f"wrist.{tag}"), hand(tag))] for tag in "RL"}
    thighs = [(at(f"upperleg01.{tag}"), at(f"lowerleg01.{tag}")) for tag in "RL"]
    shins = [(at(f"lowerleg01.{tag}"), at(f"foot.{tag}")) for tag in "RL"]
    for tag in "RL":
        for bone in arms[tag]:
            if segment_distance(bone, trunk) < 0.165 or segment_distance(bone, skull) < 0.13:
                return False
            if any(segment_distance(bone, thigh) < 0.105 for thigh in thighs) or any(
                segment_distance(bone, shin) < 0.08 for shin in shins
            ):
                return False
    if min(segment_distance(a, b) for a in arms["R"] for b in arms["L"]) < 0.08:
        return False
    crossing = [(shins[0], shins[1]), (shins[0], thighs[1]), (shins[1], thighs[0])]
    return min(segment_distance(a, b) for a, b in crossing) > 0.11


def segment_distance(a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]) -> float:
    """Least distance between two segments, by sampling (to about a centimetre)."""
    t = np.linspace(0, 1, 9)[:, None]
    p, q = a[0] + t * (a[1] - a[0]), b[0] + t * (b[1] - b[0])
    return float(np.linalg.norm(p[:, None] - q[None], axis=-1).min())


def random_pose(rng: Random, shape: Shape, repertoire: dict[Callable[[Random], Pose], float] = FAMILIES) -> Pose:
    """A natural pose that does not run through itself, either hand, head and spine varied."""
    rig, body = load_rig(), make_body(shape)
    families, odds = list(repertoire), np.array(list(repertoire.values()))
    for _ in range(200):
        pose = families[rng.choice(len(families), p=odds / odds.sum())](rng)
        pose = replace(
            pose,
            tilt=pose.tilt + rng.normal(0, 3),
            bow=pose.bow + rng.normal(0, 4),
            side=pose.side + rng.normal(0, 5),
            twist=pose.twist + rng.normal(0, 8),
            nod=pose.nod + rng.normal(2, 10),
            look=rng.normal(0, 22),
            head_tilt=rng.normal(0, 6),
        )
        pose = mirrored(pose) if rng.random() < 0.5 else pose
        if clear_of_itself(rig, solve_pose(rig, body, pose)):
            return pose
    return Pose()
