"""What one model file costs a process that does nothing else: time to the first result, and memory."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from model_builder.inference.session import config_entries

PROGRAM = """
import json, sys, time
import numpy
import onnxruntime

def peak_mib():
    with open("/proc/self/status") as status:  # getrusage would tell the parent's peak where that is larger
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.log_severity_level = 3
options.enable_mem_pattern = False
for key, value in json.loads(sys.argv[2]).items():
    options.add_session_config_entry(key, value)
pcm = numpy.random.default_rng(0).normal(0, 0.1, (1, 160000)).astype(numpy.float32)
peaks = [peak_mib()]
start = time.perf_counter()
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
peaks.append(peak_mib())
session.run(None, {"pcm": pcm[:, :48000]})
first_ms = (time.perf_counter() - start) * 1000
for seconds in (3, 10):
    for _ in range(3):
        session.run(None, {"pcm": pcm[:, : seconds * 16000]})
    peaks.append(peak_mib())
json.dump([first_ms, *peaks], sys.stdout)
"""


@dataclass(frozen=True)
class ProcessFigures:
    """first_result_ms: from the file to the logits of 3 s, one thread. Peaks of resident memory, in MiB, of the whole process:
    with Python, NumPy and ONNX Runtime imported; with the model loaded; after windows of 3 s; and of 10 s.
    """

    first_result_ms: float
    peak_before_mib: float
    peak_loaded_mib: float
    peak_3_s_mib: float
    peak_10_s_mib: float


def measure_process(model: Path) -> ProcessFigures:
    """Runs the file in a fresh Python process, with the options of `open_session`. Linux alone tells the peaks."""
    command = [sys.executable, "-c", PROGRAM, str(model), json.dumps(config_entries())]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return ProcessFigures(*json.loads(answer.stdout))
