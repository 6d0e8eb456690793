"""Processes that torchrun starts train one network: two of them on a processor, as anybody can run them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.fitting.batches import CropBatches
from model_builder.fitting.data_parallel import train_together
from model_builder.fitting.trainer import FitPlan, fit
from tests.generated import generated_clips
from tests.training.test_training import NARROW_TRANSFORMER, train_command, write_corpus

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
"""Before the program comes `--`, or torchrun takes --run for an abbreviation of its own --run-path."""
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[2])}


class WholeClips(CropBatches):
    """The first tenth of a second, so that two batches of four are one of eight."""

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        clips = [self.clips[place] for place in self.places(index)]
        return torch.stack([torch.from_numpy(clip.float_pcm()[:1600]) for clip in clips]), self.targets(clips, torch.empty(0))


def fitted(batch_clips: int, checkpoint: Path) -> nn.Module:
    torch.manual_seed(1)
    network = nn.Sequential(nn.Linear(1600, 8), nn.GELU(), nn.Linear(8, 4))
    loss = nn.CrossEntropyLoss()
    plan = FitPlan(3, batch_clips, 1e-2, (0.1, 0.1), seed=0, augmentation=AugmentationPlan())
    clips = generated_clips(16)
    return fit(network, lambda pcm, labels, progress: loss(network(pcm), labels), clips, plan, checkpoint, batches_of=WholeClips)


def main() -> None:
    train_together()
    fitted(4, Path(sys.argv[1]))


def test_two_processes_with_batches_of_four_learn_what_one_with_eight_learns(tmp_path):
    command = [*TORCHRUN, "-m", "tests.training.test_data_parallel", str(tmp_path / "two.pt")]
    subprocess.run(command, env=ONE_THREAD, check=True, capture_output=True, timeout=300)
    fitted(8, tmp_path / "one.pt")
    one, two = (torch.load(tmp_path / f"{name}.pt", weights_only=True) for name in ("one", "two"))
    assert two["processes"] == 2
    for name, tensor in one["averaged"].items():
        torch.testing.assert_close(two["averaged"][name], tensor, rtol=1e-4, atol=1e-6, msg=name)


def small_batches(script: Path, corpus: Path, run: Path) -> list[str]:
    """What torchrun gets: the command of a scratch start, with batches of which each process gets one out of twelve clips."""
    words = train_command(corpus, run)
    return ["--", str(script), *words[words.index("train") :], "--epochs", "1", "--batch", "2", "--precision", "float32"]


def test_two_processes_killed_in_mid_run_end_with_the_very_weights_of_unkilled_ones(tmp_path):
    script = tmp_path / "narrow.py"
    script.write_text(NARROW_TRANSFORMER)
    corpus = write_corpus(tmp_path / "corpus")
    whole = subprocess.run([*TORCHRUN, *small_batches(script, corpus, tmp_path / "whole")], env=ONE_THREAD, capture_output=True, text=True)
    assert whole.returncode == 0, whole.stderr
    assert whole.stdout.count("weights: ") == 1, "one process prints"
    command = [*TORCHRUN, *small_batches(script, corpus, tmp_path / "killed")]
    with subprocess.Popen(command, env=ONE_THREAD, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as child:
        while not (tmp_path / "killed" / "encoder.pt").is_file():
            assert child.poll() is None, "it ended before it could be killed"
            time.sleep(0.05)
        os.killpg(child.pid, signal.SIGKILL)
        for process in processes_of(tmp_path / "killed"):
            os.kill(process, signal.SIGKILL)
    subprocess.run(command, env=ONE_THREAD, check=True, capture_output=True, timeout=300)
    expected, found = (load_file(tmp_path / run / "weights" / "model.safetensors") for run in ("whole", "killed"))
    assert all(torch.equal(tensor, found[name]) for name, tensor in expected.items())
    alone = subprocess.run([sys.executable, *command[len(TORCHRUN) + 1 :]], env=ONE_THREAD, capture_output=True, text=True)
    assert alone.returncode == 2 and "processes was 2, is 1" in alone.stderr


def processes_of(run: Path) -> list[int]:
    """Those with the run folder on their command line: torchrun starts its processes in groups of their own."""
    lines = subprocess.run(["ps", "-ewwo", "pid=,args="], capture_output=True, text=True, check=True).stdout.splitlines()
    return [int(line.split()[0]) for line in lines if str(run) in line]


def test_two_processes_pretrain_one_encoder(tmp_path):
    corpus, script = write_corpus(tmp_path / "corpus"), tmp_path / "narrow.py"
    script.write_text(NARROW_TRANSFORMER)
    options = ["--run", str(tmp_path / "run"), "--epochs", "1", "--batch", "4", "--clusters", "4", "--precision", "float32"]
    done = subprocess.run([*TORCHRUN, "--", str(script), "pretrain", str(corpus), *options], env=ONE_THREAD, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("encoder: ") == 1
    assert (tmp_path / "run" / "encoder" / "model.safetensors").is_file()


if __name__ == "__main__":
    main()
