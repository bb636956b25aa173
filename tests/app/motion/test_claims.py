"""Every sentence and table of Motion, recomputed in plain NumPy for all clips, joints and decoders."""

import re

import numpy as np
import pytest

from dark_core.app.motion import tables, text, view
from dark_core.app.motion.comparison import filtered, measured
from dark_core.app.motion.footage import CLIPS, Footage, clip_footage
from dark_core.codec import CORE_DECODERS, DECODERS
from dark_core.files.motion.clips import clip_names
from dark_core.motion.filters import filters
from dark_core.pose.skeleton import SKELETON

JOINTS = [None, *range(len(SKELETON))]


def chosen(joint: int | None) -> list[int]:
    return list(range(len(SKELETON))) if joint is None else [joint]


def errors(footage: Footage, decoder: str, joint: int | None) -> np.ndarray:
    return (footage.tracks.photo_xy[decoder] - footage.truth)[:, chosen(joint)]


def rms(values: np.ndarray) -> float:
    return float(np.sqrt((values**2).sum(-1).mean()))


def jitter(footage: Footage, decoder: str, joint: int | None) -> float:
    off = errors(footage, decoder, joint)
    return rms(off - off.mean(0))


def numbers(said: str) -> list[float]:
    return [float(one) for one in re.findall(r"\d+\.\d+", said)]


def test_all_bundled_clips_are_offered():
    assert sorted(CLIPS) == list(clip_names())


@pytest.mark.parametrize("joint", JOINTS)
@pytest.mark.parametrize("clip", CLIPS)
def test_what_decoding_removes_is_true(clip, joint):
    footage = clip_footage(clip)
    found = measured(footage, joint, "argmax", "dark", CORE_DECODERS)
    before, after = jitter(footage, "argmax", joint), jitter(footage, "dark", joint)
    said = text.summary_text(found, joint)
    assert said.startswith("**All 14 joints.**" if joint is None else f"**The {SKELETON.names[joint]}.**")
    low, high = found.removed.removed.low, found.removed.removed.high
    assert low <= before - after <= high or joint is not None, "of one joint the resamples may be on one side"
    if "were the decoder's" in said:
        wanted = [before, before - after, low, high, after]
        assert low > 0
    elif "these frames are too few" in said:
        wanted = [before, after, low, high]
        assert low <= 0 <= high
    else:
        assert "DARK jitters by" in said and high < 0
        wanted = [after - before, before]
    assert [abs(one) for one in numbers(said)] == pytest.approx([abs(one) for one in wanted], abs=0.0051)


@pytest.mark.parametrize("joint", [None, 11])
@pytest.mark.parametrize("clip", CLIPS)
def test_the_measures_are_true_in_both_units(clip, joint):
    footage = clip_footage(clip)
    found = measured(footage, joint, "argmax", "dark", CORE_DECODERS)
    rows = tables.measures_table(found).split("<tbody>")[1].split("<tr")[1:]
    for decoder, row in zip(CORE_DECODERS, rows, strict=True):
        off = errors(footage, decoder, joint)
        xy = footage.tracks.photo_xy[decoder][:, chosen(joint)]
        second = (xy[2:] - 2 * xy[1:-1] + xy[:-2]) / 6**0.5
        bias = float(np.sqrt((off.mean(0) ** 2).sum(-1).mean()))
        wanted = [rms(off), bias, jitter(footage, decoder, joint), rms(second)]
        cells = [re.sub(r"<[^>]+>", " ", cell) for cell in row.split("<td")[1:]]
        shown = [numbers(cell) for cell in cells[:4]]
        assert [cell[0] for cell in shown] == pytest.approx(wanted, abs=0.0051)
        assert [cell[3] for cell in shown] == pytest.approx(np.array(wanted) / footage.tracks.scale, abs=0.0051)
        step = {"argmax": 1.0, "quarter_shift": 0.5}.get(decoder)
        assert numbers(cells[4])[-1:] == ([] if step is None else [step])


@pytest.mark.parametrize("decoder", CORE_DECODERS)
@pytest.mark.parametrize("joint", [None, 0, 11])
@pytest.mark.parametrize("clip", CLIPS)
def test_what_a_filter_brings_is_true(clip, joint, decoder):
    footage = clip_footage(clip)
    every, found = filters(footage.tracks.fps), filtered(footage, joint, decoder)
    after = {
        name: rms((one.apply(footage.tracks.photo_xy[decoder]) - footage.truth)[:, chosen(joint)])
        for name, one in every.items()
    }
    best = min(after, key=after.get)
    plain, dark = (rms(errors(footage, name, joint)) for name in (decoder, "dark"))
    said = text.filters_text(found, footage.tracks.fps)
    assert every[best].title in said and DECODERS[decoder].title in said
    lags = [every["one_euro"].lag, every["moving_average"].lag]
    told = [after[best], plain] if decoder == "dark" else [after[best], plain, dark]
    assert numbers(said) == pytest.approx([*told, *np.round(lags, 1)], abs=0.0051)
    assert ("No filter brings" in said) == (after[best] >= plain)
    assert ("needs no other frame" in said) == (decoder != "dark" and dark <= after[best])
    rows = tables.filters_table(found, footage.tracks.fps).split("<tbody>")[1].split("<tr")[1:]
    shown = [plain, *after.values(), *([] if decoder == "dark" else [dark])]
    assert [numbers(re.sub(r"<[^>]+>", " ", row.split("<td")[1]))[0] for row in rows] == pytest.approx(
        shown, abs=0.0051
    )
    bold = [k for k, row in enumerate(rows) if 'class="best"' in row]
    assert bold == [int(np.argmin(shown))] or shown[bold[0]] == pytest.approx(min(shown), abs=0.0051), (
        "as good as shown"
    )


def test_without_a_truth_the_acceleration_is_compared_and_said_to_be_less_sure():
    clip = clip_footage("wave")
    own = Footage("own 1", clip.title, "", clip.size, clip.frames, clip.tracks)
    found = measured(own, 11, "argmax", "dark", ("argmax", "dark"))
    table = tables.measures_table(found)
    assert "acceleration noise" in table and ">error<" not in table
    said = text.filters_text(filtered(own, 11, "argmax"), own.tracks.fps)
    assert "Without the true joints nobody knows" in said and "off by" not in said
    assert "not known" in text.caption(own)


@pytest.mark.parametrize("clip", CLIPS)
def test_the_frame_shown_at_first_is_the_one_that_shows_the_difference(clip):
    footage = clip_footage(clip)
    frame = view.telling_frame(footage, 11, "argmax", "dark")
    gain = [
        np.hypot(*errors(footage, "argmax", 11)[k, 0]) - np.hypot(*errors(footage, "dark", 11)[k, 0]) for k in range(48)
    ]
    assert 12 <= frame < 36 and gain[frame] == max(gain[12:36])


@pytest.mark.parametrize("clip", CLIPS)
def test_the_grid_of_the_zoom_is_that_of_the_heatmap(clip):
    """A position in heatmap px, on the grid that the browser is given, is the position in photo px."""
    footage = clip_footage(clip)
    data = view.data(footage, 11, "argmax", "dark", ["argmax", "dark"])
    x0, y0, side = np.array(data["lattice"]).T
    heatmap_xy = footage.tracks.heatmap_xy["dark"][:, 11]
    assert np.column_stack([x0, y0]) + side[:, None] * heatmap_xy == pytest.approx(
        footage.tracks.photo_xy["dark"][:, 11], abs=0.5
    ), "within the two decimals of the grid, times 48 pixels"
    assert data["followed"] == pytest.approx(footage.truth[:, 11], abs=0.0051)


def test_lost_frames_are_none_to_the_browser_and_the_zoom_waits():
    clip = clip_footage("wave")
    lost = {name: xy.copy() for name, xy in clip.tracks.photo_xy.items()}
    for xy in lost.values():
        xy[20:30] = np.nan
    tracks = clip.tracks.with_track("dark", lost["dark"]).with_track("argmax", lost["argmax"])
    data = view.data(Footage("own 2", "", "", clip.size, clip.frames, tracks), 11, "argmax", "dark", ["dark"])
    assert data["curves"]["dark"][20:30] == [None] * 10 and data["truth"] is None
    assert data["followed"][25] == data["followed"][19] and None not in data["followed"]
