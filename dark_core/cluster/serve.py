"""The pose network behind HTTP on a Ray cluster: as many replicas as the requests need, each running batches.

The wire format is that of ``wire``; ``remote`` asks.
"""

from __future__ import annotations

import asyncio

import numpy as np
import ray
import torch
from ray import serve
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dark_core.cluster.remote import wait_until_ready
from dark_core.cluster.wire import MOST_BYTES, MOST_CROPS, pack, share, unpack_crops
from dark_core.pose.estimator import Estimator
from dark_core.pose.weights import Model

NAME = "pose"
"""Of the application on the cluster."""

WAIT = 0.005
"""Seconds that a request waits for others to share its batch."""

LONGEST = MOST_BYTES + 1024
"""Bytes of a request's body."""

START = 60
"""Seconds that the proxy may take to come up, and to find the replicas once they are."""

HEAD = {"node:__internal_head__": 0.001}
"""What Ray calls a share of the cluster's first machine."""


@serve.deployment(max_ongoing_requests=MOST_CROPS, max_queued_requests=8 * MOST_CROPS)
class Network:
    """One replica: a network on its share of a machine."""

    def __init__(self, model: Model, device: str, threads: int):
        torch.set_num_threads(threads)
        self._estimator = Estimator(model, device)

    async def __call__(self, request: Request) -> Response:
        """Answers GET /about and POST /read."""
        asked = f"{request.method} {request.url.path}"
        if asked == "GET /about":
            model = self._estimator.model
            return JSONResponse(
                {"network": model.name, "sha256": model.card["sha256"], "device": self._estimator.device.type}
            )
        if asked != "POST /read":
            return PlainTextResponse("Only GET /about and POST /read are answered here.", 404)
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > LONGEST:
                return PlainTextResponse(f"A request has at most {LONGEST} bytes.", 413)
        try:
            crops = unpack_crops(bytes(body))
        except ValueError as error:
            return PlainTextResponse(str(error), 400)
        return Response(pack(await self._forward(crops)), media_type="application/octet-stream")

    @serve.batch(
        max_batch_size=MOST_CROPS,
        batch_wait_timeout_s=WAIT,
        batch_size_fn=lambda requests: sum(map(share, requests)),
    )
    async def _forward(self, requests: list[np.ndarray]) -> list[np.ndarray]:
        """Heatmaps of the crops of several requests; those of one size go through the network together."""
        sizes: dict[tuple[int, ...], list[int]] = {}
        for number, crops in enumerate(requests):
            sizes.setdefault(crops.shape[1:], []).append(number)
        answers: dict[int, np.ndarray] = {}
        for numbers in sizes.values():
            together = np.concatenate([requests[number] for number in numbers])
            maps = await asyncio.to_thread(self._estimator.forward, together)
            ends = np.cumsum([len(requests[number]) for number in numbers])
            answers |= zip(numbers, np.split(maps, ends[:-1]), strict=True)
        return [answers[number] for number in range(len(requests))]


def start(
    model: Model,
    host: str = "127.0.0.1",
    port: int = 8000,
    replicas: tuple[int, int] = (1, 4),
    device: str = "auto",
    cpus: int = 1,
    gpus: float = 0.0,
) -> str:
    """Serve ``model`` on the cluster joined by ``connect``, ready on return, and give its URL.

    replicas: the fewest and the most, between which they grow with the requests; cpus, gpus: what each takes of its
    machine, PyTorch's threads as many as its CPUs. The cluster's head answers on ``port`` for all: Ray says that an
    application is ready while proxies on machines new to it still answer 404. Half precision where a replica has a
    GPU, as ``Estimator`` does. Raises RuntimeError or TimeoutError where the network does not come up.
    """
    least, most = replicas
    # Ray kills a proxy that is not up within 5 s, which a busy machine may take.
    patient = {"env_vars": {"RAY_SERVE_PROXY_READY_CHECK_TIMEOUT_S": str(START)}}
    serve.start("HeadOnly", {"host": host, "port": port}, controller_options={"runtime_env": patient})
    network = Network.options(  # type: ignore[attr-defined] # the decorator makes it a Deployment
        ray_actor_options={"num_cpus": cpus, "num_gpus": gpus},
        autoscaling_config={"min_replicas": least, "max_replicas": most, "target_ongoing_requests": 2},
    )
    serve.run(network.bind(model, device, cpus), name=NAME, route_prefix="/")
    url = f"http://{host}:{port}"
    ready = ray.remote(num_cpus=0, resources=HEAD)(wait_until_ready)  # this process may be on another machine
    try:
        ray.get(ready.remote(url, model.card["sha256"], START))
    except ray.exceptions.RayTaskError as error:
        raise error.cause from error
    return url


def stop() -> None:
    """End the replicas and the proxies."""
    serve.shutdown()
