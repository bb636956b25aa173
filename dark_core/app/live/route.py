"""Frames of a webcam in, joints out: one frame a request, and nothing of it is kept.

A frame is a JPEG in the body of a POST to ``ADDRESS``. The headers name the visitor and the box of the frame before,
so that any process of a room can answer. A page of another site cannot send these headers without being allowed to,
and is turned away by its origin as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from concurrent.futures import CancelledError

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dark_core.app.live.room import LiveRoom
from dark_core.app.runtime.inference import queue, shared_predictor
from dark_core.files.photos import PhotoError, read_photo
from dark_core.motion.track import follow
from dark_core.pose.detector import Box

ADDRESS = "live/frame"
"""Below server.baseUrlPath."""

MAX_BYTES = 60_000
"""Of a frame; the proxy of a room lets 64 kB through."""
SIDE = 320
"""Longest side in px of a frame."""
FARTHEST = 10 * SIDE
"""Px that a box may be away from the frame."""
DECODERS = ("argmax", "dark")

_NAME = re.compile(r"[0-9a-f]{32}")
FULL, REPLACED, REFUSED, FOREIGN, TOO_LARGE = 503, 409, 400, 403, 413


def live_route(base: str, limit: int, foreign: Callable[[Headers], bool]) -> Route:
    """The route of a process with ``limit`` seats below the path ``base``; ``foreign`` knows pages of other sites."""
    room = LiveRoom(limit)

    async def answer(request: Request) -> Response:
        visitor = request.headers.get("x-live-visitor", "")
        if foreign(request.headers) or not _NAME.fullmatch(visitor):
            return Response(status_code=FOREIGN)
        if not room.admit(visitor):
            return Response(status_code=FULL)
        data = bytearray()
        async for part in request.stream():
            data += part
            if len(data) > MAX_BYTES:
                return Response(status_code=TOO_LARGE)
        try:
            box = read_box(request.headers.get("x-live-box", ""))
            job = queue().put(("live", visitor), lambda: joints(bytes(data), box))
            found = await run_in_threadpool(job.result)
        except CancelledError:  # the same visitor sent another frame
            return Response(status_code=REPLACED)
        except (PhotoError, ValueError):
            return Response(status_code=REFUSED)
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    start = f"/{base.strip('/')}".rstrip("/")
    return Route(f"{start}/{ADDRESS}", answer, methods=["POST"])


def read_box(text: str) -> Box | None:
    """The box that the browser sends back, None for an empty ``text``. Raises ValueError."""
    if not text:
        return None
    x0, y0, x1, y1 = (float(number) for number in text.split())
    if not all(math.isfinite(number) and abs(number) < FARTHEST for number in (x0, y0, x1, y1)):
        raise ValueError("a box is four numbers near the frame")
    return x0, y0, x1, y1


def joints(data: bytes, box: Box | None) -> dict:
    """What the browser draws of a frame: joints in px by each decoder, px per heatmap px, and the next frame's box.

    A joint of which the network sees little is None. Raises PhotoError for what is no picture.
    """
    rgb = read_photo(data, max_pixels=SIDE * SIDE, max_side=SIDE).rgb
    tracks, after = follow(shared_predictor(), rgb, box, DECODERS)
    score = tracks.score[0]
    seen = score > 0.3 * max(float(score.max()), 1e-6)
    return {
        "joints": {name: _points(xy[0], seen) for name, xy in tracks.photo_xy.items()},
        "px": None if after is None else float(tracks.photo_px[0]),
        "box": after,
    }


def _points(xy: np.ndarray, seen: np.ndarray) -> list[list[float] | None]:
    known = seen & np.isfinite(xy).all(-1)
    return [point if there else None for point, there in zip(xy.round(3).tolist(), known.tolist(), strict=True)]
