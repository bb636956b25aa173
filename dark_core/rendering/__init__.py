"""Scenes with exact truth: clothed people rendered by our own code, the joints known to a fraction of a pixel.

body -> pose -> clothing and wear -> figure (the person) -> render -> photo (the picture); backdrop, light, camera and
props are what surrounds them, `catalog.SCENES` the people that ship, `random_scene` people without end. Nothing
here is needed to run the app; `anny` and `moderngl` are imported only when something is rendered.
"""

from dark_core.rendering.catalog import SCENES
from dark_core.rendering.randomize import random_scene
from dark_core.rendering.scene import Scene, make_shot

__all__ = ["SCENES", "Scene", "make_shot", "random_scene"]
