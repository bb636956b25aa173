"""One scene: everything that decides a picture, and the making of picture and truth together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dark_core.rendering.engine.camera import Camera, View, frame_figure
from dark_core.rendering.engine.light import Light
from dark_core.rendering.engine.render import Renderer
from dark_core.rendering.people.body import Shape
from dark_core.rendering.people.clothing import Outfit
from dark_core.rendering.people.figure import JOINT_DEPTH, JOINT_NAMES, make_figure
from dark_core.rendering.people.pose import Pose
from dark_core.rendering.photo import Film, develop
from dark_core.rendering.places.backdrop import paint_backdrop
from dark_core.rendering.places.props import PROPS
from dark_core.rendering.places.sets import Place

CROP_CELLS = 32  # heatmap pixels along the side of a crop of 128 px at stride 4


@dataclass(frozen=True)
class Scene:
    """The specification of one picture. `size` is (width, height) in pixels; `margin` the side of the recommended
    square box in figure extents; `edge` (joint name, heatmap px) moves that box until the joint lies so close inside
    its edge."""

    name: str
    title: str
    description: str
    shape: Shape
    pose: Pose
    outfit: Outfit
    view: View
    light: Light
    place: Place
    film: Film
    props: tuple[str, ...] = ()
    size: tuple[int, int] = (640, 800)
    margin: float = 1.25
    edge: tuple[str, float] | None = None
    seed: int = 0


@dataclass(frozen=True)
class Shot:
    """A made scene: `picture` (H, W, 3) uint8, `joints` (14, 3) x, y and visibility (2 seen, 1 hidden), `box` (4,) in
    pixel edges."""

    picture: np.ndarray
    joints: np.ndarray
    box: np.ndarray


def recommended_box(
    outline: np.ndarray, joints: np.ndarray, margin: float, edge: tuple[str, float] | None
) -> np.ndarray:
    """A square (x0, y0, x1, y1) about the projected figure (P, 2), in pixel edges: the whole picture is (0, 0, W,
    H)."""
    low, high = outline.min(axis=0) + 0.5, outline.max(axis=0) + 0.5
    side = float(np.max(high - low)) * margin
    corner = (low + high) / 2 - side / 2
    if edge is not None:
        name, cells = edge
        joint, gap = joints[JOINT_NAMES.index(name), :2] + 0.5, cells * side / CROP_CELLS
        away = joint - (low + high) / 2
        axis = int(np.argmax(np.abs(away)))
        corner[axis] = joint[axis] + gap - side if away[axis] > 0 else joint[axis] - gap
    return np.concatenate([corner, corner + side])


def visibility(camera: Camera, joints: np.ndarray, place: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """(14,) 2 where the surface seen at the joint's pixel lies within the limb's thickness `reach` of the joint, else
    1."""
    height, width = place.shape[:2]
    pixel = camera.project(joints)[:, :2]
    seen = np.ones(len(joints), int)
    for k, (x, y) in enumerate(pixel):
        column, row = int(np.floor(x + 0.5)), int(np.floor(y + 0.5))
        patch = place[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2].reshape(-1, 3)
        if not (0 <= column < width and 0 <= row < height) or not len(patch):
            continue
        distance = np.linalg.norm(patch - joints[k], axis=1)
        if np.nanmin(np.append(distance, np.inf)) < reach[k]:
            seen[k] = 2
    return seen


def make_shot(
    scene: Scene,
    renderer: Renderer,
    detail: int = 1,
    supersample: int = 3,
    stage: Scene | None = None,
    ahead: np.ndarray | None = None,
    grain: int = 0,
) -> Shot:
    """Render one scene.

    A frame of a clip is framed as `stage`, the scene of another moment, would be, and shows the person `ahead` (3,)
    metres from there; `grain` numbers the frame, whose film grain is its own.
    """
    figure = make_figure(scene.shape, scene.pose, scene.outfit, detail, scene.seed)
    stage = scene if stage is None else stage
    staged = figure if stage is scene else make_figure(stage.shape, stage.pose, stage.outfit, 0, stage.seed)
    camera = frame_figure(scene.view, staged.outline, *scene.size)
    middle = (staged.outline.min(axis=0) + staged.outline.max(axis=0)) / 2
    if ahead is not None:
        camera, middle = replace(camera, eye=camera.eye - ahead), middle - ahead
    props = [prop for name in scene.props for prop in PROPS[name](figure)]
    painted = paint_backdrop(scene.place, camera, middle)
    rendered = renderer.render(
        figure.parts,
        props,
        scene.outfit,
        camera,
        scene.light,
        scene.view.around,
        painted.surface,
        painted.normal,
        supersample,
    )
    focus = float(camera.project(middle[None])[0, 2])
    seed = [scene.seed, grain] if grain else scene.seed
    picture = develop(rendered, painted, scene.film, focus, np.random.default_rng(seed))
    joints = camera.project(figure.joints)
    joints[:, 2] = visibility(camera, figure.joints, rendered.place, JOINT_DEPTH)
    outline = camera.project(figure.outline)[:, :2]
    return Shot(picture, joints, recommended_box(outline, joints, scene.margin, scene.edge))
