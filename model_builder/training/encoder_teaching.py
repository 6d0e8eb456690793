"""A frozen speech encoder teaches: heads on its states learn emotions, and the student learns the states and the heads' answers.

Hinton et al. 2015, arXiv 1503.02531 (posteriors); Chang et al. 2022, arXiv 2110.01900 (states, as DistilHuBERT was made).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.audio.noise import coloured_noise_below
from model_builder.corpora.splits import speakers_of
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS, vote_shares
from model_builder.fitting.batches import CropBatches
from model_builder.fitting.random_streams import Purpose, stream
from model_builder.models.encoder_teacher import layer_loss
from model_builder.models.hubert import HOP_SAMPLES
from model_builder.models.teacher_head import TeacherHead
from model_builder.training.distillation import POSTERIOR_TEMPERATURE, Student, TargetWeights
from model_builder.training.renditions import Renditions

PARTS = 3
"""Of the training speakers; each has a head that learns from the other two parts, for posteriors of voices that are new to it."""

EVERYDAY_SPEECH = (0.05, 0.15, 0.5, 0.3)
"""What a clip counts as, by `LABELS`, that a corpus takes as neutral although nobody labelled it.

As neutral alone it teaches that a voice over any other microphone than the labelled corpus's is neutral: sad voices of other corpora were
then found in 4 % instead of 54 % (RAVDESS's actors 1 to 6, Whisper base).
"""

SILENCE_SHARE = 0.5
VOICE_SHARE = (0.4, 0.95)
MASKING_SNR_DB, MASKING_SLOPE_DB_PER_OCTAVE = (12.0, 26.0), (-4.5, -1.5)  # about the floor that the exported network adds itself
FLOOR_SNR_DB, FLOOR_SLOPE_DB_PER_OCTAVE = (20.0, 70.0), (-6.0, 3.0)

STATISTICS_STRIDE = 7  # every seventh clip is enough for means and deviations of channels
CLIPS_A_STEP = 64


@dataclass(frozen=True)
class TaughtTargets:
    """What is known of the crops of one batch, in their order.

    labels: int64, (batch,); the first label where `is_labelled`, float32 (batch,), is 0.
    label_shares: float32, (batch, labels), what the heads learn. vote_shares: float32, (batch, 2, 6).
    posterior: float32, (batch, labels), of heads that do not know the speaker. states: float16, (batch, frames, channels), of the frames
        of the crop from `first_frame` on.
    """

    labels: Tensor
    is_labelled: Tensor
    label_shares: Tensor
    vote_shares: Tensor
    posterior: Tensor
    states: Tensor
    first_frame: int = 0

    def to(self, device: torch.device) -> "TaughtTargets":
        return TaughtTargets(
            self.labels.to(device),
            self.is_labelled.to(device),
            self.label_shares.to(device),
            self.vote_shares.to(device),
            self.posterior.to(device),
            self.states.to(device),
            self.first_frame,
        )


class RenditionBatches(CropBatches):
    """Item: pcm float32 (batch_clips, samples) and `TaughtTargets`; an epoch takes one rendition of every clip.

    posteriors: float32, (renditions, clips, labels), in the order of `clips`; None while the heads learn.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        batch_clips: int,
        crop_s: tuple[float, float],
        seed: int,
        epoch: int,
        plan: AugmentationPlan | None = None,
        *,
        renditions: Renditions,
        posteriors: np.ndarray | None = None,
    ):
        super().__init__(clips, batch_clips, crop_s, seed, epoch, plan)
        self.rendition = epoch % len(renditions)
        self.renditions, self.posteriors, self.rows = renditions, posteriors, renditions.rows_of(clips)

    def __getitem__(self, index: int) -> tuple[Tensor, TaughtTargets]:
        places = self.places(index)
        clips, rows = [self.clips[place] for place in places], [self.rows[place] for place in places]
        posterior = np.zeros((len(rows), len(LABELS)), np.float32) if self.posteriors is None else self.posteriors[self.rendition, places]
        rendition = self.renditions[self.rendition]
        targets = TaughtTargets(
            torch.tensor([LABELS.index(clip.utterance.emotion) if is_labelled(clip) else 0 for clip in clips]),
            torch.tensor([float(is_labelled(clip)) for clip in clips]),
            label_shares(clips),
            torch.from_numpy(vote_shares([clip.utterance for clip in clips])),
            torch.from_numpy(posterior),
            rendition.states_of(rows),
        )
        if self.posteriors is None:
            return rendition.crops(rows), targets
        rng = stream(Purpose.SILENCE, self.seed, self.epoch, index)
        return in_silence(rendition.crops(rows), targets, rng, self.plan.masking_floor_probability)


def in_silence(pcm: Tensor, targets: TaughtTargets, rng: np.random.Generator, masked_share: float) -> tuple[Tensor, TaughtTargets]:
    """What the student gets in place of the teacher's crops: now and then a part of them between silences, over a noise floor.

    Networks take recordings at unit variance, so silence before and after a voice makes it louder, which sounds like anger. Posterior
    and states are still those of the voice alone. masked_share: of the floors, those so high that they hide the recording's own.
    pcm: float32, (batch, samples); the result has the same shape.
    """
    samples = pcm.shape[1]
    frames = targets.states.shape[1]
    kept = frames
    if rng.random() < SILENCE_SHARE:
        kept = max(1, int(frames * rng.uniform(*VOICE_SHARE)))
    begin, place = int(rng.integers(frames - kept + 1)), int(rng.integers(frames - kept + 1))
    voice = pcm[:, begin * HOP_SAMPLES : (begin + kept) * HOP_SAMPLES] if kept < frames else pcm
    level = voice.square().mean(dim=1, keepdim=True).sqrt()
    padded = F.pad(voice, (place * HOP_SAMPLES, samples - place * HOP_SAMPLES - voice.shape[1])) if kept < frames else voice
    floors = torch.from_numpy(np.stack([noise_floor(samples, rng, masked_share) for _ in range(len(pcm))]))
    return padded + level * floors, replace(targets, states=targets.states[:, begin : begin + kept], first_frame=place)


def noise_floor(samples: int, rng: np.random.Generator, masked_share: float) -> np.ndarray:
    """Of a random level against a voice whose RMS is 1: float32, (samples,)."""
    is_masking = masked_share > 0 and rng.random() < masked_share
    slope = rng.uniform(*(MASKING_SLOPE_DB_PER_OCTAVE if is_masking else FLOOR_SLOPE_DB_PER_OCTAVE))
    snr_db = rng.uniform(*(MASKING_SNR_DB if is_masking else FLOOR_SNR_DB))
    return coloured_noise_below(snr_db, samples, slope, rng)


def is_labelled(clip: Clip) -> bool:
    """Whether the corpus's own label, one of `LABELS`, stands behind the clip."""
    return clip.utterance.emotion in LABELS and not clip.utterance.is_label_assumed


def label_shares(clips: Sequence[Clip]) -> Tensor:
    """float32, (clips, labels), of clips with a label, assumed or not."""
    shares = torch.zeros(len(clips), len(LABELS))
    for row, clip in zip(shares, clips, strict=True):
        if is_labelled(clip):
            row[LABELS.index(clip.utterance.emotion)] = 1.0
        else:
            row[:] = torch.tensor(EVERYDAY_SPEECH)
    return shares


def states_for_statistics(renditions: Renditions, training: Sequence[Clip]) -> Tensor:
    """float16, (clips, frames, channels), of every `STATISTICS_STRIDE`-th training clip."""
    return renditions[0].states_of(sorted(renditions.rows_of(training))[::STATISTICS_STRIDE])


def new_head(renditions: Renditions, training: Sequence[Clip]) -> TeacherHead:
    """An untrained head with the channels' statistics over training clips."""
    states = states_for_statistics(renditions, training).float()
    return TeacherHead(states.mean(dim=(0, 1)), states.std(dim=(0, 1)) + 1e-3)


@torch.no_grad()
def statistics_of_means(head: TeacherHead, renditions: Renditions, training: Sequence[Clip]) -> tuple[Tensor, Tensor]:
    """Mean and deviation over training clips, (channels,) each, of what the standardised states have as mean over time."""
    means = head.standardise(states_for_statistics(renditions, training).to(head.mean.device)).mean(dim=1)
    return means.mean(dim=0), means.std(dim=0, correction=0) + 1e-3


def speaker_parts(clips: Sequence[Clip]) -> list[set[str]]:
    """The speakers, dealt to `PARTS` parts in the order of their names; fewer where there are fewer speakers."""
    speakers = sorted(speakers_of(clips))
    return [set(speakers[part::PARTS]) for part in range(min(PARTS, len(speakers)))]


@torch.no_grad()
def posteriors_of_new_voices(
    heads: Sequence[TeacherHead], parts: Sequence[set[str]], renditions: Renditions, clips: Sequence[Clip]
) -> np.ndarray:
    """float32, (renditions, clips, labels), tempered by `POSTERIOR_TEMPERATURE`: of each clip by the head that did not learn its speaker.

    A speaker who is in no part gets the first head's.
    """
    part_of = {speaker: number for number, part in enumerate(parts) for speaker in part}
    numbers = np.array([part_of.get(clip.utterance.speaker, 0) for clip in clips])
    rows = np.array(renditions.rows_of(clips))
    posteriors = np.zeros((len(renditions), len(clips), len(LABELS)), np.float32)
    for number, head in enumerate(heads):
        device = next(head.parameters()).device
        places = np.flatnonzero(numbers == number)
        places = places[np.argsort(rows[places])]  # files are read in their order
        for rendition in range(len(renditions)):
            for start in range(0, len(places), CLIPS_A_STEP):
                chosen = places[start : start + CLIPS_A_STEP]
                logits = head(renditions[rendition].states_of(rows[chosen].tolist()).to(device))
                posteriors[rendition, chosen] = (logits / POSTERIOR_TEMPERATURE).softmax(dim=1).cpu().numpy()
    return posteriors


class StateDistillationLoss:
    """Callable as `fit` wants it: labels where there are any, the heads' posterior and the encoder's states.

    standardise: states -> float32, (batch, frames, channels). criterion: the loss on labels, of logits (batch, labels) and class
    indices. layers: how many make up the channels. weights: the states are the features. means: as `statistics_of_means` gives them,
    where the states' means over time are a target; None: they are none.

    Between recordings, the mean over time of a standardised channel varies with a deviation of about a quarter: next to what the channel
    does within one, the loss of states hardly asks for it. Yet a linear classifier tells emotions by such means alone. So they are a
    target of their own, standardised once more.
    """

    def __init__(
        self,
        student: Student,
        standardise: Callable[[Tensor], Tensor],
        layers: int,
        criterion: nn.Module,
        weights: TargetWeights,
        means: tuple[Tensor, Tensor] | None = None,
    ):
        self.student, self.standardise, self.layers, self.criterion, self.weights = student, standardise, layers, criterion, weights
        self.means = means

    def __call__(self, pcm: Tensor, targets: TaughtTargets, progress: float) -> Tensor:
        """pcm: (batch, samples)."""
        hidden = self.student.hubert.encode(self.student.hubert.front_end(pcm))
        logits, guess = self.student.hubert.classify(hidden).float(), self.student.to_features(hidden).float()
        posterior_loss = POSTERIOR_TEMPERATURE**2 * F.kl_div(
            F.log_softmax(logits / POSTERIOR_TEMPERATURE, -1), targets.posterior, reduction="batchmean"
        )
        guess, states = of_equal_length(guess[:, targets.first_frame :], self.standardise(targets.states))
        loss = self.weights.posterior * posterior_loss + self.weights.feature * state_loss(guess, states, self.layers)
        if self.means is not None:
            guess, states = (standardised_mean(frames, *self.means) for frames in (guess, states))
            loss = loss + self.weights.mean_feature * state_loss(guess, states, self.layers)
        labelled = targets.is_labelled.bool()
        if labelled.any():
            loss = loss + self.weights.label * self.criterion(logits[labelled], targets.labels[labelled])
        return loss


def standardised_mean(states: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
    """(batch, frames, channels) -> (batch, 1, channels). mean, deviation: as `statistics_of_means` gives them."""
    return (states.mean(dim=1, keepdim=True) - mean) / deviation


def of_equal_length(guess: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Both (batch, frames, channels), less the frames that one has more of at its end."""
    frames = min(guess.shape[1], target.shape[1])
    return guess[:, :frames], target[:, :frames]


def state_loss(guess: Tensor, target: Tensor, layers: int) -> Tensor:
    """Mean of `layer_loss` over layers; (batch, frames, layers * width) both."""
    return layer_loss(guess.unflatten(-1, (layers, -1)), target.unflatten(-1, (layers, -1)))
