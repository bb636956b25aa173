"""The tracks of the bundled clips, decoded beforehand: on two processors the network needs seconds for a clip.

They are what the bundled network gives on the clip's frames, written by

    dark-core track assets/clips/NAME.webm --decoder core -o assets/clips/tracks/NAME.json
"""

from __future__ import annotations

from functools import cache

from dark_core.files.motion.clips import CLIPS, clip_names
from dark_core.motion.tracks import Tracks, from_json


@cache
def load_clip_tracks(name: str) -> Tracks:
    """The tracks of the clip of that name, by the decoders in ``CORE_DECODERS``. Raises KeyError if there is none."""
    if name not in clip_names():
        raise KeyError(f"there is no clip {name!r}: choose one of {', '.join(clip_names())}")
    return from_json((CLIPS / "tracks" / f"{name}.json").read_text(encoding="utf-8"))
