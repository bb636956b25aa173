"""Batches: drawn by weight, the same from the same seed whoever prepares them, with the targets of their joints."""

from itertools import islice

import numpy as np
import pytest

from dark_core.codec import decode
from dark_core.files.annotations import Person
from dark_core.training import augment, batches
from dark_core.training.batches import Batches, make_batch


def people(count: int) -> list[Person]:
    rng = np.random.default_rng(0)
    return [
        Person(rng.integers(0, 256, (70, 60, 3), dtype=np.uint8), rng.uniform(10, 50, (14, 2)), np.ones(14))
        for _ in range(count)
    ]


def taken(count: int, *, seed=5, threads=2, start=0, empty=0.2) -> list[batches.Batch]:
    source = Batches(people(3), np.ones(3), 4, make_batch, seed, threads)
    return list(islice(source(start, 32, 1.5, empty), count))


def same(one: batches.Batch, other: batches.Batch) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(vars(one).values(), vars(other).values(), strict=True))


def test_the_same_seed_gives_the_same_batches_from_any_number_of_threads_and_any_start():
    six = taken(6)
    assert all(map(same, six, taken(6, threads=1)))
    assert all(map(same, six[4:], taken(2, start=4)))
    assert not any(map(same, six, taken(6, seed=6)))
    assert not any(same(six[0], later) for later in six[1:])


def test_a_batch_has_the_shapes_it_promises():
    batch = taken(1)[0]
    assert (batch.crops.shape, batch.crops.dtype) == ((4, 32, 32, 3), np.uint8)
    assert (batch.targets.shape, batch.targets.dtype) == ((4, 14, 8, 8), np.float32)
    assert (batch.trust.shape, batch.trust.dtype) == ((4, 14), np.float32)
    assert (batch.inside.shape, batch.inside.dtype) == ((4, 14), bool)


def test_people_are_drawn_as_often_as_they_weigh():
    # Of 1200 draws at 0 : 1 : 3 a share of 3/4 varies by 0.0125.
    group = people(3)
    drawn = islice(Batches(group, np.array([0, 1, 3]), 12, lambda chosen, *_: chosen, 0, 1)(0, 32, 1.5, 0.0), 100)
    draws = [person for batch in drawn for person in batch]
    counts = np.array([sum(person is one for person in draws) for one in group])
    assert counts.sum() == 1200 and counts[0] == 0
    assert counts[2] / 1200 == pytest.approx(0.75, abs=0.05)


def test_targets_stand_at_the_joints_of_the_crop(monkeypatch):
    views = []

    def remembered(*arguments):
        views.append(augment.augmented(*arguments))
        return views[-1]

    monkeypatch.setattr(batches, "augmented", remembered)
    batch = make_batch(people(3) * 2, 64, 1.5, 0.0, seed=1)
    joints = np.stack([joints for _, joints, _ in views])
    np.testing.assert_array_equal(batch.crops, np.stack([crop for crop, _, _ in views]))
    np.testing.assert_array_equal(batch.inside, ((joints > -0.5) & (joints < 15.5)).all(-1))
    read = decode(batch.targets, "taylor", 1.5).xy
    well_inside = ((joints > 0) & (joints < 15)).all(-1)
    assert well_inside.mean() > 0.8
    np.testing.assert_allclose(read[well_inside], joints[well_inside], atol=1e-4)
    # The same views, conventionally encoded: the floor of each.
    floored = make_batch(people(3) * 2, 64, 1.5, 0.0, seed=1, encoding="floor")
    np.testing.assert_array_equal(floored.crops, batch.crops)
    inside = (np.floor(joints) >= 0).all(-1) & batch.inside
    np.testing.assert_array_equal(decode(floored.targets, "argmax").xy[inside], np.floor(joints)[inside])


def test_a_joint_that_is_not_labeled_has_an_empty_map_and_no_say():
    group = people(1)
    group[0].joints[12:] = np.nan
    person = Person(group[0].photo, group[0].joints, np.array([1.0] * 12 + [0, 0]))
    batch = make_batch([person] * 4, 64, 1.5, 0.0, seed=0)
    assert not batch.targets[:, 12:].any() and batch.targets[:, :12].any((2, 3)).all()
    assert not batch.trust[:, 12:].any() and not batch.inside[:, 12:].any()


def test_a_share_of_crops_is_background_with_empty_maps_that_count():
    # Of 120 at 0.3, 36 are expected, give or take 5.
    batch = make_batch(people(3) * 40, 32, 1.5, 0.3, seed=0)
    empty = ~batch.targets.any((1, 2, 3))
    assert 21 <= empty.sum() <= 51
    assert (batch.trust[empty] == 1).all() and not batch.inside[empty].any()
    assert make_batch(people(3) * 10, 32, 1.5, 0.0, seed=0).targets.any((1, 2, 3)).all()
