"""`train --teacher`: a generated encoder teaches a small student end to end."""

import json

import pytest
import torch

from model_builder.models.checkpoint import load_weights
from model_builder.training.config import TrainingPlan
from model_builder.training.train import train
from tests.generated import generated_clips
from tests.models.test_encoder_teacher import tiny_wavlm, tiny_whisper


@pytest.mark.parametrize("make_teacher", [tiny_whisper, tiny_wavlm])
def test_a_teacher_given_as_a_folder_teaches_a_student_from_a_folder(make_teacher, encoder, tmp_path):
    teacher = make_teacher(tmp_path / "teacher")
    plan = TrainingPlan(
        str(encoder), epochs=1, batch_clips=4, crop_s=(0.6, 0.9), teacher=str(teacher), teacher_epochs=1, encoder_epochs=2
    )
    result = train(generated_clips(20), plan, tmp_path / "run")
    assert result.card["training"]["teacher"] == str(teacher)
    assert result.scores is not None
    stages = [json.loads(line)["stage"] for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert stages == ["teachers", "encoder", "encoder", "whole"]
    started, taught = load_weights_of(encoder), load_weights(result.weights)
    moved = [name for name, tensor in taught.state_dict().items() if name in started and not torch.equal(tensor, started[name])]
    assert any("feature_extractor" in name for name in moved), "the last stage trains the front end too"
    assert any("encoder.layers" in name for name in moved)


def load_weights_of(folder):
    from safetensors.torch import load_file

    return {name: tensor.half().float() for name, tensor in load_file(folder / "model.safetensors").items()}


def test_without_passes_of_the_whole_network_the_front_end_stays_as_given(encoder, tmp_path):
    plan = TrainingPlan(
        str(encoder), epochs=0, batch_clips=4, crop_s=(0.6, 0.9), validation_share=0, teacher=str(tiny_wavlm(tmp_path / "teacher")),
        teacher_epochs=1, encoder_epochs=1,
    )  # fmt: skip
    weights = load_weights(train(generated_clips(12), plan, tmp_path / "run").weights).state_dict()
    given = load_weights_of(encoder)
    front_end = [name for name in weights if "feature_extractor" in name]
    assert front_end and all(torch.equal(weights[name], given[name]) for name in front_end)
