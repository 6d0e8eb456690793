"""Ways to run the same weights, side by side on the same real clips: bytes, error, accuracy, time, load and memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure

from model_builder.audio.reading import Pcm
from model_builder.benchmarks.machine_peak import MachinePeak, measure_peak, network_gmacs
from model_builder.benchmarks.process_figures import ProcessFigures, measure_process
from model_builder.benchmarks.stock_quantization import write_stock_files
from model_builder.evaluation.metrics import score
from model_builder.export.quantize import quantize
from model_builder.export.to_onnx import export_onnx
from model_builder.export.variant import Variant
from model_builder.inference.predictor import session_logits
from model_builder.inference.session import open_session
from model_builder.inference.timing import Times, interleaved_times, noise
from model_builder.inference.torch_reference import torch_logits
from model_builder.models.channel_pruning import convolutions, kept_channels, pruned_copy
from model_builder.models.hubert import SpeechClassifier
from model_builder.reporting.theme import LIGHT
from model_builder.whole_file import atomic_write, atomic_write_json

DURATIONS_S = (1.0, 3.0, 10.0)
THREADS = (1, 2)
OURS = "undertone"
ACCENT, MUTED = LIGHT.accent, LIGHT.muted


@dataclass(frozen=True)
class Candidate:
    """One way to run one network. path: an ONNX file; None for PyTorch. `answer` runs it on float32 PCM, (samples,), with threads.

    gmacs_3_s: multiply-adds of the network for 3 s, in 10^9.
    """

    name: str
    gmacs_3_s: float
    path: Path | None
    answer: Callable[[Pcm, int], np.ndarray]


@dataclass(frozen=True)
class Measured:
    """Logit errors are against the first candidate's, over all logits of all clips; UA is over the clips' true classes.

    times: by threads and seconds, such as `1 thread, 3 s`. process: None for PyTorch, whose own libraries would be measured.
    """

    name: str
    gmacs_3_s: float
    size_bytes: int | None
    largest_error: float
    mean_error: float
    p99_error: float
    agreement: float
    unweighted_accuracy: float
    times: Mapping[str, Times]
    process: ProcessFigures | None


@dataclass(frozen=True)
class Benchmark:
    """What `benchmark` found, the plain float32 export of the dense network first."""

    clips: int
    peak: MachinePeak
    measured: tuple[Measured, ...]

    def share_of_peak(self, measured: Measured, peak_gmacs_per_s: float) -> float:
        """Of what one thread multiplies at best, on 3 s."""
        return measured.gmacs_3_s / (measured.times[case(1, 3)].median_ms / 1000) / peak_gmacs_per_s


def case(threads: int, duration_s: float) -> str:
    """The key of `Measured.times`.

    >>> case(2, 10.0)
    '2 threads, 10 s'
    """
    return f"{threads} thread{'s' * (threads > 1)}, {duration_s:g} s"


def run_benchmark(
    model: SpeechClassifier,
    clips: Sequence[Pcm],
    true: Sequence[int],
    folder: Path,
    on_step: Callable[[str], None] = lambda step: None,
) -> Benchmark:
    """Writes every file to `folder`, measures all, and leaves benchmark.json and benchmark.svg there beside the files.

    Every way to run is measured on each of `networks_of(model)`, all interleaved: rows of one network differ by the way alone.
    """
    candidates = [
        candidate
        for network, of_network in networks_of(model).items()
        for candidate in candidates_of(network, of_network, folder / network, on_step)
    ]
    on_step("measuring the machine")
    peak = measure_peak()
    on_step(f"measuring {len(candidates)} models on {len(clips)} clips")
    found = Benchmark(len(clips), peak, tuple(measure(candidates, clips, true)))
    atomic_write_json(folder / "benchmark.json", asdict(found))
    with atomic_write(folder / "benchmark.svg") as unfinished:
        plot(found).savefig(unfinished, format="svg")
    return found


def networks_of(model: SpeechClassifier) -> dict[str, SpeechClassifier]:
    """`model` as it is, `dense`, and `pruned` where it has channels that carry nothing: without them, the same logits but for rounding."""
    widths = [layer.conv.out_channels for layer in convolutions(model)]
    if [len(channels) for channels in kept_channels(model)] == widths:
        return {"dense": model}
    return {"dense": model, "pruned": pruned_copy(model)}


def candidates_of(network: str, model: SpeechClassifier, folder: Path, on_step: Callable[[str], None]) -> list[Candidate]:
    """Stock files, PyTorch and this project's variants of one network, which nothing prunes any further, in this order."""
    gmacs = network_gmacs(model, 3.0)
    on_step(f"{network}: writing stock files")
    candidates = [onnx_candidate(f"{network}: {name}", gmacs, path) for name, path in write_stock_files(model, folder).items()]
    candidates.append(Candidate(f"{network}: PyTorch eager", gmacs, None, torch_answer(model)))
    export_onnx(model, folder / "emotion.onnx", prune=False)
    for variant in Variant:
        on_step(f"{network}: quantizing, {variant}")
        quantize(folder / "emotion.onnx", folder / f"{variant}.onnx", variant)
        candidates.append(onnx_candidate(f"{network}: {OURS}, {variant}", gmacs, folder / f"{variant}.onnx"))
    return candidates


def torch_answer(model: SpeechClassifier) -> Callable[[Pcm, int], np.ndarray]:
    def answer(pcm: Pcm, threads: int) -> np.ndarray:
        before = torch.get_num_threads()
        torch.set_num_threads(threads)
        try:
            return torch_logits(model, pcm)
        finally:
            torch.set_num_threads(before)

    return answer


def plot(found: Benchmark) -> Figure:
    """Bytes against latency of every file; lower left is better."""
    figure = Figure((7.2, 4.8), layout="constrained")
    axes = figure.add_subplot(xlabel="ms for 3 s, one thread, median", ylabel="megabytes", title=f"{found.clips} clips")
    for measured in found.measured:
        if measured.size_bytes is not None:
            at = measured.times[case(1, 3)].median_ms, measured.size_bytes / 1e6
            axes.plot(*at, "o", color=ACCENT if OURS in measured.name else MUTED)
            axes.annotate(f"{measured.name}, error {measured.mean_error:.3f}", at, xytext=(5, 5), textcoords="offset points", fontsize=7)
    axes.set(xlim=(0, None), ylim=(0, None))
    axes.margins(0.3)
    return figure


def onnx_candidate(name: str, gmacs_3_s: float, path: Path) -> Candidate:
    sessions = {threads: open_session(path, threads) for threads in THREADS}
    return Candidate(name, gmacs_3_s, path, lambda pcm, threads: session_logits(sessions[threads], pcm))


def measure(
    candidates: Sequence[Candidate],
    clips: Sequence[Pcm],
    true: Sequence[int],
) -> list[Measured]:
    """Every candidate on every clip, then interleaved on noise of 1, 3 and 10 s, then each file alone in a process of its own.

    clips: float32, (samples,), 16 kHz; true: the class of each. The first candidate is the reference.
    """
    answers: list[list[np.ndarray]] = [[] for _ in candidates]
    for pcm in clips:
        for candidate, record in zip(candidates, answers, strict=True):
            record.append(candidate.answer(pcm, 1))
    logits = np.array(answers, np.float64)  # (candidates, clips, labels)
    times = {}
    for threads, duration_s in product(THREADS, DURATIONS_S):
        pcm = noise(duration_s)
        times[case(threads, duration_s)] = interleaved_times([partial(candidate.answer, pcm, threads) for candidate in candidates])
    measured = []
    for index, candidate in enumerate(candidates):
        errors = np.abs(logits[index] - logits[0])
        predicted = logits[index].argmax(axis=1)
        measured.append(
            Measured(
                name=candidate.name,
                gmacs_3_s=candidate.gmacs_3_s,
                size_bytes=None if candidate.path is None else candidate.path.stat().st_size,
                largest_error=float(errors.max()),
                mean_error=float(errors.mean()),
                p99_error=float(np.quantile(errors, 0.99)),
                agreement=float((predicted == logits[0].argmax(axis=1)).mean()),
                unweighted_accuracy=score(np.array(true), predicted, logits.shape[2]).unweighted_accuracy,
                times={name: of_case[index] for name, of_case in times.items()},
                process=None if candidate.path is None else measure_process(candidate.path),
            )
        )
    return measured


