"""Generated clips and tiny networks: nothing here comes from a corpus."""

from pathlib import Path

import numpy as np
import torch
from transformers import HubertConfig, HubertForSequenceClassification

from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.models.hubert import distilhubert_config
from tests.recordings import speech_like


def generated_clips(count: int, corpus: str = "generated") -> list[Clip]:
    """Four clips a speaker, one of each class; angry is the quietest, sad the loudest."""
    return [
        Clip(
            Utterance(Path(f"{index}.wav"), corpus, f"{corpus}:{index // 4}", LABELS[index % 4]),
            (speech_like(1.5, seed=index, level=0.05 + 0.1 * (index % 4)) * 32767).astype(np.int16),
        )
        for index in range(count)
    ]


def tiny_config() -> HubertConfig:
    """A tenth of DistilHuBERT's width."""
    config = distilhubert_config()
    config.conv_dim = (32,) * 7
    config.hidden_size, config.intermediate_size, config.num_attention_heads = 64, 64, 4
    config.num_conv_pos_embedding_groups = 4
    return config


def tiny_model() -> HubertForSequenceClassification:
    torch.manual_seed(0)
    return HubertForSequenceClassification(tiny_config()).eval()
