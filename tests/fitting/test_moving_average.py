"""The moving average of the weights follows short runs too."""

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from model_builder.fitting.trainer import warming_up_average


def averaged_after(steps: int, average) -> float:
    """The average of a weight that goes from 0 to 1 in equal steps."""
    network = nn.Linear(1, 1, bias=False)
    averaged = AveragedModel(network, multi_avg_fn=average)
    for step in range(steps):
        nn.init.constant_(network.weight, step / (steps - 1))
        averaged.update_parameters(network)
    return averaged.module.weight.item()


@pytest.mark.parametrize("steps", [20, 150])
def test_a_short_run_ends_near_the_weights_that_were_trained(steps):
    assert averaged_after(steps, get_ema_multi_avg_fn(0.998)) < 0.15
    assert averaged_after(steps, warming_up_average(0.998)) > 0.85


def test_a_long_run_has_the_decay_that_was_asked_for():
    first, second = torch.zeros(1), torch.ones(1)
    warming_up_average(0.9)([first], [second], torch.tensor(10_000))
    assert first.item() == pytest.approx(0.1)
