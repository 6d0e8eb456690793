"""RAVDESS speech: 24 actors, two sentences, eight acted emotions (Livingstone & Russo 2018, PLoS ONE 13(5)). Evaluation only."""

import re
from pathlib import Path

from model_builder.corpora.utterance import Utterance, recordings

NAME = "ravdess"
EMOTIONS = {
    "01": "neutral",
    "02": "neutral",  # calm: the protocol of arXiv 2512.23435 counts it as neutral (864 clips of 24 actors)
    "03": "happy",
    "04": "sad",
    "05": "angry",
    "06": "fearful",
    "07": "disgusted",
    "08": "surprised",
}
SPEECH = "01"
FILE_NAME = re.compile(
    r"(?P<modality>\d\d)-(?P<channel>\d\d)-(?P<emotion>\d\d)-(?P<intensity>\d\d)-(?P<statement>\d\d)-(?P<repetition>\d\d)-(?P<actor>\d\d)"
)


def load(folder: Path) -> list[Utterance]:
    """Every speech recording below `folder` named as RAVDESS names them: `03-01-05-01-02-01-07.wav` (or .flac); songs are left out."""
    utterances = []
    for path in recordings(folder):
        match = FILE_NAME.fullmatch(path.stem)
        if match and match["channel"] == SPEECH and match["emotion"] in EMOTIONS:
            utterances.append(Utterance(path, NAME, f"{NAME}:{match['actor']}", EMOTIONS[match["emotion"]]))
    return utterances
