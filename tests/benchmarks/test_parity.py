"""The table of parity: what is compared, what counts as kept, and what it says of a runtime that cannot run."""

import numpy as np
import pytest

from dark_core.benchmarks import parity
from dark_core.benchmarks.parity import Parity, heatmaps, measure, report
from dark_core.cli.main import main
from dark_core.codec import decode
from dark_core.codec.torch import EXPORTABLE
from dark_core.evaluation.sample_heatmaps import SAMPLE


def test_the_heatmaps_are_simulated_ones_and_the_sample(monkeypatch, tmp_path):
    maps = heatmaps(count=20)
    with np.load(SAMPLE) as file:
        np.testing.assert_array_equal(maps[20:], file["heatmaps"].reshape(-1, 48, 48))
    assert maps.dtype == np.float64 and decode(maps, "gaussian_fit").ok.mean() > 0.9
    monkeypatch.setattr(parity, "SAMPLE", tmp_path / "gone.npz")
    np.testing.assert_array_equal(heatmaps(count=20), maps[:20])


@pytest.mark.parametrize("decoder", EXPORTABLE)
@pytest.mark.parametrize("dtype", parity.DTYPES)
def test_eager_mode_keeps_the_promise(decoder, dtype):
    row = measure(decoder, "eager", dtype, heatmaps(count=60))
    assert row.mean <= row.largest <= 1e-4 and row.holds and not row.missing
    # float32 rounds to 6e-8 of the peak, and a step of DARK or the fit moves by about as little. In bfloat16, which
    # rounds to 0.004, neighbors become equal, and argmax moves by a whole pixel on a few heatmaps.
    assert row.rounding < (1e-6 if dtype == "float32" else 0.1)


def test_every_difference_is_a_distance_from_the_same_values(monkeypatch):
    monkeypatch.setitem(parity.RUNTIMES, "off", lambda module, *_: lambda maps: module(maps)[0].numpy() + [3, 4])
    row = measure("dark", "off", "bfloat16", heatmaps(count=4))
    assert row.largest == pytest.approx(5, abs=1e-4) and row.mean == pytest.approx(5, abs=1e-4)
    assert row.holds and not measure("dark", "off", "float32", heatmaps(count=4)).holds


def test_bfloat16_reaches_onnx_runtime():
    row = measure("argmax", "onnxruntime", "bfloat16", heatmaps(count=30))
    assert row.largest == 0 and not row.missing


def test_a_machine_without_a_compiler_or_onnx_is_told_so(monkeypatch):
    monkeypatch.setattr(parity.shutil, "which", lambda name: None)
    monkeypatch.setattr(parity, "find_spec", lambda name: None if name == "onnxscript" else name)
    rows = [measure("argmax", runtime, "float32", heatmaps(count=2)) for runtime in ("compiled", "onnxruntime")]
    assert [row.missing for row in rows] == [
        "torch.compile needs a C++ compiler, and none is installed",
        "not installed: onnxscript",
    ]
    assert all(row.holds for row in rows)
    assert [line.endswith(row.missing) for line, row in zip(list(report(rows))[1:], rows)] == [True, True]


def test_a_difference_that_is_too_large_is_marked():
    rows = [Parity("dark", "eager", dtype, 2e-4, 1e-6, 0.0) for dtype in ("float32", "float16")]
    _, single, half = report(rows)
    assert single.endswith("more than 0.0001") and "more" not in half


def test_the_command_prints_a_line_each_and_ends_with_the_result(capsys, monkeypatch):
    main(["parity", "--runtime", "eager", "--dtype", "float32"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines[2:]] == [[name, "eager", "float32"] for name in EXPORTABLE]
    assert lines[0].startswith("440 heatmaps of 48 x 48: ")
    monkeypatch.setattr(parity, "TOLERATED", -1.0)
    with pytest.raises(SystemExit) as ended:
        main(["parity", "--runtime", "eager", "--decoder", "argmax"])
    assert ended.value.code == 1
    with pytest.raises(SystemExit) as ended:
        main(["parity", "--dtype", "float8"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "--dtype: there is no 'float8'; choose one of float32, float16, bfloat16.\n"
