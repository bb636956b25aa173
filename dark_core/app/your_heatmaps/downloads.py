"""Results of a file of heatmaps to take away, and the code that makes them again."""

from __future__ import annotations

import shlex

import streamlit as st

from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.downloads import Download, download_buttons
from dark_core.app.your_heatmaps.source import Source
from dark_core.evaluation.batch_decode import BatchResult, InputFrame, as_csv, as_json
from dark_core.files.heatmap_layouts import Heatmaps
from dark_core.files.heatmap_values import PYTHON

TEXT = read_catalog("your_heatmaps")

_TO_INPUT = {
    "half_pixel": "(joints.xy + 0.5) * {stride} - 0.5",
    "size_ratio": "joints.xy * {stride}",
    "size_minus_one": "joints.xy * {scale}",
}


def show(result: BatchResult, heatmaps: Heatmaps, frame: InputFrame, source: Source, array: str) -> None:
    """The files, made when they are asked for, and beside them the code."""
    texts = TEXT["files"]
    buttons, code = st.columns([1, 2.6], gap="medium")
    with buttons:
        download_buttons(
            Download(texts["csv"], lambda: csv(result, heatmaps, frame), "joints.csv", "maps_csv"),
            Download(texts["json"], lambda: json(result, heatmaps, frame), "joints.json", "maps_json"),
        )
        st.caption(texts["note"].format(unit=frame.unit))
    with code:
        python, command = st.tabs([texts["python"], texts["command"]])
        python.code(as_python(heatmaps, frame, result.sigma, source, array), language="python")
        command.code(as_command(heatmaps, frame, result.sigma, source, array), language="bash", wrap_lines=True)


def csv(result: BatchResult, heatmaps: Heatmaps, frame: InputFrame) -> str:
    """One line per heatmap, as the command line writes it."""
    return "".join(as_csv([result.block()], heatmaps.joints, frame, result.decoders))


def json(result: BatchResult, heatmaps: Heatmaps, frame: InputFrame) -> str:
    """Every position, how it was decoded, and the summary of the file."""
    pieces = as_json(
        [result.block()], heatmaps, frame, result.sigma, result.decoders, summary=lambda: result.summary(frame)
    )
    return "".join(pieces)


def as_command(heatmaps: Heatmaps, frame: InputFrame, sigma: float, source: Source, array: str) -> str:
    """The command that writes the same CSV."""
    file = f"./{source.name}" if source.name.startswith("-") else source.name  # which would be taken for an option
    words = ["python", "-m", "dark_core", "decode", file, "--decoder", "all", "--sigma", f"{sigma:g}"]
    words += ["--layout", heatmaps.layout, *([f"--name={array}"] if array else [])]
    if heatmaps.kind != "heatmaps":
        words += ["--values", heatmaps.kind]
    if _first_joints(source, heatmaps, array):
        words += ["--joints", str(heatmaps.joints)]
    if frame.name:
        words += ["--stride", f"{frame.stride:g}", "--frame", frame.name]
    return shlex.join([*words, "-o", "joints.csv"])


def _first_joints(source: Source, heatmaps: Heatmaps, array: str) -> bool:
    """Whether some of the array's joints were left out."""
    axis = heatmaps.layout.find("K")
    return axis >= 0 and heatmaps.joints < source.file.arrays[array].shape[axis]


def as_python(heatmaps: Heatmaps, frame: InputFrame, sigma: float, source: Source, array: str) -> str:
    """A few lines that decode the file with ``dark_core.codec``."""
    axes = [axis for axis in "NKHW" if axis in heatmaps.layout]
    order = [heatmaps.layout.index(axis) for axis in axes]
    shape = tuple(heatmaps.values.shape["NKHW".index(axis)] for axis in axes)
    lines = TEXT["code"]
    load, values = lines["numpy"], f"np.load({source.name!r})"
    if source.file.kind == ".npz":
        values += f"[{array!r}]"
    if source.file.kind == ".safetensors":
        half = heatmaps.dtype == "bfloat16"  # NumPy has no such type
        load = lines["safetensors"].format(framework="torch" if half else "numpy")
        values = f"load_file({source.name!r})[{array!r}]" + (".float().numpy()" if half else "")
    if order != sorted(order):
        values += f".transpose{tuple(order)}"
    converted = PYTHON[heatmaps.kind].format("maps.astype(float)") if heatmaps.kind in PYTHON else ""
    if _first_joints(source, heatmaps, array):
        values += f"[{':, ' * axes.index('K')}:{heatmaps.joints}]"
    program = [
        *([lines["numpy"]] if converted and source.file.kind == ".safetensors" else []),
        load,
        lines["codec"],
        "",
        lines["maps"].format(values=values, axes=", ".join(axes), lengths=", ".join(map(str, shape))),
        *([lines["converted"].format(values=converted)] if converted else []),
        lines["loop"],
    ]
    each, shown = [lines["decode"].format(sigma=sigma)], "joints.xy"
    if frame.name:
        scale = tuple((frame.stride * n - 1) / max(n - 1, 1) for n in frame.size)
        in_input = _TO_INPUT[frame.name].format(stride=f"{frame.stride:g}", scale=scale)
        each.append(lines["input"].format(values=in_input))
        shown = "xy"
    each.append(lines["print"].format(xy=shown))
    return "\n".join([*program, *(f"    {line}" for line in each)])
