"""The network in float32 as transformers computes it: what every exported, quantized or rewritten one is compared with."""

import numpy as np
import torch

from model_builder.audio.reading import Pcm
from model_builder.inference.prediction import WindowAnswer
from model_builder.models.arousal_valence_head import head_of
from model_builder.models.hubert import SpeechClassifier, normalised, over_noise_floor


def torch_answer(model: SpeechClassifier, pcm: Pcm) -> WindowAnswer:
    """The answer to one window by transformers' own layers on normalised PCM: the reference for all others."""
    head = head_of(model)
    with torch.inference_mode():
        over_floor = over_noise_floor(torch.from_numpy(pcm)[None], model.config)
        pooled = model.projector(model.base_model(normalised(over_floor))[0]).mean(dim=1)    # (1, 256)
        logits = model.classifier(pooled)[0].numpy()
        return WindowAnswer(logits, None if head is None else head(pooled)[0].numpy())


def torch_logits(model: SpeechClassifier, pcm: Pcm) -> np.ndarray:
    """The logits of that answer alone, float32 (labels,)."""
    return torch_answer(model, pcm).logits
