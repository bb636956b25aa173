"""The live route: joints follow the person, requests are bounded, and there are only so many seats."""

import http.client
import json
from urllib.parse import urlsplit

import numpy as np
import pytest

from dark_core.app.live.room import IDLE, LiveRoom
from dark_core.app.live.route import ADDRESS, MAX_BYTES, SIDE, read_box
from dark_core.app.runtime import settings
from dark_core.errors import InputError
from dark_core.files.motion.clips import load_clip
from tests.support.camera import jpeg, small_frames
from tests.support.servers import serve

BASE = "courses/pose"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server below a path, with seats for two."""
    with serve(tmp_path_factory.mktemp("live") / "log", server_baseUrlPath=BASE) as server:
        yield server


def post(server, body: bytes, visitor: str = "0" * 32, box=None, **headers: str) -> tuple[int, dict]:
    at = urlsplit(server.url)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=120)
    sent = {"X-Live-Visitor": visitor, **({"X-Live-Box": " ".join(map(str, box))} if box else {}), **headers}
    connection.request("POST", f"{at.path}/{ADDRESS}", body, sent)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, json.loads(data) if answer.status == 200 else {}


def test_the_person_is_found_and_followed_by_the_box(server):
    truth = load_clip("wave").joints * SIDE / 520
    box, errors = None, {"argmax": [], "dark": []}
    for k, rgb in enumerate(small_frames("wave")[:4]):
        status, found = post(server, jpeg(rgb), box=box)
        assert status == 200 and found["px"] > 1
        assert box is None or found["box"] == pytest.approx(box, abs=0.01), "the person stands where the box is"
        box = found["box"]
        for name, xy in found["joints"].items():
            known = [j for j, p in enumerate(xy) if p]
            errors[name] += [np.hypot(*(np.array(xy[j]) - truth[k, j])) / found["px"] for j in known]
    assert len(errors["dark"]) > 40 and np.median(errors["dark"]) < np.median(errors["argmax"]) < 1
    assert server.complaint() == ""


def test_what_is_no_frame_is_refused_and_the_server_lives_on(server):
    frame = jpeg(small_frames("wave")[0])
    assert post(server, b"")[0] == 400
    assert post(server, b"not a picture")[0] == 400
    assert post(server, frame, box=[0, 0, 0, 0])[0] == 400
    assert post(server, b"x" * (MAX_BYTES + 1))[0] == 413
    assert post(server, frame, visitor="me")[0] == 403
    assert post(server, frame, Origin="http://elsewhere.example.org")[0] == 403
    assert server.complaint() == ""


def test_a_third_visitor_hears_that_the_room_is_full(server):
    statuses = [post(server, b"", visitor=one * 32)[0] for one in "abc"]
    assert set(statuses) <= {400, 503} and statuses[-1] == 503


def test_a_seat_is_free_after_a_while():
    now = [0.0]
    room = LiveRoom(1, lambda: now[0])
    assert room.admit("one") and not room.admit("two")
    now[0] = IDLE - 0.1
    assert room.admit("one") and not room.admit("two")
    now[0] += IDLE
    assert room.admit("two") and not room.admit("one")
    assert not LiveRoom(0).admit("one")


@pytest.mark.parametrize("text", ["1 2 3", "1 2 3 4 5", "a b c d", "0 0 nan 9", "0 0 inf 9", "0 0 1e9 9"])
def test_a_bad_box_is_refused(text):
    with pytest.raises(ValueError):
        read_box(text)


def test_the_environment_says_how_many_seats_there_are():
    assert settings.live_visitors({}) == settings.LIVE_VISITORS
    assert settings.live_visitors({settings.LIVE: "0"}) == 0
    with pytest.raises(InputError, match="DARK_LIVE is 'many'"):
        settings.live_visitors({settings.LIVE: "many"})
