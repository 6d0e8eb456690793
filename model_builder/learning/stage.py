"""One stage of a run: a fit with its checkpoint and its log in the run's folder."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from torch import nn

from model_builder.learning.batches import CropBatches
from model_builder.learning.fitting import BatchesOf, BatchLoss, EpochReport, FitPlan, fit

Network = TypeVar("Network", bound=nn.Module)


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
