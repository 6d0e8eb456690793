"""The training loop: one optimiser, one cycle of the learning rate, an average of the weights, a checkpoint every epoch.

A run that was killed and started again ends with the same weights, bit for bit, as one that was not: every epoch's crops, dropout and
masks follow from (seed, epoch), and the checkpoint holds everything else.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.errors import UserError
from model_builder.fitting.batches import CropBatches
from model_builder.fitting.data_parallel import training_processes
from model_builder.fitting.machine import batch_workers, best_device
from model_builder.fitting.precision import Precision, autocast
from model_builder.fitting.random_streams import Purpose, torch_seed
from model_builder.fitting.same_run import require_same
from model_builder.whole_file import atomic_write


@dataclass(frozen=True)
class FitPlan:
    """How long and how fast.

    averaging: decay of the exponential moving average of the weights, per step, once it has warmed up.
    patience: epochs without a better validation score after which training ends; the best epoch's weights are then the result.
        None trains all epochs and keeps the last: nothing is chosen by the validation clips, and their score is an honest figure.
    fresh_learning_rate: peak, of the parameters in modules called as in `fresh_parts`; None: that of all.
    """

    epochs: int
    batch_clips: int
    peak_learning_rate: float
    crop_s: tuple[float, float]
    seed: int
    weight_decay: float = 0.01
    warm_up_share: float = 0.1
    largest_gradient_norm: float = 1.0
    averaging: float = 0.998
    patience: int | None = None
    fresh_learning_rate: float | None = None
    fresh_parts: tuple[str, ...] = ()
    precision: Precision = "float32"
    augmentation: AugmentationPlan = field(default_factory=AugmentationPlan)


Network = TypeVar("Network", bound=nn.Module)

BatchLoss = Callable[[Tensor, Any, float], Tensor]
"""(pcm (batch, samples), what the batches give beside it: labels (batch,) unless others are asked for, progress 0..1) -> scalar loss."""

BatchesOf = Callable[[Sequence[Any], int, tuple[float, float], int, int, AugmentationPlan], CropBatches]
"""(clips, clips a batch, crop_s, seed, epoch, augmentation) -> the batches of one epoch."""


@dataclass(frozen=True)
class EpochReport:
    epoch: int
    mean_loss: float
    validation_score: float | None


@dataclass
class BestEpoch:
    """The averaged weights with the highest validation score so far; part of the checkpoint."""

    epoch: int = 0
    score: float = -math.inf
    weights: dict[str, Tensor] = field(default_factory=dict)

    def state_dict(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "score": self.score, "weights": self.weights}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.epoch, self.score, self.weights = state["epoch"], state["score"], state["weights"]

    def is_past(self, epochs_done: int, patience: int | None) -> bool:
        return patience is not None and epochs_done - self.epoch >= patience


def parameter_groups(network: nn.Module, plan: FitPlan) -> list[dict[str, Any]]:
    """The parameters that learn, as an optimiser takes them: all together or, with a rate for the fresh parts, in two groups."""
    learning = [(name, parameter) for name, parameter in network.named_parameters() if parameter.requires_grad]
    if plan.fresh_learning_rate is None:
        return [{"params": [parameter for _, parameter in learning], "lr": plan.peak_learning_rate}]
    fresh = [parameter for name, parameter in learning if set(plan.fresh_parts) & set(name.split("."))]
    ids = {id(parameter) for parameter in fresh}
    trained = [parameter for _, parameter in learning if id(parameter) not in ids]
    rates = ((trained, plan.peak_learning_rate), (fresh, plan.fresh_learning_rate))
    return [{"params": parameters, "lr": rate} for parameters, rate in rates if parameters]


def warming_up_average(decay: float) -> Callable[[Any, Any, Any], None]:
    """An exponential moving average for `AveragedModel`, with the decay min(decay, (1 + t) / (10 + t)) at step t.

    With a fixed decay of 0.998 a run of 150 steps ends with weights that are three quarters those it started from.
    Source: TensorFlow's ExponentialMovingAverage, argument num_updates.
    """

    def average(averaged: Any, current: Any, steps: Any) -> None:
        get_ema_multi_avg_fn(min(decay, (1 + int(steps)) / (10 + int(steps))))(averaged, current, steps)

    return average


def fit(
    network: nn.Module,
    loss_of_batch: BatchLoss,
    clips: Sequence[object],
    plan: FitPlan,
    checkpoint: Path,
    validate: Callable[[nn.Module], float] | None = None,
    criterion: nn.Module | None = None,
    on_epoch: Callable[[EpochReport], None] = lambda report: None,
    on_batch: Callable[[int, int, float], None] = lambda epoch, batches, loss: None,
    batches_of: BatchesOf = CropBatches,
) -> nn.Module:
    """Train `network` on `clips`, or on whatever `batches_of` makes batches of; returns the averaged network, in evaluation mode.

    checkpoint: written after every epoch, atomically; when it exists, training goes on from it.
    validate: score of the averaged network, higher is better; needed where the plan has a patience.
    criterion: the module inside `loss_of_batch` whose buffers change while it trains, for the checkpoint.
    batches_of: batches whose targets, with a method `to`, `loss_of_batch` takes.
    on_epoch: told of every epoch after its checkpoint; on_batch: told (epoch, batches an epoch, loss) after every step.
    Where several processes train together, each takes one of so many batches a step, and the first one writes the checkpoint, validates
    and calls `on_epoch`.
    Raises UserError for fewer clips than the batches of a step hold, or a checkpoint of another plan or number of processes.
    """
    processes = training_processes()
    step_clips = plan.batch_clips * processes.count
    if len(clips) < step_clips:
        in_all = f" in each of {processes.count} processes" if processes.count > 1 else ""
        raise UserError(f"{len(clips)} training clips do not fill a batch of {plan.batch_clips}{in_all}; add recordings or lower --batch")
    device = best_device()
    network.to(device)
    steps_an_epoch = len(clips) // step_clips
    groups = parameter_groups(network, plan)
    parameters = [parameter for group in groups for parameter in group["params"]]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=plan.weight_decay, fused=True)
    steps = plan.epochs * steps_an_epoch
    warm_up_share = plan.warm_up_share if plan.warm_up_share * steps != 1 else 0.0  # OneCycleLR divides by a step less: by zero
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [group["lr"] for group in groups], total_steps=steps, pct_start=warm_up_share, cycle_momentum=False
    )
    modules = [network] if criterion is None else [network, criterion.to(device)]
    processes.share([tensor for module in modules for tensor in module.state_dict().values()])
    averaged_buffers = [buffer for module in modules for buffer in module.buffers() if buffer.is_floating_point()]
    averaged = AveragedModel(network, multi_avg_fn=warming_up_average(plan.averaging), use_buffers=True)
    best = BestEpoch()
    state: dict[str, Any] = {"network": network, "averaged": averaged, "optimizer": optimizer, "schedule": schedule, "best": best}
    if criterion is not None:
        state["criterion"] = criterion
    run = {"plan": asdict(plan), "clips": len(clips), "processes": processes.count}
    first_epoch = restore(checkpoint, state, run, device)

    for epoch in range(first_epoch, plan.epochs):
        if best.is_past(epoch, plan.patience):
            break
        place = (epoch, processes.rank) if processes.rank else (epoch,)
        torch.manual_seed(torch_seed(Purpose.FORWARD_PASS, plan.seed, *place))
        network.train()
        total_loss = 0.0
        batches = batches_of(clips, plan.batch_clips, plan.crop_s, plan.seed, epoch, plan.augmentation)
        for index, (pcm, targets) in enumerate(batches.loader(batch_workers(), processes.rank, processes.count)):
            progress = (epoch + index / steps_an_epoch) / plan.epochs
            with autocast(device, plan.precision):
                loss = loss_of_batch(pcm.to(device), targets.to(device), progress)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if processes.count > 1:
                processes.average([gradient_of(parameter) for parameter in parameters])
            nn.utils.clip_grad_norm_(parameters, plan.largest_gradient_norm)
            optimizer.step()
            schedule.step()
            step_loss = loss.detach().float()
            processes.average([step_loss, *averaged_buffers])
            averaged.update_parameters(network)
            batch_loss = step_loss.item()
            total_loss += batch_loss
            on_batch(epoch, steps_an_epoch, batch_loss)
        score = validate(averaged.module.eval()) if validate is not None and processes.is_first else None
        validation_score = processes.of_first(score)
        if plan.patience is not None and validation_score is not None and validation_score > best.score:
            weights = {name: tensor.clone() for name, tensor in averaged.module.state_dict().items()}
            best = state["best"] = BestEpoch(epoch + 1, validation_score, weights)
        if processes.is_first:
            keep(checkpoint, state, run, epoch + 1)
            on_epoch(EpochReport(epoch + 1, total_loss / steps_an_epoch, validation_score))
        processes.wait()
    if best.weights:
        averaged.module.load_state_dict(best.weights)
    return averaged.module.eval()


def gradient_of(parameter: nn.Parameter) -> Tensor:
    """Zeros where this process's batch did not reach it: in another process it may have."""
    if parameter.grad is None:
        parameter.grad = torch.zeros_like(parameter)
    return parameter.grad


def keep(checkpoint: Path, state: dict[str, Any], run: dict[str, Any], epochs_done: int) -> None:
    """Write the checkpoint so that a kill at any moment leaves the old one or the new one whole. run: what a resumed run has to have."""
    content = {name: part.state_dict() for name, part in state.items()}
    with atomic_write(checkpoint) as path, path.open("wb") as file:
        torch.save({**content, **run, "epochs_done": epochs_done}, file)


def restore(checkpoint: Path, state: dict[str, Any], run: dict[str, Any], device: torch.device) -> int:
    """Load `checkpoint` into `state` when it exists; returns the number of epochs that it has behind it."""
    if not checkpoint.is_file():
        return 0
    try:
        content = torch.load(checkpoint, map_location=device, weights_only=True)  # tensors alone: a pickle could run anything
        require_same(checkpoint, {"processes": 1, **{name: content[name] for name in run if name in content}}, run)
        for name, part in state.items():
            part.load_state_dict(content[name])
        return int(content["epochs_done"])
    except UserError:
        raise
    except Exception as error:  # torch and its unpickler raise many types for a damaged file
        reason = str(error).strip().partition("\n")[0]
        raise UserError(f"{checkpoint}: not a checkpoint that can be read ({reason}); delete it to train this stage again") from error


@dataclass(frozen=True)
class Progress:
    """One finished batch or, where `batches` is 0, one finished epoch."""

    stage: str
    epoch: int
    epochs: int
    batches: int
    loss: float
    validation_ua: float | None = None


Report = Callable[[Progress], None]


def run_stage(
    stage: str,
    network: Network,
    loss: BatchLoss,
    clips: Sequence[object],
    plan: FitPlan,
    run_folder: Path,
    report: Report,
    validation_ua: Callable[[nn.Module], float] | None = None,
    criterion: nn.Module | None = None,
    batches_of: BatchesOf = CropBatches,
) -> Network:
    """`fit`, with the checkpoint `stage.pt` and a line an epoch in `log.jsonl`, both in `run_folder`; returns `network`, averaged."""

    def on_batch(epoch: int, batches: int, loss: float) -> None:
        report(Progress(stage, epoch, plan.epochs, batches, loss))

    def on_epoch(done: EpochReport) -> None:
        line = {"stage": stage, "epoch": done.epoch, "loss": done.mean_loss, "validation_ua": done.validation_score}
        with (run_folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        report(Progress(stage, done.epoch, plan.epochs, 0, done.mean_loss, done.validation_score))

    checkpoint = run_folder / f"{stage}.pt"
    averaged = fit(network, loss, clips, plan, checkpoint, validation_ua, criterion, on_epoch, on_batch, batches_of)
    network.load_state_dict(averaged.state_dict())
    return network.eval()
