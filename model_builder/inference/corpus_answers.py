"""What `evaluate` measures: a model as its card describes it, and its answers to the clips of a corpus."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model_builder.audio.reading import Pcm
from model_builder.corpora.corpus import Corpus
from model_builder.corpora.dimensions import DIMENSIONS, arousal_valence
from model_builder.corpora.survey import Survey, digest_of_samples, survey_together
from model_builder.corpora.utterance import LABELS, Piece, Utterance
from model_builder.evaluation.answers import Answers, DimensionAnswers
from model_builder.evaluation.system import System
from model_builder.inference.asset_manifest import DEFAULT_FOLDER, MODEL, read_manifest
from model_builder.inference.prediction import Recording, Rejected
from model_builder.inference.predictor import EmotionPredictor, inference_config_of
from model_builder.models.card import recordings_adapted_to, training_speakers


def describe_system(weights: Path | None, asset: Path | None) -> System:
    """The float32 weights in `weights`, or else the int8 model of `asset`, or else that of the asset in the app's sources."""
    if weights is not None:
        rules, name = inference_config_of(weights), f"float32 weights {weights}"
    else:
        rules = read_manifest(asset or DEFAULT_FOLDER)
        sha256 = next(file.sha256 for file in rules.files if file.name == MODEL)
        name = f"int8 model of the asset, sha256 {sha256[:12]}"
    return System(name, rules.temperature, rules.uncertainty_threshold, training_speakers(rules.training or {}))


def adaptation_recordings(weights: Path | None, asset: Path | None) -> frozenset[str]:
    """Digests of the recordings that the model of `describe_system` was adapted to."""
    rules = inference_config_of(weights) if weights is not None else read_manifest(asset or DEFAULT_FOLDER)
    return recordings_adapted_to(rules.training or {})


@dataclass(frozen=True)
class CorpusPredictions:
    """Predictions for a corpus: its survey, whose usable clips hold no samples, and an outcome for each of its scorable utterances.

    digests: of the samples of all that were read, as `digest_of_samples` makes them.
    """

    survey: Survey
    outcomes: tuple[Recording | Rejected, ...]
    digests: frozenset[str] = frozenset()

    @property
    def left_out(self) -> int:
        """Clips of the classes that have no usable label."""
        return self.survey.clips - len(self.outcomes)

    @property
    def unscored(self) -> tuple[str, ...]:
        """Why folders of the corpus were not entered and each of the other clips has no prediction, one sentence each that names it."""
        return (*self.survey.problems, *(outcome.reason for outcome in self.outcomes if isinstance(outcome, Rejected)))

    def answers(self, corpus: str) -> Answers | None:
        """Of the clips that have a prediction; None where none has."""
        pairs = zip(self.survey.scorable, self.outcomes, strict=True)
        scored = [(utterance, outcome) for utterance, outcome in pairs if isinstance(outcome, Recording)]
        if not scored:
            return None
        utterances, recordings = zip(*scored, strict=True)
        return answers_of(corpus, utterances, recordings, self.left_out, self.unscored)


def predict_corpus(corpus: Corpus, predictor: EmotionPredictor, on_progress: Callable[[], None] = lambda: None) -> CorpusPredictions:
    """Survey and predict a corpus in one pass: every recording is decoded once and let go.

    The few clips that turn out to be silent or labelled twice differently are predicted in vain. on_progress: called once an utterance.
    """
    outcome_of: dict[Piece, Recording | Rejected] = {}
    digests: set[str] = set()

    def predict(utterance: Utterance, pcm: Pcm) -> None:
        digests.add(digest_of_samples(pcm))
        outcome_of[utterance.piece] = predictor.predict_recording(utterance.path, pcm)

    [found] = survey_together([corpus], LABELS, on_progress, predict)
    unread = iter(found.unreadable)  # in the order of the utterances
    outcomes = (outcome_of.get(utterance.piece) or Rejected(utterance.path, str(next(unread))) for utterance in found.scorable)
    return CorpusPredictions(found, tuple(outcomes), frozenset(digests))


def answers_of(
    corpus: str, utterances: Sequence[Utterance], recordings: Iterable[Recording], left_out: int, unscored: tuple[str, ...] = ()
) -> Answers:
    """recordings: predictions of the utterances, in their order. left_out, unscored: as in `Answers`."""
    predictions = [recording.prediction for recording in recordings]
    dimensions_of_clips = [prediction.arousal_valence for prediction in predictions if prediction.arousal_valence is not None]
    dimensions = zip(DIMENSIONS, np.array(dimensions_of_clips).T, arousal_valence(utterances).T, strict=True) if dimensions_of_clips else ()
    return Answers(
        corpus=corpus,
        labels=LABELS,
        logits=np.array([prediction.logits for prediction in predictions]),
        true=np.array([LABELS.index(utterance.emotion) for utterance in utterances]),
        speakers=tuple(utterance.speaker for utterance in utterances),
        sexes=tuple(utterance.sex for utterance in utterances),
        intensities=tuple(utterance.intensity for utterance in utterances),
        left_out=left_out,
        unscored=unscored,
        dimensions=tuple(DimensionAnswers(name, predicted, target) for name, predicted, target in dimensions),
    )
