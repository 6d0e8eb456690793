"""A run folder belongs to one process at a time, and to one set of settings, clips and weights that it starts from."""

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any, cast, get_args

from filelock import Timeout

from model_builder.corpora.survey import Clip
from model_builder.errors import UserError
from model_builder.fitting.data_parallel import training_processes
from model_builder.fitting.precision import Precision
from model_builder.whole_file import atomic_write_json

PLAN_FILE, LOCK_FILE = "plan.json", "run.lock"
LOCK_WAIT_S = 10.0
"""The loader's process outlives a killed training by some seconds, and holds the lock that it was forked with."""

ABSENT = "absent"


class BusyRun(UserError):
    """Another process holds the run folder."""


@contextmanager
def exclusive_run(run_folder: Path, wait_s: float = LOCK_WAIT_S) -> Iterator[None]:
    """Hold `run_folder`, which is created where it is missing, while the block runs; for all processes that train together.

    wait_s: how long for another process to let go of it. Raises BusyRun where that does not, OSError where nothing can be written.
    """
    run_folder.mkdir(parents=True, exist_ok=True)
    tempfile.TemporaryFile(dir=run_folder).close()  # an old lock can be taken where nothing new can be written
    with ExitStack() as held:
        try:
            held.enter_context(training_processes().lock(run_folder / LOCK_FILE, wait_s))
        except Timeout as error:
            raise BusyRun(f"{run_folder}: another process trains in it; wait for that one, or give another --run folder") from error
        yield


def require_same_run(
    run_folder: Path, plan: Any, clips: Mapping[str, Sequence[Clip]], weights: Mapping[str, str] | None = None
) -> None:
    """Write the settings and digests of clips and weights to `run_folder / "plan.json"`, or compare them with those there.

    plan: a dataclass. clips: by what they are used for, e.g. `training`. weights: digests of those that the run starts from, by use.
    Raises UserError naming every difference, or where there are checkpoints without such a file; OSError where it cannot be written.
    """
    path, processes = run_folder / PLAN_FILE, training_processes()
    digests = {use: digest_of(of_use) for use, of_use in clips.items()}
    asked = as_json({"plan": asdict(plan), "clips": digests, "weights": dict(weights or {}), "processes": processes.count})
    if processes.is_first and not path.is_file():
        if checkpoint := next(iter(sorted(run_folder.glob("*.pt"))), None):
            raise UserError(
                f"{checkpoint}: nothing beside it says of which settings and clips it is; delete it or give another --run folder"
            )
        atomic_write_json(path, asked)
    processes.wait()
    require_same(path, {"processes": 1, **_content_of(path)}, asked)  # on another machine the corpora may differ


def begun_precision(run_folder: Path) -> Precision | None:
    """The format that a run, or a fold of it, began with; None where none has begun."""
    for path in chain.from_iterable(sorted(run_folder.glob(f"{depth}{PLAN_FILE}")) for depth in ("", "*/", "*/*/")):
        content = _content_of(path)
        plan = content.get("plan") if isinstance(content, dict) else None
        if isinstance(plan, dict) and plan.get("precision") in get_args(Precision):
            return cast("Precision", plan["precision"])
    return None


def require_same(what: Path, found: Any, asked: Any) -> None:
    """Raises UserError naming the settings of `found`, which `what` belongs to, that are others in `asked`."""
    if different := differences(found, asked):
        raise UserError(
            f"{what}: belongs to a run with other settings, clips or weights: {'; '.join(different)};"
            " give the same ones or another --run folder"
        )


def differences(found: Any, asked: Any) -> list[str]:
    """One text a setting that differs, with its old and its new value; tuples and lists are equal, as JSON has them.

    >>> differences({"seed": 0, "crop_s": (1.5, 3.0)}, {"seed": 1, "crop_s": [1.5, 3.0]})
    ['seed was 0, is 1']
    """
    old, new = dict(_settings("", as_json(found))), dict(_settings("", as_json(asked)))
    names = [*old, *(name for name in new if name not in old)]
    return [
        f"{name} was {old.get(name, ABSENT)}, is {new.get(name, ABSENT)}"
        for name in names
        if old.get(name, ABSENT) != new.get(name, ABSENT)
    ]


def digest_of(clips: Sequence[Clip]) -> str:
    """Number and SHA-256 of what a run takes from a list of clips: file, speaker, labels and votes, span and length, in their order.

    Of paths the names alone: a run may go on where the corpora lie in another folder.
    """
    sha256 = hashlib.sha256()
    for clip in clips:
        content = {**asdict(clip.utterance), "path": clip.utterance.path.name, "samples": len(clip.pcm)}
        sha256.update(json.dumps(content, sort_keys=True).encode())
    return f"{len(clips)} clips with the digest {sha256.hexdigest()[:16]}"


def as_json(content: Any) -> Any:
    return json.loads(json.dumps(content))


def _content_of(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{path}: cannot be read ({error}); give another --run folder") from error


def _settings(prefix: str, content: Any) -> Iterator[tuple[str, Any]]:
    """(dotted name, value) of everything in a JSON object; `plan` at the top is not part of a name."""
    if not isinstance(content, dict):
        yield prefix, content
        return
    for name, value in content.items():
        yield from _settings(f"{prefix}.{name}" if prefix and prefix != "plan" else name, value)
