"""Why decoders find the positions they do in one heatmap, and what moves all joints of a file by one rule.

>>> from dark_core.codec import decode
>>> from dark_core.diagnosis import diagnose
>>> from dark_core.simulation import SimulatedHeatmap
>>> heatmap = SimulatedHeatmap(joint=(13.37, 16.62)).heatmap()
>>> positions = {name: decode(heatmap, name, 2.0).xy for name in ("argmax", "dark")}
>>> diagnose(heatmap, 2.0, positions, truth=(13.37, 16.62)).split(":")[0]
'Rounding to whole pixels is the largest error'
"""

from dark_core.diagnosis.attribute import Causes
from dark_core.diagnosis.explain import diagnose
from dark_core.diagnosis.frame_mistakes import FrameCheck, check_frame
from dark_core.diagnosis.measure import Facts, measure_heatmap
from dark_core.diagnosis.port_doctor import PortReport, examine_port

__all__ = [
    "Causes",
    "Facts",
    "FrameCheck",
    "PortReport",
    "check_frame",
    "diagnose",
    "examine_port",
    "measure_heatmap",
]
