"""How much encoding, decoding and input size each contribute: networks that differ only in these, on unseen people.

Every network predicts each person once, averaged with the mirrored crop, and all decoders see the same heatmaps.
Intervals come from a paired bootstrap over people: a resample is the same for all cells, so a difference can be
significant even where both its sides scatter. They do not cover the training seed: where there are several seeds,
figures are their mean, and the figure of each seed is listed beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dark_core.codec import decode, smooth
from dark_core.evaluation.ablation_table import BASELINE, NETWORKS, VARIANTS
from dark_core.evaluation.evaluate import THRESHOLDS, predict_heatmaps
from dark_core.evaluation.metrics import LIMBS, average_precision, counted, oks, torso
from dark_core.pose.estimator import Estimator
from dark_core.pose.skeleton import SKELETON
from dark_core.pose.weights import network_names

RESAMPLES = 1000


@dataclass(frozen=True)
class Predictions:
    """What one network predicts for the N people of one set, decoded by each of ``VARIANTS``.

    offset: variant -> (N, 14, 2) photo px from the label, NaN where there is none; similarity: variant -> (N,) OKS;
    score: (N,) mean joint score; px: (N,) photo px per heatmap px.
    """

    offset: dict[str, np.ndarray]
    similarity: dict[str, np.ndarray]
    score: np.ndarray
    px: np.ndarray


def predict_set(estimator: Estimator, people: list) -> Predictions:
    """Predict people (``files.annotations.Person``) in their labeled boxes, and decode with each of ``VARIANTS``."""
    sigma = estimator.model.sigma
    heatmaps, transforms = predict_heatmaps(people, estimator.forward_flipped, estimator.model.size)
    truth, trust = (np.stack([getattr(person, name) for person in people]) for name in ("joints", "trust"))
    smoothed = smooth(heatmaps, sigma)
    offset, similarity = {}, {}
    for name, (decoder, smooth_first) in VARIANTS.items():
        xy = decode(smoothed if smooth_first else heatmaps, decoder, sigma).xy
        photo = np.stack([one.to_photo(points) for one, points in zip(transforms, xy, strict=True)])
        offset[name], similarity[name] = photo - truth, oks(photo, truth, trust)
    score = decode(heatmaps, "argmax").score.mean(1)
    return Predictions(offset, similarity, score, np.array([one.photo_px for one in transforms]))


Values = dict[str, np.ndarray]
"""Metric -> (1 + B,): on everybody, then on each resample."""


def score_variant(
    one: Predictions,
    variant: str,
    truth: np.ndarray,
    weight: np.ndarray,
    exact: bool,
    trust: np.ndarray | None = None,
) -> Values:
    """Every metric of one network and one decoder variant against ``truth`` (N, 14, 2), photo px.

    weight: (1 + B, N), how often each person counts, the first row all ones; trust: (N, 14), how much each label
    counts. PCK over the 12 limb joints, unless nobody's torso is labeled, and OKS AP; where the truth is ``exact``,
    mean and median error in photo px as well.
    """
    yardstick = torso(truth)
    error = np.linalg.norm(one.offset[variant], axis=-1)[:, LIMBS]
    known = np.isfinite(truth[:, LIMBS]).all(-1)
    measured = (counted(truth) * (1.0 if trust is None else trust))[:, LIMBS]
    found: Values = {}
    for threshold in THRESHOLDS if measured.any() else ():
        hits = np.where(error <= threshold * yardstick[:, None], measured, 0.0).sum(1)
        with np.errstate(invalid="ignore"):  # a resample may have drawn nobody with a torso
            found[f"pck@{threshold}"] = 100 * (weight @ hits) / (weight @ measured.sum(1))
    found["oks_ap"] = 100 * average_precision(one.similarity[variant], one.score, weight)
    if exact:
        found["mean_px"] = weight @ np.where(known, error, 0).sum(1) / (weight @ known.sum(1))
        found["median_px"] = _median(error[known], np.nonzero(known)[0], weight)
    return found


def average_seeds(parts: dict[int, Values]) -> dict:
    """What a row of the table holds of the values by seed: their mean with intervals, and those of each seed."""
    mean = {metric: np.mean([part[metric] for part in parts.values()], axis=0) for metric in next(iter(parts.values()))}
    own = {metric: [round(float(part[metric][0]), 3) for part in parts.values()] for metric in mean}
    return {"values": _intervals(mean), "seeds": list(parts), "by_seed": own}


def _median(values: np.ndarray, person: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(1 + B,) medians of ``values`` (M,), each of which counts as often as its ``person`` (M,) in ``weight``."""
    order = np.argsort(values)
    sums = weight[:, person[order]].cumsum(1)
    return values[order][(sums < sums[:, -1:] / 2).sum(1)]


def bias_and_scatter(predictions: Iterable[Predictions], variant: str) -> dict[str, float]:
    """Bias along x and y and scatter per axis, in heatmap px, over the limb joints of several networks.

    All by medians, so that a joint mistaken for another counts little.
    """
    offset = np.concatenate(
        [(one.offset[variant] / one.px[:, None, None])[:, LIMBS].reshape(-1, 2) for one in predictions]
    )
    offset = offset[np.isfinite(offset).all(-1)]
    middle = np.median(offset, 0)
    scatter = 1.4826 * np.median(np.abs(offset - middle), 0).mean()
    return {"bias_x": float(middle[0]), "bias_y": float(middle[1]), "scatter": float(scatter)}


def by_joint(predictions: Iterable[Predictions], variant: str, truth: np.ndarray) -> dict[str, list[float | None]]:
    """PCK of each of the 14 joints at every threshold, in %, the mean over networks; None where no joint counts."""
    yardstick, known = torso(truth)[:, None], counted(truth)
    tables: dict[str, list] = {f"pck@{threshold}": [] for threshold in THRESHOLDS}
    for one in predictions:
        error = np.linalg.norm(one.offset[variant], axis=-1)
        for threshold in THRESHOLDS:
            hits = ((error <= threshold * yardstick) & known).sum(0)
            tables[f"pck@{threshold}"].append(100 * hits / np.where(known.any(0), known.sum(0), np.nan))
    means = {name: np.mean(table, 0) for name, table in tables.items()}
    return {name: [None if np.isnan(v) else round(float(v), 2) for v in mean] for name, mean in means.items()}


@dataclass
class Ablation:
    """Collects the results of ``networks`` set by set; ``table`` returns what is written.

    resamples, seed: of the bootstrap; say: receives a line per network; sets, cells, gains: as in the table.
    """

    networks: list[Estimator]
    resamples: int = RESAMPLES
    seed: int = 0
    say: Callable[[str], None] = print
    sets: list[dict] = field(default_factory=list)
    cells: list[dict] = field(default_factory=list)
    gains: list[dict] = field(default_factory=list)

    def add(self, name: str, people: list, exact: bool) -> None:
        """Predict one set with every network and put its cells and gains into the table.

        people: of ``files.annotations``; exact: whether their joints are known and not labeled by hand.
        """
        truth, trust = (np.stack([getattr(person, name) for person in people]) for name in ("joints", "trust"))
        measured = int(counted(truth)[:, LIMBS].any(1).sum())
        self.sets.append({"name": name, "people": len(people), "measured": measured, "exact": exact})
        generator = np.random.default_rng(self.seed)
        draws = generator.multinomial(len(people), np.full(len(people), 1 / len(people)), self.resamples)
        weight = np.vstack([np.ones(len(people), int), draws])
        groups: dict[tuple[str, int], dict[int, Predictions]] = {}
        for network in self.networks:
            self.say(f"{name}: {network.model.name}")
            card = network.model.card
            groups.setdefault((card["encoding"], network.model.size), {})[card["seed"]] = predict_set(network, people)
        values: dict[tuple[str, int, str], dict[int, Values]] = {}
        for (encoding, size), by_seed in groups.items():
            for variant in VARIANTS:
                found = {
                    seed: score_variant(one, variant, truth, weight, exact, trust) for seed, one in by_seed.items()
                }
                values[encoding, size, variant] = found
                cell = {"set": name, "encoding": encoding, "size": size, "reading": variant} | average_seeds(found)
                cell["joints"] = by_joint(by_seed.values(), variant, truth)
                self.cells.append(cell | ({"lean": bias_and_scatter(by_seed.values(), variant)} if exact else {}))
        for (encoding, size, variant), found in values.items():
            base = values.get((BASELINE[0], size, BASELINE[1]), {})
            both = {
                seed: {metric: found[seed][metric] - base[seed][metric] for metric in found[seed]}
                for seed in found
                if seed in base
            }
            if both and (encoding, variant) != BASELINE:
                row = {"set": name, "encoding": encoding, "size": size, "reading": variant}
                self.gains.append(row | average_seeds(both))

    def table(self) -> dict:
        """Everything as one JSON-ready dict; lengths in photo px, shares in %, intervals (value, low, high)."""
        return {
            "resamples": self.resamples,
            "standard": list(BASELINE),
            "joints": list(SKELETON.names),
            "networks": [
                {"name": one.model.name, "encoding": one.model.card["encoding"], "size": one.model.size}
                | {"sigma": one.model.sigma, "seed": one.model.card["seed"], "sha256": one.model.card["sha256"]}
                for one in self.networks
            ],
            "sets": self.sets,
            "cells": self.cells,
            "gains": self.gains,
        }


def _intervals(values: Values) -> dict[str, list[float]]:
    return {
        metric: [round(float(v), 3) for v in (found[0], *np.nanquantile(found[1:], (0.025, 0.975)))]
        for metric, found in values.items()
    }


def bundled(folder: Path = NETWORKS, device: str = "auto") -> list[Estimator]:
    """The networks of the ablation in ``folder``, by size, encoding and seed."""
    found = [Estimator.load(name, device, folder) for name in network_names(folder)]
    return sorted(found, key=lambda one: (one.model.size, one.model.card["encoding"], one.model.card["seed"]))
