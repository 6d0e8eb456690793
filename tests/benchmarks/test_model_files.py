"""The benchmark, on a small network: stock files are the same network, and figures are of what they say."""

import numpy as np
import pytest

from model_builder.benchmarks.machine_peak import MachinePeak, network_gmacs
from model_builder.benchmarks.model_files import Benchmark, Candidate, measure, onnx_candidate, plot
from model_builder.benchmarks.stock_quantization import PLAIN, write_stock_files
from model_builder.inference.predictor import session_logits
from model_builder.inference.session import open_session
from model_builder.inference.torch_reference import torch_logits
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
    plain = onnx_candidate("plain", stock[PLAIN])
    shifted = Candidate("shifted", None, lambda pcm, threads: plain.answer(pcm, threads) + np.array([0, 0, 0, 100], np.float32))
    clips = [speech_like(0.3, seed) for seed in range(3)]
    true = [int(plain.answer(pcm, 1).argmax()) for pcm in clips]
    first, second = measure([plain, shifted], clips, true)
    assert (first.largest_error, first.agreement, first.unweighted_accuracy) == (0, 1, 1)
    assert second.largest_error == pytest.approx(100) and second.mean_error == pytest.approx(25)
    assert first.size_bytes == stock[PLAIN].stat().st_size and second.size_bytes is None
    assert 0 < first.times["1 thread, 1 s"].median_ms < first.times["1 thread, 10 s"].median_ms
    process = first.process
    assert process.peak_before_mib < process.peak_loaded_mib <= process.peak_3_s_mib <= process.peak_10_s_mib
    found = Benchmark(3, MachinePeak(100.0, 50.0), 1.0, (first, second))
    assert found.share_of_peak(first, 50.0) == pytest.approx(1.0 / (first.times["1 thread, 3 s"].median_ms / 1000) / 50)
    assert len(plot(found).axes[0].lines) == 1


def test_multiply_adds_grow_with_the_clip(small_model):
    assert network_gmacs(small_model, 2.0) == pytest.approx(2 * network_gmacs(small_model, 1.0), rel=0.1)
