"""Silero VAD as the asset carries it: the silero-vad package's network for one frame of one stream, and what it has to give.

The state machine on top of the probabilities exists once, in Kotlin; this module only states what comes out of the network.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm
from model_builder.errors import UserError
from model_builder.export.fixed_shapes import fix_shapes

FRAME_SAMPLES = 512
CONTEXT_SAMPLES = 64
STATE_SHAPE = (2, 1, 128)
FILE_IN_PACKAGE = "data/silero_vad_16k_op15.onnx"


def speech_gate_file() -> Path:
    """The 16 kHz network inside the installed silero-vad package. Raises UserError where it is not installed."""
    package = find_spec("silero_vad")
    folder = Path(package.origin).parent if package and package.origin else None
    if folder is None or not (folder / FILE_IN_PACKAGE).is_file():
        raise UserError(f"silero-vad: {FILE_IN_PACKAGE} is not installed; install this package's dependencies again")
    return folder / FILE_IN_PACKAGE


def write_speech_gate(target: Path) -> None:
    """Writes the network for a frame and its context, one stream at a time: the package's, without the branches for other shapes.

    It gives the same probabilities, to the last bit, in four fifths of the time. Raises UserError where silero-vad is not installed.
    """
    model = onnx.load(speech_gate_file())
    feed = _feed(np.zeros(CONTEXT_SAMPLES, np.float32), np.zeros(FRAME_SAMPLES, np.float32), np.zeros(STATE_SHAPE, np.float32))
    fix_shapes(model, feed)
    onnx.save(model, target)


def speech_probabilities(gate: onnxruntime.InferenceSession, pcm: Pcm) -> np.ndarray:
    """The probability that somebody speaks, one for each whole frame of 512 samples.

    pcm: float32, shape (samples,), 16 kHz. Returns float32, shape (samples // 512,).
    Each frame is preceded by the last 64 samples before it (zeros at the start), and the recurrent state is carried along.
    """
    state = np.zeros(STATE_SHAPE, np.float32)
    context = np.zeros(CONTEXT_SAMPLES, np.float32)
    probabilities = np.empty(len(pcm) // FRAME_SAMPLES, np.float32)
    for index in range(len(probabilities)):
        frame = pcm[index * FRAME_SAMPLES : (index + 1) * FRAME_SAMPLES]
        probability, state = gate.run(["output", "stateN"], _feed(context, frame, state))
        probabilities[index] = probability[0, 0]
        context = frame[-CONTEXT_SAMPLES:]
    return probabilities


def _feed(context: np.ndarray, frame: np.ndarray, state: np.ndarray) -> dict[str, np.ndarray]:
    return {"input": np.concatenate([context, frame])[None], "state": state, "sr": np.array(SAMPLE_RATE_HZ, np.int64)}
