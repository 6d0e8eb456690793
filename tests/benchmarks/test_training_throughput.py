"""What `benchmark-training` measures, on a network small enough for a test."""

import time
from pathlib import Path

import numpy as np
import pytest

from model_builder.benchmarks import training_throughput as benchmark
from model_builder.benchmarks.training_throughput import keeping_allocator, measure_training
from model_builder.training.config import TrainingPlan


@pytest.fixture
def plan(encoder) -> TrainingPlan:
    return TrainingPlan(str(encoder), batch_clips=4, crop_s=(0.5, 1.0))


def test_audio_over_speed_is_the_time_that_training_took(plan):
    start = time.perf_counter()
    speed = measure_training(5, plan)
    elapsed_s = time.perf_counter() - start
    assert speed.training.shape == speed.augmentation.shape == (5,)
    assert 0 < (4 * 0.5 / speed.training).sum() + (4 * 0.5 / speed.augmentation).sum() < elapsed_s
    assert speed.quartiles[0] <= speed.median <= speed.quartiles[1]
    assert (speed.batch_clips, speed.crop_s) == (4, (0.5, 1.0))


def test_audio_is_counted_as_it_was_trained(plan, monkeypatch):
    """Steps of a tenth of a second each: the measured speed is then the audio of each batch times ten."""
    lengths: list[float] = []

    def ends_s(clips, plan):
        batches = benchmark.CropBatches(clips, plan.batch_clips, plan.crop_s, plan.seed, 0)
        lengths.extend(batches[index][0].numel() / 16_000 for index in range(len(batches)))
        return [0.1 * index for index in range(len(batches))]

    monkeypatch.setattr(benchmark, "step_ends_s", ends_s)
    assert measure_training(3, plan).training == pytest.approx(np.array(lengths[-3:]) * 10)


@pytest.mark.parametrize(
    ("maps", "name"), [("7f00-7f01 r-xp /usr/lib/libjemalloc.so.2", "jemalloc"), ("7f00-7f01 r-xp /usr/lib/libc.so.6", None)]
)
def test_an_allocator_that_keeps_memory_is_seen_where_it_is_loaded(maps, name, tmp_path, monkeypatch):
    (tmp_path / "maps").write_text(maps)
    monkeypatch.setattr(benchmark, "MAPS", Path(tmp_path / "maps"))
    assert keeping_allocator() == name
