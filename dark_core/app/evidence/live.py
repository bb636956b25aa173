"""Two cells of the table on one photo: their networks run, the decoded joints drawn, the error of each."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dark_core.app.evidence.view import DARK, ENCODINGS, TEXT, title, variant_title
from dark_core.app.runtime import inference
from dark_core.app.runtime.fair_queue import Job
from dark_core.app.runtime.page import answer_hidden
from dark_core.app.runtime.streamlit_patches import session_id
from dark_core.app.widgets.joint_picker import PickedJoint, pick_joint
from dark_core.app.widgets.static_figure import choose_in, figure, panel
from dark_core.codec import decode, encode, smooth
from dark_core.evaluation import ablation_table
from dark_core.evaluation.ablation_table import BASELINE, VARIANTS
from dark_core.evaluation.metrics import LIMBS
from dark_core.figures import panels, svg
from dark_core.figures.skeletons import draw_person
from dark_core.pose.crop_transform import CropTransform
from dark_core.pose.detector import Box
from dark_core.pose.estimator import Estimator
from dark_core.pose.weights import WeightsError, network_names

LIVE = TEXT["live"]

KEPT = 8
"""Networks held in memory: 25 MB each."""


def available() -> tuple[str, ...]:
    """The names of the ablation's networks that are here: encoding, size and seed."""
    return tuple(network_names(ablation_table.NETWORKS))


def cards() -> list[dict]:
    """What is known of their training."""
    return [json.loads((ablation_table.NETWORKS / f"{name}.json").read_text(encoding="utf-8")) for name in available()]


@st.cache_resource(max_entries=KEPT, show_spinner=LIVE["loading"])
def network(name: str) -> Estimator:
    return Estimator.load(name, folder=ablation_table.NETWORKS)


@st.cache_resource(max_entries=64, show_spinner=False)
def network_heatmaps(name: str, sha256: str, _photo: np.ndarray, box: Box) -> Job[np.ndarray]:
    """Heatmaps of one network, remembered by content."""
    one = network(name)

    def work() -> np.ndarray:
        with inference.one_pass:
            return one.heatmaps(_photo, one.crop_transform(box))

    return inference.queue().put(session_id(), work)


def perfect_heatmaps(one: Estimator, encoding: str, truth: np.ndarray, box: Box) -> np.ndarray:
    """The targets of ``one`` for a scene, which it would predict if it had learned them perfectly."""
    transform = one.crop_transform(box)
    return encode(transform.to_heatmap(truth), transform.heatmap_size, one.model.sigma, encoding)


@dataclass(frozen=True, eq=False)
class Cell:
    """One cell on one photo: joints (14, 2) in photo px, and the crop that its network saw."""

    letter: str
    encoding: str
    size: int
    variant: str
    joints: np.ndarray
    transform: CropTransform

    @property
    def title(self) -> str:
        return LIVE["pair"].format(pair=title(self.encoding, self.variant), size=self.size)

    def off(self, truth: np.ndarray | None) -> np.ndarray | None:
        """(14,) photo px from the truth, NaN where it is not known."""
        return None if truth is None else np.linalg.norm(self.joints - truth, axis=-1)


def decode_cell(letter: str, encoding: str, size: int, variant: str, picked: PickedJoint) -> Cell:
    """One cell's joints of the chosen person, in the box that the page's own network used."""
    name = f"{encoding}_{size}_0"
    x0, y0, x1, y1 = picked.pose.box
    box = float(x0), float(y0), float(x1), float(y1)
    one = network(name)
    if picked.perfect and picked.picture.truth is not None:
        heatmaps = perfect_heatmaps(one, encoding, picked.picture.truth, box)
    else:
        heatmaps = inference.await_turn(network_heatmaps, name, picked.picture.key, picked.picture.rgb, box)
    decoder, smooth_first = VARIANTS[variant]
    xy = decode(smooth(heatmaps, one.model.sigma) if smooth_first else heatmaps, decoder, one.model.sigma).xy
    transform = one.crop_transform(box).rescaled(picked.picture.scale)
    return Cell(letter, encoding, size, variant, transform.to_photo(xy), transform)


def show() -> bool:
    """The part of the page; True where what is seen includes the visitor's own photo."""
    with st.container(key="cell"):
        st.subheader(LIVE["title"])
        pairs = [name.rsplit("_", 1)[0] for name in available() if name.endswith("_0")]
        networks = sorted(((name.split("_")[0], int(name.split("_")[1])) for name in pairs), key=lambda one: one[::-1])
        if len(networks) < 2:
            st.info(LIVE["missing"], icon=":material/network_node:")
            return False
        picked = pick_joint()
        columns = st.columns([1.2, 1, 1.2, 1])
        first = _choose("A", columns[:2], networks, (BASELINE[0], networks[-1][1]), BASELINE[1])
        second = _choose("B", columns[2:], networks, (DARK[0], networks[-1][1]), DARK[1])
        if answer_hidden():
            st.caption(LIVE["hidden"])
            return picked.picture.own
        try:
            both = [decode_cell("A", *first, picked), decode_cell("B", *second, picked)]
        except WeightsError as error:
            st.error(LIVE["broken"].format(error=error), icon=":material/broken_image:")
            return picked.picture.own
        st.markdown(summary_text(both, picked))
        figure(overview(both, picked), key="landed", on_pick=choose_in("joint"))
        return picked.picture.own


def _choose(
    letter: str, columns, networks: list[tuple[str, int]], first: tuple[str, int], variant: str
) -> tuple[str, int, str]:
    """(encoding, size, variant) of one cell, by two lists that the address remembers."""
    if first not in networks:
        first = next((one for one in reversed(networks) if one[0] == first[0]), networks[-1])
    left, right = columns
    with left:
        chosen = st.selectbox(
            LIVE["network"].format(letter=letter),
            networks,
            index=networks.index(first),
            format_func=lambda one: LIVE["network_of"].format(encoding=ENCODINGS[one[0]], size=one[1]),
            key=f"{letter.lower()}_network",
            bind="query-params",
        )
    with right:
        chosen_variant = st.selectbox(
            LIVE["decoder"].format(letter=letter),
            list(VARIANTS),
            index=list(VARIANTS).index(variant),
            format_func=variant_title,
            key=f"{letter.lower()}_reading",
            bind="query-params",
        )
    return (*(chosen or first), chosen_variant or variant)


def summary_text(both: list[Cell], picked: PickedJoint) -> str:
    """How far each is off at the joint and over the limbs, or how far they are from each other."""
    joint, name = picked.joint, picked.name
    truth = picked.picture.truth
    if truth is None or picked.truth is None:
        apart = np.linalg.norm(both[0].joints - both[1].joints, axis=-1)
        return LIVE["apart"].format(joint=name, apart=apart[joint], median=np.median(apart[LIMBS]))
    known = np.asarray(np.isfinite(truth).all(-1))[LIMBS]
    said = []
    for cell in both:
        off = np.linalg.norm(cell.joints - truth, axis=-1)
        said.append(
            LIVE["off"].format(
                letter=cell.letter,
                off=off[joint],
                joint=name,
                off_heatmap=off[joint] / cell.transform.photo_px,
                median=np.median(off[LIMBS][known]),
            )
        )
    if picked.perfect:
        said.append(LIVE["perfect"])
    return " ".join([*said, LIVE["one_photo"]])


def overview(both: list[Cell], picked: PickedJoint) -> str:
    """Each cell's skeleton on the photo, and the joint up close with both decoded positions."""
    picture, joint, truth = picked.picture, picked.joint, picked.picture.truth
    corners = both[0].transform.corners() + 0.5
    region = (*corners[0], *corners[2])
    pieces = []
    for cell in both:
        off = cell.off(truth)
        known = off is not None and np.isfinite(off[joint])
        values: dict[str, object] = {
            "picture": picture.title,
            "title": cell.title,
            "joint": picked.name,
            "letter": cell.letter,
        }
        values |= {"photo_px": cell.transform.photo_px, "off": off[joint] if off is not None else np.nan}
        drawn = draw_person(
            picture.rgb,
            {VARIANTS[cell.variant][0]: cell.joints},
            joint,
            LIVE["panel_alt_off" if known else "panel_alt"].format(**values),
            transform=cell.transform,
            size=picture.size,
            truth=truth,
            region=region,
        )
        note = LIVE["note_off" if known else "note"].format(**values)
        pieces.append(panel(LIVE["panel"].format(**values), drawn, note))
    pieces.append(_detail(both, picked))
    return f'<div class="cells">{"".join(pieces)}</div>'


def _detail(both: list[Cell], picked: PickedJoint) -> str:
    points = np.array([cell.joints[picked.joint] for cell in both])
    coarse = max(cell.transform.photo_px for cell in both)
    held = points
    if picked.truth is not None and np.abs(points - picked.truth).max() < 8 * coarse:
        held = np.vstack([points, picked.truth])
    low, high = held.min(0), held.max(0)
    center, radius = (low + high) / 2, float(np.clip((high - low).max() / 2 * 1.6, 1.2 * coarse, 7 * coarse))
    picture = picked.picture
    shown = ((center - radius + 0.5) / picture.scale, (center + radius + 0.5) / picture.scale)
    patch = CropTransform.from_box((*shown[0], *shown[1]), (420, 420)).crop(picture.rgb)
    ground = svg.picture(patch, center[0] - radius, center[1] - radius, 2 * radius, 2 * radius, smooth=True)
    landed = [
        panels.Marked(VARIANTS[cell.variant][0], cell.joints[picked.joint], cell.letter, cell.encoding == "floor")
        for cell in both
    ]
    known = picked.truth is not None
    values = {"joint": picked.name, "photo_px": coarse}
    values["points"] = "; ".join(
        LIVE["detail_point"].format(letter=cell.letter, x=point[0], y=point[1]) for cell, point in zip(both, points)
    )
    if picked.truth is not None:
        values |= {"x": picked.truth[0], "y": picked.truth[1]}
    alt, note = (LIVE[f"{name}_truth" if known else name].format(**values) for name in ("detail_alt", "detail_note"))
    drawn = panels.lettered(ground, center, radius, landed, picked.truth, coarse, alt)
    return panel(LIVE["detail"].format(joint=picked.name), drawn, note)
