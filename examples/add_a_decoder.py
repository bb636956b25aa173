"""Add a decoder of your own, and compare it with those of the package.

    python -m examples.add_a_decoder

The decoder fits a Gaussian to three pixels per axis: the log of a Gaussian is a parabola, and three values determine a
parabola. It is exact on a clean heatmap, but three pixels carry all the noise. DARK smooths first.
"""

import numpy as np

from dark_core.codec import Status, decode, decoder, encode


@decoder(
    "three_point",
    title="Three-point Gaussian",
    formula=r"\hat{x} = m + \tfrac12\,\frac{\ln h(m-1) - \ln h(m+1)}{\ln h(m-1) - 2 \ln h(m) + \ln h(m+1)}",
    source="the parabola through three logs per axis, common in particle image velocimetry",
    known_failure="Three pixels per axis carry all the noise.",
)
def three_point(batch):
    logs = np.log(batch.patch(1, outside=np.nan))  # (M, 3, 3): the pixels around each of M peaks, [y, x]
    before, at, after = np.stack([logs[:, 1], logs[:, :, 1]], -1).swapaxes(0, 1)  # (M, 2) each: along x, along y
    return batch.peak + (before - after) / (before - 2 * at + after) / 2, Status.FINE


def main() -> None:
    random = np.random.default_rng(0)
    joints = random.uniform(12, 36, size=(2000, 2))
    clean = encode(joints, size=(48, 48), sigma=2.0)
    noisy = clean + random.normal(0, 0.05, clean.shape).astype(clean.dtype)

    print(f"{'mean error, heatmap pixels':28} {'clean':>8} {'noisy':>8}")
    for name in ("argmax", "three_point", "dark"):
        errors = [
            np.linalg.norm(decode(heatmaps, decoder=name, sigma=2.0).xy - joints, axis=-1).mean()
            for heatmaps in (clean, noisy)
        ]
        print(f"{name:28} {errors[0]:8.3f} {errors[1]:8.3f}")

    empty = decode(np.zeros((1, 48, 48)), decoder="three_point")
    print(f"\nA heatmap without a peak needs no code of yours: {empty.reasons[0]}.")


if __name__ == "__main__":
    main()
