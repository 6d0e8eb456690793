"""RAVDESS speech: 24 actors, two sentences, eight acted emotions (Livingstone & Russo 2018, PLoS ONE 13(5)). Evaluation only.

File names, from that paper: `modality-channel-emotion-intensity-statement-repetition-actor`; actors of odd number are male.

The corpus has two names here because there are two protocols: `ravdess` counts calm as neutral (864 clips of 24 actors in the four
classes, as arXiv 2512.23435 does), `ravdess-without-calm` keeps it as a class of its own, outside the four (672 clips).
"""

import re
from pathlib import Path

from model_builder.corpora.corpus import PREFERRED_SUFFIXES, UNKNOWN_NAME, Corpus, left_out_warning, search_corpus, unread_warnings
from model_builder.corpora.utterance import Utterance

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
AUDIO_ONLY, VIDEO_ONLY = "03", "02"  # 01 is the sound of a film
FILE_NAME = re.compile(
    r"(?P<modality>0[123])-(?P<channel>0[12])-(?P<emotion>\d\d)-(?P<intensity>\d\d)-(?P<statement>\d\d)-(?P<repetition>\d\d)-(?P<actor>\d\d)"
)


def load(folder: Path) -> Corpus:
    """Every speech recording below `folder` named as RAVDESS names them: `03-01-05-01-02-01-07.wav` (or .flac). Calm is neutral.

    Left out, and counted in a warning: songs, films without sound (modality 02), and all but one recording of a performance: the sound of
    its film (01) is that of its recording (03), and archives are unpacked twice.
    """
    return read(folder, NAME, EMOTIONS | {"02": "neutral"})


def load_without_calm(folder: Path) -> Corpus:
    """As `load`, but calm is a class of its own. Speakers have the same names in both: they are the same people."""
    return read(folder, NAME_WITHOUT_CALM, EMOTIONS)


def read(folder: Path, name: str, emotions: dict[str, str]) -> Corpus:
    performances: dict[str, Utterance] = {}
    songs: list[Path] = []
    films: list[Path] = []
    repeated: list[Path] = []
    unknown: list[Path] = []
    inside = search_corpus(folder)
    for path in sorted(inside.recordings, key=rank):
        match = FILE_NAME.fullmatch(path.stem)
        performance = path.stem.partition("-")[2]  # all but the modality
        if not match or match["emotion"] not in emotions:
            unknown.append(path)
        elif match["channel"] != SPEECH:
            songs.append(path)
        elif match["modality"] == VIDEO_ONLY:
            films.append(path)
        elif performance in performances:
            repeated.append(path)
        else:
            performances[performance] = Utterance(
                path,
                name,
                f"{NAME}:{match['actor']}",
                emotions[match["emotion"]],
                sex="male" if int(match["actor"]) % 2 else "female",
                intensity=INTENSITIES.get(match["intensity"]),
            )
    left_out = {
        "of songs (channel 02)": songs,
        "of films without sound (modality 02)": films,
        "of the same performance as another": repeated,
        UNKNOWN_NAME: unknown,
    }
    utterances = sorted(performances.values(), key=lambda utterance: utterance.path)
    warnings = (*unread_warnings(name, inside), *left_out_warning(name, left_out))
    return Corpus(name, tuple(utterances), warnings, problems=tuple(inside.problems))


def rank(path: Path) -> tuple[bool, bool, Path]:
    """Of the recordings of one performance, the first counts."""
    return not path.stem.startswith(AUDIO_ONLY), path.suffix.lower() not in PREFERRED_SUFFIXES, path
