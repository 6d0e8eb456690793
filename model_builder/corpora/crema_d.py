"""CREMA-D: 91 actors, 12 sentences, six acted emotions (Cao et al. 2014, IEEE Trans. Affective Computing 5(4)).

File names, from the corpus's README: `speaker_sentence_EMOTION_level`. Only the sentence IEO was acted at three levels; the
others are XX, and one file of the official release says X.
"""

import csv
import re
from dataclasses import replace
from pathlib import Path

from model_builder.corpora.corpus import Corpus, read_named
from model_builder.corpora.utterance import Sex, Shares, Utterance, Votes
from model_builder.errors import UserError

NAME = "crema-d"
EMOTIONS = {"ANG": "angry", "HAP": "happy", "NEU": "neutral", "SAD": "sad", "DIS": "disgusted", "FEA": "fearful"}
LEVELS = {"LO": "low", "MD": "medium", "HI": "high", "XX": "unspecified", "X": "unspecified"}
FILE_NAME = re.compile(r"(?P<speaker>\d{4})_(?P<sentence>[A-Z]{3})_(?P<emotion>[A-Z]{3})_(?P<level>LO|MD|HI|XX?)")
DEMOGRAPHICS = "VideoDemographics.csv"
VOTES = "tabulatedVotes.csv"
RESULTS = "processedResults"
COLUMNS = "ADFHNS"  # of the votes, in the order of `VOTED`
ASKED_BY_NUMBER = {"1": "voice", "3": "voice_and_face"}
"""First digit of a row's number; 2 is the face without the voice."""
SEXES: dict[str, Sex] = {"Female": "female", "Male": "male"}


def load(folder: Path) -> Corpus:
    """Every recording below `folder` named as CREMA-D names them: `1004_DFA_ANG_XX.wav` (or .flac).

    The actors' sex and the listeners' votes are known where `VideoDemographics.csv` and `tabulatedVotes.csv` lie in `folder`, in its
    `processedResults` as in the official repository, or, for those who give AudioWAV itself, in the same places beside it.
    Warns of tables that are absent. Raises UserError for tables that are not CREMA-D's.
    """
    demographics, votes = table_of(folder, DEMOGRAPHICS), table_of(folder, VOTES)
    sex_of, votes_of = read_sexes(demographics), read_votes(votes)

    def utterance_of(path: Path) -> Utterance | None:
        match = FILE_NAME.fullmatch(path.stem)
        if not match or match["emotion"] not in EMOTIONS:
            return None
        return Utterance(
            path,
            NAME,
            f"{NAME}:{match['speaker']}",
            EMOTIONS[match["emotion"]],
            sex=sex_of.get(match["speaker"]),
            intensity=LEVELS[match["level"]],
            votes=votes_of.get(path.stem),
        )

    absent = [purpose for purpose, table in ((f"{DEMOGRAPHICS} (sexes)", demographics), (f"{VOTES} (votes)", votes)) if table is None]
    warnings = [f"{NAME}: no {' and no '.join(absent)} in {folder}; they are in the official repository"] if absent else []
    return read_named(folder, NAME, utterance_of, warnings)


def read_sexes(table: Path | None) -> dict[str, Sex]:
    """Speaker number to sex; empty without demographics."""
    if table is None:
        return {}
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            return {row["ActorID"]: SEXES[row["Sex"]] for row in csv.DictReader(file)}
    except (KeyError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(
            f"{table}: not CREMA-D's demographics, with columns ActorID and Sex, Female or Male ({error}); copy it from the release again"
        ) from error


def read_votes(table: Path | None) -> dict[str, Votes]:
    """Name of a recording, without its suffix, to its votes; empty without the table."""
    if table is None:
        return {}
    found: dict[str, Votes] = {}
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                shares, asked = shares_of(row), ASKED_BY_NUMBER.get(row[""][:1])
                if asked and shares:
                    found[row["fileName"]] = replace(found.get(row["fileName"], Votes()), **{asked: shares})
    except (KeyError, TypeError, ValueError, csv.Error) as error:  # TypeError: a row that ends early
        raise UserError(
            f"{table}: not CREMA-D's votes, a number, counts in A, D, F, H, N, S, and fileName ({error}); copy it from the release again"
        ) from error
    return found


def shares_of(row: dict[str, str]) -> Shares | None:
    """Of one row of the votes; None where nobody voted."""
    counts = [int(row[column]) for column in COLUMNS]
    if min(counts) < 0:
        raise ValueError(f"{min(counts)} votes")
    return tuple(count / sum(counts) for count in counts) if sum(counts) else None


def table_of(folder: Path, name: str) -> Path | None:
    roots = (folder, folder.parent) if folder.name == "AudioWAV" else (folder,)
    places = [place for root in roots for place in (root, root / RESULTS)]
    return next((place / name for place in places if (place / name).is_file()), None)
