"""The benchmark, on a small network: stock files are the same network, and figures are of what they say."""

import copy

import numpy as np
import pytest
import torch

from model_builder.benchmarks import model_files
from model_builder.benchmarks.machine_peak import MachinePeak, network_gmacs
from model_builder.benchmarks.model_files import Benchmark, Candidate, candidates_of, measure, networks_of, onnx_candidate, plot
from model_builder.benchmarks.stock_quantization import PLAIN, write_stock_files
from model_builder.export.variant import Variant
from model_builder.inference.predictor import session_logits
from model_builder.inference.session import open_session
from model_builder.inference.torch_reference import torch_logits
from model_builder.models.channel_pruning import convolutions
from tests.recordings import speech_like


@pytest.fixture(scope="module")
def stock(small_model, tmp_path_factory):
    return write_stock_files(small_model, tmp_path_factory.mktemp("stock"))


def test_the_plain_export_gives_the_logits_of_pytorch_and_the_others_nearly(small_model, stock):
    pcm = speech_like(1.0)
    for name, path in stock.items():
        tolerance = 5e-5 if name == PLAIN else 0.5
        np.testing.assert_allclose(session_logits(open_session(path), pcm), torch_logits(small_model, pcm), atol=tolerance, err_msg=name)
    sizes = [path.stat().st_size for path in stock.values()]
    assert sizes[0] > sizes[1] > sizes[2]


def test_each_model_is_measured_against_the_first(stock):
    plain = onnx_candidate("plain", 1.0, stock[PLAIN])
    shifted = Candidate("shifted", 1.0, None, lambda pcm, threads: plain.answer(pcm, threads) + np.array([0, 0, 0, 100], np.float32))
    clips = [speech_like(0.3, seed) for seed in range(3)]
    true = [int(plain.answer(pcm, 1).argmax()) for pcm in clips]
    first, second = measure([plain, shifted], clips, true)
    assert (first.largest_error, first.agreement, first.unweighted_accuracy) == (0, 1, 1)
    assert second.largest_error == pytest.approx(100) and second.mean_error == pytest.approx(25)
    assert first.size_bytes == stock[PLAIN].stat().st_size and second.size_bytes is None
    assert 0 < first.times["1 thread, 1 s"].median_ms < first.times["1 thread, 10 s"].median_ms
    process = first.process
    assert process.peak_before_mib < process.peak_loaded_mib <= process.peak_3_s_mib <= process.peak_10_s_mib
    found = Benchmark(3, MachinePeak(100.0, 50.0), (first, second))
    assert found.share_of_peak(first, 50.0) == pytest.approx(1.0 / (first.times["1 thread, 3 s"].median_ms / 1000) / 50)
    assert len(plot(found).axes[0].lines) == 1


@pytest.fixture(scope="module")
def partly_dead_model(small_model):
    """A third of the channels of its second to sixth convolution carry nothing."""
    model = copy.deepcopy(small_model)
    with torch.no_grad():
        for layer in convolutions(model)[1:-1]:
            layer.conv.weight[::3] = 0
    return model


def test_every_way_to_run_is_measured_on_the_dense_and_on_the_pruned_network(small_model, partly_dead_model):
    assert list(networks_of(small_model)) == ["dense"]
    dense, pruned = networks_of(partly_dead_model).values()
    assert [len(layer.conv.weight) for layer in convolutions(pruned)][1:-1] == [106] * 5
    assert network_gmacs(pruned, 1.0) < 0.9 * network_gmacs(dense, 1.0)


def test_rows_of_one_network_have_the_same_channels(partly_dead_model, tmp_path, monkeypatch):
    """Stock files and this project's are exports of the network given: nothing but their own way to run it makes them differ."""
    monkeypatch.setattr(model_files, "Variant", [Variant.FASTEST])
    pcm = speech_like(1.0)
    sizes = {}
    for name, network in networks_of(partly_dead_model).items():
        candidates = candidates_of(name, network, tmp_path / name, lambda step: None)
        assert all(candidate.name.startswith(f"{name}: ") for candidate in candidates)
        assert len({candidate.gmacs_3_s for candidate in candidates}) == 1
        for candidate in candidates:
            np.testing.assert_allclose(candidate.answer(pcm, 1), torch_logits(partly_dead_model, pcm), atol=0.5, err_msg=candidate.name)
        sizes[name] = [(tmp_path / name / file).stat().st_size for file in ("plain.onnx", "emotion.onnx")]
    assert sizes["dense"][1] == pytest.approx(sizes["dense"][0], rel=0.03)
    assert sizes["pruned"][1] == pytest.approx(sizes["pruned"][0], rel=0.03)
    assert max(sizes["pruned"]) < 0.95 * min(sizes["dense"])


def test_multiply_adds_grow_with_the_clip(small_model):
    assert network_gmacs(small_model, 2.0) == pytest.approx(2 * network_gmacs(small_model, 1.0), rel=0.1)
