"""Each process that torchrun starts on a machine trains on a GPU of its own."""

import pytest
import torch

from model_builder.fitting.machine import best_device


@pytest.mark.parametrize(("local_rank", "expected"), [(None, 0), ("0", 0), ("1", 1), ("2", 0)])
def test_the_gpu_is_that_of_the_local_rank(local_rank, expected, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    if local_rank is None:
        monkeypatch.delenv("LOCAL_RANK", raising=False)
    else:
        monkeypatch.setenv("LOCAL_RANK", local_rank)
    assert best_device() == torch.device("cuda", expected)


def test_without_a_gpu_it_is_the_processor(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert best_device() == torch.device("cpu")
