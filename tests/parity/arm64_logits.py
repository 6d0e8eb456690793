"""Prints, as JSON, the logits that an asset's model gives for WAV files; runs where only NumPy and ONNX Runtime are installed.

usage: arm64_logits.py ASSET FILE...
"""

import json
import sys
import wave
from pathlib import Path

import numpy as np
import onnxruntime


def main(asset: Path, files: list[str]) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(asset / "model.onnx"), options, providers=["CPUExecutionProvider"])
    logits = {}
    for path in files:
        with wave.open(path) as file:
            pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
        logits[path] = session.run(["logits"], {"pcm": pcm[None]})[0][0].tolist()
    json.dump(logits, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
