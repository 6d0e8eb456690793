"""Weights folders in transformers' own pipeline."""

import numpy as np
import pytest
import torch
import transformers

from model_builder import EmotionPredictor
from model_builder.models.card import SHIPPED
from model_builder.models.checkpoint import load_weights
from model_builder.models.hubert import ChannelsLastHubert
from tests.recordings import speech_like


@pytest.mark.parametrize("which", ["saved", "shipped"])
def test_the_pipeline_of_transformers_gives_the_logits_of_the_predictor(which, small_weights):
    """Of the recording over the noise floor where the network has one: only this project's code adds it."""
    folder = small_weights if which == "saved" else SHIPPED
    classify = transformers.pipeline("audio-classification", model=str(folder), device="cpu")
    network = ChannelsLastHubert(load_weights(folder))
    predictor = EmotionPredictor(folder)
    for duration_s in (0.5, 3.0):
        pcm = speech_like(duration_s)
        over_floor = network.over_noise_floor(torch.from_numpy(pcm)[None])[0].numpy()
        recording = {"raw": over_floor.copy(), "sampling_rate": 16_000}  # which the pipeline empties
        scores = {answer["label"]: answer["score"] for answer in classify(recording, top_k=None, function_to_apply="none")}
        expected = predictor.predict(pcm, 16_000)
        np.testing.assert_allclose([scores[label] for label in expected.labels], expected.logits, atol=2e-4)
