"""Training runs in the number format that the machine is fast in."""

import os
import subprocess
import sys

import pytest
import torch

from model_builder.fitting import precision
from model_builder.fitting.precision import autocast, resolve_precision
from model_builder.fitting.same_run import begun_precision
from model_builder.whole_file import atomic_write_json
from tests.generated import generated_clips

CPU = torch.device("cpu")


@pytest.mark.parametrize(("speed_up", "expected"), [(2.0, "bf16"), (1.0, "float32"), (0.03, "float32")])
def test_auto_is_bf16_only_where_that_is_measurably_faster(speed_up, expected, monkeypatch):
    monkeypatch.setattr(precision, "cpu_bf16_speed_up", lambda: speed_up)
    assert resolve_precision("auto", CPU) == expected
    assert resolve_precision("bf16", CPU) == "bf16"
    assert resolve_precision("float32", CPU) == "float32"


def test_a_run_goes_on_in_the_format_that_it_began_with(tmp_path, monkeypatch):
    monkeypatch.setattr(precision, "cpu_bf16_speed_up", lambda: 2.0)
    assert begun_precision(tmp_path) is None
    atomic_write_json(tmp_path / "as-published" / "fold-1" / "plan.json", {"plan": {"precision": "float32"}})
    assert resolve_precision("auto", CPU, begun_precision(tmp_path)) == "float32"
    atomic_write_json(tmp_path / "plan.json", {"plan": {"precision": "bf16"}})
    assert resolve_precision("auto", CPU, begun_precision(tmp_path)) == "bf16"
    assert resolve_precision("float32", CPU, begun_precision(tmp_path)) == "float32"


def test_a_processor_without_bf16_instructions_trains_in_float32():
    code = "import torch; from model_builder.fitting.precision import resolve_precision as r; print(r('auto', torch.device('cpu')))"
    environment = {**os.environ, "DNNL_MAX_CPU_ISA": "AVX2"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True).stdout == "float32\n"


@pytest.mark.parametrize(("name", "dtype"), [("bf16", torch.bfloat16), ("float32", torch.float32)])
def test_products_of_a_forward_pass_have_the_chosen_format(name, dtype):
    with autocast(CPU, name):
        assert torch.nn.Linear(4, 4)(torch.ones(1, 4)).dtype == dtype


def test_a_run_does_not_go_on_in_another_format(encoder, tmp_path):
    from model_builder.errors import UserError
    from model_builder.training.config import TrainingPlan
    from model_builder.training.train import train

    def run(name):
        plan = TrainingPlan(str(encoder), epochs=1, batch_clips=4, crop_s=(0.5, 0.6), precision=name)
        return train(generated_clips(12), plan, tmp_path)

    assert run("float32").card["training"]["precision"] == "float32"
    with pytest.raises(UserError, match="other settings"):
        run("bf16")
