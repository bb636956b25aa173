"""Lattices: the step is found whatever the phase, and none where there is none."""

import numpy as np
import pytest

from dark_core.diagnosis.lattice import coherence, lattice_step

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("step, phase", [(1.0, 0.0), (0.5, 0.25), (4.0, 1.5), (3.137, 0.9)])
def test_the_largest_step_is_found(step, phase):
    values = step * RNG.integers(0, 40, 200) + phase
    assert lattice_step(values, 0.45, 16) == pytest.approx(step, rel=1e-3)
    assert coherence(values, step / 2) == pytest.approx(1), "half the step fits too and is not the one meant"
    assert lattice_step(values + RNG.uniform(-0.01, 0.01, 200) * step, 0.45, 16) == pytest.approx(step, rel=1e-3)


def test_no_lattice_no_step():
    for count in (28, 200, 1000):
        assert lattice_step(RNG.uniform(0, 64, count), 0.45, 16) is None
    assert lattice_step(np.arange(27.0), 0.45, 16) is None, "too few to tell"
    assert lattice_step(np.arange(12.0), 0.45, 5, fewest=10) == pytest.approx(1, rel=1e-3)
