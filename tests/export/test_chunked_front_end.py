"""The front end in a loop: the same features, whatever the chunks."""

import io

import numpy as np
import onnx
import pytest
import torch

from model_builder.export.chunked_front_end import FEATURES, FIRST_WEIGHT, WINDOWS, loop_front_end, set_chunk_frames
from model_builder.export.graph import fold_constants, sort_nodes
from model_builder.export.to_onnx import OPSET, EmotionGraph
from model_builder.inference.session import open_session
from tests.recordings import SAMPLE_RATE_HZ, speech_like

ROUNDING = 5e-5


@pytest.fixture(scope="module")
def whole(small_model) -> onnx.ModelProto:
    """The graph as it is traced, without a loop; the features are an output."""
    file = io.BytesIO()
    names = ["logits", "probabilities", WINDOWS, FIRST_WEIGHT, FEATURES]
    axes = {"pcm": {0: "batch", 1: "samples"}, **{name: {0: "batch", 1: f"{name}_length"} for name in names}}
    with torch.no_grad():
        torch.onnx.export(
            EmotionGraph(small_model, 1.0, prune=True).eval(), (torch.randn(2, 32_000),), file,
            dynamo=False, opset_version=OPSET, input_names=["pcm"], output_names=names, dynamic_axes=axes,
        )
    model = onnx.load_model_from_string(file.getvalue())
    del model.graph.output[1:4]
    fold_constants(model)
    sort_nodes(model.graph)
    return model


def looped(whole: onnx.ModelProto, chunk_frames: int) -> onnx.ModelProto:
    model = onnx.ModelProto()
    model.CopyFrom(whole)
    loop_front_end(model)
    set_chunk_frames(model, chunk_frames)
    onnx.checker.check_model(model)
    return model


def run(model: onnx.ModelProto, pcm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return tuple(open_session(model.SerializeToString()).run(["logits", FEATURES], {"pcm": pcm}))


@pytest.mark.parametrize("chunk_frames", [1, 20, 50, 1_000])
def test_every_length_has_the_features_of_the_whole(whole, chunk_frames):
    model = looped(whole, chunk_frames)
    for samples in (400, 719, 720, 1_600, 6_480, 16_079, 16_080, 16_400, 48_123):
        pcm = speech_like(samples / SAMPLE_RATE_HZ + 0.01)[None, :samples]
        for actual, expected in zip(run(model, pcm), run(whole, pcm), strict=True):
            np.testing.assert_allclose(actual, expected, atol=ROUNDING)


def test_a_batch_keeps_its_clips_apart(whole):
    pcm = np.stack([speech_like(1.3, seed, level) for seed, level in enumerate((0.3, 0.01))])
    for actual, expected in zip(run(looped(whole, 20), pcm), run(whole, pcm), strict=True):
        np.testing.assert_allclose(actual, expected, atol=ROUNDING)


def test_the_products_of_the_front_end_are_in_the_loop_alone(whole):
    model = looped(whole, 20)
    [loop] = [node for node in model.graph.node if node.op_type == "Loop"]
    inside = {node.input[1] for node in loop.attribute[0].g.node if node.op_type == "MatMul"}
    assert len(inside) == 1 + 6 + 1
    assert not inside & {name for node in model.graph.node for name in node.input}


def test_a_front_end_that_reads_what_it_should_not_is_refused():
    model = onnx.parser.parse_model(
        f"""<ir_version: 9, opset_import: ["" : 20]> g (float[1, n] pcm) => (float[1, n] y)
        {{ {WINDOWS} = Neg (pcm) {FIRST_WEIGHT} = Abs (pcm) {FEATURES} = Sum ({WINDOWS}, {FIRST_WEIGHT}, pcm) y = Neg ({FEATURES}) }}"""
    )
    with pytest.raises(ValueError, match=r"reads \['pcm'\] beside"):
        loop_front_end(model)
