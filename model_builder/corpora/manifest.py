"""Any other corpus, by a CSV file: one row a recording.

Columns `file` (relative to the CSV file's folder, or absolute), `emotion` and `speaker`, and where known `group` (e.g. the session) and
`valence`, `arousal` and `dominance` from 1 to 5; `assumed`, `yes` where nobody labelled the recording and it is taken to be everyday
speech. Instead of `file`, the columns of MELD (Poria et al. 2019, ACL) do: `Dialogue_ID` D and
`Utterance_ID` U name the recording `diaD_uttU`, which lies beside the CSV file. Nowhere else, because MELD's train, dev and test parts
use the same names for different recordings. Upper and lower case make no difference in names of columns and emotions.
"""

import csv
import io
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model_builder.corpora.corpus import Corpus
from model_builder.corpora.utterance import LABELS, Utterance, is_hidden
from model_builder.errors import UserError

NAME = "manifest"
EMOTIONS = {
    "angry": "angry",
    "anger": "angry",
    "happy": "happy",
    "happiness": "happy",
    "joy": "happy",
    "neutral": "neutral",
    "sad": "sad",
    "sadness": "sad",
    "disgusted": "disgusted",
    "disgust": "disgusted",
    "fearful": "fearful",
    "fear": "fearful",
    "surprised": "surprised",
    "surprise": "surprised",
}
DIMENSION_RANGE = (1.0, 5.0)
MELD_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")
VIDEO_SUFFIX = ".mp4"


def load(table: Path) -> Corpus:
    """The recordings that the CSV file `table` lists. Speakers of one name are one person, in all manifests of a command: that errs on
    the side of never testing on a voice that was learnt from, and is right for MELD's parts.

    Warns of emotions that are neither of the four classes nor known to be others, and of videos without a recording beside them.
    Raises UserError, naming file and line, for a table that cannot be read or that names not one existing recording.
    """
    if table.is_dir():
        raise UserError(f"{table} is a folder; give the CSV file itself{inside(table)}")
    rows = read_rows(table)
    find = MeldRecordings(table) if "file" not in rows[0].values else None
    utterances = tuple(utterance_of(row, find.of(row) if find else table.parent / row.required("file")) for row in rows)
    videos = [utterance.path for utterance in utterances if find and utterance.path.suffix.lower() == VIDEO_SUFFIX]
    if not any(os.path.isfile(utterance.path) and utterance.path not in videos for utterance in utterances):
        if videos:
            raise UserError(f"{table}: every recording is a video, such as {videos[0]}; {extraction(videos[0])}")
        raise UserError(
            f"{rows[0].place}: {utterances[0].path} does not exist, nor does any other of the {len(rows):,} recordings listed; "
            f"paths start at {table.parent}"
        )
    return Corpus(NAME, utterances, (*unknown_emotions(table, utterances), *videos_alone(table, videos)))


@dataclass(frozen=True)
class Row:
    """One line of the table; `place` is how messages name it, `values` go by the column's name in lower case."""

    place: str
    values: dict[str, str]

    def required(self, column: str) -> str:
        if not (value := self.values[column]):
            raise UserError(f"{self.place}: {column} is empty; fill it in or delete the line")
        return value


def read_rows(table: Path) -> list[Row]:
    """At least one row, each with all the columns that are needed."""
    reader = csv.reader(io.StringIO(read_text(table), newline=""), strict=True)
    rows = []
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        require_columns(table, header)
        for cells in reader:
            place = f"{table}, line {reader.line_num}"
            if not cells:
                continue
            if len(cells) != len(header):
                raise UserError(f"{place}: {len(cells)} values for {len(header)} columns; put values that hold commas in quotes")
            rows.append(Row(place, dict(zip(header, map(str.strip, cells), strict=True))))
    except csv.Error as error:
        raise UserError(f"{table}, line {reader.line_num}: {error}; save it as comma-separated CSV") from error
    if not rows:
        raise UserError(f"{table}: no line below the header; list one recording a line")
    return rows


def read_text(table: Path) -> str:
    try:
        content = table.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"{table}: {error.strerror or error}; give the CSV file that lists the recordings") from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UserError(f"{table}, line {line}: not UTF-8 text; save it as CSV in UTF-8") from error


def require_columns(table: Path, header: list[str]) -> None:
    is_meld = "file" not in header and bool({"dialogue_id", "utterance_id"} & set(header))
    needed = [*(("dialogue_id", "utterance_id") if is_meld else ("file",)), "emotion", "speaker"]
    if missing := [name for name in needed if name not in header]:
        raise UserError(
            f"{table}, line 1: no column {', '.join(missing)} among {', '.join(header) or 'none'}; the first line names the columns, "
            "separated by commas: file, emotion, speaker"
        )
    if twice := [name for name, count in Counter(header).items() if count > 1]:
        raise UserError(f"{table}, line 1: column {', '.join(twice)} comes twice; keep one")


def utterance_of(row: Row, recording: Path) -> Utterance:
    word = row.required("emotion").lower()
    group = row.values.get("group")
    return Utterance(
        recording,
        NAME,
        f"{NAME}:{row.required('speaker')}",
        EMOTIONS.get(word, word),
        group=f"{NAME}:group {group}" if group else "",
        valence=dimension_of(row, "valence"),
        arousal=dimension_of(row, "arousal"),
        dominance=dimension_of(row, "dominance"),
        is_label_assumed=is_assumed(row),
    )


def is_assumed(row: Row) -> bool:
    if (text := row.values.get("assumed", "").lower()) not in ("", "no", "yes"):
        raise UserError(f"{row.place}: assumed is {text!r}; write yes or no, or nothing")
    return text == "yes"


def dimension_of(row: Row, column: str) -> float | None:
    text = row.values.get(column)
    if not text:
        return None
    lowest, highest = DIMENSION_RANGE
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not lowest <= value <= highest:  # NaN too
        raise UserError(f"{row.place}: {column} is {text!r}; write a number from {lowest:g} to {highest:g}, or nothing")
    return value


class MeldRecordings:
    """The recordings beside a table of MELD's, by their names without ending."""

    def __init__(self, table: Path):
        self.table = table
        self.found: dict[str, dict[str, Path]] = {}
        for path in table.parent.iterdir():
            if not is_hidden(path):
                self.found.setdefault(path.stem, {})[path.suffix.lower()] = path

    def of(self, row: Row) -> Path:
        """The recording; else the video, which a survey then counts as unreadable; else the .wav that should be there."""
        dialogue, utterance = row.required("dialogue_id"), row.required("utterance_id")
        if not (dialogue.isdecimal() and utterance.isdecimal()):
            raise UserError(f"{row.place}: Dialogue_ID {dialogue!r} or Utterance_ID {utterance!r} is no number; write them as MELD does")
        name = f"dia{dialogue}_utt{utterance}"
        files = self.found.get(name, {})
        if recording := next((files[suffix] for suffix in MELD_SUFFIXES if suffix in files), None):
            return recording
        return files.get(VIDEO_SUFFIX, self.table.parent / f"{name}.wav")


def videos_alone(table: Path, videos: Sequence[Path]) -> tuple[str, ...]:
    """MELD's release has a video that no program decodes: `dia125_utt3.mp4` of its training part."""
    if not videos:
        return ()
    return (f"{table}: {len(videos):,} videos have no recording beside them (first: {videos[0].name}); {extraction(videos[0])}",)


def extraction(video: Path) -> str:
    return f"write the sound of each video beside it, for example with: ffmpeg -i {video.name} -vn -ac 1 {video.stem}.wav"


def unknown_emotions(table: Path, utterances: tuple[Utterance, ...]) -> tuple[str, ...]:
    known = {*EMOTIONS.values()}
    unknown = Counter(utterance.emotion for utterance in utterances if utterance.emotion not in known)
    if not unknown:
        return ()
    words = ", ".join(f"{word} ({count:,})" for word, count in unknown.most_common())
    return (
        f"{table}: {unknown.total():,} recordings are left out of the four classes for the word that names their emotion: {words}; "
        f"write {', '.join(LABELS)} where it is one of these",
    )


def inside(folder: Path) -> str:
    tables = sorted(path.name for path in folder.glob("*.csv") if not is_hidden(path))
    return f", here {' or '.join(tables)}" if tables else ""
