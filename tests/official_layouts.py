"""Small generated corpora in the folders, names and tables of the official releases: nothing here comes from a corpus."""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.recordings import speech_like, write_wav

IEMOCAP_HEADER = "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n"


BREATH = {"angry": 0.0, "happy": 0.02, "neutral": 0.1, "sad": 0.5, "other": 0.05}
"""White noise over the voice: what tells these classes apart, since networks take the level off their input."""


def voice(emotion: str, seconds: float, seed: int) -> np.ndarray:
    breath = BREATH[emotion] * np.random.default_rng(seed).standard_normal(int(seconds * 16_000))
    return np.clip(speech_like(seconds, seed) + 0.3 * breath, -1, 1).astype(np.float32)


def iemocap_block(turn: str, emotion: str, dimensions: str = "2.5000, 2.5000, 2.5000") -> str:
    """A turn as the release's label files have it: the label and what each listener, and the actors themselves, said."""
    return (
        f"\n[6.2901 - 8.2357]\t{turn}\t{emotion}\t[{dimensions}]\n"
        "C-E2:\tNeutral;\t()\nC-E3:\tNeutral; Happiness;\t()\nC-E4:\tNeutral;\t([sic] surprised)\nC-F1:\tNeutral;\t()\n"
        "A-E3:\tval 3; act 2; dom  2;\t()\nA-E4:\tval 2; act 3; dom  3;\t(mildly aggravated)\nA-F1:\tval 3; act 2; dom  1;\t()\n"
    )


def write_dialog(root: Path, dialog: str, turns: Mapping[str, str], with_audio: bool = True) -> Path:
    """One dialog of the session that its name says; `turns` go from the last part of their names to labels. Returns its table."""
    session = root / f"Session{int(dialog[3:5])}"
    labels = session / "dialog" / "EmoEvaluation"
    for folder in ("Attribute", "Categorical", "Self-evaluation"):
        (labels / folder).mkdir(parents=True, exist_ok=True)
    for evaluator in (1, 2, 3):
        lines = (f"{dialog}_{turn}  :Neutral state; ()\n" for turn in turns)
        (labels / "Categorical" / f"{dialog}_e{evaluator}_cat.txt").write_text("".join(lines))
        lines = (f"{dialog}_{turn}  :act  2; :val  3; :dom  2; ()\n" for turn in turns)
        (labels / "Attribute" / f"{dialog}_e{evaluator}_atr.txt").write_text("".join(lines))
    table = labels / f"{dialog}.txt"
    table.write_text(IEMOCAP_HEADER + "".join(iemocap_block(f"{dialog}_{turn}", emotion) for turn, emotion in turns.items()))
    audio = session / "sentences" / "wav" / dialog
    audio.mkdir(parents=True)
    if with_audio:
        for turn in turns:
            (audio / f"{dialog}_{turn}.wav").touch()
    return table


def write_iemocap(root: Path, seconds: float = 0.5) -> Path:
    """Five sessions of a woman and a man, four classes each, and turns that do not count: undecided, and a rare label."""
    classes = {"ang": "angry", "exc": "happy", "neu": "neutral", "sad": "sad", "xxx": "other", "fru": "other"}
    for session in range(1, 6):
        dialog = f"Ses0{session}F_impro01"
        turns = {f"{sex}{index:03}": label for sex in "FM" for index, label in enumerate(classes)}
        write_dialog(root, dialog, turns, with_audio=False)
        for place, (turn, label) in enumerate(turns.items()):
            pcm = voice(classes[label], seconds, seed=100 * session + place)
            write_wav(root / f"Session{session}/sentences/wav/{dialog}/{dialog}_{turn}.wav", pcm)
    return root


def write_crema_d(root: Path, speakers: int = 2, seconds: float = 0.5) -> Path:
    """`AudioWAV` beside the tables of the official repository."""
    (root / "AudioWAV").mkdir(parents=True)
    classes = {"ANG": "angry", "HAP": "happy", "NEU": "neutral", "SAD": "sad"}
    names = []
    for speaker in range(1001, 1001 + speakers):
        for index, (label, emotion) in enumerate(classes.items()):
            names.append(f"{speaker}_DFA_{label}_XX")
            write_wav(root / "AudioWAV" / f"{names[-1]}.wav", voice(emotion, seconds, seed=10 * speaker + index))
    with (root / "VideoDemographics.csv").open("w", newline="") as file:
        rows = [(speaker, 30, "Female" if speaker % 2 else "Male") for speaker in range(1001, 1001 + speakers)]
        csv.writer(file).writerows([("ActorID", "Age", "Sex"), *rows])
    (root / "processedResults").mkdir()
    with (root / "processedResults" / "tabulatedVotes.csv").open("w", newline="") as file:
        rows = [(100_000 + place, 4, 1, 1, 1, 2, 1, name) for place, name in enumerate(names)]
        csv.writer(file).writerows([("", *"ADFHNS", "fileName"), *rows])
    return root


def write_ravdess(root: Path, actors: int = 2, seconds: float = 0.5) -> Path:
    """`Actor_NN` folders with neutral, calm, happy, sad, angry and, which does not count, fearful."""
    classes = {"01": "neutral", "02": "neutral", "03": "happy", "04": "sad", "05": "angry", "06": "other"}
    for actor in range(1, 1 + actors):
        folder = root / f"Actor_{actor:02}"
        folder.mkdir(parents=True)
        for index, (code, emotion) in enumerate(classes.items()):
            write_wav(folder / f"03-01-{code}-01-01-01-{actor:02}.wav", voice(emotion, seconds, seed=1000 * actor + index))
    return root
