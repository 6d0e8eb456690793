"""Adaptation to unlabelled speech: by feature statistics, and by gradient reversal in training."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from model_builder.corpora.corpus import Corpus
from model_builder.corpora.survey import Clip
from model_builder.corpora.unlabelled import without_labels
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.errors import UserError
from model_builder.export.to_onnx import export_onnx
from model_builder.models.arousal_valence_head import add_head
from model_builder.models.card import read_card
from model_builder.models.checkpoint import load_weights, save_weights
from model_builder.models.weight_average import average_weights
from model_builder.training.adapt_statistics import adapt_weights, clips_of_training_speakers, compare_adapted, cross_adapt
from model_builder.training.config import TrainingPlan
from model_builder.training.domain_adversary import AdaptationBatches, DomainClassifier, ReversedGradient, domain_loss, reversal_strength
from model_builder.training.feature_statistics import FeatureStatistics, adapted_to, features_of, statistics_of
from model_builder.training.train import train
from tests.generated import generated_clips, tiny_model
from tests.recordings import speech_like, write_wav


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    training = {"speakers": ["generated:0", "generated:1"]}
    save_weights(tiny_model(), folder, {"temperature": 1.5, "training": training, "results": {"unweighted_accuracy": 0.5}})
    return folder


def telephone(clips: list[Clip], corpus: str = "telephone") -> list[Clip]:
    """The same voices through another channel, as another corpus."""
    return [
        Clip(
            replace(clip.utterance, corpus=corpus, speaker=f"{corpus}:{clip.utterance.speaker}", group=""),
            np.diff(clip.pcm, prepend=clip.pcm[:1]),
        )
        for clip in clips
    ]


def features(clips: int, seed: int, width: int = 256) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(0, 1, (clips, width)) * rng.uniform(0.5, 2, width) + rng.normal(0, 1, width)).astype(np.float32)


def test_a_corpus_whose_features_are_scaled_and_shifted_gets_the_answers_of_training():
    model = tiny_model()
    add_head(model)
    training = features(200, seed=0)
    gain, offset = np.random.default_rng(1).uniform(0.3, 3, (2, 256)).astype(np.float32)
    target = training * gain + offset
    adapted = adapted_to(statistics_of(target), statistics_of(training), model)
    with torch.no_grad():
        for layer in ("classifier", "arousal_valence"):
            expected = getattr(model, layer)(torch.from_numpy(training))
            assert torch.allclose(getattr(adapted, layer)(torch.from_numpy(target)), expected, atol=1e-4)
            assert not torch.allclose(getattr(model, layer)(torch.from_numpy(target)), expected, atol=1e-2)


def test_equal_statistics_change_nothing():
    model, known = tiny_model(), statistics_of(features(50, seed=2))
    assert torch.allclose(adapted_to(known, known, model).classifier.weight, model.classifier.weight, atol=1e-7)


def test_statistics_need_two_recordings_and_a_feature_that_never_moves_stays_finite():
    with pytest.raises(ValueError, match="no variance"):
        statistics_of(features(1, seed=0))
    assert (statistics_of(np.ones((3, 4), np.float32)).deviation > 0).all()


def test_a_long_recording_counts_as_the_mean_of_its_pieces():
    model, pcm = tiny_model(), speech_like(16.0)
    halves = features_of(model, [pcm[:128_000], pcm[128_000:]])
    np.testing.assert_allclose(features_of(model, [pcm])[0], halves.mean(axis=0), atol=1e-5)


def test_adapted_weights_lie_in_a_folder_of_their_own_and_export_to_the_same_graph(weights, tmp_path):
    clips = generated_clips(8)
    adapt_weights(weights, clips, telephone(clips), tmp_path / "adapted")
    before, after = (load_file(folder / "model.safetensors") for folder in (weights, tmp_path / "adapted"))
    assert {name for name in before if not torch.equal(before[name], after[name])} == {"classifier.weight", "classifier.bias"}
    card = read_card(tmp_path / "adapted")
    assert card["temperature"] == 1.5 and card["training"]["speakers"] == ["generated:0", "generated:1"]
    assert card["training"]["adapted_to"]["clips"] == 8
    assert card["training"]["adapted_to"]["speakers"] == ["telephone:generated:0", "telephone:generated:1"]
    assert len(card["training"]["adapted_to"]["recordings"]) == 8
    assert card["results"] == {}  # they were measured on other weights
    operators = []
    for name, folder in (("before", weights), ("after", tmp_path / "adapted")):
        export_onnx(load_weights(folder), tmp_path / f"{name}.onnx")
        operators.append([node.op_type for node in onnx.load(str(tmp_path / f"{name}.onnx")).graph.node])
    assert operators[0] == operators[1]


def test_weights_are_adapted_once_and_so_is_an_average_of_them(weights, tmp_path):
    clips = generated_clips(8)
    adapt_weights(weights, clips, telephone(clips), tmp_path / "adapted")
    average_weights([weights, tmp_path / "adapted"], tmp_path / "mean")
    for folder in (tmp_path / "adapted", tmp_path / "mean"):
        with pytest.raises(UserError, match=f"{folder.name}: was adapted already"):
            adapt_weights(folder, clips, telephone(clips), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_what_training_was_adapted_to_stays_on_the_card(tmp_path):
    before = {"by": "gradient reversal", "speakers": ["radio:1"], "recordings": ["1a"]}
    save_weights(tiny_model(), tmp_path / "weights", {"training": {"adapted_to": before}})
    clips = generated_clips(4)
    adapt_weights(tmp_path / "weights", clips, telephone(clips), tmp_path / "adapted")
    adapted = read_card(tmp_path / "adapted")["training"]["adapted_to"]
    assert {"radio:1", "telephone:generated:0"} <= set(adapted["speakers"])
    assert "1a" in adapted["recordings"] and len(adapted["recordings"]) == 5


def test_recordings_that_are_nearly_one_are_refused(weights, tmp_path):
    clips = generated_clips(8)
    noise = np.random.default_rng(0)
    nearly = [replace(clips[0], pcm=clips[0].pcm + noise.normal(0, 1e-6, len(clips[0].pcm)).astype(np.float32)) for _ in range(3)]
    with pytest.raises(UserError, match="nearly the same"):
        adapt_weights(weights, clips, nearly, tmp_path / "adapted")
    assert not (tmp_path / "adapted").exists()


def test_only_speakers_of_training_count(weights):
    assert {clip.utterance.speaker for clip in clips_of_training_speakers(weights, generated_clips(16))} == {"generated:0", "generated:1"}


def test_the_judged_half_takes_no_part_in_its_own_adaptation(weights):
    clips = telephone(generated_clips(16))  # four speakers
    surprised = Clip(replace(clips[0].utterance, emotion="surprised"), clips[0].pcm)
    noise = Clip(surprised.utterance, np.random.default_rng(0).integers(-9_000, 9_000, 20_000).astype(np.int16))
    one, other = (cross_adapt(weights, generated_clips(8), [first, *clips[1:]]) for first in (surprised, noise))
    first_half = np.array([speaker in ("telephone:generated:0", "telephone:generated:1") for speaker in one.speakers])
    assert len(one.true) == 15 and first_half.sum() == 7
    np.testing.assert_array_equal(one.after[first_half], other.after[first_half])
    assert not np.allclose(one.after[~first_half], other.after[~first_half])
    assert not np.allclose(one.before, one.after)


def test_labels_decide_nothing_but_the_score(weights):
    clips = telephone(generated_clips(8))
    turned = [Clip(replace(clip.utterance, emotion=LABELS[LABELS.index(clip.utterance.emotion) - 1]), clip.pcm) for clip in clips]
    one, other = (cross_adapt(weights, generated_clips(8), given) for given in (clips, turned))
    np.testing.assert_array_equal(one.after, other.after)
    assert not np.array_equal(one.true, other.true)


def test_a_corpus_of_one_speaker_cannot_be_halved(weights):
    with pytest.raises(UserError, match="needs at least two, the corpus has 1"):
        cross_adapt(weights, generated_clips(8), telephone(generated_clips(4)))


def test_weights_trained_to_adapt_judge_the_speakers_that_they_did_not_hear(weights, tmp_path):
    clips = telephone(generated_clips(8))
    for name, bias, heard in (("a", 1.0, "telephone:generated:0"), ("b", 2.0, "telephone:generated:1")):
        model = tiny_model()
        nn.init.zeros_(model.classifier.weight)
        nn.init.constant_(model.classifier.bias, bias)
        save_weights(model, tmp_path / name, {"training": {"speakers": ["generated:0"], "adapted_to": {"speakers": [heard]}}})
    found = compare_adapted(weights, [tmp_path / "a", tmp_path / "b"], clips)
    assert [(speaker, row[0]) for speaker, row in zip(found.speakers, found.after, strict=True)] == [
        *[("telephone:generated:0", 2.0)] * 4, *[("telephone:generated:1", 1.0)] * 4,
    ]  # fmt: skip
    with pytest.raises(UserError, match="telephone:generated:0 trained all"):
        compare_adapted(weights, [tmp_path / "a"], clips)


def test_the_gradient_is_turned_around_and_scaled():
    features = torch.tensor([[1.0, 2.0]], requires_grad=True)
    reversed_features = ReversedGradient.apply(features, 0.25)
    assert torch.equal(reversed_features, features)
    (reversed_features * torch.tensor([[3.0, -1.0]])).sum().backward()
    assert features.grad.tolist() == [[-0.75, 0.25]]


def test_the_reversal_grows_as_the_paper_says():
    assert reversal_strength(0.0) == 0.0
    assert reversal_strength(0.1) == pytest.approx(0.46211716)  # 2 / (1 + e^-1) - 1
    assert reversal_strength(1.0) == pytest.approx(0.9999092)


def test_the_classifier_learns_the_domain_and_the_features_the_opposite():
    torch.manual_seed(0)
    classifier, features = DomainClassifier(8), torch.randn(6, 8, requires_grad=True)
    layer = classifier.layers[0].weight
    is_unlabelled = torch.tensor([0.0, 0.0, 0.0, 0.0, 1.0, 1.0])
    plain = nn.functional.binary_cross_entropy_with_logits(classifier.layers(features)[:, 0], is_unlabelled)
    for_features, for_classifier = torch.autograd.grad(plain, (features, layer))
    loss = domain_loss(classifier, features[:4], features[4:], progress=0.2)
    reversed_for_features, same_for_classifier = torch.autograd.grad(loss, (features, layer))
    assert loss.item() == pytest.approx(plain.item())
    assert torch.allclose(reversed_for_features, -reversal_strength(0.2) * for_features, atol=1e-7)
    assert torch.allclose(same_for_classifier, for_classifier, atol=1e-7)


def test_half_of_an_adapting_batch_is_unlabelled_and_of_the_same_length():
    clips, unlabelled = generated_clips(8), stripped(telephone(generated_clips(12)))
    batches = AdaptationBatches(clips, 4, (0.5, 0.9), 0, 0, unlabelled=unlabelled)
    pcm, said = batches[1]
    assert pcm.shape[0] == 8 and said.labels.shape == (4,)
    assert torch.equal(pcm, batches[1][0]) and not torch.equal(pcm[4:], batches[0][0][4:, : pcm.shape[1]])


def stripped(clips: list[Clip]) -> list[Clip]:
    utterances = without_labels(Corpus("telephone", tuple(clip.utterance for clip in clips))).utterances
    return [Clip(utterance, clip.pcm) for utterance, clip in zip(utterances, clips, strict=True)]


def test_stripped_utterances_keep_only_the_recording_and_who_speaks():
    said = Utterance(Path("a.wav"), "a", "a:1", "sad", "female", "strong", "a:session", 1.0, 2.0, 3.0)
    [bare] = without_labels(Corpus("a", (said,))).utterances
    assert bare == Utterance(Path("a.wav"), "a", "a:1", "", group="a:session")


@pytest.fixture(scope="module")
def encoder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    tiny_model().hubert.save_pretrained(folder)
    return folder


def test_training_never_reads_the_labels_of_the_speech_that_it_adapts_to(encoder, tmp_path):
    """The same weights, bit for bit, whatever the labels; other weights with other speech."""
    plan = TrainingPlan(str(encoder), epochs=1, batch_clips=4, crop_s=(0.5, 0.6), peak_learning_rate=1e-3)
    clips, target = generated_clips(12), telephone(generated_clips(8))
    wrong = [Clip(replace(clip.utterance, emotion="nonsense", arousal=5.0), clip.pcm) for clip in target]
    backwards = [Clip(clip.utterance, clip.pcm[::-1].copy()) for clip in target]
    trained = [
        load_file(train(clips, plan, tmp_path / name, unlabelled=unlabelled).weights / "model.safetensors")
        for name, unlabelled in (("right", target), ("wrong", wrong), ("stripped", stripped(target)), ("other", backwards))
    ]
    right, *same, other = trained
    for weights in same:
        assert all(torch.equal(tensor, weights[name]) for name, tensor in right.items())
    assert any(not torch.equal(tensor, other[name]) for name, tensor in right.items())
    card = json.loads((tmp_path / "right" / "weights" / "card.json").read_text())
    assert card["training"]["adapted_to"]["speakers"] == ["telephone:generated:0", "telephone:generated:1"]


def test_speakers_of_the_training_corpora_are_not_adapted_to(encoder, tmp_path):
    with pytest.raises(UserError, match="generated:0 speaks in the training corpora and in the one to adapt to"):
        train(generated_clips(12), TrainingPlan(str(encoder)), tmp_path, unlabelled=generated_clips(4))


def test_a_run_without_a_stage_that_adapts_is_refused(tmp_path):
    plan = TrainingPlan("scratch", epochs=0, batch_clips=4)
    with pytest.raises(UserError, match="0 epochs adapt nothing"):
        train(generated_clips(12), plan, tmp_path, unlabelled=stripped(telephone(generated_clips(4))))


def write_corpus(folder: Path, pattern: str, codes: tuple[str, ...], speakers: range) -> Path:
    folder.mkdir()
    for speaker in speakers:
        for index, code in enumerate(codes):
            write_wav(folder / pattern.format(speaker=speaker, code=code), speech_like(0.8, seed=10 * speaker + index))
    return folder


@pytest.fixture(scope="module")
def corpora(tmp_path_factory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("corpora")
    crema_d = write_corpus(folder / "crema-d", "10{speaker:02d}_DFA_{code}_XX.wav", ("ANG", "HAP", "NEU", "SAD"), range(10, 13))
    ravdess = write_corpus(folder / "ravdess", "03-01-{code}-01-01-01-{speaker:02d}.wav", ("05", "03", "01", "04", "08"), range(1, 5))
    return crema_d, ravdess


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "model_builder", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_the_commands_adapt_and_judge(corpora, tmp_path):
    crema_d, ravdess = corpora
    save_weights(tiny_model(), tmp_path / "weights", {})
    given = ("--weights", tmp_path / "weights", "--training", f"crema-d={crema_d}")
    answer = run("adapt", ravdess, *given, "--out", tmp_path / "adapted")
    assert answer.returncode == 0, answer.stderr
    adapted_to = read_card(tmp_path / "adapted")["training"]["adapted_to"]
    assert adapted_to["clips"] == 20 and adapted_to["speakers"] == []
    assert str(tmp_path) not in json.dumps(adapted_to)
    answer = run("evaluate", "--corpus", f"ravdess={ravdess}", "--weights", tmp_path / "adapted")
    assert answer.returncode == 0, answer.stderr
    assert "warning: ravdess: the model was adapted to 16 of these recordings" in answer.stderr
    answer = run("evaluate", "--corpus", f"crema-d={crema_d}", "--weights", tmp_path / "adapted")
    assert answer.returncode == 0 and "was adapted to" not in answer.stderr
    answer = run("cross-adapt", "--corpus", f"ravdess={ravdess}", *given)
    assert answer.returncode == 0, answer.stderr
    assert "ravdess: 16 clips" in answer.stdout
    assert "UA, feature statistics less as they were" in answer.stdout and "95% interval over speakers" in answer.stdout
    answer = run("adapt", ravdess, *given, "--out", tmp_path / "weights")
    assert answer.returncode == 2 and "holds the weights to adapt" in answer.stderr


def test_train_adapts_to_speech_of_any_emotion(corpora, encoder, tmp_path):
    crema_d, ravdess = corpora
    answer = run(
        "train", "--corpus", f"crema-d={crema_d}", "--adapt-to", f"ravdess={ravdess}", "--encoder", encoder, "--run", tmp_path,
        "--epochs", 1, "--batch", 4,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    adapted = read_card(tmp_path / "weights")["training"]["adapted_to"]
    assert (adapted["by"], adapted["clips"], len(adapted["speakers"])) == ("gradient reversal", 20, 4)


def test_statistics_are_of_each_feature_alone():
    found = statistics_of(np.array([[1.0, 10.0], [3.0, 30.0]], np.float32))
    assert isinstance(found, FeatureStatistics)
    assert found.mean.tolist() == [2.0, 20.0] and found.deviation.tolist() == [1.0, 10.0]
