"""ONNX Runtime sessions as this project runs them: CPU kernels, a fixed number of threads, errors instead of warnings."""

from pathlib import Path

import onnxruntime

ERRORS_ONLY = 3


def open_session(model: Path | bytes, threads: int = 2) -> onnxruntime.InferenceSession:
    """A session on a model file, or on a serialized model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    options.enable_mem_pattern = False
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
