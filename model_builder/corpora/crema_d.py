"""CREMA-D: 91 actors, 12 sentences, six acted emotions (Cao et al. 2014, IEEE Trans. Affective Computing 5(4))."""

import re
from pathlib import Path

from model_builder.corpora.utterance import Utterance, recordings

NAME = "crema-d"
EMOTIONS = {"ANG": "angry", "HAP": "happy", "NEU": "neutral", "SAD": "sad", "DIS": "disgusted", "FEA": "fearful"}
FILE_NAME = re.compile(r"(?P<speaker>\d{4})_(?P<sentence>[A-Z]{3})_(?P<emotion>[A-Z]{3})_(?P<level>LO|MD|HI|XX?)")


def load(folder: Path) -> list[Utterance]:
    """Every recording below `folder` named as CREMA-D names them: `1004_DFA_ANG_XX.wav` (or .flac)."""
    utterances = []
    for path in recordings(folder):
        match = FILE_NAME.fullmatch(path.stem)
        if match and match["emotion"] in EMOTIONS:
            utterances.append(Utterance(path, NAME, f"{NAME}:{match['speaker']}", EMOTIONS[match["emotion"]]))
    return utterances
