"""Prints, as JSON, the logits of an asset's golden recordings; runs where only NumPy and ONNX Runtime are installed.

usage: arm64_logits.py ASSET
"""

import json
import sys
import wave
from pathlib import Path

import numpy as np
import onnxruntime


def main(asset: Path) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(asset / "model.onnx"), options, providers=["CPUExecutionProvider"])
    logits = {}
    for case in json.loads((asset / "golden.json").read_text(encoding="utf-8"))["cases"]:
        with wave.open(str(asset / case["file"])) as file:
            pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
        logits[case["file"]] = session.run(["logits"], {"pcm": pcm[None]})[0][0].tolist()
    json.dump(logits, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
