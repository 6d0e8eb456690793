"""The emotion of whole recordings, by the asset's int8 model or by weights in PyTorch, under the rules that the engine follows."""

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm, converted, is_silent, read_pcm
from model_builder.corpora.dimensions import DIMENSIONS
from model_builder.errors import AudioError, UserError
from model_builder.inference.asset_manifest import (
    AROUSAL_VALENCE,
    DEFAULT_FOLDER,
    INPUT,
    IS_CHECKOUT,
    LOGITS,
    MANIFEST,
    MODEL,
    PROBABILITIES,
    AssetError,
    AssetManifest,
    read_manifest,
    session_adaptation_of,
    verify_files,
)
from model_builder.inference.prediction import (
    AnswerOf,
    Prediction,
    Recording,
    Rejected,
    WindowAnswer,
    softmax,
    weighted_sum,
    windows,
)
from model_builder.inference.session import open_session
from model_builder.models.card import AROUSAL_VALENCE_FILE, SHIPPED, read_card

if TYPE_CHECKING:
    from model_builder.inference.stream import EmotionStream

WORKERS = 2
READ_AHEAD = 8


AudioSource = str | os.PathLike[str] | np.ndarray


class EmotionPredictor:
    """Classifies whole recordings. Safe to call from several threads.

    model: a folder that `train` wrote (config.json, model.safetensors), run in float32 by PyTorch, or an asset that `build-apk-asset`
    wrote (manifest.json), run in 8 bits by ONNX Runtime. None: the asset of this checkout where `make asset` has built it, else the
    weights in the package; their logits differ by hundredths.
    Raises UserError, naming the file that is missing or does not fit.
    """

    rules: AssetManifest
    """Labels, temperature, threshold and window of the model."""

    def __init__(self, model: str | Path | None = None):
        folder = default_model() if model is None else Path(model)
        self.rules, self._answer_of = (
            _by_asset(folder) if (folder / MANIFEST).is_file() or not (folder / "config.json").is_file() else _by_weights(folder)
        )

    @classmethod
    def from_asset(cls, folder: Path) -> "EmotionPredictor":
        """By the int8 model of an asset, after verifying it. Raises AssetError naming the file that does not fit."""
        return cls.from_rules(*_by_asset(folder))

    @classmethod
    def from_weights(cls, folder: Path) -> "EmotionPredictor":
        """By float32 weights in PyTorch. Raises UserError where they cannot be read."""
        return cls.from_rules(*_by_weights(folder))

    @classmethod
    def from_rules(cls, rules: AssetManifest, answer_of: AnswerOf) -> "EmotionPredictor":
        """By any network: `answer_of` gives its answer for one window of float32 PCM, shape (samples,), and is called from two threads."""
        predictor = cls.__new__(cls)
        predictor.rules, predictor._answer_of = rules, answer_of
        return predictor

    def predict(self, source: AudioSource, sample_rate_hz: int | None = None) -> Prediction:
        """The emotion of one recording, of any rate and number of channels.

        source: a file that libsndfile reads, or samples: float32 or float64 in [-1, 1], int16, int32 or uint8, shape (frames,) or
        (frames, channels). sample_rate_hz: of samples; a file says its own.
        A recording longer than the longest window (15 s) is cut into equal windows, whose logits are averaged by their lengths.
        Raises AudioError for a recording that cannot be read, is shorter than 0.25 s, silent, or holds NaN or infinite samples;
        TypeError or ValueError for samples of another type or shape, samples without a rate, or a file with one.
        """
        pcm = pcm_of(source, sample_rate_hz)
        if not isinstance(source, str | os.PathLike):
            return self.predict_pcm(pcm)
        outcome = self.predict_recording(Path(source), pcm)
        if isinstance(outcome, Rejected):
            raise AudioError(outcome.reason)
        return outcome.prediction

    def predict_batch(self, sources: Iterable[AudioSource], sample_rate_hz: int | None = None) -> list[Prediction]:
        """`predict` of each source, in their order, two at a time; of one rate where they are samples.

        Raises what `predict` raises for the first source that cannot be used; AudioErrors about samples name their index.
        `predict_files` goes on after files that cannot be used.
        """

        def predict(indexed: tuple[int, AudioSource]) -> Prediction:
            index, source = indexed
            try:
                return self.predict(source, sample_rate_hz)
            except AudioError as error:
                raise error if isinstance(source, str | os.PathLike) else AudioError(f"[{index}]: {error}") from error

        with ThreadPoolExecutor(WORKERS) as workers:
            return list(workers.map(predict, enumerate(sources)))

    def stream(self, sample_rate_hz: int, window_s: float = 3.0, hop_s: float = 1.0) -> "EmotionStream":
        """A stream to push chunks into; the first answer comes after `window_s`, the next ones `hop_s` apart."""
        from model_builder.inference.stream import EmotionStream

        return EmotionStream(self, sample_rate_hz, window_s, hop_s)

    def predict_pcm(self, pcm: Pcm) -> Prediction:
        """`predict` of what the model takes. pcm: float32, shape (samples,), 16 kHz mono in [-1, 1); never padded. Raises AudioError."""
        rules = self.rules
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
        if os.path.isdir(path):  # unlike Path.is_dir, it takes any name
            return Rejected(path, f"{path}: holds no recordings; give a folder with WAV, FLAC or OGG files")
        try:
            pcm = read_pcm(path)
        except AudioError as error:
            return Rejected(path, str(error))
        return self.predict_recording(path, pcm)

    def predict_recording(self, path: Path, pcm: Pcm) -> Recording | Rejected:
        """`predict_pcm` of a file that was read already."""
        try:
            return Recording(path, len(pcm) / SAMPLE_RATE_HZ, self.predict_pcm(pcm))
        except AudioError as error:
            return Rejected(path, f"{path}: {error}")


def pcm_of(source: AudioSource, sample_rate_hz: int | None = None) -> Pcm:
    """float32, shape (samples,), 16 kHz mono, of a file or of samples; raises as `EmotionPredictor.predict` does."""
    if isinstance(source, str | os.PathLike):
        if sample_rate_hz is not None:
            raise ValueError(f"{source}: a file says its own rate; leave sample_rate_hz out")
        return read_pcm(Path(source))
    if sample_rate_hz is None:
        raise ValueError("samples do not say their rate; give sample_rate_hz")
    return converted(source, sample_rate_hz)


def default_model() -> Path:
    """The asset of this checkout where it has been built, else the weights in the package."""
    return DEFAULT_FOLDER if IS_CHECKOUT and (DEFAULT_FOLDER / MANIFEST).is_file() else SHIPPED


def _by_asset(folder: Path) -> tuple[AssetManifest, AnswerOf]:
    manifest, session = open_asset(folder)
    return manifest, lambda pcm: session_answer(session, pcm)


def _by_weights(folder: Path) -> tuple[AssetManifest, AnswerOf]:
    from model_builder.inference.torch_reference import torch_answer  # torch takes seconds to import; the int8 model needs none
    from model_builder.models.checkpoint import load_weights

    model = load_weights(folder)
    return inference_config_of(folder), lambda pcm: torch_answer(model, pcm)


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
    """The manifest that these weights and their card ask for: temperature, threshold, training, results and the like, or defaults."""
    card = read_card(weights_folder)
    defaults = AssetManifest(files=())
    temperature = card.get("temperature", defaults.temperature)
    threshold = card.get("uncertainty_threshold", defaults.uncertainty_threshold)
    if not _is_number(temperature) or not 0 < temperature <= sys.float_info.max:
        raise UserError(f"{weights_folder / 'card.json'}: temperature is {temperature!r}; it must be a positive number")
    if not _is_number(threshold) or not 0 <= threshold <= 1:
        raise UserError(f"{weights_folder / 'card.json'}: uncertainty_threshold is {threshold!r}; it must be from 0 to 1")
    try:
        session_adaptation = session_adaptation_of(card)
    except ValueError as error:
        raise UserError(f"{weights_folder / 'card.json'}: {error}") from error
    return AssetManifest(
        files=(),
        temperature=float(temperature),
        uncertainty_threshold=float(threshold),
        training=card.get("training") or {},
        results=card.get("results") or {},
        has_arousal_valence=(weights_folder / AROUSAL_VALENCE_FILE).is_file(),
        session_adaptation=session_adaptation,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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
