"""Training, from crops to weights: a recipe of phases, checkpoints, validation, a model card.

Cross-entropy against the normalized target learns a position several times faster than the
squared error on the maps does, so it comes first; squared error comes last, so that the maps
end as the Gaussians that DARK assumes, with empty maps where there is no person.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F
from torch.optim.swa_utils import PARAM_LIST, AveragedModel, get_ema_multi_avg_fn

from dark_core.pose.network import TRUNK, PoseNet, normalize
from dark_core.training.batches import Batch, Batches


@dataclass(frozen=True)
class Phase:
    """One stretch of training: ``until`` is the share of the whole at which it ends.

    size: crop side in px; sigma: of the targets in heatmap px; loss: "cross_entropy" or
    "squared"; rate: peak learning rate, falling to nearly zero along a cosine;
    empty: share of crops without a person.
    """

    until: float
    size: int
    sigma: float
    loss: str
    rate: float
    empty: float


def recipe(size: int, sigma: float, started: bool = False) -> tuple[Phase, ...]:
    """Most of the time at 128 px, the last third at the size and sigma that ship; only that if ``started`` already."""
    if started:
        return (Phase(1.0, size, sigma, "squared", 5e-4, 0.08),)
    return (
        Phase(0.62, 128, sigma * 0.75 if size > 128 else sigma, "cross_entropy", 2e-3, 0.0),
        Phase(1.0, size, sigma, "squared", 1e-3, 0.08),
    )


@dataclass
class Progress:
    """Where a run stands; written into every checkpoint."""

    step: int = 0
    seconds: float = 0.0
    phase: int = 0


def heatmap_loss(maps: Tensor, batch: Batch, phase: Phase) -> Tensor:
    """The loss of heatmaps (B, 14, H, W) against a batch, averaged over trusted joints."""
    target = torch.from_numpy(batch.targets).to(maps.device)
    trust = torch.from_numpy(batch.trust).to(maps.device)
    if phase.loss == "cross_entropy":
        trust = trust * torch.from_numpy(batch.inside).to(maps.device)
        share = target.flatten(2) / target.flatten(2).sum(-1, keepdim=True).clamp_min(1e-6)
        per_joint = -(share * F.log_softmax(maps.flatten(2), -1)).sum(-1)
    else:
        # In units of the target's own energy, pi sigma^2: an empty heatmap has a loss of 1.
        per_joint = (maps - target).square().sum((2, 3)) / (np.pi * phase.sigma**2)
    return (per_joint * trust).sum() / trust.sum().clamp_min(1)


def averaged(network: PoseNet, decay: float = 0.998) -> AveragedModel:
    """The running average of a network's weights, which is validated and shipped, as ``module`` of the result.

    The initial weights count as the first of ``n_averaged``. The decay rises with them, from 2/11 to ``decay``.
    """

    def update(mean: PARAM_LIST, weights: PARAM_LIST, count: Tensor | int) -> None:
        if mean[0].is_floating_point():
            get_ema_multi_avg_fn(min(decay, (1 + int(count)) / (10 + int(count))))(mean, weights, count)
        else:
            torch._foreach_copy_(mean, weights)  # how many batches normalization has seen

    average = AveragedModel(network, multi_avg_fn=update, use_buffers=True)
    average.n_averaged.fill_(1)
    return average


def fit(
    network: PoseNet,
    batches: Batches,
    phases: tuple[Phase, ...],
    out: Path,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    device: str = "cpu",
    frozen: bool = False,
    loss_of: Callable[[Tensor, Any, Phase], Tensor] = heatmap_loss,
    validate: Callable[[PoseNet, Phase], str] | None = None,
    every: int = 500,
    resume: bool = True,
    say: Callable[[str], None] = print,
) -> tuple[PoseNet, Progress]:
    """Train ``network`` for ``minutes`` of training time or ``steps``, whichever is given; the averaged network.

    A checkpoint in ``out`` is written every ``every`` steps and taken up again with ``resume``;
    a line is printed once a minute. With ``minutes`` the schedule follows the clock, so a busy
    machine ends on time with fewer steps. ``frozen``: the trunk stays as it is.
    """
    if (minutes is None) == (steps is None):
        raise ValueError("give either minutes or steps")
    network.to(device)
    average, progress = averaged(network), Progress()
    shipped = cast(PoseNet, average.module)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.02)
    checkpoint = out / "checkpoint.safetensors"
    if resume and checkpoint.exists():
        progress = load_checkpoint(checkpoint, network, shipped, optimizer)
        average.n_averaged.fill_(1 + progress.step)
        say(f"resumed at step {progress.step}, {progress.seconds / 60:.1f} min")

    def share_done() -> float:
        return progress.step / steps if steps is not None else progress.seconds / 60 / cast(float, minutes)

    said = progress.seconds
    while share_done() < 1:
        if share_done() >= phases[progress.phase].until and progress.phase + 1 < len(phases):
            progress.phase += 1
            if phases[progress.phase].loss != phases[progress.phase - 1].loss:
                for parameter in network.head.parameters():
                    optimizer.state.pop(parameter, None)
                blank_head(network)
                blank_head(shipped)
        phase = phases[progress.phase]
        began = phases[progress.phase - 1].until if progress.phase else 0.0
        network.train()
        if frozen:
            freeze(network)
        for batch in batches(progress.step, phase.size, phase.sigma, phase.empty):
            tick = time.monotonic()
            within = min((share_done() - began) / (phase.until - began), 1.0)
            rate = phase.rate * min((1 + progress.step) / 200, 1.0) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * within)))
            for group in optimizer.param_groups:
                group["lr"] = rate
            with torch.autocast(torch.device(device).type, torch.bfloat16):
                maps = network(normalize(torch.from_numpy(batch.crops).to(device)))
            loss = loss_of(maps.float(), batch, phase)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            progress.step += 1
            average.update_parameters(network)
            progress.seconds += time.monotonic() - tick
            if progress.seconds - said > 60:
                said = progress.seconds
                now = f"{progress.seconds / 60:6.1f} min  step {progress.step}"
                say(f"{now}  {phase.loss} {loss.item():.4f}  lr {rate:.1e}")
            if progress.step % every == 0:
                save_checkpoint(checkpoint, network, shipped, optimizer, progress)
                if validate:
                    say(f"step {progress.step}: {validate(shipped, phase)}")
            if share_done() >= phase.until:
                break
    save_checkpoint(checkpoint, network, shipped, optimizer, progress)
    return shipped.eval(), progress


def freeze(network: PoseNet) -> None:
    """Keep the weights and the normalization of the trunk as they are, until ``network.train()`` is called."""
    for name, module in network.named_modules():
        if f"{name}.".startswith(TRUNK):
            module.eval().requires_grad_(False)


def blank_head(network: PoseNet) -> None:
    """Set the last layer to zero: the trunk has learned the positions, but the next loss needs another unit."""
    torch.nn.init.zeros_(network.head.weight)
    torch.nn.init.zeros_(cast(Tensor, network.head.bias))


def save_checkpoint(path: Path, network, average, optimizer, progress: Progress) -> None:
    """Everything a run needs to go on, as safetensors; the progress as JSON in its header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {f"network.{k}": v for k, v in network.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in average.state_dict().items()}
    for index, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{k}": v for k, v in state.items()}
    fresh = path.with_suffix(".partial")
    save_file({k: v.contiguous() for k, v in tensors.items()}, fresh, {"progress": json.dumps(asdict(progress))})
    fresh.replace(path)


def load_checkpoint(path: Path, network, average, optimizer) -> Progress:
    """Put a checkpoint back into network, average and optimizer; returns the progress."""
    tensors = load_file(path)
    for prefix, module in (("network.", network), ("average.", average)):
        module.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimizer."):
            _, index, name = key.split(".")
            state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    with safe_open(path, "pt") as file:
        return Progress(**json.loads(file.metadata()["progress"]))
