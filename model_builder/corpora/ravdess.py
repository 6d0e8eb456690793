"""RAVDESS speech: 24 actors, two sentences, eight acted emotions (Livingstone & Russo 2018, PLoS ONE 13(5)). Evaluation only.

File names, from that paper: `modality-channel-emotion-intensity-statement-repetition-actor`; actors of odd number are male.

The corpus has two names here because there are two protocols: `ravdess` counts calm as neutral (864 clips of 24 actors in the four
classes, as arXiv 2512.23435 does), `ravdess-without-calm` keeps it as a class of its own, outside the four (672 clips).
"""

import re
from pathlib import Path

from model_builder.corpora.corpus import Corpus
from model_builder.corpora.utterance import Utterance, recordings

NAME = "ravdess"
NAME_WITHOUT_CALM = "ravdess-without-calm"
EMOTIONS = {
    "01": "neutral",
    "02": "calm",
    "03": "happy",
    "04": "sad",
    "05": "angry",
    "06": "fearful",
    "07": "disgusted",
    "08": "surprised",
}
INTENSITIES = {"01": "normal", "02": "strong"}
SPEECH = "01"
FILE_NAME = re.compile(
    r"(?P<modality>\d\d)-(?P<channel>\d\d)-(?P<emotion>\d\d)-(?P<intensity>\d\d)-(?P<statement>\d\d)-(?P<repetition>\d\d)-(?P<actor>\d\d)"
)


def load(folder: Path) -> Corpus:
    """Every speech recording below `folder` named as RAVDESS names them: `03-01-05-01-02-01-07.wav` (or .flac); songs are left out.

    Calm is neutral.
    """
    return read(folder, NAME, EMOTIONS | {"02": "neutral"})


def load_without_calm(folder: Path) -> Corpus:
    """As `load`, but calm is a class of its own. Speakers have the same names in both: they are the same people."""
    return read(folder, NAME_WITHOUT_CALM, EMOTIONS)


def read(folder: Path, name: str, emotions: dict[str, str]) -> Corpus:
    utterances = []
    for path in recordings(folder):
        match = FILE_NAME.fullmatch(path.stem)
        if match and match["channel"] == SPEECH and match["emotion"] in emotions:
            utterances.append(
                Utterance(
                    path,
                    name,
                    f"{NAME}:{match['actor']}",
                    emotions[match["emotion"]],
                    sex="male" if int(match["actor"]) % 2 else "female",
                    intensity=INTENSITIES.get(match["intensity"]),
                )
            )
    return Corpus(name, tuple(utterances))
