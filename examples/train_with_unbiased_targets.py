"""Train a tiny network twice, on rounded and on unbiased targets, and decode both with three decoders.

    python -m examples.train_with_unbiased_targets

Each picture is 48 × 48 pixels with one bright spot in noise. The network draws a heatmap of 12 × 12 pixels, so one
heatmap pixel is 4 pixels of the picture. Only two lines concern the codec: `encode` draws the target, and `decode`
finds the joint. Everything else is an ordinary training loop. It takes a few seconds on a CPU.
"""

import torch
from torch import nn

from dark_core.codec import decode, encode

STRIDE, SIDE, SIGMA = 4, 12, 1.5  # picture pixels per heatmap pixel, heatmap pixels, heatmap pixels
STEPS, BATCH = 200, 64
torch.set_num_threads(1)  # the fastest for a network this small


def pictures(count: int, random: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """(count, 1, 48, 48) pictures and the spots' true positions (count, 2) in heatmap pixels."""
    true = 3 + torch.rand(count, 2, generator=random) * (SIDE - 7)
    in_picture = (true + 0.5) * STRIDE - 0.5  # the centers of pixels are integers in both grids
    spots = encode(in_picture, size=(STRIDE * SIDE, STRIDE * SIDE), sigma=3.0)
    return (spots + 0.2 * torch.randn(spots.shape, generator=random))[:, None], true


def train(encoding: str) -> nn.Module:
    """A network that has learned to draw the targets of `encoding`: "floor", "round" or "unbiased"."""
    torch.manual_seed(0)
    random = torch.Generator().manual_seed(0)
    layers = [nn.Conv2d(1, 16, 5, 2, 2), nn.ReLU(), nn.Conv2d(16, 16, 5, 2, 2), nn.ReLU(), nn.Conv2d(16, 1, 5, 1, 2)]
    network = nn.Sequential(*layers, nn.Flatten(0, 1))
    optimizer = torch.optim.Adam(network.parameters(), lr=5e-3)
    for _ in range(STEPS):
        images, true = pictures(BATCH, random)
        target = encode(true, size=(SIDE, SIDE), sigma=SIGMA, encoding=encoding)
        loss = (network(images) - target).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network


def main() -> None:
    images, true = pictures(1000, torch.Generator().manual_seed(1))
    decoders = ["argmax", "quarter_shift", "dark"]
    print(f"{'mean error, heatmap pixels':28}" + "".join(f"{name:>15}" for name in decoders))
    for encoding in ("floor", "unbiased"):
        heatmaps = train(encoding)(images).detach()
        errors = [(decode(heatmaps, decoder=name, sigma=SIGMA).xy - true).norm(dim=-1).mean() for name in decoders]
        print(f"{encoding + ' targets':28}" + "".join(f"{error:15.3f}" for error in errors))
    print("\nRounding down shifts every target by half a pixel per axis on average. No decoder can recover that.")


if __name__ == "__main__":
    main()
