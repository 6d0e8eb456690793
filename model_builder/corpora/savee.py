"""SAVEE, Surrey audio-visual expressed emotion: four men, 120 sentences each, seven acted emotions, 480 recordings
(Haq & Jackson 2010, in: Machine Audition, IGI Global).

File names, from the corpus's page: letters of the emotion and two digits of the sentence, in a folder a speaker (`DC/a01.wav`);
repackaged copies put the speaker into the name (`DC_a01.wav`).
"""

import re
from pathlib import Path

from model_builder.corpora.corpus import Corpus, read_named
from model_builder.corpora.utterance import Utterance

NAME = "savee"
EMOTIONS = {
    "a": "angry",
    "d": "disgusted",
    "f": "fearful",
    "h": "happy",
    "n": "neutral",
    "sa": "sad",
    "su": "surprised",
}
SPEAKERS = ("DC", "JE", "JK", "KL")
FILE_NAME = re.compile(r"(?:(?P<speaker>[A-Z]{2})_)?(?P<emotion>sa|su|[adfhn])(?P<sentence>\d\d)")


def load(folder: Path) -> Corpus:
    """Every recording below `folder` named as SAVEE names them: `DC/a01.wav` or `DC_a01.wav` (or .flac)."""
    return read_named(folder, NAME, utterance_of)


def utterance_of(path: Path) -> Utterance | None:
    match = FILE_NAME.fullmatch(path.stem)
    speaker = (match["speaker"] or path.parent.name) if match else None
    if not match or speaker not in SPEAKERS:
        return None
    return Utterance(path, NAME, f"{NAME}:{speaker}", EMOTIONS[match["emotion"]], sex="male")
