"""A Ray cluster to work on."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path

import ray

PACKAGE = Path(__file__).parents[1]

REACHED = 10
"""Seconds in which the head's machine must be heard of: where nobody listens, Ray itself says so after 40."""


class ClusterError(RuntimeError):
    """No cluster answers; the message is one sentence."""


def connect(address: str = "") -> None:
    """Join the cluster at ``address``, "host:port" of its head; "" takes the one that runs on this machine, or else
    starts one of this machine alone, which ends with the process.

    This package is sent to every machine, so that all run the same code. Ray reports no usage and opens no dashboard.
    Raises ClusterError where no cluster answers.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        if address:
            host, _, port = address.rpartition(":")
            socket.create_connection((host, int(port)), timeout=REACHED).close()
            # One try of 40 s: Ray's twenty take 13 minutes.
            os.environ.setdefault("RAY_gcs_server_port_wait_time_s", "1")
        ray.init(
            address or None,
            runtime_env={"py_modules": [str(PACKAGE)]},
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise ClusterError(f"No Ray cluster answers at {address or 'this machine'}: see `ray status` there.") from error


def gpus() -> float:
    """GPUs of the whole cluster."""
    return ray.cluster_resources().get("GPU", 0.0)


def smallest_cpus() -> float:
    """CPUs of the smallest machine that has any: what asks for no more can run on each."""
    counts = [node["Resources"].get("CPU", 0.0) for node in ray.nodes() if node["Alive"]]
    return min(filter(None, counts), default=1.0)
