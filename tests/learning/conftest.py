from pathlib import Path

import pytest
from transformers import HubertConfig, HubertForSequenceClassification

from model_builder.learning.network import distilhubert_config


@pytest.fixture(scope="session")
def encoder(tmp_path_factory) -> Path:
    """A tenth of DistilHuBERT's width: what is tested here does not depend on it."""
    config = HubertConfig(
        **{
            **distilhubert_config().to_dict(),
            "hidden_size": 64,
            "intermediate_size": 64,
            "num_attention_heads": 4,
            "num_conv_pos_embedding_groups": 4,
            "conv_dim": (32,) * 7,
        }
    )
    folder = tmp_path_factory.mktemp("encoder")
    HubertForSequenceClassification(config).save_pretrained(folder)
    return folder
