"""HeatmapDecoder survives export, ONNX and compilation, with any number of heatmaps, and ``decode`` refuses them."""

import io
from functools import cache

import numpy as np
import onnxruntime
import pytest
import torch

from dark_core.codec import decode, encode
from dark_core.codec.torch import EXPORTABLE, HeatmapDecoder

decoders = pytest.mark.parametrize("name", EXPORTABLE)
SIZE, JOINTS = (16, 18), 3
ATOL = 1e-4
SENTENCE = "decode chooses its steps by the values .* use dark_core.codec.torch.HeatmapDecoder in its place"


def people(count: int, noise: float = 0.03, seed: int = 0) -> torch.Tensor:
    """(count, 3, 18, 16) float32: joints anywhere on the heatmap, the edges too, in white noise."""
    rng = np.random.default_rng(seed)
    joints = rng.uniform(-0.5, np.array(SIZE) - 0.5, (count, JOINTS, 2))
    maps = encode(joints, SIZE, 2.0, dtype=np.float64)
    return torch.from_numpy((maps + noise * rng.normal(size=maps.shape)).astype(np.float32))


def same(xy, score, heatmaps: torch.Tensor, name: str) -> None:
    """Positions as by NumPy in double precision, and the largest values."""
    np.testing.assert_allclose(np.asarray(xy), decode(heatmaps.double().numpy(), name).xy, atol=ATOL)
    np.testing.assert_array_equal(np.asarray(score), heatmaps.amax((2, 3)))


@cache
def program(name: str) -> torch.export.ExportedProgram:
    """Of two people, for any number."""
    example, batch = people(2), torch.export.Dim("batch")
    return torch.export.export(HeatmapDecoder(name), (example,), dynamic_shapes=({0: batch},))


@decoders
def test_an_exported_program_decodes_any_number_of_people(name):
    run = program(name).module()
    for count in (1, 2, 40):
        heatmaps = people(count, seed=count)
        same(*run(heatmaps), heatmaps, name)


@decoders
def test_an_exported_program_holds_single_precision_alone(name):
    dtypes = {
        value.dtype for node in program(name).graph.nodes if isinstance(value := node.meta.get("val"), torch.Tensor)
    }
    assert not {torch.float64, torch.complex64} & dtypes


@decoders
def test_onnx_runtime_decodes_any_number_of_people(name):
    file = io.BytesIO()
    written = torch.onnx.export(program(name), dynamo=True, opset_version=18, input_names=["heatmaps"], optimize=False)
    written.save(file)
    session = onnxruntime.InferenceSession(file.getvalue(), providers=["CPUExecutionProvider"])
    assert session.get_inputs()[0].shape[1:] == [JOINTS, SIZE[1], SIZE[0]]
    for count in (1, 2, 40):
        heatmaps = people(count, seed=count)
        same(*session.run(None, {"heatmaps": heatmaps.numpy()}), heatmaps, name)


@pytest.mark.parametrize("dtype, name", [(torch.float16, "quarter_shift"), (torch.bfloat16, "argmax")])
def test_half_precision_is_exported(dtype, name):
    batch = torch.export.Dim("batch")
    run = torch.export.export(HeatmapDecoder(name), (people(2).to(dtype),), dynamic_shapes=({0: batch},)).module()
    heatmaps = people(5).to(dtype)
    xy, score = run(heatmaps)
    assert (xy.dtype, score.dtype) == (torch.float32, dtype)
    same(xy, score.float(), heatmaps.float(), name)


@pytest.mark.parametrize("name", ["argmax", "dark"])
def test_it_compiles_as_one_graph_and_passes_gradients(name):
    """Traced and differentiated as for a compiler, but run as it is: nothing here needs the machine's C++ compiler."""
    decoder = HeatmapDecoder(name)
    run = torch.compile(decoder, fullgraph=True, dynamic=True, backend="aot_eager")
    for count in (2, 5):
        plain, heatmaps = people(count).requires_grad_(), people(count).requires_grad_()
        xy, score = run(heatmaps)
        same(xy.detach(), score.detach(), people(count), name)
        (xy.sum() + score.sum()).backward()
        sum(part.sum() for part in decoder(plain)).backward()
        torch.testing.assert_close(heatmaps.grad, plain.grad, atol=1e-4, rtol=1e-4)


def test_a_part_of_a_model_is_exported_with_it():
    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network, self.decoder = torch.nn.Conv2d(3, JOINTS, 3, padding=1), HeatmapDecoder("quarter_shift")

        def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return self.decoder(self.network(image))

    model, image = Model().eval(), torch.randn(7, 3, SIZE[1], SIZE[0])
    run = torch.export.export(model, (image[:2],), dynamic_shapes=({0: torch.export.Dim("batch")},)).module()
    with torch.no_grad():
        same(*run(image), model.network(image), "quarter_shift")


@pytest.mark.parametrize("name", ["dark", "argmax"])
def test_decode_refuses_to_be_recorded(name):
    class Function(torch.nn.Module):
        def forward(self, heatmaps: torch.Tensor) -> torch.Tensor:
            return decode(heatmaps, name).xy

    heatmaps = people(2)
    with pytest.raises(RuntimeError, match=SENTENCE):
        torch.jit.trace(Function(), heatmaps)
    with pytest.raises(RuntimeError, match=SENTENCE):
        torch.export.export(Function(), (heatmaps,))
    with pytest.raises(Exception, match=SENTENCE):
        torch.compile(Function(), fullgraph=True, backend="eager")(heatmaps)
    assert decode(heatmaps, name).ok.all()  # as before
