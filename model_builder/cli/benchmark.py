"""`benchmark-training`."""

import json
from typing import Annotated

import typer

from model_builder.cli.console import errors, say, show_training_speed
from model_builder.cli.training_options import PrecisionOption


def benchmark_training(
    steps: Annotated[int, typer.Option(min=1, help="Steps to measure, after the warm-up.")] = 40,
    precision: PrecisionOption = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, with every step, instead of lines.")] = False,
) -> None:
    """Measure how many seconds of audio this machine trains a second: all of DistilHuBERT, by the training loop; and augments a second."""
    from model_builder.benchmarks.training_throughput import measure_training
    from model_builder.fitting.machine import best_device
    from model_builder.fitting.precision import resolve_precision
    from model_builder.training.config import TrainingPlan

    with errors.status("training"):
        speed = measure_training(steps, TrainingPlan("scratch", precision=resolve_precision(precision, best_device())))
    if speed.allocator is None:
        say("warning: no allocator that keeps memory is preloaded; training is about half as fast (see the README)", errors)
    if not as_json:
        show_training_speed(speed)
        return
    content = {
        "audio_s_a_second": {"median": speed.median, "quartiles": speed.quartiles, "steps": speed.training.tolist()},
        "augmentation_audio_s_a_second": speed.augmentation_median,
        "warm_up_steps": speed.warm_up_steps,
        "batch_clips": speed.batch_clips,
        "crop_s": speed.crop_s,
        "device": speed.device,
        "threads": speed.threads,
        "precision": speed.precision,
        "allocator": speed.allocator,
    }
    print(json.dumps(content))
