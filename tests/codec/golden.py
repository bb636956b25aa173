"""The numbers that every implementation of the codec must give, made by the reference.

``python -m tests.codec.golden`` writes them anew.
"""

import json
from pathlib import Path

import numpy as np

from dark_core.codec import reference

FILE = Path(__file__).with_name("golden.json")

QUANTIZE = {"unbiased": lambda xy: xy, "floor": np.floor, "round": lambda xy: np.floor(xy + 0.5)}

# Width and height, sigma, joint and noise: always farther from an edge than the kernel reaches.
HEATMAPS = (
    ((13, 15), 1.0, (6.3, 7.6), 0.0),
    ((13, 15), 1.0, (5.75, 8.5), 0.02),
    ((17, 14), 1.5, (8.45, 6.9), 0.0),
    ((17, 14), 1.5, (7.1, 7.3), 0.05),
    ((22, 23), 2.0, (10.8, 12.25), 0.1),
)


def target(size: tuple[int, int], sigma: float, joint: tuple[float, float], encoding: str) -> dict:
    heatmap = reference.encode(joint, size, sigma, QUANTIZE[encoding])
    return {"size": size, "sigma": sigma, "joint": joint, "encoding": encoding, "heatmap": heatmap.ravel().tolist()}


def decoded(size: tuple[int, int], sigma: float, joint: tuple[float, float], noise: float, seed: int) -> dict:
    field = np.random.default_rng(seed).normal(size=size[::-1])
    heatmap = (reference.encode(joint, size, sigma) + noise * field).round(4)  # short in the file, and exact there
    smoothed = reference.smooth(heatmap, sigma)
    peak = reference.largest(smoothed)
    gradient, hessian = reference.derivatives(smoothed, peak)
    positions = {
        "argmax": reference.largest(heatmap),
        "quarter_shift": reference.quarter_shift(heatmap),
        "weighted_average": reference.weighted_average(heatmap),
        "dark": reference.dark(heatmap, sigma),
    }
    return {
        "size": size,
        "sigma": sigma,
        "heatmap": heatmap.ravel().tolist(),
        "smoothed": smoothed.ravel().tolist(),
        "peak": peak.tolist(),
        "gradient": gradient.tolist(),
        "hessian": hessian.ravel().tolist(),
        "positions": {name: xy.tolist() for name, xy in positions.items()},
    }


def golden() -> dict:
    """All cases, as the file holds them: heatmaps row by row, positions (x, y) in heatmap px."""
    encoded = [target((7, 5), 1.2, (3.3, 1.5), encoding) for encoding in QUANTIZE]
    cases = {"encode": encoded, "decode": [decoded(*case, seed) for seed, case in enumerate(HEATMAPS)]}
    return json.loads(json.dumps(cases))


if __name__ == "__main__":
    FILE.write_text(json.dumps(golden()) + "\n", encoding="utf-8")
