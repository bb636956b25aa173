"""Two cells of the table on one photo: their networks run, their readings drawn, how far they are off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st

from dark_core.app.evidence.view import DARK, ENCODINGS, reading_title, title
from dark_core.app.runtime import inference
from dark_core.app.runtime.fair_queue import Job
from dark_core.app.runtime.page import hidden
from dark_core.app.runtime.streamlit_patches import session_id
from dark_core.app.widgets.joint_picker import Subject, choose_subject
from dark_core.app.widgets.static_figure import figure, panel
from dark_core.codec import decode, smooth
from dark_core.evaluation import ablation
from dark_core.evaluation.ablation import BASELINE, VARIANTS
from dark_core.evaluation.metrics import LIMBS
from dark_core.figures import panels, svg
from dark_core.figures.skeletons import draw_person
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import Box
from dark_core.pose.estimator import Estimator
from dark_core.pose.weights import WeightsError

KEPT = 8
"""Networks held in memory: 9 MB each."""


def available() -> tuple[str, ...]:
    """The names of the ablation's networks that are here with their cards: encoding, size and seed."""
    paths = ablation.NETWORKS.glob("*_*_*.safetensors")
    return tuple(sorted(path.stem for path in paths if path.with_suffix(".json").exists()))


def cards() -> list[dict]:
    """What is known of their training."""
    return [json.loads((ablation.NETWORKS / f"{name}.json").read_text(encoding="utf-8")) for name in available()]


@st.cache_resource(max_entries=KEPT, show_spinner="Loading a network of the table…")
def network(name: str) -> Estimator:
    return Estimator.load(name, folder=ablation.NETWORKS)


@st.cache_resource(max_entries=64, show_spinner=False)
def _maps(name: str, sha256: str, _photo: np.ndarray, box: Box) -> Job[np.ndarray]:
    """Heatmaps of one network, remembered by content."""
    one = network(name)

    def work() -> np.ndarray:
        with inference.one_pass:
            return one.heatmaps(_photo, one.crop_transform(box))

    return inference.queue().put(session_id(), work)


@dataclass(frozen=True, eq=False)
class Cell:
    """One cell on one photo: joints (14, 2) in photo px and the frame they were read in."""

    letter: str
    encoding: str
    size: int
    reading: str
    joints: np.ndarray
    frame: CropTransform

    @property
    def title(self) -> str:
        return f"{title(self.encoding, self.reading)}, {self.size} px"

    def off(self, truth: np.ndarray | None) -> np.ndarray | None:
        """(14,) photo px from the truth, NaN where it is not known."""
        return None if truth is None else np.linalg.norm(self.joints - truth, axis=-1)


def read(letter: str, encoding: str, size: int, reading: str, subject: Subject) -> Cell:
    """One cell's joints of the subject's person, in the box that the page's own network read."""
    name = f"{encoding}_{size}_0"
    x0, y0, x1, y1 = subject.pose.box
    box = float(x0), float(y0), float(x1), float(y1)
    maps = inference.await_turn(_maps, name, subject.picture.key, subject.picture.rgb, box)
    one = network(name)
    decoder, after = VARIANTS[reading]
    xy = decode(smooth(maps, one.model.sigma) if after else maps, decoder, one.model.sigma).xy
    frame = one.crop_transform(box).rescaled(subject.picture.scale)
    return Cell(letter, encoding, size, reading, frame.to_photo(xy), frame)


def show() -> bool:
    """The part of the page; True where what is seen includes the visitor's own photo."""
    with st.container(key="cell"):
        st.subheader("One cell on one photo")
        pairs = [name.rsplit("_", 1)[0] for name in available() if name.endswith("_0")]
        networks = sorted(((name.split("_")[0], int(name.split("_")[1])) for name in pairs), key=lambda one: one[::-1])
        if len(networks) < 2:
            st.info(
                "The networks of the table are not in this copy of the project "
                "(assets/models/ablation), so none can be run here.",
                icon=":material/network_node:",
            )
            return False
        subject = choose_subject()
        places = st.columns([1.2, 1, 1.2, 1])
        first = _choose("A", places[:2], networks, (BASELINE[0], networks[0][1]), BASELINE[1])
        second = _choose("B", places[2:], networks, (DARK[0], networks[0][1]), DARK[1])
        if "answer" in hidden():
            st.caption("What the two cells find is shown with the answer.")
            return subject.picture.own
        try:
            both = [read("A", *first, subject), read("B", *second, subject)]
        except WeightsError as error:
            st.error(f"A network of the table cannot be used: {error}.", icon=":material/broken_image:")
            return subject.picture.own
        st.markdown(summary_text(both, subject))
        figure(overview(both, subject), key="landed", on_pick=follow)
        return subject.picture.own


def _choose(
    letter: str, places, networks: list[tuple[str, int]], first: tuple[str, int], reading: str
) -> tuple[str, int, str]:
    """(encoding, size, reading) of one cell, by two lists that the address remembers."""
    if first not in networks:
        first = next((one for one in networks if one[0] == first[0]), networks[0])
    left, right = places
    with left:
        chosen = st.selectbox(
            f"{letter}: network",
            networks,
            index=networks.index(first),
            format_func=lambda one: f"{ENCODINGS[one[0]]} targets, {one[1]} px",
            key=f"{letter.lower()}_network",
            bind="query-params",
        )
    with right:
        read_by = st.selectbox(
            f"{letter}: reading",
            list(VARIANTS),
            index=list(VARIANTS).index(reading),
            format_func=reading_title,
            key=f"{letter.lower()}_reading",
            bind="query-params",
        )
    return (*(chosen or first), read_by or reading)


def follow(chosen: str) -> None:
    st.session_state["joint"] = chosen


def summary_text(both: list[Cell], subject: Subject) -> str:
    """How far each is off at the joint and over the limbs, or how far they are from each other."""
    joint, name = subject.joint, subject.name
    truth = subject.picture.truth
    if truth is None or subject.truth is None:
        apart = np.linalg.norm(both[0].joints - both[1].joints, axis=-1)
        return (
            f"Nobody knows the true joints of this photo. At the {name} the two are **{apart[joint]:.1f} photo px** "
            f"apart, over the limb joints {np.median(apart[LIMBS]):.1f} at the median."
        )
    known = np.asarray(np.isfinite(truth).all(-1))[LIMBS]
    said = []
    for cell in both:
        off = np.linalg.norm(cell.joints - truth, axis=-1)
        said.append(
            f"{cell.letter} misses the {name} by **{off[joint]:.1f} photo px** ({off[joint] / cell.frame.photo_px:.2f} "
            f"of its heatmap px; limb joints at the median {np.median(off[LIMBS][known]):.1f})"
        )
    return f"{'; '.join(said)}. One joint of one photo proves nothing: the table counts hundreds of people."


def overview(both: list[Cell], subject: Subject) -> str:
    """Each cell's skeleton on the photo, and the joint up close with both landing points."""
    picture, joint, truth = subject.picture, subject.joint, subject.picture.truth
    corners = both[0].frame.corners() + 0.5
    region = (*corners[0], *corners[2])
    pieces = []
    for cell in both:
        off = cell.off(truth)
        note = ""
        if off is not None and np.isfinite(off[joint]):
            note = f"{subject.name}: {off[joint]:.1f} photo px off. "
        drawn = draw_person(
            picture.rgb,
            {VARIANTS[cell.reading][0]: cell.joints},
            joint,
            f"{picture.title} with the joints of {cell.title}. {note}",
            frame=cell.frame,
            size=picture.size,
            truth=truth,
            region=region,
        )
        pieces.append(
            panel(f"{cell.letter} · {cell.title}", drawn, f"{note}1 heatmap px = {cell.frame.photo_px:.1f} photo px.")
        )
    pieces.append(_detail(both, subject))
    return f'<div class="cells">{"".join(pieces)}</div>{GRID}'


GRID = """<style>
.cells { display: grid; gap: 0.7rem 1.1rem; grid-template-columns: repeat(3, minmax(0, 1fr)); align-items: start; }
@container (max-width: 640px) {
  .cells { grid-template-columns: repeat(2, minmax(0, 1fr)); } .cells > :last-child { grid-column: 1 / -1; }
}
.present .cells { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.present .cells > :last-child { grid-column: 1 / -1; width: min(100%, 60vh); margin-inline: auto; }
</style>"""


def _detail(both: list[Cell], subject: Subject) -> str:
    points = np.array([cell.joints[subject.joint] for cell in both])
    coarse = max(cell.frame.photo_px for cell in both)
    held = points
    if subject.truth is not None and np.abs(points - subject.truth).max() < 8 * coarse:
        held = np.vstack([points, subject.truth])
    low, high = held.min(0), held.max(0)
    center, radius = (low + high) / 2, float(np.clip((high - low).max() / 2 * 1.6, 1.2 * coarse, 7 * coarse))
    picture = subject.picture
    shown = ((center - radius + 0.5) / picture.scale, (center + radius + 0.5) / picture.scale)
    patch = CropTransform.from_box((*shown[0], *shown[1]), (420, 420)).crop(picture.rgb)
    ground = svg.picture(patch, center[0] - radius, center[1] - radius, 2 * radius, 2 * radius, smooth=True)
    landed = [
        panels.Marked(VARIANTS[cell.reading][0], cell.joints[subject.joint], cell.letter, cell.encoding == "floor")
        for cell in both
    ]
    text = "; ".join(f"{cell.letter} at {point[0]:.1f}, {point[1]:.1f}" for cell, point in zip(both, points))
    alt = f"The {subject.name} up close, in photo px: {text}" + (
        "" if subject.truth is None else f"; true joint at {subject.truth[0]:.1f}, {subject.truth[1]:.1f}"
    )
    ring = "" if subject.truth is None else " White ring: the true joint."
    note = f"The bar is {coarse:.1f} photo px, one heatmap px of the coarser network.{ring}"
    return panel(
        f"The {escape(subject.name)} up close",
        panels.lettered(ground, center, radius, landed, subject.truth, coarse, alt),
        note,
    )
