"""Reference of who spoke when: NIST's Rich Transcription Time Marked files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from model_builder.errors import UserError

MIXED = ".Mix-Headset"
LONGEST_RECORDING_S = 7 * 24 * 3600.0


@dataclass(frozen=True)
class Turn:
    """Who speaks from when to when, in seconds."""

    start_s: float
    end_s: float
    speaker: str

    @property
    def span_s(self) -> tuple[float, float]:
        return self.start_s, self.end_s


def recordings_of(names: Iterable[str], files: Iterable[Path]) -> dict[str, Path]:
    """The recording of each name of a table, where there is one.

    That is the file with the name, or else with the name before the first dot of its own, as AMI has several microphones of a meeting:
    `ES2002a.Mix-Headset.wav` before others, which go by the alphabet.

    >>> recordings_of(["ES2002a"], [Path("ES2002a.Headset-0.wav"), Path("ES2002a.Mix-Headset.wav")])
    {'ES2002a': PosixPath('ES2002a.Mix-Headset.wav')}
    """
    ranked: dict[str, list[tuple[bool, bool, str, Path]]] = {}
    for path in files:
        meeting = path.stem.split(".")[0]
        for name in {path.stem, meeting}:
            ranked.setdefault(name, []).append((path.stem != name, path.stem != meeting + MIXED, path.name, path))
    return {name: min(ranked[name])[-1] for name in names if name in ranked}


def read_rttm(path: Path) -> dict[str, list[Turn]]:
    """The SPEAKER turns, by the name of their recording, in the order of the file. Overlapping turns stay apart.

    Raises UserError for a file that is missing, holds a line that is no SPEAKER line, or a turn that no recording of a week has.
    Source: NIST, RT-09 evaluation plan, appendix A: type, file, channel, onset, duration, two empty fields, speaker, two more.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read ({error}); give the folder with the recordings and their {path.name}") from error
    turns: dict[str, list[Turn]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            kind, name, _, onset, duration, _, _, speaker, *_ = line.split()
            start_s, length_s = float(onset), float(duration)
        except ValueError:
            kind, start_s, length_s = "", 0.0, 0.0
        if kind != "SPEAKER" or not (0 <= start_s <= LONGEST_RECORDING_S and 0 <= length_s <= LONGEST_RECORDING_S):  # NaN too
            raise UserError(f"{path}, line {number}: no SPEAKER turn as RTTM has it: {line[:60]!r}; copy the file again")
        turns.setdefault(name, []).append(Turn(start_s, start_s + length_s, speaker))
    return turns
