"""The int8 model on ARM kernels against x86, and against the float32 network that it stands for."""

import json
import os
import subprocess
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from model_builder.asset.golden import read_golden
from model_builder.audio.reading import read_pcm
from model_builder.inference.parity import (
    LARGEST_MEAN_ERROR,
    LEAST_AGREEMENT,
    LEAST_AGREEMENT_ON_NEW_SPEAKERS,
    measure_parity,
    select_evenly,
)
from model_builder.inference.predictor import session_logits
from model_builder.inference.session import open_session
from model_builder.inference.torch_reference import torch_logits
from model_builder.models.checkpoint import load_weights
from tests.recordings import write_wav

ARM64_SCRIPT = Path(__file__).with_name("arm64_logits.py")
CPUS = ("cortex-a53", "cortex-a76", "max,sve=off")  # NEON multiply-add, the dot product and the matrix product instructions
REAL_CLIPS = 50
REAL_SAMPLES = 16_000  # of each, from its middle: an emulated CPU takes 1.7 s for them
# One activation on another step of its quantization moves logits by 1e-5 to 2e-3, rounding behind the last of them by 1e-7.
LARGEST_DIFFERENCE = 1e-5


@pytest.fixture(scope="module")
def golden_files(asset_folder) -> list[str]:
    return [str(asset_folder / case.file) for case in read_golden(asset_folder)]


@pytest.fixture(scope="module")
def real_files(real_clips, tmp_path_factory) -> list[str]:
    """Parts of real clips as WAV files, the one format that every Python reads."""
    folder = tmp_path_factory.mktemp("clips")
    files = []
    for path in select_evenly(real_clips, REAL_CLIPS):
        pcm = read_pcm(path)
        start = max(0, len(pcm) - REAL_SAMPLES) // 2
        files.append(str(write_wav(folder / f"{path.stem}.wav", pcm[start : start + REAL_SAMPLES])))
    return files


def arm64_logits(arm64_python: str, asset: Path, files: list[str]) -> dict[str, dict[str, list[float]]]:
    """By CPU and file; the emulated CPUs run side by side."""
    # One import first: the command may have to install its Python.
    subprocess.run([arm64_python, "-c", "import onnxruntime"], check=True, capture_output=True)
    command = [arm64_python, str(ARM64_SCRIPT), str(asset), *files]
    runs = {
        cpu: subprocess.Popen(command, env={**os.environ, "ARM_CPU": cpu}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for cpu in CPUS
    }
    logits = {}
    for cpu, run in runs.items():
        output, complaints = run.communicate()
        assert run.returncode == 0, f"{cpu}: {complaints}"
        logits[cpu] = json.loads(output)
    return logits


def assert_arm64_agrees(arm64_python: str, asset: Path, files: list[str]) -> None:
    session = open_session(asset / "model.onnx")
    here = {file: session_logits(session, read_pcm(file)) for file in files}
    for cpu, there in arm64_logits(arm64_python, asset, files).items():
        for file, logits in here.items():
            np.testing.assert_allclose(there[file], logits, atol=LARGEST_DIFFERENCE, rtol=0, err_msg=f"{cpu}, {file}")
            assert np.argmax(there[file]) == np.argmax(logits), f"{cpu}, {file}"


def test_arm64_kernels_give_the_logits_of_x86_on_golden_files(arm64_python, asset_folder, golden_files):
    assert_arm64_agrees(arm64_python, asset_folder, golden_files)


def test_arm64_kernels_give_the_logits_of_x86_on_50_real_clips(arm64_python, asset_folder, real_files):
    assert_arm64_agrees(arm64_python, asset_folder, real_files)


@pytest.mark.parametrize(
    ("speech", "least_agreement"), [("known_clips", LEAST_AGREEMENT), ("real_clips", LEAST_AGREEMENT_ON_NEW_SPEAKERS)]
)
def test_the_quantized_model_agrees_with_pytorch_on_200_real_clips(speech, least_agreement, shipped_weights, shipped_int8, request):
    clips = request.getfixturevalue(speech)
    reference = partial(torch_logits, load_weights(shipped_weights))
    parity = measure_parity(reference, partial(session_logits, open_session(shipped_int8)), map(read_pcm, clips))
    assert parity.agreement >= least_agreement, parity
    assert parity.mean_error <= LARGEST_MEAN_ERROR, parity
