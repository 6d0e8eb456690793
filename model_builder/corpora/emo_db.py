"""EMO-DB, the Berlin database of emotional speech: ten actors, ten German sentences, seven acted emotions, 535 recordings
(Burkhardt et al. 2005, Interspeech).

File names, from the corpus's documentation: two digits of the speaker, three characters of the text, the first letter of the German
word for the emotion, and a letter that tells versions apart.
"""

import re
from pathlib import Path

from model_builder.corpora.corpus import Corpus, read_named
from model_builder.corpora.utterance import Sex, Utterance

NAME = "emo-db"
EMOTIONS = {
    "W": "angry",  # Wut
    "L": "bored",  # Langeweile
    "E": "disgusted",  # Ekel
    "A": "fearful",  # Angst
    "F": "happy",  # Freude
    "T": "sad",  # Trauer
    "N": "neutral",
}
SEXES: dict[str, Sex] = {
    "03": "male",
    "08": "female",
    "09": "female",
    "10": "male",
    "11": "male",
    "12": "male",
    "13": "female",
    "14": "female",
    "15": "male",
    "16": "female",
}
FILE_NAME = re.compile(r"(?P<speaker>\d\d)(?P<text>[ab]\d\d)(?P<emotion>[WLEAFTN])(?P<version>[a-z])")


def load(folder: Path) -> Corpus:
    """Every recording below `folder` named as EMO-DB names them: `03a01Fa.wav` (or .flac)."""
    return read_named(folder, NAME, utterance_of)


def utterance_of(path: Path) -> Utterance | None:
    match = FILE_NAME.fullmatch(path.stem)
    if not match:
        return None
    return Utterance(path, NAME, f"{NAME}:{match['speaker']}", EMOTIONS[match["emotion"]], sex=SEXES.get(match["speaker"]))
