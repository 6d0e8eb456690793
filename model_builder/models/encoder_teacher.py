"""Frozen speech encoders of transformers as teachers: Whisper, HuBERT, wav2vec 2.0 and WavLM."""

import math
from typing import Any

import librosa
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedModel

from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.errors import UserError
from model_builder.models.checkpoint import absent_weights
from model_builder.models.hub_source import hub_source
from model_builder.models.hubert import HOP_SAMPLES, normalised

WHISPER = "whisper"  # its type in transformers
DISTILLED_SHARES = (1 / 3, 2 / 3, 1.0)  # of the teacher's depth: layers 2, 4 and 6 of Whisper base, 4, 8 and 12 of HuBERT base
TRAILING_SILENCE_S = 0.5  # Whisper was trained on padded speech: its last frames look for the end
RMS = 0.05
UNPADDED_SAMPLES = 80  # a frame of wav2vec 2.0's convolutions spans 400 samples, one every 320


def distilled_layers(depth: int) -> list[int]:
    """Which layers of a teacher are learnt from, counted from 1.

    >>> distilled_layers(12), distilled_layers(24)
    ([4, 8, 12], [8, 16, 24])
    """
    return sorted({max(1, round(share * depth)) for share in DISTILLED_SHARES})


def layer_loss(guess: Tensor, target: Tensor) -> Tensor:
    """Mean over frames of the mean absolute difference less the log of the sigmoid of the cosine; both (..., frames, width).

    Source: Chang et al. 2022, arXiv 2110.01900, equation 1.
    """
    return (guess - target).abs().mean() - F.logsigmoid(F.cosine_similarity(guess, target, dim=-1)).mean()


def load_teacher(source: str) -> PreTrainedModel:
    """A pretrained encoder in float32 and evaluation mode, at rest. source: a local folder or a hub name.

    Raises UserError where it cannot be loaded, or lacks weights, which would start as random ones.
    """
    try:
        name, revision = hub_source(source)
        model, found = AutoModel.from_pretrained(
            name, revision=revision, trust_remote_code=False, dtype=torch.float32, output_loading_info=True
        )
    except Exception as error:  # safetensors, the unpickler and transformers raise many types for a damaged file
        reason = str(error).partition("\n")[0]
        raise UserError(f"--teacher {source}: cannot be loaded ({reason}); give a local folder or a name on the hub") from error
    of_encoder = "encoder." if model.config.model_type == WHISPER else ""  # Whisper's decoder teaches nothing
    if absent := absent_weights(name for name in found["missing_keys"] if name.startswith(of_encoder)):
        raise UserError(f"--teacher {source}: is not all of a {model.config.model_type} encoder: {absent}; give another")
    teacher: PreTrainedModel = model.eval().requires_grad_(False)
    return teacher


def gives_frames_of_pcm(model: PreTrainedModel) -> bool:
    """Whether it makes a frame of every 320 samples of raw PCM, as HuBERT, wav2vec 2.0 and WavLM do."""
    return math.prod(getattr(model.config, "conv_stride", ())) == HOP_SAMPLES and hasattr(model, "feature_extractor")


class WhisperMel(nn.Module):
    """The log-mel spectrum that Whisper's encoder was trained on, of any length: pcm (batch, samples) -> (batch, mels, samples / 160).

    Source: Radford et al. 2022, arXiv 2212.04356, section 2.2, and transformers' WhisperFeatureExtractor.
    """

    filters: Tensor
    window: Tensor

    def __init__(self, mels: int):
        super().__init__()
        filters = librosa.filters.mel(sr=SAMPLE_RATE_HZ, n_fft=400, n_mels=mels)
        self.register_buffer("filters", torch.from_numpy(filters))
        self.register_buffer("window", torch.hann_window(400))

    def forward(self, pcm: Tensor) -> Tensor:
        spectrum = torch.stft(pcm, 400, 160, window=self.window, return_complex=True)[..., :-1]
        power = self.filters @ (spectrum.real.square() + spectrum.imag.square())
        log_power = power.clamp_min(1e-10).log10()
        floored = log_power.maximum(log_power.amax(dim=(1, 2), keepdim=True) - 8.0)
        return (floored + 4.0) / 4.0


class FrozenEncoder(nn.Module):
    """pcm (batch, samples), 16 kHz -> hidden states of the taught layers, float32, (batch, frames, layers * width), 50 frames a second.

    source: a local folder or a hub name, as in `hub_source`. Raises UserError where it cannot be loaded, or gives other frames.
    """

    def __init__(self, source: str):
        super().__init__()
        model: Any = load_teacher(source)
        self.is_whisper = model.config.model_type == WHISPER
        if self.is_whisper:
            self.encoder: Any = model.encoder
            self.mel = WhisperMel(model.config.num_mel_bins)
            depth, self.width = model.config.encoder_layers, int(model.config.d_model)
        elif gives_frames_of_pcm(model):
            self.encoder = model
            depth, self.width = model.config.num_hidden_layers, int(model.config.hidden_size)
        else:
            raise UserError(f"--teacher {source}: is of type {model.config.model_type}; give Whisper, HuBERT, wav2vec 2.0 or WavLM")
        self.layers = distilled_layers(depth)

    @torch.no_grad()
    def forward(self, pcm: Tensor) -> Tensor:
        states = self.whisper_states(pcm) if self.is_whisper else self.encoder(normalised(pcm), output_hidden_states=True).hidden_states
        return torch.cat([states[layer].float() for layer in self.layers], dim=-1)

    def frames_of(self, samples: int) -> int:
        """How many frames it gives for so many samples: Whisper pads the edges, the others' convolutions do not."""
        return samples // HOP_SAMPLES if self.is_whisper else (samples - UNPADDED_SAMPLES) // HOP_SAMPLES

    def whisper_states(self, pcm: Tensor) -> list[Tensor]:
        """As transformers' WhisperEncoder, but of the length that the recording has instead of 30 s; the silence's frames are dropped.

        Raises UserError for a recording that is longer than the encoder has positions.
        """
        encoder, frames = self.encoder, pcm.shape[1] // HOP_SAMPLES
        level = pcm.square().mean(dim=1, keepdim=True).sqrt()
        padded = F.pad(pcm * (RMS / (level + 1e-5)), (0, int(TRAILING_SILENCE_S * SAMPLE_RATE_HZ)))
        hidden = F.gelu(encoder.conv2(F.gelu(encoder.conv1(self.mel(padded))))).transpose(1, 2)     # (batch, frames + 25, width)
        positions = encoder.embed_positions.weight
        if hidden.shape[1] > len(positions):
            raise UserError(f"a recording of {pcm.shape[1] / SAMPLE_RATE_HZ:.1f} s is longer than the teacher takes; cut it")
        hidden = hidden + positions[: hidden.shape[1]]
        states = [hidden]
        for layer in encoder.layers:
            hidden = layer(hidden, None, layer_head_mask=None)[0]
            states.append(hidden)
        states[-1] = encoder.layer_norm(hidden)
        return [state[:, :frames] for state in states]
