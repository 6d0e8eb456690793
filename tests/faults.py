"""Training and building, killed at random times: `python -m tests.faults --kills 30`; the tests kill three times each.

Children are forked with everything imported and killed by SIGKILL at a time drawn from the duration of a run that nobody disturbs.
After each kill, what was there before has to be whole: the asset every file of it, the checkpoint with every epoch that the log counts.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from transformers import HubertForSequenceClassification

from model_builder.asset.build import build_asset
from model_builder.inference.asset_manifest import MANIFEST, describe_files, read_manifest, verify_files
from model_builder.models.checkpoint import load_weights, save_weights
from model_builder.training.config import TrainingPlan
from model_builder.training.train import train
from tests.generated import generated_clips, tiny_config, tiny_model

EPOCHS = 6


@dataclass(frozen=True)
class Kills:
    """kills: how many children died; finished: how many were done before their time came."""

    kills: int
    finished: int


def forked(work: Callable[[], object]) -> int:
    """The id of a child, leader of a group of its own, that does `work` and says nothing."""
    child = os.fork()
    if child == 0:
        os.setsid()
        torch.set_num_threads(1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return child


def undisturbed_s(work: Callable[[], object]) -> float:
    start = time.monotonic()
    _, status = os.waitpid(forked(work), 0)
    assert os.waitstatus_to_exitcode(status) == 0, "the run that nobody disturbs fails"
    return time.monotonic() - start


def killed(work: Callable[[], object], after_s: float) -> bool:
    """True where the child was killed, False where it was done before."""
    child = forked(work)
    time.sleep(after_s)
    os.killpg(child, signal.SIGKILL)  # its loader's process too; a child that is done waits to be asked how it ended
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL), f"a child ended with {code}"
    return code != 0


def kill_builds(kills: int, rng: random.Random, folder: Path) -> Kills:
    """Builds over an asset that is there; raises AssertionError or AssetError where a kill left something else than a whole asset."""
    weights, asset = folder / "weights", folder / "assets" / "emotion"
    save_weights(tiny_model(), weights, {"temperature": 2.0})
    build = partial(build_asset, weights, asset)
    duration_s, done, finished = undisturbed_s(build), 0, 0
    while done < kills:
        was_killed = killed(build, rng.uniform(0, duration_s))
        done, finished = done + was_killed, finished + (not was_killed)
        require_whole_asset(asset)
    undisturbed_s(build)
    assert [path.name for path in asset.parent.iterdir()] == ["emotion"], "the next build leaves what killed ones made"
    return Kills(done, finished)


def require_whole_asset(asset: Path) -> None:
    manifest = read_manifest(asset)
    verify_files(asset, manifest)
    assert describe_files(asset) == manifest.files, f"{asset} holds more than its {MANIFEST} says"


def kill_trainings(kills: int, rng: random.Random, folder: Path) -> Kills:
    """Trains over and over; raises AssertionError where a kill lost an epoch that the log counts, or left weights that cannot be read."""
    encoder, run = folder / "encoder", folder / "run"
    HubertForSequenceClassification(tiny_config()).save_pretrained(encoder)
    plan = TrainingPlan(str(encoder), epochs=EPOCHS, batch_clips=4, crop_s=(0.5, 0.6))
    clips = generated_clips(16)
    duration_s, done, finished = undisturbed_s(partial(train, clips, plan, folder / "whole")), 0, 0
    while done < kills:
        was_killed = killed(partial(train, clips, plan, run), rng.uniform(0, duration_s))
        done, finished = done + was_killed, finished + (not was_killed)
        require_newest_checkpoint(run)
        if not was_killed:
            load_weights(run / "weights")
            run = folder / f"run-{finished}"
    undisturbed_s(partial(train, clips, plan, run))
    last, whole = (load_weights(each / "weights").state_dict() for each in (run, folder / "whole"))
    assert all(torch.equal(tensor, whole[name]) for name, tensor in last.items()), "a killed run ends with other weights"
    return Kills(done, finished)


def require_newest_checkpoint(run: Path) -> None:
    log, checkpoint = run / "log.jsonl", run / "whole.pt"
    logged = [json.loads(line)["epoch"] for line in log.read_text().splitlines()] if log.is_file() else []
    if checkpoint.is_file():
        assert torch.load(checkpoint, weights_only=True)["epochs_done"] >= max(logged, default=0), f"{checkpoint} is behind its log"
    else:
        assert not logged, f"{checkpoint} is lost"
    if (run / "weights" / "model.safetensors").is_file():
        load_weights(run / "weights")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30, help="of each")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    for kill in (kill_builds, kill_trainings):
        with tempfile.TemporaryDirectory(prefix="undertone-faults-") as folder:
            found = kill(given.kills, random.Random(given.seed), Path(folder))
        print(f"{kill.__name__}: {found.kills} killed, {found.finished} done before; everything whole", flush=True)


if __name__ == "__main__":
    main()
