"""The emotion of whole recordings, by the asset's int8 model or by weights in PyTorch, under the rules that the engine follows."""

import math
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm, is_silent, read_pcm
from model_builder.corpora.dimensions import DIMENSIONS
from model_builder.errors import AudioError, UserError
from model_builder.inference.asset_manifest import (
    AROUSAL_VALENCE,
    INPUT,
    LOGITS,
    MODEL,
    PROBABILITIES,
    AssetError,
    AssetManifest,
    read_manifest,
    verify_files,
)
from model_builder.inference.session import open_session
from model_builder.models.card import AROUSAL_VALENCE_FILE, read_card

WORKERS = 2
READ_AHEAD = 8


@dataclass(frozen=True)
class WindowAnswer:
    """What the network gives for one window: logits float32 (labels,), and arousal and valence float32 (2,) where it knows them."""

    logits: np.ndarray
    arousal_valence: np.ndarray | None = None


AnswerOf = Callable[[Pcm], WindowAnswer]


@dataclass(frozen=True)
class Prediction:
    """What was heard in one recording; logits and probabilities in the order of `labels`.

    arousal_valence: about -1 to 1 each, experimental; None of a model that does not give them.
    """

    label: str
    is_uncertain: bool
    labels: tuple[str, ...]
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]
    arousal_valence: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Recording:
    """A file that was read and classified."""

    path: Path
    duration_s: float
    prediction: Prediction


@dataclass(frozen=True)
class Rejected:
    """A file that could not be; `reason` is one sentence that names it."""

    path: Path
    reason: str


class EmotionPredictor:
    """Classifies whole recordings. Safe to call from several threads."""

    def __init__(self, rules: AssetManifest, answer_of: AnswerOf):
        self._rules = rules
        self._answer_of = answer_of

    @classmethod
    def from_asset(cls, folder: Path) -> "EmotionPredictor":
        """By the int8 model of an asset, after verifying it. Raises AssetError naming the file that does not fit."""
        manifest, session = open_asset(folder)
        return cls(manifest, lambda pcm: session_answer(session, pcm))

    @classmethod
    def from_weights(cls, folder: Path) -> "EmotionPredictor":
        """By float32 weights in PyTorch. Raises UserError where they cannot be read."""
        from model_builder.inference.torch_reference import torch_answer  # torch takes seconds to import; the int8 model needs none
        from model_builder.models.checkpoint import load_weights

        model = load_weights(folder)
        return cls(inference_config_of(folder), lambda pcm: torch_answer(model, pcm))

    def predict(self, pcm: Pcm) -> Prediction:
        """pcm: float32, shape (samples,), 16 kHz mono in [-1, 1]; never padded.

        A recording longer than the longest window is cut into equal windows, whose answers are averaged by their lengths.
        Raises AudioError for a recording that is too short, silent, or holds NaN or infinite samples.
        """
        rules = self._rules
        if len(pcm) < rules.shortest_window_samples:
            shortest_s = rules.shortest_window_samples / rules.sample_rate_hz
            raise AudioError(f"lasts {len(pcm) / rules.sample_rate_hz:.3f} s, shorter than {shortest_s:g} s; give a longer one")
        if not np.isfinite(pcm).all():
            raise AudioError("holds NaN or infinite samples; export it again")
        if is_silent(pcm):
            raise AudioError("is silent; record it again")
        spans = windows(len(pcm), rules.longest_window_samples)
        answers = [self._answer_of(pcm[start:end]) for start, end in spans]
        shares = [(end - start) / len(pcm) for start, end in spans]
        logits = weighted_sum([answer.logits for answer in answers], shares)
        dimensions = [answer.arousal_valence for answer in answers if answer.arousal_valence is not None]
        probabilities = softmax(logits / rules.temperature)
        best = int(np.argmax(probabilities))
        return Prediction(
            label=rules.labels[best],
            is_uncertain=bool(probabilities[best] < rules.uncertainty_threshold),
            labels=rules.labels,
            logits=tuple(logits.tolist()),
            probabilities=tuple(probabilities.tolist()),
            arousal_valence=tuple(weighted_sum(dimensions, shares).tolist()) if dimensions else None,
        )

    def predict_files(self, paths: Iterable[Path]) -> Iterator[Recording | Rejected]:
        """One result a file, in the order given, as they become ready: two files at a time, read ahead of their turn."""
        pending: deque[Future[Recording | Rejected]] = deque()
        with ThreadPoolExecutor(WORKERS) as workers:
            for path in paths:
                pending.append(workers.submit(self._predict_file, path))
                if len(pending) >= READ_AHEAD:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()

    def _predict_file(self, path: Path) -> Recording | Rejected:
        if path.is_dir():
            return Rejected(path, f"{path}: holds no recordings; give a folder with WAV, FLAC or OGG files")
        try:
            pcm = read_pcm(path)
        except AudioError as error:
            return Rejected(path, str(error))
        return self.predict_recording(path, pcm)

    def predict_recording(self, path: Path, pcm: Pcm) -> Recording | Rejected:
        """`predict` of a file that was read already."""
        try:
            return Recording(path, len(pcm) / SAMPLE_RATE_HZ, self.predict(pcm))
        except AudioError as error:
            return Rejected(path, f"{path}: {error}")


def open_asset(folder: Path) -> tuple[AssetManifest, onnxruntime.InferenceSession]:
    """The manifest and the emotion model of an asset whose values, hashes and signature fit. Raises AssetError otherwise."""
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    try:
        session = open_session(folder / MODEL, threads=1)
        inputs = {(value.name, value.type, len(value.shape)) for value in session.get_inputs()}
        outputs = {(value.name, value.type, value.shape[-1]) for value in session.get_outputs()}
    except Exception as error:  # ONNX Runtime has no public base class for what it raises; a name may be no UTF-8
        raise AssetError(folder, MODEL, f"cannot be loaded ({str(error).strip().splitlines()[0]})") from error
    count = len(manifest.labels)
    expected_outputs = {(LOGITS, "tensor(float)", count), (PROBABILITIES, "tensor(float)", count)}
    further = ""
    if manifest.has_arousal_valence:
        expected_outputs.add((AROUSAL_VALENCE, "tensor(float)", len(DIMENSIONS)))
        further = f", and `{AROUSAL_VALENCE}` (1, {len(DIMENSIONS)})"
    if inputs != {(INPUT, "tensor(float)", 2)} or outputs != expected_outputs:
        needed = f"`{INPUT}` (1, samples) and give `{LOGITS}` and `{PROBABILITIES}` (1, {count}){further}"
        raise AssetError(folder, MODEL, f"does not take {needed}")
    return manifest, session


def inference_config_of(weights_folder: Path) -> AssetManifest:
    """The manifest that these weights and their card ask for: temperature, threshold, training and results, or the defaults."""
    card = read_card(weights_folder)
    defaults = AssetManifest(files=())
    temperature = card.get("temperature", defaults.temperature)
    threshold = card.get("uncertainty_threshold", defaults.uncertainty_threshold)
    if not _is_number(temperature) or not 0 < temperature <= sys.float_info.max:
        raise UserError(f"{weights_folder / 'card.json'}: temperature is {temperature!r}; it must be a positive number")
    if not _is_number(threshold) or not 0 <= threshold <= 1:
        raise UserError(f"{weights_folder / 'card.json'}: uncertainty_threshold is {threshold!r}; it must be from 0 to 1")
    return AssetManifest(
        files=(),
        temperature=float(temperature),
        uncertainty_threshold=float(threshold),
        training=card.get("training") or {},
        results=card.get("results") or {},
        has_arousal_valence=(weights_folder / AROUSAL_VALENCE_FILE).is_file(),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def windows(samples: int, longest: int) -> list[tuple[int, int]]:
    """The fewest equal windows of at most `longest` samples, as (start, end).

    >>> windows(10, 4)
    [(0, 3), (3, 6), (6, 10)]
    """
    count = max(1, math.ceil(samples / longest))
    edges = [index * samples // count for index in range(count + 1)]
    return list(zip(edges[:-1], edges[1:], strict=True))


def weighted_sum(rows: Sequence[np.ndarray], shares: Sequence[float]) -> np.ndarray:
    """The sum of float32 rows times their shares, rounded to float32 as the model gives them; float64, of the shape of one row."""
    total = np.zeros_like(rows[0], np.float64)
    for row, share in zip(rows, shares, strict=True):
        total += share * row.astype(np.float64)
    return total.astype(np.float32).astype(np.float64)


def softmax(logits: np.ndarray) -> np.ndarray:
    """float64, shape (labels,); largest first subtracted, so that no exponent overflows."""
    powers = np.exp(logits - logits.max())
    posterior: np.ndarray = powers / powers.sum()
    return posterior


def session_answer(session: onnxruntime.InferenceSession, pcm: Pcm) -> WindowAnswer:
    """The answer to one window by ONNX Runtime."""
    wanted = [value.name for value in session.get_outputs() if value.name in (LOGITS, AROUSAL_VALENCE)]
    answers = dict(zip(wanted, session.run(wanted, {INPUT: pcm[None]}), strict=True))
    dimensions = answers.get(AROUSAL_VALENCE)
    return WindowAnswer(answers[LOGITS][0], None if dimensions is None else dimensions[0])


def session_logits(session: onnxruntime.InferenceSession, pcm: Pcm) -> np.ndarray:
    """Logits of one window, float32 (labels,), by ONNX Runtime."""
    logits: np.ndarray = session.run([LOGITS], {INPUT: pcm[None]})[0][0]
    return logits
