"""The int8 model on ARM kernels against x86, and against the float32 network that it stands for."""

import json
import os
import subprocess
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from model_builder.audio.reading import read_pcm
from model_builder.deployment.golden import read_golden
from model_builder.deployment.parity import LARGEST_MEAN_ERROR, LEAST_AGREEMENT, measure_parity
from model_builder.deployment.predict import session_logits
from model_builder.deployment.reference import torch_logits
from model_builder.deployment.session import open_session
from model_builder.learning.weights import load_weights

ARM64_SCRIPT = Path(__file__).with_name("arm64_logits.py")
CPUS = ("cortex-a53", "cortex-a76", "max,sve=off")  # NEON multiply-add, the dot product and the matrix product instructions
LARGEST_DIFFERENCE = 1e-3


@pytest.fixture(scope="module")
def golden_files(asset_folder) -> list[str]:
    return [str(asset_folder / case.file) for case in read_golden(asset_folder)]


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


def test_the_quantized_model_agrees_with_pytorch_on_200_real_clips(shipped_weights, shipped_int8, real_clips):
    reference = partial(torch_logits, load_weights(shipped_weights))
    parity = measure_parity(reference, partial(session_logits, open_session(shipped_int8)), map(read_pcm, real_clips))
    assert parity.agreement >= LEAST_AGREEMENT, parity
    assert parity.mean_error <= LARGEST_MEAN_ERROR, parity
