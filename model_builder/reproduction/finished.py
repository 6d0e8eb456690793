"""Whether the output of a reproduction is of the same settings, and whether nothing is left to do for them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from model_builder.errors import UserError
from model_builder.fitting.same_run import differences
from model_builder.reporting.study_page import REPORT_HTML, REPORT_JSON
from model_builder.reproduction.corpus_counts import listing_of
from model_builder.reproduction.settings import SETTINGS_FILE, Settings, read_settings, settings_as_json, write_settings
from model_builder.whole_file import atomic_write_json

FINISHED_FILE = "finished.json"


def begun_settings(out: Path, asked: Settings, is_precision_asked: bool) -> Settings:
    """The settings that `out` goes on with, or `asked` where it is new; `begin` writes them, once there is something to begin with.

    is_precision_asked: False where the format of `asked` is this machine's choice: what the run began with stands.
    Raises UserError naming every setting that is another than the run began with.
    """
    path = out / SETTINGS_FILE
    if not path.is_file():
        return asked
    begun = read_settings(path)
    if not is_precision_asked:
        asked = replace(asked, plan=replace(asked.plan, precision=begun.plan.precision))
    if different := differences(settings_as_json(begun), settings_as_json(asked)):
        raise UserError(f"{out}: belongs to a run with other settings: {'; '.join(different)}; give the same ones or another --out folder")
    return asked


def begin(out: Path, settings: Settings) -> None:
    """Raises OSError where `out` cannot be written."""
    if not (out / SETTINGS_FILE).is_file():
        write_settings(settings, out / SETTINGS_FILE)


def state_of(settings: Settings, folders: Sequence[Path]) -> dict[str, object]:
    """Settings and a digest of the names, sizes and times of all files of corpora and, where it is a folder, of the encoder."""
    encoder = Path(settings.plan.encoder)
    listing = listing_of([*folders, encoder] if encoder.is_dir() else folders)
    digest = hashlib.sha256(json.dumps(listing).encode("utf-8", "surrogateescape")).hexdigest()
    return {"settings": settings_as_json(settings), "files": len(listing), "sha256": digest}


def is_finished(out: Path, state: dict[str, object], *further: str) -> bool:
    """Whether `out` holds the report of this very state, and the files `further` in it, so that no recording has to be read."""
    if not all((out / name).is_file() for name in (FINISHED_FILE, REPORT_HTML, REPORT_JSON, *further)):
        return False
    try:
        return bool(json.loads((out / FINISHED_FILE).read_text(encoding="utf-8")) == json.loads(json.dumps(state)))
    except ValueError:
        return False


def mark_finished(out: Path, state: dict[str, object]) -> None:
    atomic_write_json(out / FINISHED_FILE, state)
