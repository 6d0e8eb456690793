"""The second output: its loss, how it is learnt beside the labels, and its weights on disk."""

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor
from transformers import HubertForSequenceClassification

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.corpora.dimensions import arousal_valence
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.evaluation.concordance import concordance
from model_builder.fitting.annotations import AnnotatedBatches
from model_builder.fitting.batches import CropBatches
from model_builder.fitting.trainer import FitPlan, fit
from model_builder.inference.torch_reference import torch_answer
from model_builder.models.arousal_valence_head import add_head, concordance_loss, head_of
from model_builder.models.checkpoint import load_weights, save_weights
from model_builder.models.hubert import ChannelsLastHubert
from model_builder.training.config import TrainingPlan
from model_builder.training.held_out import validated_concordance
from model_builder.training.multitask_loss import MultiTaskLoss
from model_builder.training.train import train
from tests.generated import generated_clips, tiny_model
from tests.recordings import speech_like

NAN = float("nan")
UNCHANGED = AugmentationPlan(**{field.name: 0.0 for field in fields(AugmentationPlan) if field.name.endswith("_probability")})


@pytest.fixture(scope="module")
def encoder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    tiny_model().hubert.save_pretrained(folder)
    return folder


def with_dimensions(clips: list[Clip]) -> list[Clip]:
    """Arousal and valence of half of the clips of every speaker, by their emotions."""
    said = {"angry": (4.5, 1.5), "happy": (4.0, 4.5), "neutral": (2.5, 3.0), "sad": (1.5, 2.0)}
    return [
        Clip(replace(clip.utterance, arousal=said[clip.utterance.emotion][0], valence=said[clip.utterance.emotion][1]), clip.pcm)
        if (index + index // 4) % 2
        else clip
        for index, clip in enumerate(clips)
    ]


def tone_clips(count: int) -> list[Clip]:
    """A pitch for each class: what a tiny network hears at once."""
    time_s = np.arange(12_000) / 16_000
    return [
        Clip(clip.utterance, (10_000 * np.sin(2 * np.pi * 300 * 2.5 ** (index % 4) * time_s)).astype(np.int16))
        for index, clip in enumerate(generated_clips(count))
    ]


def loss_of(predicted: list[float], target: list[float]) -> float:
    return concordance_loss(torch.tensor(predicted)[:, None], torch.tensor(target)[:, None]).item()


def test_the_loss_is_one_less_the_concordance_that_evaluation_measures():
    rng = np.random.default_rng(0)
    target = rng.uniform(-1, 1, 50)
    predicted = 0.5 * target + 0.3 + rng.normal(0, 0.2, 50)
    assert loss_of(predicted.tolist(), target.tolist()) == pytest.approx(1 - concordance(predicted, target), abs=1e-6)


def test_the_loss_rates_agreement_not_correlation():
    target = [-0.5, 0.0, 0.5]
    assert loss_of(target, target) == pytest.approx(0, abs=1e-6)
    assert loss_of([-value for value in target], target) == pytest.approx(2, abs=1e-6)
    # Lin's equation by hand: 2 * (1/6) / (1/6 + 1/6 + 1)
    assert loss_of([value + 1 for value in target], target) == pytest.approx(1 - (1 / 3) / (4 / 3), abs=1e-6)


def test_clips_without_a_label_do_not_count():
    assert loss_of([0.1, 9.0, 0.4], [0.2, NAN, 0.3]) == pytest.approx(loss_of([0.1, 0.4], [0.2, 0.3]))


@pytest.mark.parametrize("target", [[NAN, NAN, NAN], [NAN, 0.5, NAN], [0.5, 0.5, NAN]])
def test_fewer_than_two_different_labels_add_nothing(target):
    predicted = torch.tensor([[0.1], [0.2], [0.3]], requires_grad=True)
    assert concordance_loss(predicted, torch.tensor(target)[:, None]).item() == 0.0


def test_each_dimension_is_judged_over_the_clips_that_have_it():
    predicted = torch.tensor([[0.1, 0.5], [0.3, -0.5], [0.2, 0.0]])
    both = concordance_loss(predicted, torch.tensor([[0.1, NAN], [0.3, NAN], [NAN, 0.7]]))
    assert both.item() == pytest.approx(0, abs=1e-6)


def test_the_gradient_of_the_loss_is_that_of_finite_differences():
    torch.manual_seed(1)
    target: Tensor = torch.rand(6, 2, dtype=torch.float64)
    target[1, 0] = NAN
    assert torch.autograd.gradcheck(lambda predicted: concordance_loss(predicted, target), torch.rand(6, 2).double().requires_grad_())


def test_a_network_learns_arousal_and_valence_beside_the_labels(tmp_path):
    clips = with_dimensions(tone_clips(32))
    network = ChannelsLastHubert(tiny_model())
    add_head(network.model)
    loss = MultiTaskLoss(lambda pcm, labels, _: F.cross_entropy(network(pcm).float(), labels), network)
    plan = FitPlan(epochs=15, batch_clips=8, peak_learning_rate=3e-3, crop_s=(0.5, 0.5), seed=0, averaging=0.9, augmentation=UNCHANGED)
    trained = fit(network, loss, clips, plan, tmp_path / "a.pt", batches_of=AnnotatedBatches)
    found = validated_concordance(trained.model, clips)
    assert min(found["arousal"], found["valence"]) > 0.8, found  # a head that learnt nothing gives a constant, CCC 0


def test_training_on_clips_that_say_it_writes_the_head_and_what_it_reached(encoder, tmp_path):
    plan = TrainingPlan(str(encoder), epochs=1, batch_clips=4, crop_s=(0.5, 0.6))
    result = train(with_dimensions(generated_clips(24)), plan, tmp_path)
    assert head_of(load_weights(result.weights)) is not None
    measured = json.loads((result.weights / "card.json").read_text())["results"]["concordance"]
    assert set(measured) == {"arousal", "valence"} and all(-1 <= value <= 1 for value in measured.values())


def test_training_clips_without_such_labels_make_the_weights_of_before(encoder, tmp_path):
    plan = TrainingPlan(str(encoder), epochs=1, batch_clips=4, crop_s=(0.5, 0.6))
    result = train(generated_clips(12), plan, tmp_path)
    written = sorted(path.name for path in result.weights.iterdir())
    assert written == ["card.json", "config.json", "model.safetensors", "preprocessor_config.json"]
    assert "concordance" not in json.loads((result.weights / "card.json").read_text())["results"]


def test_the_head_comes_back_from_disk_and_transformers_still_loads_the_classifier(tmp_path):
    model = tiny_model()
    add_head(model)
    save_weights(model, tmp_path, {})
    loaded, pcm = load_weights(tmp_path), speech_like(1.0)
    assert torch.allclose(head_of(loaded).weight, head_of(model).weight, atol=1e-3)
    assert not any("arousal" in name for name in load_file(tmp_path / "model.safetensors"))
    plain, problems = HubertForSequenceClassification.from_pretrained(tmp_path, output_loading_info=True)
    assert not any(problems.values())
    with torch.no_grad():
        ours = ChannelsLastHubert(loaded)(torch.from_numpy(pcm)[None])
        assert torch.allclose(ours, ChannelsLastHubert(plain.eval())(torch.from_numpy(pcm)[None]), atol=1e-5)
    assert torch_answer(plain, pcm).arousal_valence is None


def test_weights_without_a_head_take_the_place_of_weights_with_one(tmp_path):
    model = tiny_model()
    add_head(model)
    save_weights(model, tmp_path, {})
    save_weights(tiny_model(), tmp_path, {})
    assert head_of(load_weights(tmp_path)) is None


def test_the_labels_of_a_batch_stand_beside_its_crops():
    clips = with_dimensions(generated_clips(8))
    pcm, said = AnnotatedBatches(clips, 8, (0.5, 0.5), seed=3, epoch=1)[0]
    plain_pcm, labels = CropBatches(clips, 8, (0.5, 0.5), seed=3, epoch=1)[0]
    assert torch.equal(pcm, plain_pcm) and torch.equal(said.labels, labels)
    arousal = {"angry": 0.75, "happy": 0.5, "neutral": -0.25, "sad": -0.75}
    known = ~said.arousal_valence[:, 0].isnan()
    assert known.sum() == 4
    assert [arousal[LABELS[label]] for label in labels[known]] == said.arousal_valence[known, 0].tolist()


def test_utterances_say_what_the_corpus_says():
    said = arousal_valence([Utterance(Path("a"), "a", "a", "sad", valence=5.0, arousal=1.0), Utterance(Path("b"), "a", "a", "sad")])
    assert said[0].tolist() == [-1.0, 1.0]
    assert np.isnan(said[1]).all()
