"""The network served by `python -m dark_core cluster` on two nodes, asked over HTTP as an app asks it."""

import http.client
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from dark_core.cluster.remote import Remote
from dark_core.cluster.wire import MOST_BYTES, pack
from dark_core.pose.estimator import Estimator
from dark_core.pose.weights import Model

ROOT = Path(__file__).parents[2]
START = 600  # seconds for the replicas, far more than they take

# Which requests share a batch, and how many threads read it, changes the order of sums: float32, values about 1.
NEAR = dict(rtol=0, atol=2e-6)


@pytest.fixture(scope="module")
def url(head, add_node, folder, free_port, tmp_path_factory) -> Iterator[str]:
    """Where two replicas of "tiny" answer, one on each node."""
    node = add_node()
    replicas = ["--min-replicas", "2", "--max-replicas", "2", "--port", str(free_port())]
    options = ["--model", "tiny", "--folder", str(folder), "--address", head.address]
    log = tmp_path_factory.mktemp("serve") / "log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "dark_core", "cluster", *replicas, *options]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=output, text=True)
    watchdog = threading.Timer(START, process.kill)
    watchdog.start()
    try:
        said = process.stdout.readline()
        watchdog.cancel()
        assert "DARK_POSE_URL=" in said, log.read_text(errors="replace")
        yield said.split("DARK_POSE_URL=")[1].strip()
        process.send_signal(signal.SIGTERM)
        assert process.wait(START) == 0, log.read_text(errors="replace")
    finally:
        watchdog.cancel()
        process.kill()
        process.stdout.close()
        head.remove_node(node)


@pytest.fixture
def remote(url: str, tiny: Model) -> Remote:
    return Remote(url, tiny.card["sha256"])


@pytest.fixture
def local(tiny: Model) -> Estimator:
    return Estimator(tiny, "cpu")


def asked(url: str, method: str, path: str, body: bytes | None = None) -> tuple[int, str]:
    """(status, text) of an answer."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=START)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_it_says_what_it_is(url, tiny):
    status, text = asked(url, "GET", "/about")
    assert status == 200
    assert json.loads(text) == {"network": "tiny", "sha256": tiny.card["sha256"], "device": "cpu"}


def test_crops_of_several_sizes_are_answered_as_one_process_does(remote, local, crops):
    rng = np.random.default_rng(2)
    others = [
        rng.integers(0, 256, (1 + number % 3, 32, 64 + 32 * (number % 2), 3), dtype=np.uint8) for number in range(8)
    ]
    asked = [crops, *others, rng.integers(0, 256, (40, 64, 64, 3), dtype=np.uint8)]
    found: dict[int, np.ndarray] = {}
    threads = [
        threading.Thread(target=lambda number=number, some=some: found.update({number: remote.forward(some)}))
        for number, some in enumerate(asked)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(START)
    for number, some in enumerate(asked):
        expected = local.forward(some)
        assert np.ptp(expected) > 1e-3, "the maps say something"
        np.testing.assert_allclose(found[number], expected, **NEAR)


@pytest.mark.parametrize(
    "body, status, says",
    [
        (b"hello", 400, "The body is no .npy file of version 1.0."),
        (pack(np.zeros((1, 40, 64, 3), np.uint8)), 400, "Crops are (N, H, W, 3) with H and W multiples of 32"),
        (pack(np.zeros((1, 32, 32, 3))), 400, "The body is no full array of uint8"),
        (bytes(MOST_BYTES + 2000), 413, "A request has at most"),
    ],
)
def test_what_is_wrong_is_refused_in_a_sentence(url, remote, crops, body, status, says):
    code, text = asked(url, "POST", "/read", body)
    assert code == status and text.startswith(says) and text.endswith(".") and text.count("\n") == 0
    assert remote.forward(crops).shape == (5, 14, 16, 16), "and the next one is served"


def test_other_addresses_are_not_served(url):
    assert asked(url, "GET", "/read")[0] == asked(url, "POST", "/about", b"x")[0] == asked(url, "GET", "/x")[0] == 404


def replicas() -> set[str]:
    import ray

    actors = ray.util.list_named_actors(all_namespaces=True)
    return {actor["name"] for actor in actors if actor["name"].startswith("SERVE_REPLICA::")}


def test_a_killed_replica_is_not_noticed_and_replaced(remote, local, crops):
    import ray

    before = replicas()
    assert len(before) == 2
    expected = local.forward(crops)
    np.testing.assert_allclose(remote.forward(crops), expected, **NEAR)
    killed = min(before)
    ray.kill(ray.get_actor(killed, namespace="serve"))
    for _ in range(10):  # whichever replica each is sent to
        np.testing.assert_allclose(remote.forward(crops), expected, **NEAR)
    end = time.monotonic() + START
    while not (len(replicas()) == 2 and killed not in replicas()) and time.monotonic() < end:
        time.sleep(0.2)
    assert len(replicas()) == 2 and killed not in replicas()
