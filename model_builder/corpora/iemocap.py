"""IEMOCAP: five sessions of a man and a woman, acted and improvised, 10,039 turns (Busso et al. 2008, Language Resources and Evaluation
42(4)). Licensed by the University of Southern California; read as its official archive unpacks.

`SessionN/dialog/EmoEvaluation/Ses01F_impro01.txt` has a line a turn, followed by one a listener:

    [6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000, 2.5000]
    C-E2:\tNeutral;\t()

with the majority's label and the mean of valence, activation and dominance; `SessionN/sentences/wav/Ses01F_impro01/` has a file a turn.
The F or M of `Ses01F` names who wore the motion-capture markers; the one of the turn (`_F000`) names who speaks.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from model_builder.corpora.corpus import PREFERRED_SUFFIXES, Corpus, left_out_warning, search_corpus
from model_builder.corpora.utterance import LABELS, Utterance, is_hidden
from model_builder.errors import UserError

NAME = "iemocap"
EMOTIONS = {
    "ang": "angry",
    "hap": "happy",
    "exc": "happy",  # excited: the four-class protocol of 5,531 utterances counts it so, arXiv 2512.23435 too
    "neu": "neutral",
    "sad": "sad",
    "fru": "frustrated",
    "fea": "fearful",
    "sur": "surprised",
    "dis": "disgusted",
    "oth": "other",
    "xxx": "undecided",  # the listeners had no majority
}
FOUR_CLASS_UTTERANCES = {"Session1": 1085, "Session2": 1023, "Session3": 1151, "Session4": 1031, "Session5": 1241}
NUMBER = r"([0-9]{1,6}(?:\.[0-9]{1,9})?)"
LABEL_LINE = re.compile(rf"\[{NUMBER} - {NUMBER}\]\s+(?P<turn>\S+)\s+(?P<emotion>\S+)\s+\[{NUMBER}, {NUMBER}, {NUMBER}\]\s*")
# Lengths are bounded so that no line takes longer than its letters, and no name is one that the file system refuses.
TURN = re.compile(r"(?P<dialog>Ses(?P<session>[0-9]{2})[FM]_\w{1,40})_(?P<sex>[FM])\w{1,20}", re.ASCII)


def load(folder: Path) -> Corpus:
    """Every labelled turn below `folder`, which holds Session1 to Session5. Turns without a recording are kept, for a survey to name.

    Warns where the four classes do not have the official release's 5,531 recordings, and of turns that are labelled twice alike.
    Raises UserError where no label file is found, a label line cannot be read or stands in another session's folder, or a turn has two
    labels.
    """
    tables = sorted(folder.glob("Session*/dialog/EmoEvaluation/*.txt"))
    found: dict[Path, tuple[Path, Utterance]] = {}
    repeated = []
    for table in (table for table in tables if not is_hidden(table)):
        for utterance in read_labels(table):
            first, known = found.setdefault(utterance.path, (table, utterance))
            if known != utterance:
                raise UserError(f"{table}: {utterance.path.stem} has another label in {first}; keep one of these files")
            if known is not utterance:
                repeated.append(utterance.path)
    utterances = [utterance for _, utterance in found.values()]
    if not utterances:
        raise UserError(
            f"no labelled turn in {folder / 'Session1/dialog/EmoEvaluation/Ses*.txt'} or its like; "
            "give the folder that holds Session1 to Session5 (IEMOCAP_full_release)"
        )
    utterances.sort(key=lambda utterance: utterance.path)
    labelled = {utterance.path for utterance in utterances}
    files = (path for path in sorted(folder.glob("Session*/sentences/wav/*/*")) if path.suffix.lower() in PREFERRED_SUFFIXES)
    unlabelled = [path for path in files if path not in labelled and not is_hidden(path)]
    left_out = {"without a label line": unlabelled, "labelled twice alike, once": repeated}
    warnings = (*difference_from_official(utterances), *left_out_warning(NAME, left_out))
    return Corpus(NAME, tuple(utterances), warnings, tuple(filter(is_hidden, tables)), tuple(search_corpus(folder).problems))


def read_labels(table: Path) -> Iterator[Utterance]:
    """The turns of one dialog. The lines that start with `[` are the turns; listeners and the header (`%`) start otherwise."""
    session = table.parents[2]
    # Listeners' remarks in other encodings must not keep anyone from the labels, which are ASCII.
    try:
        lines = table.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise UserError(f"{table}: {error.strerror or error}; unpack the file from the release again") from error
    for number, line in enumerate(lines, start=1):
        if not line.startswith("["):
            continue
        label = LABEL_LINE.fullmatch(line)
        turn = TURN.fullmatch(label["turn"]) if label else None
        if label is None or turn is None or label["emotion"] not in EMOTIONS:
            raise UserError(
                f"{table}, line {number}: {line[:200]!r} is not `[start - end]`, turn, one of {', '.join(EMOTIONS)} and "
                "`[valence, activation, dominance]`, with tabs between; unpack the file from the release again"
            )
        if session.name != f"Session{int(turn['session'])}":
            raise UserError(f"{table}, line {number}: {label['turn']} is not of {session.name}; unpack the release again, or move the copy")
        valence, activation, dominance = map(float, label.groups()[-3:])
        yield Utterance(
            recording_of(session / "sentences" / "wav" / turn["dialog"], label["turn"]),
            NAME,
            f"{NAME}:Ses{turn['session']}{turn['sex']}",
            EMOTIONS[label["emotion"]],
            sex="female" if turn["sex"] == "F" else "male",
            group=f"{NAME}:{session.name}",
            valence=valence,
            arousal=activation,
            dominance=dominance,
        )


def recording_of(folder: Path, turn: str) -> Path:
    """The turn's file; the official .wav where there is none."""
    names = [folder / f"{turn}{suffix}" for suffix in PREFERRED_SUFFIXES]
    return next((path for path in names if path.is_file()), names[0])


def difference_from_official(utterances: Sequence[Utterance]) -> tuple[str, ...]:
    """A warning where the recordings of the four classes are not as many, session by session, as in the official release."""
    found = Counter(utterance.group for utterance in utterances if utterance.emotion in LABELS and utterance.path.is_file())
    expected = {f"{NAME}:{session}": count for session, count in FOUR_CLASS_UTTERANCES.items()}
    different = [group for group in sorted(expected | found) if found[group] != expected.get(group, 0)]
    if not different:
        return ()
    sessions = ", ".join(f"{group.removeprefix(f'{NAME}:')} {found[group]:,} of {expected.get(group, 0):,}" for group in different)
    return (
        f"{NAME}: {found.total():,} recordings of the four classes where the official release has {sum(expected.values()):,} ({sessions}); "
        "results cannot be compared with published ones; unpack the release again",
    )
