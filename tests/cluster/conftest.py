"""A Ray cluster of this machine alone: a head of one CPU per module, and a second node that a test may kill."""

import importlib.util
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from dark_core.pose.network import PoseNet
from dark_core.pose.weights import Model, load_model, save_model

LONGEST = 40  # characters of a path that Ray's sockets fit under

PATIENT = {  # a busy machine starts processes slowly
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_raylet_start_wait_time_s": "60",
    "RAY_worker_register_timeout_seconds": "180",
}
DEAD_AFTER = {"health_check_period_ms": 1000, "health_check_failure_threshold": 10}
LEAN = {"num_cpus": 1, "include_log_monitor": False}
"""What a node is started with. A log monitor would print what its workers print, which no test reads."""

STARTS = 4


def started(start: Callable[[], object]) -> object:
    """What ``start`` returns, tried a few times: on a busy machine a node gives up when its helpers have not come up
    after a fixed 15 s (ray-project/ray issue 65983)."""
    for _ in range(STARTS - 1):
        try:
            return start()
        except Exception as error:
            if "timed out during startup" not in str(error):
                raise
    return start()


@pytest.fixture(scope="session")
def installed() -> None:
    """Ray is there."""
    if importlib.util.find_spec("ray") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            'Ray is missing: pip install "ray[serve,data]"'
        )


@pytest.fixture(scope="module")
def head(installed, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """The head of a cluster (`ray.cluster_utils.Cluster`), joined. It is gone after the module: an idle cluster keeps
    a dozen processes busy."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in PATIENT.items():
            environment.setenv(name, value)
        import ray
        from ray.cluster_utils import Cluster

        from dark_core.cluster.connection import connect

        Path("/tmp/ray").mkdir(exist_ok=True)  # where Ray notes its address, whatever its own folder is
        folder = tmp_path_factory.mktemp("ray")
        place = {"temp_dir": str(folder)} if len(str(folder)) <= LONGEST else {}
        options = {**LEAN, "include_dashboard": False, "_system_config": DEAD_AFTER, **place}
        cluster = started(lambda: Cluster(initialize_head=True, head_node_args=options))
        try:
            connect(cluster.address)
            yield cluster
        finally:
            ray.shutdown()
            cluster.shutdown()


@pytest.fixture(scope="module")
def add_node(head) -> Callable:
    """A function that adds a node of one CPU and returns it."""
    return lambda: started(lambda: head.add_node(**LEAN))


@pytest.fixture
def second(head, add_node) -> Iterator:
    """A second node, gone after the test at the latest."""
    node = add_node()
    yield node
    if node in head.worker_nodes:
        head.remove_node(node)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the network "tiny" lies: crops of 64 px, random weights."""
    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(0)
    network = PoseNet(widths=(8, 8, 16, 16, 16), blocks=(1, 1, 1, 1), top=8)
    save_model(network, folder / "tiny.safetensors", {"size": 64, "sigma": 2.0})
    return folder


@pytest.fixture
def tiny(folder: Path) -> Model:
    return load_model("tiny", folder)


@pytest.fixture
def crops() -> np.ndarray:
    """(5, 64, 64, 3)."""
    return np.random.default_rng(1).integers(0, 256, (5, 64, 64, 3), dtype=np.uint8)


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """A factory of ports that nobody listens on."""

    def port() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    return port
