"""DistilHuBERT for four emotions, from raw PCM to logits.

`HubertForSequenceClassification` of transformers owns the parameters; `ChannelsLastHubert` computes the same function with
every strided convolution as a reshape and one matrix product, which trains faster on a CPU and is what
the int8 export needs.
"""

from functools import lru_cache
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import HubertConfig, HubertForSequenceClassification, PretrainedConfig, Wav2Vec2ForSequenceClassification
from transformers.models.hubert.modeling_hubert import HubertEncoder
from transformers.models.wav2vec2.modeling_wav2vec2 import Wav2Vec2Encoder

from model_builder.audio.noise import coloured_noise_below
from model_builder.audio.reading import Pcm
from model_builder.corpora.utterance import LABELS

HOP_SAMPLES = 320

FIRST_KERNEL, FIRST_STRIDE = 10, 5
NOISE_SLOPE_DB_PER_OCTAVE = -3.0  # pink, as speech is
NOISE_SAMPLES = 65_536
VARIANCE_FLOOR = 1e-7  # of Wav2Vec2FeatureExtractor's zero-mean unit-variance normalisation

SpeechClassifier = HubertForSequenceClassification | Wav2Vec2ForSequenceClassification


def distilhubert_config() -> HubertConfig:
    """DistilHuBERT's architecture (Chang et al. 2022, arXiv 2110.01900; `ntu-spml/distilhubert`) with a head for `LABELS`.

    2 transformer layers, 768 wide, group norm in the first convolution, no bias in the convolutions; 23.7 M parameters.
    """
    return HubertConfig(
        num_hidden_layers=2,
        conv_bias=False,
        feat_extract_norm="group",
        feat_proj_layer_norm=False,
        feat_proj_dropout=0.0,
        apply_spec_augment=False,
        mask_time_prob=0.0,
        layerdrop=0.0,
        attention_dropout=0.0,  # and activations': augmentation regularises; their masks took 7 % of a step
        activation_dropout=0.0,
        classifier_proj_size=256,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: index for index, label in enumerate(LABELS)},
    )


def require_channels_last(config: PretrainedConfig) -> None:
    """Raises ValueError where a network of `config` is none that `ChannelsLastHubert` computes."""
    kernels, strides = tuple(config.conv_kernel), tuple(config.conv_stride)
    if config.feat_extract_norm != "group" or config.conv_bias or config.feat_extract_activation != "gelu":
        raise ValueError("channels-last needs a group-norm feature extractor with GELU and without convolution bias")
    if (kernels[0], strides[0]) != (FIRST_KERNEL, FIRST_STRIDE) or set(strides[1:]) != {2} or not set(kernels[1:]) <= {2, 3}:
        raise ValueError(f"channels-last needs wav2vec 2.0's kernels and strides, not {kernels} and {strides}")
    if config.use_weighted_layer_sum:
        raise ValueError("channels-last reads the last layer; use_weighted_layer_sum is not supported")


class ChannelsLastHubert(nn.Module):
    """Logits of a `HubertForSequenceClassification` or `Wav2Vec2ForSequenceClassification`, computed channels last from raw PCM.

    Shares the model's parameters. Exact up to rounding (5e-6 in float32), for group-norm feature extractors without convolution bias
    and with the kernels of wav2vec 2.0 (10, 3, 3, 3, 3, 2, 2; strides 5, 2, ...); raises ValueError for any other.
    Where the model's config has a `noise_floor_snr_db`, logits and features outside training are those of `over_noise_floor`.
    """

    def __init__(self, model: SpeechClassifier):
        super().__init__()
        require_channels_last(model.config)
        self.model = cast(HubertForSequenceClassification, model)  # both have all parts that are used here and behind it

    def forward(self, pcm: Tensor) -> Tensor:
        """pcm: float, shape (batch, samples), 16 kHz, in [-1, 1), at least 400 samples. Returns logits, shape (batch, labels)."""
        return self.classify(self.encode(self.front_end(self.over_noise_floor(pcm))))

    def over_noise_floor(self, pcm: Tensor) -> Tensor:
        """The function of this name; pcm itself in training, whose augmentation has noise of its own."""
        return pcm if self.model.training else over_noise_floor(pcm, self.model.config)

    def front_end(self, pcm: Tensor) -> Tensor:
        """pcm: (batch, samples). Returns the convolutional features, (batch, frames, 512), one frame every 320 samples."""
        return self.convolutions(pcm, len(self._convolutions))

    def convolutions(self, pcm: Tensor, layers: int) -> Tensor:
        """pcm: (batch, samples). Returns what the first `layers` convolutions make of it, (batch, frames, channels)."""
        return self._strided_convolutions(self._first_convolution(pcm, self._convolutions[0]), layers)

    def convolve(self, windows: Tensor, weight: Tensor) -> Tensor:
        """The front end of `first_windows` by a weight of `first_weight`: exact for any part of the recording.

        A part that starts at a multiple of 64 windows gives the frames that it has in the whole, (batch, frames, 512).
        """
        return self._strided_convolutions(windows @ weight)

    @staticmethod
    def first_windows(centred: Tensor) -> Tensor:
        """centred: pcm as `first_weight` gives it. What the first layer multiplies, and a 1 for its bias: (batch, samples / 5 - 1, 11)."""
        return F.pad(_overlapping_frames(centred), (0, 1), value=1.0)

    def first_weight(self, pcm: Tensor) -> tuple[Tensor, Tensor]:
        """pcm: (batch, samples). Returns pcm less its mean, of the same shape, and the first layer's weight for this recording.

        The weight is float32, (batch, 11, 512): input normalisation, convolution and GroupNorm, with the bias as its last row.
        """
        centred, _, scaled, bias = self._first_layer(pcm, self._convolutions[0])
        return centred, torch.cat([scaled, bias], dim=1).float()

    @property
    def _encoder(self) -> Any:
        """HubertModel or Wav2Vec2Model; as Any, since a module's parts are typed as tensors or modules."""
        return self.model.base_model

    @property
    def _has_plain_encoder(self) -> bool:
        config, plain = self.model.config, type(self._encoder.encoder) in (HubertEncoder, Wav2Vec2Encoder)
        return plain and config.layerdrop == 0 and not getattr(config, "conv_pos_batch_norm", False)

    @property
    def _convolutions(self) -> Any:
        return self._encoder.feature_extractor.conv_layers

    def _strided_convolutions(self, x: Tensor, layers: int | None = None) -> Tensor:
        """x: (batch, frames, 512), what the first layer gives before its GELU."""
        x = F.gelu(x)
        for layer in self._convolutions[1:layers]:
            x = F.gelu(strided_product(x, layer.conv.weight))     # (batch, frames / 2, 512)
        return x

    def encode(self, features: Tensor) -> Tensor:
        """features: (batch, frames, 512). Returns the transformer's last hidden states, (batch, frames, 768)."""
        return self.transform(self.project(features))

    def project(self, features: Tensor) -> Tensor:
        """features: (batch, frames, 512). Returns what the transformer takes, (batch, frames, 768); each frame follows from its own."""
        projected: Tensor | tuple[Tensor, Tensor] = self._encoder.feature_projection(features)
        return projected[0] if isinstance(projected, tuple) else projected  # wav2vec 2.0's gives the normalised features too

    def transform(self, projected: Tensor) -> Tensor:
        """projected: (batch, frames, 768). Returns the transformer's last hidden states, of the same shape."""
        encoder = self._encoder.encoder
        if not self.model.training or not self._has_plain_encoder:
            last: Tensor = encoder(projected)[0]
            return last
        hidden: Tensor = encoder.dropout(encoder.layer_norm(projected + positions_by_spectrum(projected, encoder.pos_conv_embed)))
        for layer in encoder.layers:
            hidden = layer(hidden)[0]
        return hidden

    def classify(self, hidden: Tensor) -> Tensor:
        """hidden: (batch, frames, 768). Returns logits, (batch, labels)."""
        logits: Tensor = self.model.classifier(self.pool(hidden))
        return logits

    def pool(self, hidden: Tensor) -> Tensor:
        """hidden: (batch, frames, 768). Returns what the classifier and any head beside it see, (batch, 256)."""
        projected: Tensor = self.model.projector(hidden)
        return projected.mean(dim=1)

    def features(self, pcm: Tensor) -> Tensor:
        """`pool` of pcm, (batch, samples)."""
        return self.pool(self.encode(self.front_end(self.over_noise_floor(pcm))))

    @staticmethod
    def _first_layer(pcm: Tensor, layer: Any) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Input normalisation, first convolution and GroupNorm as one weight that follows from the recording.

        GroupNorm has one group a channel, so its mean and variance over time follow from the mean and the 10 x 10 covariance of
        the frames: mean = mu W, variance = w' C w. Normalising the input divides both by the utterance's variance, which leaves
        only GroupNorm's epsilon to be scaled. float64, because the variance of quiet channels is a difference of large numbers.
        Returns pcm less its mean, float32, (batch, samples), and float64: the frames less their mean, (batch, frames, 10), the weight,
        (batch, 10, 512), and the bias, (batch, 1, 512), of the frames with their mean.
        """
        with torch.autocast(pcm.device.type, enabled=False):
            deviation = pcm.double() - pcm.double().mean(dim=1, keepdim=True)
            pcm = deviation.float()  # an offset far above the signal would cost the product its digits
            wide = _overlapping_frames(pcm).double()
            mean = wide.mean(dim=1, keepdim=True)                                          # (batch, 1, 10)
            centred = wide - mean
            covariance = centred.transpose(1, 2) @ centred / centred.shape[1]              # (batch, 10, 10)
            weight = layer.conv.weight[:, 0, :].t().double()                               # (10, 512)
            variance = ((covariance @ weight) * weight).sum(dim=1, keepdim=True)           # (batch, 1, 512)
            utterance_variance = (deviation * deviation).mean(dim=1)[:, None, None] + VARIANCE_FLOOR
            norm = layer.layer_norm
            gain = norm.weight.double() * torch.rsqrt(variance + norm.eps * utterance_variance)
            scaled = weight * gain                                                         # (batch, 10, 512)
            bias = norm.bias.double() - mean @ scaled                                      # (batch, 1, 512)
        return pcm, centred, scaled, bias

    def _first_convolution(self, pcm: Tensor, layer: Any) -> Tensor:
        centred_pcm, centred, scaled, bias = self._first_layer(pcm, layer)
        if torch.is_autocast_enabled(pcm.device.type):
            # bf16 has 8 bits of mantissa: take the mean off the frames rather than off the products.
            norm_bias: Tensor = layer.layer_norm.bias
            return torch.bmm(centred.float(), scaled.float()) + norm_bias.to(torch.get_autocast_dtype(pcm.device.type))
        return _overlapping_frames(centred_pcm) @ scaled.float() + bias.float()


def _overlapping_frames(pcm: Tensor) -> Tensor:
    """The first convolution's windows, 10 samples every 5: (batch, samples) to (batch, samples / 5, 10)."""
    batch, samples = pcm.shape
    blocks = pcm[:, : samples // FIRST_STRIDE * FIRST_STRIDE].reshape(batch, -1, FIRST_STRIDE)
    return torch.cat([blocks[:, :-1], blocks[:, 1:]], dim=-1)


def over_noise_floor(pcm: Tensor, config: PretrainedConfig) -> Tensor:
    """pcm over the fixed noise that `config` asks for by its `noise_floor_snr_db`; pcm itself where it asks for none.

    pcm: (batch, samples), as is the result. How far a room's noise lies below a voice tells how loud that was, and with other
    microphones something else: over a floor that is always there a network cannot read it.
    """
    if (snr_db := getattr(config, "noise_floor_snr_db", None)) is None:
        return pcm
    samples, wide = pcm.shape[1], pcm.double()  # float32 sums differ between processors, and 8 bits make that a step
    deviation = wide - wide.mean(dim=1, keepdim=True)
    level = deviation.square().mean(dim=1, keepdim=True).sqrt()
    noise = torch.from_numpy(fixed_noise(snr_db)).to(pcm.device).repeat(samples // NOISE_SAMPLES + 1)[:samples]
    return (wide + level * noise.double()).float()


def with_noise_floor_of(model: HubertForSequenceClassification, snr_db: float | None) -> HubertForSequenceClassification:
    """`model`, whose config says from here on which floor `ChannelsLastHubert` puts below recordings, or that it puts none."""
    if snr_db is not None:
        model.config.noise_floor_snr_db = snr_db
    elif hasattr(model.config, "noise_floor_snr_db"):
        del model.config.noise_floor_snr_db
    return model


@lru_cache(maxsize=4)
def fixed_noise(snr_db: float) -> Pcm:
    """Pink noise, the same in every process, `snr_db` below a level of 1: float32, (NOISE_SAMPLES,); longer recordings repeat it."""
    return coloured_noise_below(snr_db, NOISE_SAMPLES, NOISE_SLOPE_DB_PER_OCTAVE, np.random.default_rng(0))


def normalised(pcm: Tensor) -> Tensor:
    """pcm: (batch, samples). Zero mean and unit variance of each clip, as transformers' own networks want their input; float32."""
    wide = pcm.double()
    deviation = wide - wide.mean(dim=1, keepdim=True)
    return (deviation / torch.sqrt(wide.var(dim=1, unbiased=False, keepdim=True) + VARIANCE_FLOOR)).float()


def strided_product(x: Tensor, weight: Tensor) -> Tensor:
    """A convolution of stride 2 over time as one matrix product.

    x: (batch, frames, channels); weight: (out, channels, 2 or 3) as nn.Conv1d has it. Returns (batch, (frames - kernel) // 2 + 1, out).
    """
    channels, kernel = weight.shape[1:]  # of the weight, not of x: constants when traced for export
    # Ends counted from behind fit odd and even numbers of frames alike, so that an exported file computes no lengths.
    taps = [x[:, tap : (tap + 1 - kernel) or None : 2] for tap in range(kernel)]                # each (batch, count, channels)
    return F.linear(torch.cat(taps, dim=-1), weight.permute(0, 2, 1).reshape(weight.shape[0], kernel * channels))


def positions_by_spectrum(x: Tensor, embedding: Any) -> Tensor:
    """What transformers' convolutional positional embedding makes of `x`, (batch, frames, channels), by a product of spectra.

    The same but for rounding, in float32. Forward and backward of 128 taps take a CPU 0.4 of the convolution's time in bf16.
    """
    convolution = embedding.conv
    (batch, frames, channels), groups, taps = x.shape, convolution.groups, convolution.kernel_size[0]
    width = channels // groups
    size = -(-(frames + taps) // 16) * 16
    with torch.autocast(x.device.type, enabled=False):
        padded = F.pad(x.float(), (0, 0, convolution.padding[0], 0))
        spectrum = torch.fft.rfft(padded, size, dim=1)                                            # (batch, bins, channels)
        weight = torch.fft.rfft(convolution.weight.float(), size, dim=2)                       # (channels, width, bins)
        bins = spectrum.shape[1]
        spectrum = spectrum.reshape(batch, bins, groups, width).permute(1, 2, 0, 3).reshape(bins * groups, batch, width)
        weight = weight.reshape(groups, width, width, bins).permute(3, 0, 2, 1).reshape(bins * groups, width, width)
        product = torch.bmm(spectrum, weight.conj()).reshape(bins, groups, batch, width).permute(2, 0, 1, 3)
        positions = torch.fft.irfft(product.reshape(batch, bins, channels), size, dim=1)[:, :frames] + convolution.bias
    embedded: Tensor = embedding.activation(positions)
    return embedded
