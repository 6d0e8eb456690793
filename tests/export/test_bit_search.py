"""The choice of bits: exact, and by what is measured."""

import itertools

import numpy as np
import onnx

from model_builder.export.bit_search import layer_groups, least_error, search_bits
from tests.recordings import speech_like


def test_the_choice_is_the_best_of_all():
    rng = np.random.default_rng(0)
    for _ in range(20):
        savings, errors = rng.integers(1, 100, 7).tolist(), rng.uniform(0.01, 1, 7).tolist()
        excess = int(sum(savings) * 0.4)
        sets = [s for n in range(8) for s in itertools.combinations(range(7), n) if sum(savings[i] for i in s) >= excess]
        best = min(sum(errors[i] ** 2 for i in s) for s in sets)
        chosen = least_error(savings, errors, excess)
        assert sum(saved for saved, take in zip(savings, chosen, strict=True) if take) >= excess
        assert sum(error**2 for error, take in zip(errors, chosen, strict=True) if take) <= best * (1 + 1e-6)


def test_every_layer_is_in_one_group_named_after_its_module(small_onnx):
    groups = layer_groups(onnx.load(str(small_onnx)))
    nodes = [node for group in groups for node in group.nodes]
    assert len(nodes) == len(set(nodes))
    names = [group.name for group in groups]
    assert names[:2] == ["front_end.1", "front_end.2"]
    assert {"encoder.layers.0.attention", "encoder.layers.1.feed_forward", "positional"} <= set(names)


def test_what_fits_with_8_bits_is_not_measured_and_stays(small_onnx):
    bits, search = search_bits(onnx.load(str(small_onnx)), 1_000, lambda bits: 900, [])
    assert set(bits.values()) == {8}
    assert (search.bytes_with_8_bits, search.sensitivities, search.four_bit_groups) == (900, (), ())


def test_a_group_whose_weights_are_already_4_bits_is_chosen_first(small_onnx):
    """A weight of few levels loses nothing: the search has to find it by measuring, for its size is that of others."""
    model = onnx.load(str(small_onnx))
    groups = {group.name: group for group in layer_groups(model)}
    easy = groups["encoder.layers.1.feed_forward"]
    known = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.name in easy.nodes:
            weight = onnx.numpy_helper.to_array(known[node.input[1]])
            known[node.input[1]].CopyFrom(onnx.numpy_helper.from_array(np.sign(weight) * np.float32(0.02), node.input[1]))
    size = lambda bits: 1_000 - 10 * sum(all(bits[node] == 4 for node in group.nodes) for group in groups.values())  # noqa: E731
    _, search = search_bits(model, 990, size, [speech_like(0.5)])
    assert search.four_bit_groups == (easy.name,)
