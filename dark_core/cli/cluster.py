"""``dark-core cluster``: the pose network served from a Ray cluster, for apps that have DARK_POSE_URL set."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

DESCRIPTION = """\
Serves the pose network from a Ray cluster until it is interrupted, and prints the address to give
to the app."""
EXAMPLE = "dark-core cluster --host 0.0.0.0 --port 8000 --max-replicas 4"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``cluster``."""
    parser.add_argument("--host", default="127.0.0.1", help="address to answer on; 0.0.0.0 is every one (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--min-replicas", type=int, default=1, help="networks kept ready (1)")
    parser.add_argument("--max-replicas", type=int, default=4, help="networks at the most, as requests come (4)")
    parser.add_argument("--cpus", type=int, default=1, help="CPUs, and threads, of each (1)")
    parser.add_argument("--gpus", type=float, help="share of a GPU for each (1 where the cluster has any, else 0)")
    parser.add_argument("--address", default="", help="host:port of a running cluster; auto or nothing: the one here")
    parser.add_argument("--model", default="default")
    parser.add_argument("--folder", type=Path, help="where the networks are (assets/models)")


def run(args: argparse.Namespace) -> None:
    """Serve until interrupted."""
    from dark_core.pose.weights import MODELS, WeightsError, load_model

    if not 1 <= args.min_replicas <= args.max_replicas:
        raise SystemExit("--min-replicas must be at least 1 and at most --max-replicas.")
    if args.cpus < 1:
        raise SystemExit("--cpus: each replica needs at least 1.")
    try:
        model = load_model(args.model, args.folder or MODELS)
    except WeightsError as error:
        raise SystemExit(f"--model: {error}") from error
    join("" if args.address == "auto" else args.address)
    from dark_core.cluster import serve
    from dark_core.cluster.connection import gpus

    stopped = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stopped.set())
    share = min(1.0, gpus()) if args.gpus is None else args.gpus
    try:
        replicas = (args.min_replicas, args.max_replicas)
        url = serve.start(model, args.host, args.port, replicas, cpus=args.cpus, gpus=share)
        print(f"The network {args.model!r} is read at {url}: start the app with DARK_POSE_URL={url}", flush=True)
        stopped.wait()
    except (RuntimeError, TimeoutError) as error:
        raise SystemExit(f"The cluster could not start the network: {error}") from error
    finally:
        serve.stop()


def join(address: str) -> None:
    """Join a Ray cluster as ``dark_core.cluster.connect`` does. Where that fails, end with one sentence."""
    try:
        from dark_core.cluster.connection import ClusterError, connect
    except ModuleNotFoundError as error:
        raise SystemExit('This needs Ray: pip install "dark-explorer[cluster]"') from error
    try:
        connect(address)
    except ClusterError as error:
        raise SystemExit(str(error)) from error
