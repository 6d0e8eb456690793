"""What `evaluate` judges: a model as its card describes it, and its answers to the clips of a corpus."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from model_builder.corpora.dimensions import DIMENSIONS, arousal_valence
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.deployment.manifest import DEFAULT_FOLDER, MODEL, read_manifest
from model_builder.deployment.predict import Recording, rules_of
from model_builder.evaluation.answers import Answers, DimensionAnswers
from model_builder.evaluation.system import System
from model_builder.learning.card import speakers_heard


def describe_system(weights: Path | None, asset: Path | None) -> System:
    """The float32 weights in `weights`, or else the int8 model of `asset`, or else that of the asset in the app's sources."""
    if weights is not None:
        rules, name = rules_of(weights), f"float32 weights {weights}"
    else:
        rules = read_manifest(asset or DEFAULT_FOLDER)
        sha256 = next(file.sha256 for file in rules.files if file.name == MODEL)
        name = f"int8 model of the asset, sha256 {sha256[:12]}"
    return System(name, rules.temperature, rules.uncertainty_threshold, speakers_heard(rules.training or {}))


def answers_of(corpus: str, utterances: Sequence[Utterance], recordings: Iterable[Recording], left_out: int) -> Answers:
    """recordings: predictions of the utterances, in their order. left_out: clips of the corpus that nobody can judge."""
    predictions = [recording.prediction for recording in recordings]
    heard = [prediction.arousal_valence for prediction in predictions if prediction.arousal_valence is not None]
    dimensions = zip(DIMENSIONS, np.array(heard).T, arousal_valence(utterances).T, strict=True) if heard else ()
    return Answers(
        corpus=corpus,
        labels=LABELS,
        logits=np.array([prediction.logits for prediction in predictions]),
        true=np.array([LABELS.index(utterance.emotion) for utterance in utterances]),
        speakers=tuple(utterance.speaker for utterance in utterances),
        sexes=tuple(utterance.sex for utterance in utterances),
        intensities=tuple(utterance.intensity for utterance in utterances),
        left_out=left_out,
        dimensions=tuple(DimensionAnswers(name, predicted, target) for name, predicted, target in dimensions),
    )
