"""The whole way from weights to the asset, and everything that can go wrong on it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model_builder.asset import build as asset_module
from model_builder.asset.build import build_asset
from model_builder.errors import UserError
from model_builder.inference.asset_manifest import read_manifest, sha256_of
from model_builder.inference.predictor import EmotionPredictor
from model_builder.models.checkpoint import save_weights
from tests.recordings import speech_like, write_wav


def hashes(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def previous(small_asset, tmp_path) -> Path:
    """An asset from an earlier build, alone in its parent folder."""
    return shutil.copytree(small_asset, tmp_path / "assets/emotion")


def assert_untouched(previous: Path, small_asset: Path) -> None:
    assert hashes(previous) == hashes(small_asset)


def test_the_asset_carries_the_card_of_its_weights_and_what_was_measured(small_asset):
    manifest = read_manifest(small_asset)
    assert (manifest.temperature, manifest.uncertainty_threshold) == (1.5, 0.3)
    assert manifest.training == {"epochs": 0}
    assert manifest.results["validation_ua"] == 0.25
    assert manifest.results["deployment"]["model_bytes"] == (small_asset / "model.onnx").stat().st_size
    assert not (small_asset / "scratch").exists()


def test_the_report_tells_sizes_errors_and_times(small_weights, tmp_path):
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    for seed in range(3):
        write_wav(recordings / f"{seed}.wav", speech_like(1.0 + seed, seed))
    write_wav(recordings / "silent.wav", np.zeros(16_000))
    steps = []
    report = build_asset(small_weights, tmp_path / "emotion", recordings, steps.append)
    assert steps == ["exporting", "quantizing", "generating golden vectors", "comparing with PyTorch", "timing", "verifying"]
    assert report.size_bytes == sum(path.stat().st_size for path in (tmp_path / "emotion").rglob("*") if path.is_file())
    assert (report.golden.clips, report.real.clips) == (8, 3)
    assert 0 < report.golden.mean_error < 0.05 and report.fp32_ms > 0 and report.int8_ms > 0
    assert report.golden.agreement >= 0.75


def test_recordings_that_cannot_be_used_are_named_and_the_asset_is_built_with_the_others(small_weights, tmp_path):
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    for seed in range(3):
        write_wav(recordings / f"{seed}.wav", speech_like(1.0, seed))
    (recordings / "broken.wav").write_bytes((recordings / "0.wav").read_bytes()[:9_000])
    write_wav(recordings / "short.wav", speech_like(0.1))
    command = ["build-apk-asset", "--weights", small_weights, "--out", tmp_path / "emotion", "--recordings", recordings]
    answer = subprocess.run([sys.executable, "-m", "model_builder", *map(str, command)], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    for name in ("broken.wav: truncated", "short.wav: lasts 0.100 s"):
        assert sum(name in line for line in answer.stderr.splitlines()) == 1, answer.stderr
    assert "error: 2 recordings could not be used; the asset was built and measured with the other 3" in answer.stderr
    assert read_manifest(tmp_path / "emotion").results["deployment"]["int8_against_fp32_real"]["clips"] == 3


def test_the_same_weights_give_the_same_model_and_golden_vectors(small_weights, small_asset, tmp_path):
    build_asset(small_weights, tmp_path / "emotion")
    expected, actual = hashes(small_asset), hashes(tmp_path / "emotion")
    assert {**actual, "manifest.json": ""} == {**expected, "manifest.json": ""}


def test_a_new_asset_takes_the_place_of_the_previous_one(small_model, previous, tmp_path):
    save_weights(small_model, tmp_path / "weights", {"temperature": 3.0})
    build_asset(tmp_path / "weights", previous)
    assert read_manifest(previous).temperature == 3.0
    assert [path.name for path in previous.parent.iterdir()] == ["emotion"]
    EmotionPredictor.from_asset(previous)


def run_build(script: str, weights: Path, folder: Path) -> subprocess.CompletedProcess:
    prelude = """
import os, resource, signal, sys
from pathlib import Path
from model_builder.asset.build import build_asset
from model_builder.errors import UserError
weights, folder = map(Path, sys.argv[1:])
"""
    command = [sys.executable, "-c", prelude + script, str(weights), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("step", ["quantizing", "verifying"])
def test_a_killed_build_leaves_the_previous_asset_and_the_next_one_cleans_up(small_weights, small_asset, previous, step):
    kill = f"build_asset(weights, folder, on_step=lambda step: step == {step!r} and os.kill(os.getpid(), signal.SIGKILL))"
    assert run_build(kill, small_weights, previous).returncode == -signal.SIGKILL
    assert_untouched(previous, small_asset)
    assert len(list(previous.parent.iterdir())) == 2
    build_asset(small_weights, previous)
    assert [path.name for path in previous.parent.iterdir()] == ["emotion"]


def test_a_disk_that_takes_no_more_is_named_and_leaves_the_previous_asset(small_weights, small_asset, previous):
    """A real limit of the kernel on the size of any file: writing fails in the copies, in quantization, in the export."""
    limited = """
for limit_kb in (500, 3_000, 7_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_kb * 1024, resource.RLIM_INFINITY))
    try:
        build_asset(weights, folder)
    except UserError as error:
        print(error)
"""
    answer = run_build(limited, small_weights, previous)
    assert answer.returncode == 0, answer.stderr
    complaints = answer.stdout.splitlines()
    assert len(complaints) == 3
    assert all(line.startswith(f"{previous}: no space left while building; free about 300 MB") for line in complaints)
    assert_untouched(previous, small_asset)
    assert [path.name for path in previous.parent.iterdir()] == ["emotion"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, the device that is always full (Linux)")
@pytest.mark.parametrize("step", ["export_onnx", "quantize", "write_golden", "write_manifest"])
def test_a_full_disk_at_any_step_leaves_the_previous_asset(small_weights, small_asset, previous, monkeypatch, step):
    def write_to_the_full_device(*_, **__):
        Path("/dev/full").write_bytes(b"x" * 4096)

    monkeypatch.setattr(asset_module, step, write_to_the_full_device)
    with pytest.raises(UserError, match="no space left while building"):
        build_asset(small_weights, previous)
    assert_untouched(previous, small_asset)
    assert [path.name for path in previous.parent.iterdir()] == ["emotion"]


def test_weights_that_are_missing_leave_the_previous_asset(small_asset, previous, tmp_path):
    with pytest.raises(UserError, match=r"config\.json is missing"):
        build_asset(tmp_path / "nowhere", previous)
    assert_untouched(previous, small_asset)


def test_a_model_that_lost_accuracy_is_refused(small_weights, small_asset, previous, monkeypatch):
    monkeypatch.setattr(asset_module, "LARGEST_MEAN_ERROR", 1e-9)
    with pytest.raises(UserError, match="quantized logits differ from PyTorch's"):
        build_asset(small_weights, previous)
    assert_untouched(previous, small_asset)


def test_recordings_that_cannot_be_read_are_named_before_anything_is_built(small_weights, small_asset, previous, tmp_path):
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings/text.wav").write_text("not audio")
    with pytest.raises(UserError, match=r"text\.wav"):
        build_asset(small_weights, previous, tmp_path / "recordings")
    assert_untouched(previous, small_asset)


def test_a_target_below_a_file_cannot_be_written(small_weights, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written"):
        build_asset(small_weights, tmp_path / "file/emotion")
