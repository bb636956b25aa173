"""A visitor's video on its way to tracks: decoded and tracked in the background, a batch of frames at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator

import numpy as np

from dark_core.app.motion.footage import Footage, picture
from dark_core.app.motion.text import TEXT
from dark_core.codec import CORE_DECODERS
from dark_core.files.motion.videos import MAX_FRAMES, MAX_SECONDS, Frame, VideoError, VideoFacts, read_frames
from dark_core.motion.track import Cancelled, track
from dark_core.pose.predictor import PosePredictor

SLOTS = 3
"""Videos that are tracked at a time: each holds its bytes twice, at most 200 MB."""

PATIENCE = 150.0
"""Seconds without a look from the page after which nobody waits any more; a hidden tab looks once a minute."""

log = logging.getLogger(__name__)
_slots = threading.BoundedSemaphore(SLOTS)


class Tracking:
    """A stretch of a video that is being tracked.

    key: names the video and the stretch; done, total: frames, total 0 where the video does not tell; footage: the
    result, None until then; complaint: one sentence where there is none. Nothing is written to disk.
    """

    def __init__(self, key: str, data: bytes, facts: VideoFacts, start: float, predictor: PosePredictor):
        self.key, self.done, self.complaint = key, 0, ""
        self.total = min(round(facts.fps * min(facts.seconds - start, MAX_SECONDS)), MAX_FRAMES) if facts.seconds else 0
        self.footage: Footage | None = None
        self.waiting = True
        self._data: bytes | None = data
        self._start, self._predictor = start, predictor
        self._seen = time.monotonic()
        self._told: list[tuple[float, int]] = []  # when the first and the last batch were done, and the frames by then
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="video", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        """Whether there is a footage or a complaint."""
        return self.footage is not None or bool(self.complaint)

    @property
    def seconds_left(self) -> float | None:
        """As many as each frame took since the first batch, which also loads the networks and looks for the person.

        None while that is not known, or where the video does not tell how many frames it has.
        """
        if not self.total or len(self._told) < 2:
            return None
        (began, first), (last, done) = self._told
        return (last - began) / (done - first) * max(self.total - done, 0)

    def look(self) -> None:
        """Say that somebody still waits."""
        self._seen = time.monotonic()

    def cancel(self) -> None:
        """Stop after the batch that is being tracked."""
        self._stop.set()

    def join(self, seconds: float) -> None:
        """Wait until it has finished."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            while not _slots.acquire(timeout=0.2):
                self._go_on()
            try:
                self.waiting = False
                self._track()
            finally:
                _slots.release()
        except Cancelled:
            self.complaint = TEXT["own"]["cancelled"]
        except VideoError as error:
            self.complaint = TEXT["own"]["refused"].format(why=str(error).removesuffix("."))
        except Exception:  # the visitor must hear of it, whatever it is
            log.exception("a video could not be tracked")
            self.complaint = TEXT["own"]["failed"]
        finally:
            self._data = None

    def _track(self) -> None:
        data = self._data
        assert data is not None, "a video is tracked once"
        pictures: list[str] = []
        sizes: set[tuple[int, int]] = set()

        def watched() -> Iterator[Frame]:
            for frame in read_frames(data, self._start, MAX_SECONDS):
                pictures.append(picture(frame.rgb))
                sizes.add(frame.size)
                yield frame

        tracks = track(watched(), self._predictor, CORE_DECODERS, self._progress)
        if not np.isfinite(tracks.photo_px).any():
            self.complaint = TEXT["own"]["nobody"]
            return
        self.footage = Footage(self.key, TEXT["own"]["title"], "", max(sizes), tuple(pictures), tracks)

    def _progress(self, done: int) -> bool:
        self.done = done
        self._told[1:] = [(time.monotonic(), done)]
        self._go_on()
        return True

    def _go_on(self) -> None:
        """Raise Cancelled if nobody waits any more."""
        if self._stop.is_set() or time.monotonic() - self._seen > PATIENCE:
            raise Cancelled
