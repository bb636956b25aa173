"""Small tools on triangle meshes: normals, smoothing, subdivision, primitives and solid noise.

Glossary: N points, F triangles. Points (N, 3) in metres, faces (F, 3) integers, counter-clockwise from outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Mesh:
    """What the renderer draws. `chart` (N, 3) are the coordinates on which the material paints; a fragment is drawn
    only where all three `edges` (N, 3), metres inside the cut line, are positive."""

    points: np.ndarray
    normals: np.ndarray
    faces: np.ndarray
    chart: np.ndarray
    edges: np.ndarray


def point_normals(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Area-weighted unit normals (N, 3)."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros_like(points)
    for axis in range(3):
        total[:, axis] = np.bincount(faces.ravel(), weights=np.repeat(across[:, axis], 3), minlength=len(points))
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def neighbor_mean(faces: np.ndarray, count: int) -> sparse.csr_matrix:
    """(N, N) matrix that replaces every point by the mean of its neighbors (isolated points stay)."""
    i = np.concatenate([faces[:, [0, 1, 2]].ravel(), faces[:, [1, 2, 0]].ravel()])
    j = np.concatenate([faces[:, [1, 2, 0]].ravel(), faces[:, [0, 1, 2]].ravel()])
    graph = sparse.csr_matrix((np.ones(len(i)), (i, j)), shape=(count, count))
    graph.data[:] = 1.0
    degree = np.asarray(graph.sum(axis=1)).ravel()
    lonely = sparse.diags((degree == 0).astype(float))
    return (sparse.diags(1.0 / np.maximum(degree, 1)) @ graph + lonely).tocsr()


def subdivided(faces: np.ndarray, count: int) -> tuple[np.ndarray, sparse.csr_matrix]:
    """Each triangle cut in four at its edge midpoints: new faces (4F, 3) and the (N', N) matrix of new points."""
    pairs = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    unique, inverse = np.unique(pairs, axis=0, return_inverse=True)
    ab, bc, ca = (inverse.ravel() + count).reshape(3, -1)
    a, b, c = faces.T
    new_faces = np.concatenate([np.stack(t, axis=1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
    rows = np.repeat(np.arange(len(unique)), 2)
    halves = sparse.csr_matrix((np.full(len(rows), 0.5), (rows, unique.ravel())), shape=(len(unique), count))
    return new_faces, sparse.vstack([sparse.identity(count, format="csr"), halves]).tocsr()


def compacted(faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Faces renumbered over the points they use, and those points' old numbers."""
    used, renumbered = np.unique(faces, return_inverse=True)
    return renumbered.reshape(faces.shape), used


def solid(points: np.ndarray, faces: np.ndarray, chart: np.ndarray | None = None) -> Mesh:
    """A mesh without cut lines."""
    chart = points if chart is None else chart
    return Mesh(points, point_normals(points, faces), faces, chart, np.ones_like(points))


def box(size, center) -> Mesh:
    """An axis-aligned box with flat faces; `chart` is centered on it."""
    half = np.asarray(size, float) / 2
    quads, normals = [], []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            u, v = np.eye(3)[(axis + 1) % 3], np.eye(3)[(axis + 2) % 3]
            n = np.eye(3)[axis] * sign
            quads.append([(n + a * u + sign * b * v) * half for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
            normals.append([n] * 4)
    chart = np.array(quads).reshape(-1, 3)
    faces = np.concatenate([[[4 * k, 4 * k + 1, 4 * k + 2], [4 * k, 4 * k + 2, 4 * k + 3]] for k in range(6)])
    return Mesh(chart + center, np.array(normals).reshape(-1, 3), faces, chart, np.ones_like(chart))


def grid_faces(rows: int, columns: int) -> np.ndarray:
    """Triangles over a (rows, columns) lattice that closes on itself along the columns."""
    r, c = np.mgrid[: rows - 1, :columns]
    here, right = r * columns + c, r * columns + (c + 1) % columns
    below, diagonal = here + columns, right + columns
    return np.concatenate(
        [np.stack([here, right, diagonal], -1).reshape(-1, 3), np.stack([here, diagonal, below], -1).reshape(-1, 3)]
    )


def ellipsoid(radii, center, rings: int = 24) -> Mesh:
    """An ellipsoid; `chart` holds its unit-sphere coordinates."""
    polar, around = np.meshgrid(np.linspace(0, np.pi, rings), np.arange(2 * rings) * np.pi / rings, indexing="ij")
    unit = np.stack([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), np.cos(polar)], -1).reshape(-1, 3)
    faces = grid_faces(rings, 2 * rings)[:, ::-1]
    points = unit * radii + center
    return Mesh(points, point_normals(points, faces), faces, unit, np.ones_like(unit))


def tube(path: np.ndarray, radii: np.ndarray, sides: int = 16) -> Mesh:
    """A tube along `path` (P, 3) with radius (P,); `chart` is (cos, sin, metres along)."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    start = np.eye(3)[np.argmin(np.abs(tangent).max(axis=0))]
    u = start - tangent * (tangent @ start)[:, None]
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    v = np.cross(tangent, u)
    angle = np.arange(sides) * 2 * np.pi / sides
    ring = np.cos(angle)[None, :, None] * u[:, None] + np.sin(angle)[None, :, None] * v[:, None]
    points = (path[:, None] + radii[:, None, None] * ring).reshape(-1, 3)
    chart = np.stack(np.broadcast_arrays(np.cos(angle), np.sin(angle), along[:, None]), -1).reshape(-1, 3)
    faces = grid_faces(len(path), sides)
    return Mesh(points, point_normals(points, faces), faces, chart, np.ones_like(points))


def _hash(ix: np.ndarray, iy: np.ndarray, iz: np.ndarray, seed: int) -> np.ndarray:
    h = (ix * 374761393 + iy * 668265263 + iz * 2147483647 + seed * 1274126177).astype(np.uint32)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(1103515245)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(2246822519)
    return (h ^ (h >> np.uint32(13))).astype(np.float64) / 4294967295.0


def noise(points: np.ndarray, seed: int = 0) -> np.ndarray:
    """Smooth value noise in [-1, 1] with unit cells at points (..., 2 or 3)."""
    points = np.asarray(points, float)
    if points.shape[-1] == 2:
        points = np.concatenate([points, np.zeros_like(points[..., :1])], axis=-1)
    cell = np.floor(points)
    f = points - cell
    f = f * f * (3 - 2 * f)
    i = cell.astype(np.int64)
    flat = bool(np.all(points[..., 2] == 0))
    total = np.zeros(points.shape[:-1])
    for dx in (0, 1):
        for dy in (0, 1):
            for dz in (0,) if flat else (0, 1):
                weight = (f[..., 0] if dx else 1 - f[..., 0]) * (f[..., 1] if dy else 1 - f[..., 1])
                if not flat:
                    weight = weight * (f[..., 2] if dz else 1 - f[..., 2])
                total += weight * _hash(i[..., 0] + dx, i[..., 1] + dy, i[..., 2] + dz, seed)
    return 2 * total - 1


def turbulence(points: np.ndarray, seed: int = 0, octaves: int = 4) -> np.ndarray:
    """Fractal sum of `noise`, about [-1, 1]."""
    layers = (noise(np.asarray(points) * 2.0**k, seed + k) * 0.5**k for k in range(octaves))
    return np.asarray(sum(layers)) / 1.6
