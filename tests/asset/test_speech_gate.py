"""Silero's 16 kHz file against the silero-vad package's own wrapper and default file."""

from pathlib import Path

import numpy as np
import onnx
import torch
from silero_vad import utils_vad

from model_builder.asset.speech_gate import FRAME_SAMPLES, speech_gate_file, speech_probabilities, write_speech_gate
from model_builder.audio.golden_voices import VOICES, generate
from model_builder.inference.session import open_session


def package_probabilities(pcm: np.ndarray) -> np.ndarray:
    """One probability for each whole frame, by the package's wrapper on its default file."""
    wrapper = utils_vad.OnnxWrapper(str(Path(utils_vad.__file__).parent / "data/silero_vad.onnx"), force_onnx_cpu=True)
    whole = len(pcm) // FRAME_SAMPLES * FRAME_SAMPLES
    return wrapper.audio_forward(torch.from_numpy(pcm[:whole])[None], sr=16_000).numpy()[0]


def test_probabilities_equal_those_of_the_package():
    gate = open_session(speech_gate_file(), threads=1)
    for voice in VOICES:
        pcm = generate(voice).astype(np.float32) / 32768
        np.testing.assert_allclose(speech_probabilities(gate, pcm), package_probabilities(pcm), atol=1e-5)


def test_the_file_of_the_asset_gives_the_same_to_the_last_bit_without_shapes_and_branches(tmp_path):
    write_speech_gate(tmp_path / "gate.onnx")
    assert not {"If", "Shape", "Equal"} & {node.op_type for node in onnx.load(tmp_path / "gate.onnx").graph.node}
    written, package = open_session(tmp_path / "gate.onnx", threads=1), open_session(speech_gate_file(), threads=1)
    for voice in VOICES:
        pcm = generate(voice).astype(np.float32) / 32768
        np.testing.assert_array_equal(speech_probabilities(written, pcm), speech_probabilities(package, pcm))


def test_a_recording_shorter_than_a_frame_has_no_probability():
    assert speech_probabilities(open_session(speech_gate_file()), np.zeros(511, np.float32)).shape == (0,)


def test_the_last_partial_frame_changes_nothing():
    gate = open_session(speech_gate_file())
    pcm = generate(VOICES[0]).astype(np.float32)[:5_500] / 32768
    whole = speech_probabilities(gate, pcm[: 10 * FRAME_SAMPLES])
    np.testing.assert_array_equal(speech_probabilities(gate, pcm), whole)
