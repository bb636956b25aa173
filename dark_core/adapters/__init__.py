"""Decoded joints in the forms that other packages take. Each module needs that package; none is a dependency.

Positions are in photo px, (x, y), and an integer is a pixel's center, as everywhere in ``dark_core``.

``dark_core.adapters.mmpose_codec`` is imported by its path, which registers its codec with MMPose.
"""

from typing import TYPE_CHECKING

from dark_core._lazy import lazy

if TYPE_CHECKING:
    from dark_core.adapters.fiftyone import to_fiftyone as to_fiftyone
    from dark_core.adapters.supervision import to_supervision as to_supervision
    from dark_core.adapters.vitpose import post_process_pose_estimation as post_process_pose_estimation

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
