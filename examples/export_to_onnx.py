"""Put a decoder behind a network and export both as one ONNX file that returns joints.

    python -m examples.export_to_onnx model.onnx

The network here is a stand-in: replace it with yours. It needs PyTorch, onnx and onnxscript; the file needs none of
them. Where onnxruntime is installed, the file is run and compared with ``decode``.
"""

import argparse
from importlib.util import find_spec

import numpy as np
import torch

from dark_core.codec import decode, encode
from dark_core.codec.torch import HeatmapDecoder


class Network(torch.nn.Module):
    """A stand-in that returns its input, (N, K, H, W), as heatmaps."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return features.relu()


class Model(torch.nn.Module):
    """A network, and the decoder that fits the targets it was trained on."""

    def __init__(self) -> None:
        super().__init__()
        self.network, self.decoder = Network(), HeatmapDecoder("dark", sigma=2.0)

    def forward(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.decoder(self.network(features))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("path", nargs="?", default="model.onnx")
    path = parser.parse_args().path

    joints = np.random.default_rng(0).uniform(8, 40, size=(5, 17, 2))
    heatmaps = torch.from_numpy(encode(joints, size=(48, 64), sigma=2.0))  # (5, 17, 64, 48)
    batch = torch.export.Dim("batch")
    torch.onnx.export(
        Model(),
        (heatmaps[:2],),
        path,
        dynamo=True,
        dynamic_shapes=({0: batch},),
        input_names=["features"],
        output_names=["xy", "score"],
        verbose=False,
    )
    print(f"wrote {path}: features (batch, 17, 64, 48) -> xy (batch, 17, 2), score (batch, 17)")

    if find_spec("onnxruntime"):
        import onnxruntime

        session = onnxruntime.InferenceSession(path)
        xy, _ = session.run(["xy", "score"], {"features": heatmaps.numpy()})
        apart = np.abs(xy - decode(heatmaps.numpy(), decoder="dark", sigma=2.0).xy).max()
        print(f"largest difference from decode: {apart:.0e} heatmap pixels")


if __name__ == "__main__":
    main()
