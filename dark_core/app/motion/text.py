"""What Motion says of its figure: how much of the jitter is the decoder's, and what a filter would do instead."""

from __future__ import annotations

from dark_core.app.motion.comparison import Filtered, Measured
from dark_core.app.motion.footage import Footage
from dark_core.app.text.catalog import read_catalog
from dark_core.codec import DECODERS
from dark_core.motion.filters import filters
from dark_core.motion.measures import summary_text as removed_text
from dark_core.pose.skeleton import SKELETON

TEXT = read_catalog("motion")


def caption(footage: Footage) -> str:
    """What is played, and how large a heatmap pixel is."""
    template = TEXT["caption"] if footage.truth is not None else TEXT["caption_own"]
    return template.format(
        title=footage.title,
        description=footage.description,
        count=len(footage.tracks),
        width=footage.size[0],
        height=footage.size[1],
        fps=footage.tracks.fps,
        photo_px=footage.tracks.scale,
    )


def summary_text(measured: Measured, joint: int | None) -> str:
    """What decoding removes of the jitter of one joint, or of all; Markdown."""
    said = removed_text(measured.removed)
    texts = TEXT["measures"]
    if joint is None:
        return texts["all"].format(count=len(SKELETON), summary=said)
    return texts["joint"].format(joint=SKELETON.names[joint], summary=said)


def filters_text(found: Filtered, fps: float) -> str:
    """The best filter of the decoder's track beside DARK without one, and what a filter costs."""
    texts, every = TEXT["filters"], filters(fps)
    error, plain = found.value(found.best), found.value("")
    if not found.known:
        names = ["calmest", "dark_calm"]
    else:
        closer = found.dark <= error
        names = ["gain" if error < plain else "no_gain", "dark_closer" if closer else "dark_farther"]
    values = {
        "decoder": DECODERS[found.decoder].title,
        "filter": every[found.best].title,
        "error": error,
        "plain": plain,
        "dark": found.dark,
        "one_euro": every["one_euro"].lag,
        "average": every["moving_average"].lag,
        "ahead": every["savitzky_golay"].ahead,
    }
    said = names[:1] if found.decoder == "dark" else names
    return " ".join(texts[name].format(**values) for name in [*said, "cost"])
