"""CREMA-D: 91 actors, 12 sentences, six acted emotions (Cao et al. 2014, IEEE Trans. Affective Computing 5(4)).

File names, from the corpus's README: `speaker_sentence_EMOTION_level`. Only the sentence IEO was acted at three levels; the
others are XX, and one file of the official release says X.
"""

import csv
import re
from pathlib import Path

from model_builder.corpora.corpus import Corpus
from model_builder.corpora.utterance import Sex, Utterance, recordings
from model_builder.errors import UserError

NAME = "crema-d"
EMOTIONS = {"ANG": "angry", "HAP": "happy", "NEU": "neutral", "SAD": "sad", "DIS": "disgusted", "FEA": "fearful"}
LEVELS = {"LO": "low", "MD": "medium", "HI": "high", "XX": "unspecified", "X": "unspecified"}
FILE_NAME = re.compile(r"(?P<speaker>\d{4})_(?P<sentence>[A-Z]{3})_(?P<emotion>[A-Z]{3})_(?P<level>LO|MD|HI|XX?)")
DEMOGRAPHICS = "VideoDemographics.csv"
SEXES: dict[str, Sex] = {"Female": "female", "Male": "male"}


def load(folder: Path) -> Corpus:
    """Every recording below `folder` named as CREMA-D names them: `1004_DFA_ANG_XX.wav` (or .flac).

    The actors' sex is known where `VideoDemographics.csv` lies in `folder` or, for those who give AudioWAV itself, beside it.
    Raises UserError for demographics that are not CREMA-D's.
    """
    utterances = []
    sex_of = read_sexes(folder)
    for path in recordings(folder):
        match = FILE_NAME.fullmatch(path.stem)
        if match and match["emotion"] in EMOTIONS:
            utterances.append(
                Utterance(
                    path,
                    NAME,
                    f"{NAME}:{match['speaker']}",
                    EMOTIONS[match["emotion"]],
                    sex=sex_of.get(match["speaker"]),
                    intensity=LEVELS[match["level"]],
                )
            )
    return Corpus(NAME, tuple(utterances))


def read_sexes(folder: Path) -> dict[str, Sex]:
    """Speaker number to sex; empty without demographics."""
    places = (folder, folder.parent) if folder.name == "AudioWAV" else (folder,)
    table = next((place / DEMOGRAPHICS for place in places if (place / DEMOGRAPHICS).is_file()), None)
    if table is None:
        return {}
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            return {row["ActorID"]: SEXES[row["Sex"]] for row in csv.DictReader(file)}
    except (KeyError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(
            f"{table}: not CREMA-D's demographics, with columns ActorID and Sex, Female or Male ({error}); copy it from the release again"
        ) from error
