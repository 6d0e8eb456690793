"""Reference of who spoke when: NIST's Rich Transcription Time Marked files."""

from pathlib import Path

from model_builder.errors import UserError


def read_rttm(path: Path) -> dict[str, list[tuple[float, float]]]:
    """Start and end in seconds of each SPEAKER turn, by the name of its recording. Overlapping turns stay apart.

    Raises UserError for a file that is missing or holds a line that is no SPEAKER line.
    Source: NIST, RT-09 evaluation plan, appendix A: type, file, channel, onset, duration, five more fields.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read ({error}); give a folder with a reference.rttm") from error
    turns: dict[str, list[tuple[float, float]]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            kind, name, _, onset, duration = line.split()[:5]
            start_s, length_s = float(onset), float(duration)
        except ValueError as error:
            raise UserError(f"{path}: line {number} is no SPEAKER line: {line[:60]}") from error
        if kind != "SPEAKER" or start_s < 0 or length_s < 0:
            raise UserError(f"{path}: line {number} is no SPEAKER line: {line[:60]}")
        turns.setdefault(name, []).append((start_s, start_s + length_s))
    return turns
