"""What one purpose draws says nothing of what another draws."""

from itertools import combinations
from typing import Any

import numpy as np

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.corpora.survey import Clip
from model_builder.fitting import batches
from model_builder.fitting.batches import CropBatches
from model_builder.fitting.random_streams import Purpose, stream
from model_builder.pretraining import front_end
from model_builder.pretraining.front_end import GeneratedBatches
from model_builder.training import domain_adversary, encoder_teaching, renditions
from model_builder.training.domain_adversary import AdaptationBatches
from tests.generated import generated_clips


def rendition_batches(clips: list[Clip], *settings: Any) -> encoder_teaching.RenditionBatches:
    rendition = renditions.Rendition(np.ones((len(clips), 3_200), np.int16), np.zeros((len(clips), 10, 6), np.float16))
    rows = {renditions.key_of(clip): row for row, clip in enumerate(clips)}
    return encoder_teaching.RenditionBatches(
        clips, *settings, renditions=renditions.Renditions(rows, (rendition,)), posteriors=np.zeros((1, len(clips), 4), np.float32)
    )


def first_numbers(generator: np.random.Generator) -> tuple[float, ...]:
    return tuple(generator.random(4))


def test_no_two_purposes_places_or_seeds_share_a_stream():
    streams = [
        first_numbers(stream(purpose, *numbers))
        for purpose in Purpose
        for numbers in [(seed, *place) for seed in (0, 1) for place in ((), (0,), (1,), (0, 0), (0, 1), (1, 0), (0, 0, 0))]
    ]
    assert len(set(streams)) == len(streams)


def test_a_stream_follows_from_its_purpose_and_place():
    assert first_numbers(stream(Purpose.CROPS, 3, 1, 4)) == first_numbers(stream(Purpose.CROPS, 3, 1, 4))


def test_the_batches_of_a_run_draw_from_streams_of_their_own(monkeypatch):
    """Every generator that a batch of each kind asks for, at one seed and epoch."""
    drawn: list[tuple[str, tuple[float, ...]]] = []

    def recorded(purpose: Purpose, seed: int, *place: int) -> np.random.Generator:
        drawn.append((f"{purpose.name} {place}", first_numbers(stream(purpose, seed, *place))))
        return stream(purpose, seed, *place)

    for module in (batches, domain_adversary, encoder_teaching, front_end, renditions):
        monkeypatch.setattr(module, "stream", recorded)
    settings = (4, (0.5, 0.6), 0, 0)
    _ = CropBatches(generated_clips(8), *settings)[0]
    _ = AdaptationBatches(generated_clips(8), *settings, unlabelled=generated_clips(4, "other"))[0]
    _ = GeneratedBatches(range(8), *settings)[0]
    _ = rendition_batches(generated_clips(8), *settings)[0]
    renditions.crop_of(generated_clips(1)[0], 8_000, renditions.RenditionPlan(1, (0.5, 0.5), 0, AugmentationPlan()), 0, 0)
    streams = dict(drawn)
    assert {name.split()[0] for name in streams} == {purpose.name for purpose in Purpose if purpose != Purpose.FORWARD_PASS}
    for (one, first), (other, second) in combinations(streams.items(), 2):
        assert first != second, f"{one} and {other}"
