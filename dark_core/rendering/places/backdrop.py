"""Backdrops: a place as one camera sees it, one ray per pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dark_core.rendering.engine.camera import Camera
from dark_core.rendering.places.sets import PLACES, Place, mix


@dataclass(frozen=True)
class Painted:
    """`rgb` (H, W, 3) linear; `surface` (H, W, 4) world points and 0 floor, 1 wall, -1 none; `normal` (3,) of the wall;
    `depth` (H, W) metres from the lens."""

    rgb: np.ndarray
    surface: np.ndarray
    normal: np.ndarray
    depth: np.ndarray


def paint_backdrop(place: Place, camera: Camera, middle: np.ndarray) -> Painted:
    """The place as the camera sees it; `middle` (3,) is the person's middle, over which u = w = 0."""
    if place.kind not in PLACES:
        raise ValueError(f"unknown place {place.kind!r}: choose one of {', '.join(PLACES)}")
    floor, wall, distance = PLACES[place.kind](place)
    rays = camera.rays()
    forward = np.array([*(middle - camera.eye)[:2], 0.0])
    forward /= np.linalg.norm(forward)
    turn = np.deg2rad(place.turn)
    right = np.array([forward[1], -forward[0], 0.0])
    across, away = np.cos(turn) * right + np.sin(turn) * forward, np.cos(turn) * forward - np.sin(turn) * right
    ground = np.array([middle[0], middle[1], 0.0])

    shape = rays.shape[:2]
    rgb, surface, depth = np.zeros((*shape, 3)), np.full((*shape, 4), -1.0), np.full(shape, 80.0)
    to_floor = np.where(rays[..., 2] < -1e-4, camera.eye[2] / np.maximum(-rays[..., 2], 1e-4), np.inf)
    to_wall = np.full(shape, np.inf)
    if wall is not None:
        to_wall = ((ground - camera.eye) @ away + place.wall) / np.maximum(rays @ away, 1e-3)
    on_floor, on_wall = to_floor < np.minimum(to_wall, 78.0), np.isfinite(to_wall) & (to_wall <= to_floor)
    for chosen, reach, kind in ((on_floor, to_floor, 0.0), (on_wall, to_wall, 1.0)):
        if not chosen.any():
            continue
        hit = camera.eye + rays[chosen] * reach[chosen][:, None]
        u, w = (hit - ground) @ across, (hit - ground) @ away
        rgb[chosen] = floor(u, w) if kind == 0.0 else wall(u, hit[:, 2])
        surface[chosen] = np.concatenate([hit, np.full((len(hit), 1), kind)], axis=1)
        depth[chosen] = reach[chosen]
    if distance is not None:
        azimuth = np.arctan2(rays @ right, rays @ forward)
        elevation = np.arcsin(np.clip(rays[..., 2], -1, 1))
        far = distance(azimuth, np.maximum(elevation, 0.0))
        haze = np.clip((to_floor - 12.0) / 60.0, 0, 1) * 0.6
        hazed = mix(rgb, np.array([0.55, 0.62, 0.62]), haze) if place.kind != "beach" else rgb
        rgb = np.where(on_floor[..., None], hazed, far)
    return Painted(rgb, surface, -away, depth)
