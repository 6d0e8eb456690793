"""Answers of a generated system: nothing here comes from a corpus."""

import numpy as np

from model_builder.evaluation.answers import Answers

LABELS = ("angry", "happy", "neutral", "sad")


def generated_answers(
    speakers: int = 12, clips_a_speaker: int = 40, strength: float = 2.0, seed: int = 0, corpus: str = "generated", left_out: int = 0
) -> Answers:
    """Women even, men odd; logits lean to the true class by about `strength`, more at high intensity, and are three times too sure."""
    rng = np.random.default_rng(seed)
    clips = speakers * clips_a_speaker
    true = rng.integers(0, 4, clips)
    of_clip = np.repeat(np.arange(speakers), clips_a_speaker)
    intensities = rng.choice(["normal", "strong"], clips)
    lean = strength * rng.uniform(0.3, 1.5, speakers)[of_clip] * np.where(intensities == "strong", 1.3, 0.7)
    logits = rng.normal(0, 1, (clips, 4))
    logits[np.arange(clips), true] += lean
    return Answers(
        corpus=corpus,
        labels=LABELS,
        logits=3 * logits,
        true=true,
        speakers=tuple(f"{corpus}:{index:02}" for index in of_clip),
        sexes=tuple(("female", "male")[index % 2] for index in of_clip),
        intensities=tuple(intensities.tolist()),
        left_out=left_out,
    )
