"""x86 without VNNI multiplies uint8 by int8 in pairs whose sum saturates at 16 bits: what that does to the shipped model.

ONNX Runtime's AVX2 kernel uses VPMADDUBSW (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2): neighbouring rows
k, k + 1 of a product are added with signed 16-bit saturation before they are summed up in 32 bits.
"""

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

from model_builder.audio.golden_voices import VOICES, generated_pcm
from model_builder.export.chunked_front_end import CENTRED, CHUNK, CHUNK_FEATURES, FEATURES, FIRST_WEIGHT
from model_builder.inference.session import open_session
from tests.parity.stage_graphs import cut_stages

LOWEST, HIGHEST = -32_768, 32_767
# As much as one activation that falls on the other side of a rounding step; measured below 0.004 on three angry voices.
NO_MORE_THAN_ROUNDING = 0.02


class MatMulInteger(OpRun):
    """Exact: float64 holds these sums."""

    def _run(self, a, b, a_zero_point=None, b_zero_point=None):
        return ((a.astype(np.float64) - float(np.ravel(a_zero_point)[0])) @ b.astype(np.float64)).astype(np.int32),


class SaturatingProduct(MatMulInteger):
    def _run(self, a, b, a_zero_point=None, b_zero_point=None):
        (exact,) = super()._run(a, b, a_zero_point)
        return (exact + saturation_loss(a.reshape(-1, len(b)), b).reshape(exact.shape)).astype(np.int32),


SaturatingProduct.__name__ = MatMulInteger.__name__  # the operator that it stands in for


def saturation_loss(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """What saturating pairs takes from the sums. a: uint8, (frames, rows); b: int8, (rows, columns). float64, (frames, columns)."""
    if len(b) % 2:  # a row without a neighbour cannot saturate: 255 * 128 fits in 16 bits
        a, b = np.pad(a, ((0, 0), (0, 1))), np.pad(b, ((0, 1), (0, 0)))
    weights = b.astype(np.int32).reshape(-1, 2, b.shape[1])                                # (pairs, 2, columns)
    peaks = a.max(axis=0).astype(np.int32).reshape(-1, 2, 1)
    can_saturate = ((peaks * weights.clip(min=0)).sum(1) > HIGHEST) | ((peaks * weights.clip(max=0)).sum(1) < LOWEST)
    loss = np.zeros((len(a), b.shape[1]))
    for pair in np.flatnonzero(can_saturate.any(axis=1)):
        columns = np.flatnonzero(can_saturate[pair])
        sums = a[:, 2 * pair : 2 * pair + 2].astype(np.int32) @ weights[pair][:, columns]
        loss[:, columns] += sums.clip(LOWEST, HIGHEST) - sums
    return loss


@pytest.fixture(scope="module")
def stages(shipped_int8):
    return cut_stages(onnx.load(str(shipped_int8)))


@pytest.mark.parametrize("voice", [VOICES[0], VOICES[4]], ids=lambda voice: voice.name)
def test_kernels_that_saturate_give_the_logits_of_exact_ones(stages, voice):
    pcm = generated_pcm(voice)[:16_000]
    centred, weight = open_session(stages.statistics.SerializeToString(), 1).run([CENTRED, FIRST_WEIGHT], {"pcm": pcm[None]})
    logits = []
    for product in (MatMulInteger, SaturatingProduct):
        front_end, context = (ReferenceEvaluator(stage, new_ops=[product]) for stage in (stages.front_end, stages.context))
        (features,) = front_end.run([CHUNK_FEATURES], {CHUNK: centred, FIRST_WEIGHT: weight})
        logits.append(context.run(["logits"], {FEATURES: features})[0])
    np.testing.assert_allclose(logits[1], logits[0], atol=NO_MORE_THAN_ROUNDING)


def test_a_pair_of_large_products_saturates_and_a_small_one_does_not():
    a, b = np.array([[255, 255, 1, 1]], np.uint8), np.array([[127], [127], [127], [127]], np.int8)
    np.testing.assert_array_equal(saturation_loss(a, b), [[HIGHEST - 2 * 255 * 127]])
    np.testing.assert_array_equal(saturation_loss(a, -b), [[LOWEST + 2 * 255 * 127]])
