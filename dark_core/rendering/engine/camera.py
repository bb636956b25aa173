"""The camera: a pinhole that frames a figure, and the rays of its pixels.

Pixels follow the house: integer = pixel center, x right, y down. Camera axes in the world: right, up, forward.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class View:
    """How a scene is looked at. `around` degrees from the person's front (positive: the camera moves to the person's
    left), `height` metres of the lens, `lens` vertical field of view in degrees, `fill` share of the picture's
    tighter side that the figure takes, `shift` of the figure's middle from the picture's (shares of width and height,
    right and down), `roll` degrees."""

    around: float = 0.0
    height: float = 1.3
    lens: float = 28.0
    fill: float = 0.82
    shift: tuple[float, float] = (0.0, 0.02)
    roll: float = 0.0


@dataclass(frozen=True)
class Camera:
    """`eye` (3,) and orthonormal `axes` (3, 3) rows right, up, forward; `focal` in pixels; `center` (2,) principal
    point in pixel coordinates; `width`, `height` in pixels."""

    eye: np.ndarray
    axes: np.ndarray
    focal: float
    center: np.ndarray
    width: int
    height: int

    def project(self, points: np.ndarray) -> np.ndarray:
        """World (N, 3) -> pixels (N, 2) and depth (N,) as (N, 3)."""
        local = (np.asarray(points, float) - self.eye) @ self.axes.T
        pixels = np.stack([local[:, 0], -local[:, 1]], 1) / local[:, 2:] * self.focal + self.center
        return np.concatenate([pixels, local[:, 2:]], axis=1)

    def rays(self) -> np.ndarray:
        """(H, W, 3) unit directions through the pixel centers."""
        x, y = np.meshgrid(np.arange(self.width), np.arange(self.height))
        local = np.stack([(x - self.center[0]) / self.focal, -(y - self.center[1]) / self.focal, np.ones(x.shape)], -1)
        world = local @ self.axes
        return world / np.linalg.norm(world, axis=-1, keepdims=True)

    def matrix(self, near: float = 0.3, far: float = 60.0) -> np.ndarray:
        """(4, 4) clip-space matrix, rows; pixel centers at integers means the picture spans [-1/2, W - 1/2]."""
        fx, fy = 2 * self.focal / self.width, 2 * self.focal / self.height
        cx = (2 * self.center[0] + 1) / self.width - 1
        cy = 1 - (2 * self.center[1] + 1) / self.height
        depth = (far + near) / (far - near), -2 * far * near / (far - near)
        projection = np.array([[fx, 0, cx, 0], [0, fy, cy, 0], [0, 0, depth[0], depth[1]], [0, 0, 1, 0]])
        view = np.eye(4)
        view[:3, :3] = self.axes
        view[:3, 3] = -self.axes @ self.eye
        return projection @ view


def frame_figure(view: View, outline: np.ndarray, width: int, height: int) -> Camera:
    """The camera of `view` that makes the outline (P, 3) fill the picture as asked.

    The lens is aimed at the figure's middle from the distance at which the figure is as large as asked; what is then
    left of the shift is made on the film, so that the perspective stays the same.
    """
    middle = (outline.min(axis=0) + outline.max(axis=0)) / 2
    focal = height / 2 / np.tan(np.deg2rad(view.lens) / 2)
    angle = np.deg2rad(view.around)
    away = np.array([np.sin(angle), -np.cos(angle), 0.0])  # from the person to the camera
    distance = 3.0
    for _ in range(8):
        eye = np.array([*(middle + away * distance)[:2], view.height])
        forward = np.array([*middle[:2], middle[2]]) - eye
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0, 0, 1.0])
        right /= np.linalg.norm(right)
        up = np.cross(right, forward)
        roll = np.deg2rad(view.roll)
        right, up = np.cos(roll) * right + np.sin(roll) * up, np.cos(roll) * up - np.sin(roll) * right
        center = np.array([(width - 1) / 2, (height - 1) / 2])
        camera = Camera(eye, np.stack([right, up, forward]), focal, center, width, height)
        seen = camera.project(outline)[:, :2]
        extent = np.ptp(seen, axis=0)
        distance *= float(np.max(extent / (view.fill * np.array([width, height]))))
    seen = camera.project(outline)[:, :2]
    offset = (seen.min(axis=0) + seen.max(axis=0)) / 2 - center
    wanted = np.array(view.shift) * [width, height]
    return Camera(camera.eye, camera.axes, focal, center - offset + wanted, width, height)
