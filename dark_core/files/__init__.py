"""Files that people bring, parsed within bounds: photos, heatmaps, keypoint annotations, and the bundled scenes.

>>> import io
>>> import numpy as np
>>> from dark_core.files import as_heatmaps, open_heatmaps
>>> file = io.BytesIO()
>>> np.save(file, np.zeros((10, 14, 64, 48), np.float32))
>>> heatmaps = as_heatmaps(open_heatmaps(file.getvalue()).choose(), layout="NKHW")
>>> heatmaps.people, heatmaps.joints, heatmaps.size
(10, 14, (48, 64))
"""

from typing import TYPE_CHECKING

from dark_core._lazy import lazy

if TYPE_CHECKING:
    from dark_core.files.annotations import Person as Person
    from dark_core.files.annotations import read_people as read_people
    from dark_core.files.coco import AnnotationError as AnnotationError
    from dark_core.files.formats.stored import HeatmapsError as HeatmapsError
    from dark_core.files.formats.stored import Stored as Stored
    from dark_core.files.formats.stored import listed as listed
    from dark_core.files.formats.stored import plain as plain
    from dark_core.files.formats.stored import times as times
    from dark_core.files.heatmap_files import HeatmapFile as HeatmapFile
    from dark_core.files.heatmap_files import open_heatmaps as open_heatmaps
    from dark_core.files.heatmap_layouts import LAYOUTS as LAYOUTS
    from dark_core.files.heatmap_layouts import Heatmaps as Heatmaps
    from dark_core.files.heatmap_layouts import Survey as Survey
    from dark_core.files.heatmap_layouts import as_heatmaps as as_heatmaps
    from dark_core.files.heatmap_layouts import survey as survey
    from dark_core.files.image_source import ImageError as ImageError
    from dark_core.files.joint_files import Joints as Joints
    from dark_core.files.joint_files import JointsError as JointsError
    from dark_core.files.joint_files import read_joints as read_joints
    from dark_core.files.photos import Photo as Photo
    from dark_core.files.photos import PhotoError as PhotoError
    from dark_core.files.photos import read_photo as read_photo
    from dark_core.files.scenes import Scene as Scene
    from dark_core.files.scenes import load_scenes as load_scenes

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
