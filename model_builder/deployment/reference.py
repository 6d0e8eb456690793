"""The network in float32 as transformers computes it: what every exported, quantized or rewritten one is compared with."""

import numpy as np
import torch
from transformers import HubertForSequenceClassification

from model_builder.audio.reading import Pcm
from model_builder.learning.network import VARIANCE_FLOOR


def torch_logits(model: HubertForSequenceClassification, pcm: Pcm) -> np.ndarray:
    """Logits of one window, float32 (labels,), by transformers' own network on normalised PCM: the reference for all others."""
    with torch.inference_mode():
        wide = torch.from_numpy(pcm).double()
        normalised = (wide - wide.mean()) / torch.sqrt(wide.var(unbiased=False) + VARIANCE_FLOOR)
        return model(normalised.float()[None]).logits[0].numpy()
