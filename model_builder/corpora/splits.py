"""Splits by speaker: a speaker is never on both sides."""

import random
from collections.abc import Sequence

from model_builder.corpora.survey import Clip
from model_builder.errors import UserError


def speaker_split(clips: Sequence[Clip], validation_share: float, seed: int) -> tuple[list[Clip], list[Clip]]:
    """Split into (training, validation) with `validation_share` of the speakers, at least one, held back.

    Deterministic in the set of speakers and the seed. Raises UserError with fewer than two speakers.
    """
    speakers = sorted({clip.utterance.speaker for clip in clips})
    if len(speakers) < 2:
        raise UserError(f"a speaker-disjoint split needs at least two speakers, the corpus has {len(speakers)}; add recordings")
    count = min(max(1, round(len(speakers) * validation_share)), len(speakers) - 1)
    held_back = set(random.Random(seed).sample(speakers, count))
    training = [clip for clip in clips if clip.utterance.speaker not in held_back]
    validation = [clip for clip in clips if clip.utterance.speaker in held_back]
    assert not {clip.utterance.speaker for clip in training} & {clip.utterance.speaker for clip in validation}
    return training, validation
