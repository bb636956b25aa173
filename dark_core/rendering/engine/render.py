"""The renderer: shadow maps from every light, then the figure, then the shadow it throws on its backdrop.

OpenGL through EGL, no window; everything comes back as linear-light NumPy arrays. `moderngl` is imported on first use.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dark_core.rendering.engine import shaders
from dark_core.rendering.engine.camera import Camera
from dark_core.rendering.engine.light import RIMS, Light, sample_lights
from dark_core.rendering.engine.mesh import Mesh
from dark_core.rendering.people.clothing import Outfit

MATERIALS = {
    "skin": 0,
    "shirt": 1,
    "trousers": 2,
    "shoe": 3,
    "hair": 4,
    "plain": 5,
    "eye": 6,
    "wood": 7,
    "ball": 8,
    "net": 9,
}
PATTERNS = {"plain": 0, "stripes": 1, "block": 2, "panel": 3, "check": 4}


@dataclass(frozen=True)
class Prop:
    """A thing in the scene: `material` plain, wood, ball or net; sRGB colors; `measure` = (cells a metre, string
    share) of a net."""

    mesh: Mesh
    material: str = "plain"
    color: tuple[float, float, float] = (0.7, 0.7, 0.7)
    accent: tuple[float, float, float] = (0.1, 0.1, 0.1)
    measure: tuple[float, float] = (50.0, 0.1)


@dataclass(frozen=True)
class Rendered:
    """`rgb` (H, W, 3) linear light premultiplied by `alpha` (H, W); `place` (H, W, 3) the world point seen (nan where
    none); `shade` (H, W, 3) the share of light that reaches the backdrop."""

    rgb: np.ndarray
    alpha: np.ndarray
    place: np.ndarray
    shade: np.ndarray


def linear(srgb) -> np.ndarray:
    """sRGB in [0, 1] -> linear light."""
    srgb = np.asarray(srgb, float)
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _light_rows(direction: np.ndarray, center: np.ndarray, radius: float) -> np.ndarray:
    """(3, 4) rows of the orthographic map that looks along a light at the sphere of the scene, into [-1, 1]."""
    side = np.cross(direction, [0.0, 0.0, 1.0] if abs(direction[2]) < 0.95 else [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    axes = np.stack([side, np.cross(direction, side), -direction]) / radius
    return np.concatenate([axes, -(axes @ center)[:, None]], axis=1)


class Renderer:
    """One EGL context with its programs; `tile` pixels a shadow map, `key_count` and `sky_count` lights."""

    def __init__(self, tile: int = 512, key_count: int = 16, sky_count: int = 30):
        import moderngl

        self.gl = moderngl
        self.context = context = moderngl.create_standalone_context(backend="egl")
        self.tile, self.key_count, self.sky_count = tile, key_count, sky_count
        self.tiles = int(np.ceil(np.sqrt(key_count + sky_count + 2)))
        self.atlas = context.depth_texture((tile * self.tiles,) * 2)
        self.atlas.compare_func = "<="
        self.atlas.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.atlas_buffer = context.framebuffer(depth_attachment=self.atlas)
        self.cast = context.program(shaders.CAST_VERTEX, shaders.CAST_FRAGMENT)
        self.figure = context.program(shaders.FIGURE_VERTEX, shaders.FIGURE_FRAGMENT)
        self.catch = context.program(shaders.SCREEN_VERTEX, shaders.CATCH_FRAGMENT)
        corners = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], "f4")
        self.screen = context.vertex_array(self.catch, [(context.buffer(corners.tobytes()), "2f", "corner")])

    def render(
        self,
        parts,
        props,
        outfit: Outfit,
        camera: Camera,
        light: Light,
        view_around: float,
        surface: np.ndarray,
        wall: np.ndarray,
        supersample: int = 3,
    ) -> Rendered:
        """`parts` (material, mesh) of the figure, `props`, and `surface` (H, W, 4): the backdrop's world points, a =
        0 floor, 1 wall of normal `wall` (3,), -1 nothing."""
        context = self.context
        drawn = [(name, mesh, None) for name, mesh in parts] + [(prop.material, prop.mesh, prop) for prop in props]
        uploads = [self._upload(mesh) for _, mesh, _ in drawn]
        everything = np.concatenate([mesh.points for _, mesh, _ in drawn])
        center = (everything.min(axis=0) + everything.max(axis=0)) / 2
        radius = float(np.linalg.norm(everything - center, axis=1).max()) * 1.02
        directions, colors, keys = sample_lights(light, view_around, self.key_count, self.sky_count)
        rows = np.stack([_light_rows(direction, center, radius) for direction in directions])  # (L, 3, 4)
        self._cast_shadows(uploads, rows)
        for program in (self.figure, self.catch):
            self._set_lights(program, rows, directions, colors, radius)

        width, height = camera.width * supersample, camera.height * supersample
        color = context.texture((width, height), 4, dtype="f2")
        place = context.texture((width, height), 4, dtype="f4")
        depth = context.depth_renderbuffer((width, height))
        target = context.framebuffer([color, place], depth)
        target.use()
        target.clear(0, 0, 0, 0)
        context.enable(self.gl.DEPTH_TEST)
        program = self.figure
        self._set(program, "view_projection", camera.matrix().T.astype("f4").tobytes(), raw=True)
        self._set(program, "eye", tuple(camera.eye))
        self._set(program, "key_count", keys)
        self._set(program, "bounce", light.floor)
        for (name, _, prop), buffers in zip(drawn, uploads):
            self._set_material(name, prop, outfit)
            self._draw(program, buffers)
        rgba = np.frombuffer(color.read(), "f2").reshape(height, width, 4)[::-1].astype(np.float32)
        world = np.frombuffer(place.read(), "f4").reshape(height, width, 4)[::-1]
        small = rgba.reshape(camera.height, supersample, camera.width, supersample, 4)
        tamed = small[..., :3] / (1 + np.maximum(small[..., :3].max(-1, keepdims=True) - 2.0, 0))
        rgb, alpha = tamed.mean(axis=(1, 3)), small[..., 3].mean(axis=(1, 3))
        middle = supersample // 2
        seen = world[middle::supersample, middle::supersample]
        place_small = np.where(seen[..., 3:] > 0.5, seen[..., :3], np.nan)
        shade = self._caught(surface, wall)
        for buffers in uploads:
            for buffer in buffers:
                buffer.release()
        for thing in (target, color, place, depth):
            thing.release()
        return Rendered(rgb, alpha, place_small, shade)

    def _upload(self, mesh: Mesh):
        packed = np.concatenate([mesh.points, mesh.normals, mesh.chart, mesh.edges], axis=1).astype("f4")
        return self.context.buffer(packed.tobytes()), self.context.buffer(
            np.ascontiguousarray(mesh.faces, "i4").tobytes()
        )

    def _array(self, program, buffers):
        full = (buffers[0], "3f 3f 3f 3f", "position", "normal", "chart", "edge")
        lean = (buffers[0], "3f 24x 3f", "position", "edge")
        return self.context.vertex_array(program, [full if program is self.figure else lean], index_buffer=buffers[1])

    def _draw(self, program, buffers) -> None:
        array = self._array(program, buffers)
        array.render()
        array.release()

    def _cast_shadows(self, uploads, rows: np.ndarray) -> None:
        self.context.enable(self.gl.DEPTH_TEST)
        self.atlas_buffer.use()
        self.atlas_buffer.clear(depth=1.0)
        arrays = [self._array(self.cast, buffers) for buffers in uploads]
        for i, row in enumerate(rows):
            self.atlas_buffer.viewport = (
                (i % self.tiles) * self.tile,
                (i // self.tiles) * self.tile,
                self.tile,
                self.tile,
            )
            self.cast["rows"].write(row.astype("f4").tobytes())
            for array in arrays:
                array.render()
        for array in arrays:
            array.release()

    def _set(self, program, name: str, value, raw: bool = False) -> None:
        if name in program:
            if raw:
                program[name].write(value)
            else:
                program[name].value = value

    def _set_lights(self, program, rows, directions, colors, radius: float) -> None:
        count = shaders.MAX_LIGHTS

        def padded(values, width):
            out = np.zeros((count, width), "f4")
            out[: len(values)] = values.reshape(len(values), width)
            return out.tobytes()

        self._set(program, "light_count", len(directions))
        self._set(program, "light_rows", padded(rows, 12), raw=True)
        self._set(program, "light_direction", padded(directions, 3), raw=True)
        self._set(program, "light_color", padded(colors, 3), raw=True)
        self._set(program, "tiles", self.tiles)
        self._set(program, "tile_pixels", float(self.tile))
        self._set(program, "bias", 0.5 * (0.004 + 1.6 / self.tile * radius) / radius)
        self.atlas.use(0)
        self._set(program, "atlas", 0)

    def _set_material(self, name: str, prop: Prop | None, outfit: Outfit) -> None:
        base = {
            "skin": outfit.skin,
            "shirt": outfit.shirt,
            "trousers": outfit.trousers,
            "shoe": outfit.shoes,
            "hair": outfit.hair_color,
            "eye": (1, 1, 1),
        }
        accent, extra, pattern, measure = outfit.accent, outfit.hair_color, 0, FACE
        if name == "shirt":
            pattern = PATTERNS[outfit.pattern]
        elif name == "trousers":
            pattern = int(outfit.side_stripe)
        elif name == "shoe":
            extra = outfit.soles
        elif name == "skin":
            accent = outfit.socks
        if prop is not None:
            base, accent, measure = {name: prop.color}, prop.accent, prop.measure
        program = self.figure
        self._set(program, "material", MATERIALS[name])
        self._set(program, "base", tuple(linear(base[name])))
        self._set(program, "accent", EYE if name == "eye" else tuple(linear(accent)))
        self._set(program, "extra", tuple(linear(extra)))
        self._set(program, "pattern", pattern)
        self._set(program, "beard", outfit.beard)
        self._set(program, "measure", measure)

    def _caught(self, surface: np.ndarray, wall: np.ndarray) -> np.ndarray:
        height, width = surface.shape[:2]
        source = self.context.texture(
            (width, height), 4, np.ascontiguousarray(surface[::-1], "f4").tobytes(), dtype="f4"
        )
        source.filter = (self.gl.NEAREST, self.gl.NEAREST)
        losses = [self.context.texture((width, height), 4, dtype="f4") for _ in range(2)]
        target = self.context.framebuffer(losses)
        target.use()
        self.context.disable(self.gl.DEPTH_TEST)
        source.use(1)
        self._set(self.catch, "surface", 1)
        self._set(self.catch, "first", RIMS)
        self._set(self.catch, "key_count", self.key_count + RIMS)
        self._set(self.catch, "wall", tuple(float(v) for v in wall))
        self.screen.render(self.gl.TRIANGLE_STRIP)
        key, sky = (np.frombuffer(out.read(), "f4").reshape(height, width, 4)[::-1, :, :3].copy() for out in losses)
        for thing in (target, source, *losses):
            thing.release()
        soft = cv2.GaussianBlur(key, (0, 0), max(0.5, KEY_BLUR * height))
        key = np.where(surface[..., 3:] > 0.5, soft, key)  # on walls only: on the floor contact must stay crisp
        return np.clip(1 - key - cv2.GaussianBlur(sky, (0, 0), max(0.8, SKY_BLUR * height)), 0, 1)


KEY_BLUR = 0.007  # of the picture's height: hides that a soft lamp is a few lights
SKY_BLUR = 0.012  # of the picture's height: likewise for the sky
FACE = (0.927, 0.834)  # heights of the brows and of the mouth's line on the average head
EYE = (0.0, 0.0, 0.904)  # height of the pupils there
