"""Simulated heatmaps whose joint is known exactly, and the errors of decoders on many of them.

>>> from dark_core.codec import decode
>>> from dark_core.simulation import SimulatedHeatmap
>>> decode(SimulatedHeatmap(joint=(13.37, 16.62)).heatmap(), "dark", sigma=2.0).xy.round(2).tolist()
[13.37, 16.62]
"""

from dark_core.simulation.heatmaps import SCENARIOS, Scenario, SimulatedHeatmap, decode_repeats
from dark_core.simulation.monte_carlo import Accuracy, Trials, accuracy, rmse_bound, run_trials
from dark_core.simulation.number_formats import NUMBER_FORMATS, NumberFormat
from dark_core.simulation.perfect_network import perfect_pose
from dark_core.simulation.sweep_parameters import SWEEP_PARAMETERS, SimulationConfig, SweepParameter
from dark_core.simulation.sweeps import SweepPoint, sweep

__all__ = [
    "NUMBER_FORMATS",
    "SCENARIOS",
    "SWEEP_PARAMETERS",
    "Accuracy",
    "NumberFormat",
    "Scenario",
    "SimulatedHeatmap",
    "SimulationConfig",
    "SweepParameter",
    "SweepPoint",
    "Trials",
    "accuracy",
    "decode_repeats",
    "perfect_pose",
    "rmse_bound",
    "run_trials",
    "sweep",
]
