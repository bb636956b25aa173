"""Speed and accuracy of the decoders, and the cost of a network, measured on this machine."""

from typing import TYPE_CHECKING

from dark_core._lazy import lazy

if TYPE_CHECKING:
    from dark_core.benchmarks.accuracy import MethodAccuracy as MethodAccuracy
    from dark_core.benchmarks.accuracy import measure_accuracy as measure_accuracy
    from dark_core.benchmarks.decoders import Timing as Timing
    from dark_core.benchmarks.decoders import timings as timings
    from dark_core.benchmarks.flops import Cost as Cost
    from dark_core.benchmarks.flops import activation_bytes as activation_bytes
    from dark_core.benchmarks.flops import measure as measure
    from dark_core.benchmarks.flops import multiply_adds as multiply_adds
    from dark_core.benchmarks.network import Speed as Speed
    from dark_core.benchmarks.network import speed as speed
    from dark_core.benchmarks.timing import durations as durations

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
