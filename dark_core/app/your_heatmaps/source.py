"""Which heatmaps are on the table: the visitor's own file, or the bundled sample until there is one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import streamlit as st

from dark_core.app.runtime.own_file import OwnFile
from dark_core.app.text.catalog import read_catalog
from dark_core.app.widgets.downloads import Download, download_buttons
from dark_core.errors import InputError
from dark_core.evaluation.sample_heatmaps import SAMPLE
from dark_core.files.formats.stored import HeatmapsError, Stored, plain, times
from dark_core.files.heatmap_files import MAX_BYTES, HeatmapFile, open_heatmaps
from dark_core.files.heatmap_layouts import LAYOUTS, Heatmaps, Survey, as_heatmaps, fitting, survey

TEXT = read_catalog("your_heatmaps")["file"]

MAX_HEATMAPS = 100_000
"""Heatmaps of a file that are decoded here, for the results' memory and the other visitors' time."""

RECOGNIZED: str = TEXT["recognized"]
"""The choice of no layout, beside their names."""

OWN, HELD = "own_heatmaps", "heatmaps_held"


@dataclass(frozen=True, eq=False)
class Source:
    """A file of heatmaps. key: SHA-256 of its bytes; name: of the file; upload: id of the upload, "" if bundled.

    The bytes are kept once: the arrays of ``file`` are views of them.
    """

    key: str
    name: str
    file: HeatmapFile
    upload: str = ""

    @property
    def own(self) -> bool:
        """True for a visitor's file, which no link can carry."""
        return bool(self.upload)


@cache
def sample() -> Source:
    """The bundled file."""
    data = SAMPLE.read_bytes()
    return Source(hashlib.sha256(data).hexdigest(), SAMPLE.name, open_heatmaps(data))


def current_source() -> Source:
    """The file chosen on this page: the sample until there is an own file that can be read.

    What is wrong with a file is said below the uploader, which lets every kind of file through to be told so.
    """
    chosen, theirs, bundled = st.columns([1, 2.1, 1], vertical_alignment="bottom")
    with chosen:
        which = st.segmented_control(
            TEXT["source"],
            ["own", "sample"],
            default="own",
            required=True,
            format_func=TEXT.get,
            key="maps",
            bind="query-params",
        )
        which = which or "own"  # an empty name in the address is None
    given = None
    with theirs:
        if which == "own":
            given = st.file_uploader(
                TEXT["upload"],
                max_upload_size=MAX_BYTES // 10**6,
                key="maps_file",
                on_change=_OWN_FILE.forget,
            )
        else:
            st.caption(TEXT["about_sample"])
    with bundled:
        download_buttons(Download(TEXT["download_sample"], SAMPLE.read_bytes, SAMPLE.name, "sample_file"))
    own, complaint = _OWN_FILE.taken(given)
    if complaint:
        theirs.error(complaint, icon=":material/broken_image:")
    return own if own is not None and which == "own" and not complaint else sample()


def refusal(error: InputError) -> str:
    """One sentence: what is wrong with a file, and what is shown."""
    return TEXT["refused"].format(why=str(error).removesuffix("."))


def choose_array(source: Source) -> tuple[str, str | None]:
    """(name of the array, its layout or None to have it recognized)."""
    arrays = source.file.arrays
    names = source.file.possible
    array = source.file.choose().name
    which, axes = st.columns(2, vertical_alignment="bottom") if len(names) > 1 else (None, st.container())
    if which is not None:
        with which:
            chosen = st.selectbox(
                TEXT["array"],
                names,
                index=names.index(array),
                format_func=lambda name: TEXT["array_of"].format(name=plain(name), shape=times(arrays[name].shape[:6])),
                key="array",
                bind="query-params",
            )
            array = array if chosen is None else chosen
    layouts = [RECOGNIZED, *fitting(len(arrays[array].shape))]
    with axes:
        layout = st.selectbox(
            TEXT["axes"],
            layouts,
            format_func=lambda name: (
                TEXT["axes_of"].format(axes=" ".join(name), meaning=LAYOUTS[name]) if name in LAYOUTS else name
            ),
            key="layout",
            bind="query-params",
        )
    return array, layout if layout in LAYOUTS else None


def _open(data: bytes, name: str, upload: str) -> Source:
    return Source(hashlib.sha256(data).hexdigest(), name, open_heatmaps(data), upload)


_OWN_FILE = OwnFile("maps", OWN, _open, refusal, (HELD,))


def held(source: Source, array: str, layout: str | None) -> Heatmaps:
    """The heatmaps of an array of a file, unpacked or checked once per session. Raises HeatmapsError."""
    key = (source.key, array, layout)
    kept = st.session_state.get(HELD)
    if kept is not None and kept[0] == key:
        return kept[1]
    stored = source.file.choose(array)
    if kept is not None and kept[0][:2] == key[:2]:
        stored = _loaded(stored, kept[2])  # another layout of the same values
    else:
        st.session_state.pop(HELD, None)  # before the next is unpacked beside it
        stored = _loaded(stored, stored.load())
    heatmaps = as_heatmaps(stored, layout)
    if len(heatmaps) > MAX_HEATMAPS:
        raise HeatmapsError(TEXT["too_many"].format(count=len(heatmaps), limit=MAX_HEATMAPS))
    st.session_state[HELD] = (key, heatmaps, stored.load())
    return heatmaps


def _loaded(stored: Stored, values) -> Stored:
    """The same array with its values at hand."""
    return Stored(stored.name, stored.shape, stored.dtype, stored.fault, lambda: values)


@st.cache_data(max_entries=64, show_spinner=TEXT["measuring"])
def surveyed(key: str, array: str, choices: str, _heatmaps: Heatmaps) -> Survey:
    """What the values of the heatmaps show, measured once for each content."""
    return survey(_heatmaps)
