"""DistilHuBERT's convolutional front end, from a filter bank to frames that hold the log-mel spectrum.

Emotion labels teach it very slowly; the spectrum of generated sound is a dense target that no corpus is needed for. A linear
regression from the frames has to find the spectrum; the regression is then dropped.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import HubertForSequenceClassification

from model_builder.audio.generated_voice import generated_sound
from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.errors import UserError
from model_builder.fitting.batches import CropBatches
from model_builder.fitting.data_parallel import training_processes
from model_builder.fitting.precision import Precision
from model_builder.fitting.random_streams import Purpose, stream
from model_builder.fitting.same_run import require_same
from model_builder.fitting.trainer import FitPlan, Report, run_stage
from model_builder.models.channel_pruning import convolutions, kept_channels, pruned_copy, restore_pruned
from model_builder.models.checkpoint import load_encoder, write_tensors
from model_builder.models.hubert import ChannelsLastHubert, strided_product
from model_builder.models.log_mel import LogMel
from model_builder.pretraining.fake_quantization import fake_quantize_activations, fake_quantize_weights
from model_builder.pretraining.filter_bank import set_filter_bank
from model_builder.pretraining.spectrum_target import relative_error, spectrum_target

SOUNDS_AN_EPOCH = 1600
PEAK_LEARNING_RATE = 1.5e-4
FROZEN_LAYERS = 4


class GeneratedBatches(CropBatches):
    """Generated sound where others have clips, new in every epoch. Item: pcm float32 (batch, samples), and labels of no meaning."""

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        if not 0 <= index < len(self):
            raise IndexError(index)
        rng = stream(Purpose.GENERATED_SOUND, self.seed, self.epoch, index)
        samples = int(10 * rng.uniform(*self.crop_s)) * SAMPLE_RATE_HZ // 10
        sounds = [generated_sound(samples, int(rng.integers(2**32)), self.plan) for _ in range(self.batch_clips)]
        return torch.from_numpy(np.stack(sounds)), torch.zeros(self.batch_clips, dtype=torch.int64)


class FrontEnd(nn.Module):
    """A filter bank that learns, with its regression: pcm (batch, samples) -> guessed spectra (batch, frames, 128).

    The layers that only carry signals rest; channels that carry none are left out, which saves nine tenths of the work. It learns with
    8 bits, because a spectrum out of differences of large numbers would not survive them.
    """

    def __init__(self, model: HubertForSequenceClassification, seed: int):
        super().__init__()
        self.to_spectrum = set_filter_bank(model, seed)
        self.hubert = ChannelsLastHubert(pruned_copy(model))
        hubert: Any = self.hubert.model.hubert
        hubert.encoder = nn.Identity()  # checkpoints and averages are of the convolutions only
        self.hubert.requires_grad_(False)
        convolutions(self.hubert.model)[FROZEN_LAYERS:].requires_grad_(True)

    def forward(self, pcm: Tensor) -> Tensor:
        hidden = fake_quantize_activations(self.hubert.convolutions(pcm, 1))
        for layer in convolutions(self.hubert.model)[1:]:
            hidden = fake_quantize_activations(F.gelu(strided_product(hidden, fake_quantize_weights(layer.conv.weight))))
        spectra: Tensor = self.to_spectrum(hidden)
        return spectra.float()


def trained_front_end(epochs: int, seed: int, folder: Path, report: Report, precision: Precision = "float32") -> dict[str, Tensor]:
    """Weights of the feature extractor, from `folder / "front_end.safetensors"`, which is trained and written where it is missing.

    Raises UserError where the file there is of other settings, says none, or cannot be read.
    """
    finished = folder / "front_end.safetensors"
    settings = {"front_end_epochs": epochs, "seed": seed, "precision": precision}
    if not finished.is_file():
        torch.manual_seed(seed)
        model, log_mel = load_encoder("scratch"), LogMel()
        network = FrontEnd(model, seed)
        live = kept_channels(model)

        def spectrum_loss(pcm: Tensor, labels: Tensor, progress: float) -> Tensor:
            with torch.no_grad():
                spectra = spectrum_target(log_mel.to(pcm.device), pcm)
            return relative_error(network(pcm), spectra)

        plan = FitPlan(
            epochs, 16, PEAK_LEARNING_RATE, crop_s=(0.8, 2.0), seed=seed, weight_decay=0.0, averaging=0.99, precision=precision
        )
        network = run_stage(
            "front_end", network, spectrum_loss, range(SOUNDS_AN_EPOCH), plan, folder, report, batches_of=GeneratedBatches
        )
        for layer in convolutions(network.hubert.model)[1:]:  # what it learned with, not what lies near it
            layer.conv.weight.data = fake_quantize_weights(layer.conv.weight.data)
        restore_pruned(network.hubert.model, model, live)
        weights = model.hubert.feature_extractor.state_dict()
        if training_processes().is_first:
            tensors = {name: tensor.cpu().contiguous() for name, tensor in weights.items()}
            write_tensors(tensors, finished, {"settings": json.dumps(settings)})
        training_processes().wait()
    try:
        with safe_open(finished, framework="pt") as file:
            stored = (file.metadata() or {}).get("settings")
        if stored is None:
            raise UserError(f"{finished}: does not say of which settings it is; delete it to train the front end again")
        require_same(finished, json.loads(stored), settings)
        return load_file(finished)
    except SafetensorError as error:
        raise UserError(f"{finished}: cannot be read ({error}); delete it to train the front end again") from error
