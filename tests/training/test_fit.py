"""Short trainings of a small network on painted people: it learns, changes phase, and takes up where it was stopped."""

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from safetensors import safe_open

from dark_core.codec import encode
from dark_core.files.annotations import Person
from dark_core.pose.network import PoseNet
from dark_core.training import fit as fit_module
from dark_core.training.batches import Batch, Batches, make_batch
from dark_core.training.fit import Phase, averaged, fit, heatmap_loss, recipe

SMALL = dict(widths=(8, 8, 12, 12, 16), blocks=(1, 1, 1, 1), top=12)
FIRST = Phase(0.5, 64, 1.5, "cross_entropy", 0.5, 0.0)
SECOND = Phase(1.0, 32, 2.0, "squared", 0.1, 0.25)


class StoppedError(Exception):
    """The power went off."""


@pytest.fixture(autouse=True)
def quick():
    """One thread and a known start."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def losses(monkeypatch) -> list[tuple[str, float]]:
    """Fills with (kind, value) of every step's loss."""
    seen = []

    def remembered(maps, batch, phase):
        loss = heatmap_loss(maps, batch, phase)
        seen.append((phase.loss, loss.item()))
        return loss

    monkeypatch.setattr(fit_module.fit, "__kwdefaults__", {**fit_module.fit.__kwdefaults__, "loss_of": remembered})
    return seen


def batches(encoding: str = "unbiased") -> Batches:
    """Two painted people, each joint a square of its own color."""
    people = []
    for seed in range(2):
        rng = np.random.default_rng(seed)
        joints, photo = rng.uniform(20, 70, (14, 2)), np.full((90, 90, 3), 120, np.uint8)
        for joint, (x, y) in enumerate(joints.astype(int)):
            photo[y - 3 : y + 4, x - 3 : x + 4] = np.random.default_rng(100 + joint).integers(0, 256, 3)
        people.append(Person(photo, joints, np.ones(14)))
    return Batches(people, np.ones(2), 6, partial(make_batch, encoding=encoding), 0, 1)


def silent(line: str) -> None:
    """Says nothing."""


def weights(network: PoseNet) -> dict[str, np.ndarray]:
    return {name: value.numpy() for name, value in network.state_dict().items()}


# Losses


def one_batch(joints, trust, inside=True) -> Batch:
    targets = encode(np.array(joints, float)[None], (8, 8), 1.5)
    return Batch(np.zeros((1, 32, 32, 3), np.uint8), targets, np.array([trust], np.float32), np.array([[inside] * 2]))


def test_cross_entropy_is_the_entropy_of_the_target_at_best_and_log_of_all_cells_when_nothing_is_known():
    batch = one_batch([[3.2, 4.1], [5, 2.5]], [1, 1])
    share = batch.targets / batch.targets.sum((2, 3), keepdims=True)
    entropy = -(share * np.log(share)).sum() / 2
    perfect = torch.from_numpy(np.log(share)) + 7  # an additive constant is free
    assert heatmap_loss(perfect, batch, FIRST).item() == pytest.approx(entropy, rel=1e-5)
    assert heatmap_loss(torch.zeros(1, 2, 8, 8), batch, FIRST).item() == pytest.approx(np.log(64), rel=1e-5)


def test_squared_error_is_one_where_nothing_is_drawn_and_zero_where_all_is():
    # A Gaussian's energy over the plane is pi sigma²; at 32 cells and sigma 2 all of it lies on the map.
    targets = encode([[[15.2, 16.1]] * 2], (32, 32), 2.0)
    batch = Batch(np.zeros(0), targets, np.ones((1, 2), np.float32), np.ones((1, 2), bool))
    assert heatmap_loss(torch.zeros(1, 2, 32, 32), batch, SECOND).item() == pytest.approx(1, abs=1e-5)
    assert heatmap_loss(torch.from_numpy(targets), batch, SECOND).item() == 0


@pytest.mark.parametrize("phase", [FIRST, SECOND])
def test_a_joint_weighs_its_trust(phase):
    maps = torch.randn(1, 2, 8, 8, generator=torch.Generator().manual_seed(0))
    alone = [heatmap_loss(maps, one_batch([[3, 4], [5, 2]], trust), phase).item() for trust in ([1, 0], [0, 1])]
    both = heatmap_loss(maps, one_batch([[3, 4], [5, 2]], [1.0, 0.25]), phase).item()
    assert both == pytest.approx((alone[0] + 0.25 * alone[1]) / 1.25, rel=1e-5)


def test_outside_the_crop_cross_entropy_asks_nothing_and_squared_error_asks_for_emptiness():
    batch = one_batch([[-9, 4], [20, 2]], [1, 1], inside=False)
    assert heatmap_loss(torch.randn(1, 2, 8, 8), batch, FIRST).item() == 0
    assert heatmap_loss(torch.ones(1, 2, 8, 8), batch, SECOND).item() == pytest.approx(64 / (np.pi * 4), rel=1e-3)


# Training


@pytest.mark.parametrize("encoding", ["unbiased", "floor"])
@pytest.mark.parametrize("phase", [replace(FIRST, until=1.0), replace(SECOND, size=64)], ids=lambda phase: phase.loss)
def test_twelve_steps_bring_the_loss_down(tmp_path, losses, phase, encoding):
    network, progress = fit(PoseNet(**SMALL), batches(encoding), (phase,), tmp_path, steps=12, say=silent)
    values = [value for _, value in losses]
    assert np.mean(values[-3:]) < 0.98 * np.mean(values[:3])
    assert progress.step == len(values) == 12 and progress.seconds > 0
    assert not network.training and all(np.isfinite(value).all() for value in weights(network).values())


def test_phases_follow_one_another_and_a_new_loss_starts_with_a_blank_head(tmp_path, losses, monkeypatch):
    heads, sizes = [], []
    original = Batches.__call__

    def watched(self, start, size, *rest):
        sizes.append((start, size))
        return original(self, start, size, *rest)

    monkeypatch.setattr(Batches, "__call__", watched)
    blank = torch.nn.init.zeros_
    monkeypatch.setattr(torch.nn.init, "zeros_", lambda tensor: heads.append(tensor.shape[0]) or blank(tensor))
    fit(PoseNet(**SMALL), batches(), (FIRST, SECOND), tmp_path, steps=6, say=silent)
    assert [kind for kind, _ in losses] == ["cross_entropy"] * 3 + ["squared"] * 3
    assert sizes == [(0, 64), (3, 32)]
    assert heads.count(14) == 4  # weight and bias of the network and of its average
    # Maps that are empty score 1 but for what lies beyond the crop's edge and the empty crops.
    assert losses[3][1] < 1


def test_the_rate_warms_up_and_falls_along_a_cosine(tmp_path, monkeypatch):
    rates = []
    step = torch.optim.AdamW.step
    monkeypatch.setattr(torch.optim.AdamW, "step", lambda self: rates.append(self.param_groups[0]["lr"]) or step(self))
    fit(PoseNet(**SMALL), batches(), (replace(SECOND, rate=1.0),), tmp_path, steps=8, say=silent)
    share = np.arange(8) / 8
    np.testing.assert_allclose(rates, (np.arange(8) + 1) / 200 * (0.02 + 0.49 * (1 + np.cos(np.pi * share))))


def test_the_average_follows_the_weights_ever_more_slowly():
    network = PoseNet(**SMALL)
    for value in network.state_dict().values():
        value.zero_()
    average = averaged(network)
    for value in network.state_dict().values():
        value.fill_(1)
    # The k-th update keeps (1 + k) / (10 + k) of the average: 2/11 of the distance is left, then 3/12 of that.
    for left in (2 / 11, 2 / 11 * 3 / 12):
        average.update_parameters(network)
        for name, value in average.module.state_dict().items():
            expected = 1 - left if value.is_floating_point() else 1
            torch.testing.assert_close(value, torch.full_like(value, expected), msg=name)
    average.n_averaged.fill_(10**6)
    network.head.bias.data.fill_(1001)
    before = average.module.head.bias[0].item()
    average.update_parameters(network)
    assert average.module.head.bias[0].item() - before == pytest.approx(0.002 * (1001 - before))


def test_a_frozen_trunk_stays_as_it_is_and_the_path_back_learns(tmp_path):
    network = PoseNet(**SMALL)
    before = {name: value.copy() for name, value in weights(network).items()}
    trained, _ = fit(network, batches(), (FIRST,), tmp_path, steps=3, frozen=True, say=silent)
    for name, value in weights(trained).items():
        assert np.array_equal(value, before[name]) == name.startswith(("stem.", "levels.")), name


@pytest.mark.parametrize("stopped_after", [4, 2, 5])
def test_a_run_that_was_stopped_ends_where_an_uninterrupted_one_does(tmp_path, losses, stopped_after):
    arguments = dict(phases=(FIRST, SECOND), steps=8, every=stopped_after, say=silent)
    whole, _ = fit(PoseNet(**SMALL), batches(), out=tmp_path / "whole", **arguments)
    uninterrupted = losses.copy()
    losses.clear()

    def power_cut(network, phase):
        raise StoppedError

    torch.manual_seed(0)
    with pytest.raises(StoppedError):
        fit(PoseNet(**SMALL), batches(), out=tmp_path / "parts", validate=power_cut, **arguments)
    assert len(losses) == stopped_after
    torch.manual_seed(99)
    said = []
    parts, progress = fit(PoseNet(**SMALL), batches(), out=tmp_path / "parts", **arguments | {"say": said.append})
    assert said[0].startswith(f"resumed at step {stopped_after},") and progress.step == 8
    assert losses == uninterrupted
    for name, value in weights(whole).items():
        np.testing.assert_array_equal(weights(parts)[name], value, err_msg=name)


def test_a_finished_run_does_nothing_more_and_a_fresh_one_starts_over(tmp_path, losses):
    arguments = dict(phases=(FIRST,), out=tmp_path, steps=2, say=silent)
    done, _ = fit(PoseNet(**SMALL), batches(), **arguments)
    again, progress = fit(PoseNet(**SMALL), batches(), **arguments)
    assert len(losses) == progress.step == 2
    for name, value in weights(done).items():
        np.testing.assert_array_equal(weights(again)[name], value)
    fit(PoseNet(**SMALL), batches(), **arguments, resume=False)
    assert len(losses) == 4


def test_a_checkpoint_is_safetensors_with_its_progress_in_the_header(tmp_path):
    fit(PoseNet(**SMALL), batches(), (FIRST,), tmp_path, steps=2, say=silent)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.safetensors"]
    with safe_open(tmp_path / "checkpoint.safetensors", "pt") as file:
        assert json.loads(file.metadata()["progress"])["step"] == 2
        kinds = {name.split(".")[0] for name in file.keys()}  # noqa: SIM118, the file is no dict
    assert kinds == {"network", "average", "optimizer"}


def test_validation_comes_with_every_checkpoint(tmp_path):
    said = []
    told = dict(validate=lambda _, phase: f"at {phase.size}", say=said.append)
    fit(PoseNet(**SMALL), batches(), (FIRST,), tmp_path, steps=5, every=2, **told)
    assert said == ["step 2: at 64", "step 4: at 64"]


def test_minutes_of_training_end_the_run(tmp_path):
    _, progress = fit(PoseNet(**SMALL), batches(), (FIRST, SECOND), tmp_path, minutes=0.25 / 60, say=silent)
    assert 0.25 <= progress.seconds < 2 and progress.step >= 2 and progress.phase == 1


@pytest.mark.parametrize("length", [{}, {"minutes": 1, "steps": 1}])
def test_a_run_has_one_length(tmp_path, length):
    with pytest.raises(ValueError, match="either minutes or steps"):
        fit(PoseNet(**SMALL), batches(), (FIRST,), tmp_path, **length)


def test_the_recipe_ends_at_the_size_and_sigma_that_ship():
    first, last = recipe(160, 2.0)
    assert (first.size, first.sigma, first.loss) == (128, 1.5, "cross_entropy")
    assert (last.until, last.size, last.sigma, last.loss) == (1.0, 160, 2.0, "squared")
    assert recipe(128, 2.0)[0].sigma == 2.0
