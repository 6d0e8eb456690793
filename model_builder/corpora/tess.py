"""TESS, the Toronto emotional speech set: two actresses of 26 and 64 years, 200 words after "Say the word", seven acted emotions,
2,800 recordings (Pichora-Fuller & Dupuis 2020, Borealis, doi:10.5683/SP2/E8H2MF).

File names: `speaker_word_emotion`, with `ps` for pleasant surprise; one file of the release says OA where it means OAF.
Two speakers are too few to measure on: a model tested on one of them has learnt from one other voice.
"""

import re
from pathlib import Path

from model_builder.corpora.corpus import Corpus, read_named
from model_builder.corpora.utterance import Utterance

NAME = "tess"
EMOTIONS = {
    "angry": "angry",
    "disgust": "disgusted",
    "fear": "fearful",
    "happy": "happy",
    "neutral": "neutral",
    "ps": "surprised",
    "sad": "sad",
}
FILE_NAME = re.compile(r"(?P<speaker>OA|YA)F?_(?P<word>[A-Za-z]+)_(?P<emotion>[a-z]+)")


def load(folder: Path) -> Corpus:
    """Every recording below `folder` named as TESS names them: `OAF_back_angry.wav` (or .flac)."""
    return read_named(folder, NAME, utterance_of)


def utterance_of(path: Path) -> Utterance | None:
    match = FILE_NAME.fullmatch(path.stem)
    if not match or match["emotion"] not in EMOTIONS:
        return None
    return Utterance(path, NAME, f"{NAME}:{match['speaker']}F", EMOTIONS[match["emotion"]], sex="female")
