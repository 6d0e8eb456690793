"""Weights adapted to recordings without labels, and what that is worth on speakers that were not adapted to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from transformers import HubertForSequenceClassification

from model_builder.audio.reading import Pcm
from model_builder.corpora.splits import speakers_of
from model_builder.corpora.survey import Clip, digest_of_samples, hours_of
from model_builder.corpora.unlabelled import RECORDINGS
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.evaluation.bootstrap import Figure, Gain, bootstrap_gain
from model_builder.evaluation.metrics import Scores, score
from model_builder.models.card import (
    BY_STATISTICS,
    is_adapted_by_statistics,
    read_card,
    recordings_adapted_to,
    speakers_adapted_to,
    training_speakers,
)
from model_builder.models.checkpoint import load_weights, save_weights
from model_builder.training.feature_statistics import adapted_to, features_of, statistics_of

OnClip = Callable[[], None]


@dataclass(frozen=True)
class CrossAdaptation:
    """Answers to the clips of one corpus, each by weights adapted to other speakers of it, and by the weights as they were.

    speakers: one a clip; true: int, (clips,); before, after: float, logits, (clips, labels).
    """

    speakers: tuple[str, ...]
    true: np.ndarray
    before: np.ndarray
    after: np.ndarray

    @property
    def scores_before(self) -> Scores:
        return score(self.true, self.before.argmax(axis=1), len(LABELS))

    @property
    def scores_after(self) -> Scores:
        return score(self.true, self.after.argmax(axis=1), len(LABELS))

    def gain(self, figure: Figure) -> Gain:
        return bootstrap_gain(self.true, self.before.argmax(axis=1), self.after.argmax(axis=1), self.speakers, len(LABELS), figure)


def adapt_weights(weights: Path, training: Sequence[Clip], recordings: Sequence[Clip], out: Path, on_clip: OnClip = lambda: None) -> None:
    """Weights whose classifier expects the feature statistics of `recordings`; written to the folder `out`.

    training: clips that `weights` were trained on, see `clips_of_training_speakers`. The results on the card are those of other weights and
    go; it names speakers, where a corpus says who speaks, and digests of the recordings, for `evaluate` to find them again.
    Raises UserError where there are fewer than two of either, where the recordings are nearly one, and for weights that were adapted so
    before: their features are those of the training, and their classifier expects others.
    """
    require_several(training, "clips that the weights were trained on")
    require_several(recordings, "recordings to adapt to")
    model, card = load_weights(weights), read_card(weights)
    before = card.get("training") or {}
    if is_adapted_by_statistics(before):
        raise UserError(f"{weights}: was adapted already, and a second time would be on top; adapt the weights that it was made from")
    known, target = (statistics_of(features_of(model, _pcm(clips), on_clip)) for clips in (training, recordings))
    described = {
        "by": BY_STATISTICS,
        "clips": len(recordings),
        "hours": hours_of(recordings),
        # Training may have been adapted to others, by gradient reversal.
        "speakers": sorted(speakers_adapted_to(before) | speakers_of(clip for clip in recordings if clip.utterance.corpus != RECORDINGS)),
        "recordings": sorted(recordings_adapted_to(before) | {digest_of_samples(clip.pcm) for clip in recordings}),
    }
    card = {**card, "training": {**before, "adapted_to": described}, "results": {}}
    save_weights(adapted_to(target, known, model), out, card)


def clips_of_training_speakers(weights: Path, clips: Sequence[Clip]) -> list[Clip]:
    """The clips of the speakers that the card names as trained on; all of them where it names none."""
    speakers = (read_card(weights).get("training") or {}).get("speakers")
    return [clip for clip in clips if speakers is None or clip.utterance.speaker in speakers]


def cross_adapt(
    weights: Path, training: Sequence[Clip], corpus: Sequence[Clip], on_clip: OnClip = lambda: None
) -> CrossAdaptation:
    """Adapt by the feature statistics of half of the speakers of `corpus`, evaluate the other half, and the reverse.

    The halves are the first and the second in the order of names. Statistics are over all clips of a half, whatever their emotion: no
    label is read for them. HeldOutPredictions are the clips of the four classes. Raises UserError for fewer than two speakers.
    """
    require_several(training, "clips that the weights were trained on")
    is_first = in_first_half(corpus)
    for half in (is_first, ~is_first):
        require_several(half.nonzero()[0].tolist(), "recordings of half of the speakers")
    model = load_weights(weights)
    known = statistics_of(features_of(model, _pcm(training), on_clip))
    features = features_of(model, _pcm(corpus), on_clip)                               # (clips, 256)
    after = np.zeros((len(corpus), len(LABELS)), np.float32)
    for half in (is_first, ~is_first):
        adapted = adapted_to(statistics_of(features[~half]), known, model)
        after[half] = _logits(adapted, features[half])
    return cross_adaptation_of(corpus, _logits(model, features), after)


def compare_adapted(weights: Path, adapted: Sequence[Path], corpus: Sequence[Clip], on_clip: OnClip = lambda: None) -> CrossAdaptation:
    """Evaluate every clip by the folder of `adapted` whose training did not have its speaker, and by `weights`.

    Raises UserError where a speaker trained all of them.
    """
    speakers_of_weights = {folder: set(training_speakers(read_card(folder).get("training") or {}) or ()) for folder in adapted}
    after = np.zeros((len(corpus), len(LABELS)), np.float32)
    chosen = [_weights_without(clip.utterance.speaker, speakers_of_weights) for clip in corpus]
    for folder in adapted:
        model, members = load_weights(folder), [index for index, choice in enumerate(chosen) if choice == folder]
        if members:
            after[members] = _logits(model, features_of(model, _pcm([corpus[index] for index in members]), on_clip))
    model = load_weights(weights)
    return cross_adaptation_of(corpus, _logits(model, features_of(model, _pcm(corpus), on_clip)), after)


def require_several(clips: Sequence[object], what: str) -> None:
    if len(clips) < 2:
        raise UserError(f"{len(clips)} {what}: feature statistics need at least two; give more")


def cross_adaptation_of(corpus: Sequence[Clip], before: np.ndarray, after: np.ndarray) -> CrossAdaptation:
    """Of the answers to all clips those to the four classes; the only place where the labels are read."""
    rows = [index for index, clip in enumerate(corpus) if clip.utterance.emotion in LABELS]
    if not rows:
        raise UserError(f"no recording of {', '.join(LABELS)} to evaluate; give a corpus that has some")
    utterances = [corpus[index].utterance for index in rows]
    true = np.array([LABELS.index(utterance.emotion) for utterance in utterances])
    return CrossAdaptation(tuple(utterance.speaker for utterance in utterances), true, before[rows], after[rows])


def in_first_half(corpus: Sequence[Clip]) -> np.ndarray:
    """bool, (clips,): whether the clip's speaker is in the first half of the names. Raises UserError for fewer than two speakers."""
    speakers = sorted(speakers_of(corpus))
    if len(speakers) < 2:
        raise UserError(f"adapting to some speakers and evaluating others needs at least two, the corpus has {len(speakers)}")
    first = set(speakers[: len(speakers) // 2])
    return np.array([clip.utterance.speaker in first for clip in corpus])


def _logits(model: HubertForSequenceClassification, features: np.ndarray) -> np.ndarray:
    """features: (clips, 256). Returns float32, (clips, labels)."""
    with torch.inference_mode():
        logits: torch.Tensor = model.classifier(torch.from_numpy(features))
        return np.asarray(logits)


def _pcm(clips: Sequence[Clip]) -> Iterator[Pcm]:
    return (clip.float_pcm() for clip in clips)


def _weights_without(speaker: str, speakers_of_weights: dict[Path, set[str]]) -> Path:
    for folder, speakers in speakers_of_weights.items():
        if speaker not in speakers:
            return folder
    raise UserError(f"{speaker} trained all adapted weights; give weights that were adapted to other speakers")
