"""Decode a file of heatmaps with every decoder, and see how far each one is from DARK.

Run it from the folder of the repository:

    python -m examples.decode_your_heatmaps                    # the bundled sample: 10 people with 14 joints each
    python -m examples.decode_your_heatmaps heatmaps.npy 2.0   # yours, (..., H, W), and σ of its training targets

A large distance does not say which decoder is right: for that you need the true joints. It says that the choice
matters.
"""

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from dark_core.codec import DECODERS, decode

SAMPLE = Path(__file__).parents[1] / "assets" / "samples" / "heatmaps.npz"


def load(path) -> np.ndarray:
    """The array of an .npy file, or the first one of an .npz file."""
    file = np.load(path, allow_pickle=False)
    return file if isinstance(file, np.ndarray) else file[file.files[0]]


def main(path=SAMPLE, sigma=2.0) -> None:
    heatmaps = load(path)
    height, width = heatmaps.shape[-2:]
    dark = decode(heatmaps, decoder="dark", sigma=float(sigma))
    print(f"{dark.ok.size} heatmaps of {width} × {height} pixels, σ = {float(sigma):g}")
    for reason, count in Counter(dark.reasons).most_common():
        print(f"{count:6} {reason or 'with a proper peak'}")

    print(f"\n{'distance from DARK, heatmap pixels':36} {'median':>8} {'largest':>8}")
    for name in DECODERS:
        joints = decode(heatmaps, decoder=name, sigma=float(sigma))
        distance = np.linalg.norm(joints.xy - dark.xy, axis=-1)[dark.ok]
        print(f"{DECODERS[name].title:36} {np.median(distance):8.2f} {distance.max():8.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
