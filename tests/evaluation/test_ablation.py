"""The ablation's table: every figure is what the readings of the maps say, and intervals cover what they should."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from dark_core.codec import encode
from dark_core.evaluation.ablation import Ablation, bias_and_scatter, predict_set, score_variant
from dark_core.evaluation.ablation_table import BASELINE, VARIANTS, Table, load
from dark_core.files.annotations import Person
from dark_core.pose.crop_transform import CropTransform, square_box
from dark_core.pose.predictor import PosePredictor
from dark_core.pose.skeleton import SKELETON

MIRROR = list(SKELETON.mirror)


def people(count: int = 40, seed: int = 0) -> list[Person]:
    """People on black photos of 200 px, joints anywhere in the middle; one without a left wrist."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        joints = rng.uniform(50, 150, (14, 2))
        found.append(Person(np.zeros((200, 200, 3), np.uint8), joints, np.ones(14)))
    found[3].joints[11] = np.nan
    return found


def network(persons: list[Person], encoding: str, size: int, seed: int = 0, noise: float = 0.0) -> SimpleNamespace:
    """What knows every joint: it draws the targets of the crops it is given, one after the other, in noise."""
    rng, sigma = np.random.default_rng(seed), 1.5
    frames = [CropTransform.from_box(square_box(person.joints), (size, size)) for person in persons]
    asked = 0

    def read(crops: np.ndarray) -> np.ndarray:
        nonlocal asked
        count = len(crops) // 2  # as many mirrored crops follow
        maps = []
        for frame, person in zip(frames[asked : asked + count], persons[asked:]):
            xy = frame.to_heatmap(person.joints)
            mirrored = (xy * [-1, 1] + [size // 4 - 1, 0])[MIRROR]
            maps.append([encode(both, (size // 4, size // 4), sigma, encoding) for both in (xy, mirrored)])
        asked += count
        noises = rng.standard_normal((len(crops), 14, size // 4, size // 4)).astype("f4")
        return np.concatenate(list(zip(*maps))) + noise * noises

    card = {"encoding": encoding, "seed": seed, "sha256": "0" * 64}
    model = SimpleNamespace(name=f"{encoding}_{size}", size=size, sigma=sigma, card=card)
    return PosePredictor(model, read, lambda photo: [])


@pytest.fixture(scope="module")
def table() -> Table:
    persons = people()
    nets = [network(persons, encoding, size, noise=0.03) for encoding in ("floor", "unbiased") for size in (64, 96)]
    made = Ablation(nets, resamples=200, say=lambda line: None)
    made.add("one", persons, exact=True)
    nets = [network(persons[:20], "unbiased", 64), network(persons[:20], "floor", 64)]
    made.networks = nets
    made.add("two", persons[:20], exact=False)
    return Table(json.loads(json.dumps(made.table())))


def test_the_decoded_positions_are_those_of_the_codec():
    persons = people(6)
    read = predict_set(network(persons, "unbiased", 64), persons)
    assert list(read.offset) == list(VARIANTS) and read.px.shape == (6,)
    error = np.linalg.norm(read.offset["dark"], axis=-1) / read.px[:, None]
    assert np.nanmax(error) < 0.3 and np.nanmin(error) < 1e-4  # heatmap px; joints beside the crop's edge lean
    exact = np.linalg.norm(read.offset["gaussian_fit"], axis=-1) / read.px[:, None]
    assert np.nanmax(exact) < 2e-3
    assert np.isnan(read.offset["dark"][3, 11]).all() and np.isnan(read.offset["dark"]).sum() == 2
    rounded = np.abs(read.offset["argmax"] / read.px[:, None, None])
    assert np.nanmax(rounded) <= 0.5 + 1e-6 and np.nanmean(rounded) == pytest.approx(0.25, abs=0.05)
    np.testing.assert_allclose(read.similarity["dark"], 1, atol=0.01)


def test_floor_targets_are_biased_and_no_decoder_corrects_it(table):
    for size in (64, 96):
        floor = table.cell("one", "floor", size, "dark")["lean"]
        unbiased = table.cell("one", "unbiased", size, "dark")["lean"]
        # The mirrored pass leans the other way in x: the average stands still there, and half a pixel up in y.
        assert floor["bias_y"] == pytest.approx(-0.5, abs=0.08) and abs(floor["bias_x"]) < 0.1
        assert abs(unbiased["bias_x"]) < 0.03 and abs(unbiased["bias_y"]) < 0.03
        assert unbiased["scatter"] < floor["scatter"]


def test_a_gain_is_the_difference_of_its_cells_and_its_interval_is_narrower(table):
    for metric in table.metrics("one"):
        for size in table.sizes:
            before = table.value("one", "floor", size, "quarter_shift", metric)
            after = table.value("one", "unbiased", size, "dark", metric)
            gain = table.gain("one", "unbiased", size, "dark", metric)
            assert gain.value == pytest.approx(after.value - before.value, abs=0.002)
            assert gain.low <= gain.value <= gain.high and before.low <= before.value <= before.high
    gain = table.gain("one", "unbiased", 64, "dark", "mean_px")
    assert gain.high < 0, "fewer px, and surely so"


def test_the_figures_are_those_of_a_plain_count():
    persons = people(12)
    truth = np.stack([person.joints for person in persons])
    read = predict_set(network(persons, "floor", 64, noise=0.1), persons)
    found = score_variant(read, "argmax", truth, np.ones((1, 12), int), exact=True)
    error = np.linalg.norm(read.offset["argmax"], axis=-1)[:, :12]
    torsos = (
        np.linalg.norm(truth[:, 8] - truth[:, 3], axis=-1) + np.linalg.norm(truth[:, 9] - truth[:, 2], axis=-1)
    ) / 2
    known = np.isfinite(error)
    share = (error <= 0.05 * torsos[:, None])[known].mean()
    assert found["pck@0.05"][0] == pytest.approx(100 * share)
    assert found["mean_px"][0] == pytest.approx(error[known].mean())
    assert found["median_px"][0] == pytest.approx(np.median(error[known]), abs=0.05)
    one = score_variant(read, "argmax", truth, np.eye(12, dtype=int)[4:5], exact=True)
    assert one["mean_px"][0] == pytest.approx(np.nanmean(error[4])), "a resample of one person alone"


def test_two_seeds_count_alike_and_each_stands_beside_the_mean():
    persons = people(10)
    given = {(e, s): network(persons, e, 64, s, noise=n) for e in ("floor", "unbiased") for s, n in ((0, 0), (5, 0.3))}
    made = Ablation(list(given.values()), resamples=50, say=lambda line: None)
    made.add("one", persons, exact=True)
    table = Table(made.table())
    assert table.seeds == [0, 5]
    alone = []
    for seed in (0, 5):
        single = Ablation([network(persons, e, 64, seed, 0.06 * seed) for e in ("floor", "unbiased")], 50, say=str)
        single.add("one", persons, exact=True)
        alone.append(Table(single.table()))
    for metric in table.metrics("one"):
        cell = table.cell("one", "unbiased", 64, "taylor")
        each = [one.value("one", "unbiased", 64, "taylor", metric).value for one in alone]
        assert cell["seeds"] == [0, 5] and cell["by_seed"][metric] == pytest.approx(each)
        assert cell["values"][metric][0] == pytest.approx(np.mean(each), abs=0.001)
        gains = [one.gain("one", "unbiased", 64, "dark", metric).value for one in alone]
        by_seed = table.gain_by_seed("one", "unbiased", 64, "dark", metric)
        assert by_seed == {0: pytest.approx(gains[0]), 5: pytest.approx(gains[1])}
        assert table.gain("one", "unbiased", 64, "dark", metric).value == pytest.approx(np.mean(gains), abs=0.001)
    row = next(row for row in table.rows() if (row["encoding"], row["reading"]) == ("unbiased", "taylor"))
    assert row["pck@0.05_seed_5"] == alone[1].value("one", "unbiased", 64, "taylor", "pck@0.05").value
    assert row["pck@0.05_seed_5"] < row["pck@0.05_seed_0"], "in noise it is worse"


def test_a_gain_takes_the_seeds_that_both_sides_have():
    persons = people(6)
    given = (("floor", 0), ("unbiased", 0), ("unbiased", 1))
    made = Ablation([network(persons, encoding, 64, seed) for encoding, seed in given], 20, say=str)
    made.add("one", persons, exact=True)
    rows = {(row["encoding"], row["reading"]): row["seeds"] for row in made.cells}
    assert rows["unbiased", "dark"] == [0, 1] and rows["floor", "dark"] == [0]
    assert {(row["encoding"], tuple(row["seeds"])) for row in made.gains} == {("floor", (0,)), ("unbiased", (0,))}


def test_bias_and_scatter_are_those_of_the_middle():
    persons = people(10)
    read = predict_set(network(persons, "unbiased", 64), persons)
    rng = np.random.default_rng(1)
    moved = np.array([0.3, -0.2]) + 0.1 * rng.standard_normal((10, 14, 2))
    moved[0, 0] = 30  # a joint taken for another
    read.offset["dark"] = moved * read.px[:, None, None]
    found = bias_and_scatter([read], "dark")
    assert found["bias_x"] == pytest.approx(0.3, abs=0.03) and found["bias_y"] == pytest.approx(-0.2, abs=0.03)
    assert found["scatter"] == pytest.approx(0.1, abs=0.02)


def test_every_cell_has_a_row(table):
    rows = table.rows()
    assert len(rows) == 4 * len(VARIANTS) + 2 * len(VARIANTS)
    row = next(row for row in rows if (row["set"], row["encoding"], row["reading"]) == ("two", "unbiased", "dark"))
    assert row["pck@0.2"] == 100 and row["pck@0.2_left wrist"] == 100 and "mean_px" not in row
    standard = next(row for row in rows if (row["encoding"], row["reading"]) == BASELINE)
    assert standard["pck@0.2_gain"] == ""


def test_what_is_not_there_is_said(table, tmp_path):
    with pytest.raises(KeyError, match="no such cell"):
        table.cell("one", "ceil", 64, "dark")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.json")


def test_people_without_hips_have_no_pck_and_those_beside_them_are_not_harmed():
    persons = people(12)
    for person in persons[:5]:
        person.joints[[2, 3]] = np.nan
    truth = np.stack([person.joints for person in persons])
    read = predict_set(network(persons, "unbiased", 64), persons)
    found = score_variant(read, "gaussian_fit", truth, np.ones((1, 12), int), exact=True)
    assert found["pck@0.2"][0] == 100, "those without a torso are left out, and not counted as wrong"
    nobody = score_variant(
        predict_set(network(persons[:5], "floor", 64), persons[:5]), "dark", truth[:5], np.ones((1, 5)), True
    )
    assert list(nobody) == ["oks_ap", "mean_px", "median_px"]
    made = Ablation([network(persons, "floor", 64)], resamples=5, say=str)
    made.add("one", persons, exact=False)
    assert made.table()["sets"] == [{"name": "one", "people": 12, "measured": 7, "exact": False}]


def test_a_joint_that_nobody_labels_is_not_measured_and_not_0():
    persons = people(6)
    for person in persons:
        person.joints[12] = np.nan
    made = Ablation([network(persons, "floor", 64)], resamples=5, say=str)
    made.add("one", persons, exact=False)
    table = Table(json.loads(json.dumps(made.table(), allow_nan=False)))
    assert table.cell("one", "floor", 64, "dark")["joints"]["pck@0.2"][12] is None
    assert table.rows()[0]["pck@0.2_neck"] == ""
