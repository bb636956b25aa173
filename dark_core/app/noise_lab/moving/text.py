"""What the tracks of a moving joint show, in a few sentences with their own numbers."""

from __future__ import annotations

from dark_core.app.noise_lab.moving.track import Found, rms
from dark_core.app.noise_lab.text import WITH
from dark_core.app.text.catalog import read_catalog
from dark_core.figures.decoder_style import title_of
from dark_core.simulation.motion import MovingGaussian

TEXT = read_catalog("noise_lab")["moving"]


def summary_text(motion: MovingGaussian, found: Found) -> str:
    """The takeaway as Markdown: the parts of the worst track's error, then those of DARK, or of the best."""
    texts = TEXT["summary"]
    if not found.xy:
        return texts["no_decoder"]
    ranked = sorted(found.xy, key=lambda name: found.measures[name].error.value)  # type: ignore[union-attr]
    better, worse = WITH if WITH in ranked else ranked[0], ranked[-1]
    said = [_one(found, worse)]
    if better != worse:
        said.append(_one(found, better))
    step = found.measures[worse].step
    if step and motion.velocity[0]:
        said.append(texts["step"].format(decoder=title_of(worse), step=step, frames=step / motion.velocity[0]))
    said.append(texts["network" if motion.wander else "no_network"])
    return " ".join(said)


def _one(found: Found, name: str) -> str:
    parts, error = found.parts[name], found.measures[name].error
    assert error is not None, "the truth is known"
    return TEXT["summary"]["one"].format(
        decoder=title_of(name),
        error=error.value,
        rounding=rms(parts.rounding),
        noise=rms(parts.pixel_noise),
        network=rms(parts.network),
    )
