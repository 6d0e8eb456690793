"""Overlapping live windows that share the front end's work: what it made of the overlap is kept, two thirds of it at 3 s every second.

The three graphs are cut out of the very file that the asset ships; nothing is quantized again.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import TensorProto, helper

from model_builder.audio.reading import Pcm
from model_builder.export.chunked_front_end import (
    CENTRED,
    CHUNK,
    CHUNK_FEATURES,
    FEATURES,
    FIRST_WEIGHT,
    RECEPTIVE_SAMPLES,
    chunk_frames_of,
    nodes_between,
)
from model_builder.export.graph import bodies, remove_dead_nodes, replace_nodes, sort_nodes
from model_builder.inference.asset_manifest import INPUT, LOGITS
from model_builder.inference.session import open_session
from model_builder.models.hubert import HOP_SAMPLES

WINDOW_FRAMES = 150  # 3 s
LARGEST_DRIFT = 0.1


@dataclass(frozen=True)
class StageGraphs:
    """statistics: pcm -> centred pcm and first weight. front_end: chunk of centred pcm, first weight -> features of the chunk.

    context: features -> the outputs of the model. chunk_frames: how many the model's own loop makes at a time.
    """

    statistics: onnx.ModelProto
    front_end: onnx.ModelProto
    context: onnx.ModelProto
    chunk_frames: int


def cut_stages(model: onnx.ModelProto) -> StageGraphs:
    """model: what `export_onnx` or `quantize` wrote. Invariant: run one after the other on a whole clip they give its answers."""
    [loop] = [node for node in model.graph.node if node.op_type == "Loop"]
    [body] = bodies(loop)
    first_weight = helper.make_tensor_value_info(FIRST_WEIGHT, TensorProto.FLOAT, ["batch", "taps", "channels"])
    centred = helper.make_tensor_value_info(CENTRED, TensorProto.FLOAT, ["batch", "samples"])
    chunk = helper.make_tensor_value_info(CHUNK, TensorProto.FLOAT, ["batch", "samples"])
    chunk_features = helper.make_tensor_value_info(CHUNK_FEATURES, TensorProto.FLOAT, ["batch", "frames", "features"])
    features = helper.make_tensor_value_info(FEATURES, TensorProto.FLOAT, ["batch", "frames", "features"])
    outputs = list(model.graph.output)
    restoring = [node for node in model.graph.node if FEATURES not in node.output]
    inside = nodes_between({CHUNK, FIRST_WEIGHT}, CHUNK_FEATURES, body)
    return StageGraphs(
        statistics=_stage(model, restoring, list(model.graph.input), [centred, first_weight]),
        front_end=_stage(model, [*restoring, *inside], [chunk, first_weight], [chunk_features]),
        context=_stage(model, restoring, [features], outputs),
        chunk_frames=chunk_frames_of(model),
    )


def _stage(
    model: onnx.ModelProto, nodes: list[onnx.NodeProto], inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]
) -> onnx.ModelProto:
    given = {value.name for value in inputs}
    stage = onnx.ModelProto()
    stage.CopyFrom(model)
    replace_nodes(stage.graph, [node for node in nodes if not given & set(node.output)])
    for field, values in ((stage.graph.input, inputs), (stage.graph.output, outputs)):
        del field[:]
        field.extend(values)
    del stage.graph.value_info[:]
    remove_dead_nodes(stage.graph)
    sort_nodes(stage.graph)
    onnx.checker.check_model(stage)
    return stage


class LiveWindows:
    """Logits of the last 3 s of one segment, as often as asked for. Not safe to call from several threads.

    The first layer's weight, which follows from the statistics of a window, is held over the segment. When the weight of the window
    asked for has drifted from it by more than `largest_drift`, the window is computed anew, as a full pass would, and its weight held
    from then on: that bounds how far logits are from the full pass.
    """

    def __init__(self, graphs: StageGraphs, largest_drift: float = LARGEST_DRIFT, threads: int = 1):
        self._statistics, self._front_end, self._context = (
            open_session(graph.SerializeToString(), threads) for graph in (graphs.statistics, graphs.front_end, graphs.context)
        )
        self._chunk_frames, self._largest_drift = graphs.chunk_frames, largest_drift
        self.full_passes = 0
        self.start()

    def start(self) -> None:
        """Forgets the segment before."""
        self._pcm = np.zeros(0, np.float32)
        self._features: np.ndarray | None = None  # (1, frames, 512), of the start of self._pcm
        self._mean, self._weight = np.float64(0), None

    def push(self, pcm: Pcm) -> None:
        """pcm: float32, (samples,), 16 kHz: what follows on what was pushed before."""
        self._pcm = np.concatenate([self._pcm, pcm])

    def logits(self) -> np.ndarray:
        """float32, (labels,), of the last 150 whole frames of what was pushed. Raises ValueError below 400 samples."""
        frames = (len(self._pcm) - RECEPTIVE_SAMPLES) // HOP_SAMPLES + 1
        if frames < 1:
            raise ValueError(f"{len(self._pcm)} samples are none of {RECEPTIVE_SAMPLES} or more")
        self._forget(frames - WINDOW_FRAMES)
        weight = self._statistics.run([FIRST_WEIGHT], {INPUT: self._pcm[None]})[0]
        if self._weight is None or drift(weight, self._weight) > self._largest_drift:
            self._mean, self._weight, self._features = self._pcm.mean(dtype=np.float64), weight, None
            self.full_passes += 1
        self._features = self._with_new(self._features, min(frames, WINDOW_FRAMES))
        logits: np.ndarray = self._context.run([LOGITS], {FEATURES: self._features})[0][0]
        return logits

    def _with_new(self, known: np.ndarray | None, frames: int) -> np.ndarray:
        """`known`, and what lies between it and `frames`, in chunks as long as the model's: each has its own scale of 8 bits."""
        parts = [] if known is None else [known]
        for first in range(0 if known is None else known.shape[1], frames, self._chunk_frames):
            last = min(first + self._chunk_frames, frames) - 1
            window = self._pcm[first * HOP_SAMPLES : last * HOP_SAMPLES + RECEPTIVE_SAMPLES]
            centred = (window - self._mean).astype(np.float32)[None]
            parts.append(self._front_end.run([CHUNK_FEATURES], {CHUNK: centred, FIRST_WEIGHT: self._weight})[0])
        return np.concatenate(parts, axis=1)

    def _forget(self, frames: int) -> None:
        if frames > 0:
            self._pcm = self._pcm[frames * HOP_SAMPLES :]
            if self._features is not None:
                self._features = self._features[:, frames:] if frames < self._features.shape[1] else None


def drift(weight: np.ndarray, held: np.ndarray) -> float:
    """How far the gains of the first layer's channels are apart: RMS of the logarithm of their ratio; 0.1 is about 10 %.

    weight, held: float32, (1, 11, channels). A common factor of all channels counts as well: the level of the whole.
    """
    gains, held_gains = (np.linalg.norm(w[0, :-1].astype(np.float64), axis=0) + 1e-12 for w in (weight, held))
    return float(np.sqrt(np.mean(np.log(gains / held_gains) ** 2)))
