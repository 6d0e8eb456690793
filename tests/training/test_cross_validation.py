import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file
from transformers import HubertForSequenceClassification

from model_builder.corpora.splits import Fold, grouped_folds
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.errors import UserError
from model_builder.reporting.folds_report import summary_html, write_summary
from model_builder.training.config import TrainingPlan
from model_builder.training.cross_validation import (
    FoldResult,
    cross_validate,
    gain_over_clips,
    held_out_of_folds,
    over_folds,
    predict_again,
    share_of_same_answers,
)
from model_builder.training.fold_summary import summary_of
from model_builder.training.train import train
from tests.generated import generated_clips, tiny_config
from tests.recordings import speech_like, write_wav


@pytest.fixture
def plan(encoder) -> TrainingPlan:
    return TrainingPlan(str(encoder), epochs=2, batch_clips=4, crop_s=(0.5, 0.6), patience=1)


@pytest.fixture
def folds() -> list[Fold]:
    clips = [
        Clip(
            Utterance(Path(f"{speaker}_{label}.wav"), "generated", f"generated:{speaker}", label),
            (speech_like(0.8, seed=10 * speaker + index, level=0.05 * (index + 1)) * 32767).astype(np.int16),
        )
        for speaker in range(6)
        for index, label in enumerate(LABELS)
    ]
    return grouped_folds(clips, folds=2, validation_share=0.3, seed=0)


def levels_as_logits(weights: Path, clips: list[Clip]) -> np.ndarray:
    """Answers that follow from weights and clip, so that a mix-up shows."""
    level = load_file(weights / "model.safetensors")["classifier.bias"].float().numpy()
    return np.stack([level + np.abs(clip.pcm[:4] / 32768) for clip in clips]).astype(np.float32)


def test_every_clip_is_answered_once_by_a_network_not_trained_on_its_speaker(folds, plan, tmp_path):
    results = cross_validate({"target only": folds}, plan, tmp_path, levels_as_logits)
    files = [file for result in results for file in result.files]
    assert len(files) == len(set(files)) == 24
    for result in results:
        folder = next(path for path in tmp_path.rglob("result.json") if json.loads(path.read_text())["fold"] == result.fold).parent
        card = json.loads((folder / "weights" / "card.json").read_text())
        heard = set(card["training"]["speakers"]) | set(card["results"]["speakers"])
        assert heard.isdisjoint(result.speakers)
        assert not list(folder.glob("*.pt"))


def test_test_labels_cannot_influence_the_weights(folds, plan, tmp_path):
    [fold] = folds[:1]
    wrong = tuple(
        Clip(replace(clip.utterance, emotion=LABELS[(LABELS.index(clip.utterance.emotion) + 1) % 4]), clip.pcm[::-1]) for clip in fold.test
    )
    for name, given in (("right", fold), ("wrong", replace(fold, test=wrong))):
        cross_validate({"a": [given]}, plan, tmp_path / name, levels_as_logits)
    right, changed = (load_file(next((tmp_path / name).rglob("model.safetensors"))) for name in ("right", "wrong"))
    assert all(np.array_equal(tensor, changed[name]) for name, tensor in right.items())


def test_finished_folds_are_read_and_the_rest_is_done(folds, plan, tmp_path):
    first = cross_validate({"a": folds}, plan, tmp_path, levels_as_logits, rank=0, processes=2)
    assert [result.fold for result in first] == [folds[0].name]

    def judge_of_the_second(weights, clips):
        assert clips == folds[1].test
        return levels_as_logits(weights, clips)

    both = cross_validate({"a": folds}, plan, tmp_path, judge_of_the_second)
    assert [result.fold for result in both] == [fold.name for fold in folds]
    assert np.array_equal(both[0].logits, first[0].logits)
    with pytest.raises(UserError, match="other settings"):
        cross_validate({"a": folds}, replace(plan, seed=1), tmp_path, levels_as_logits)


def test_finished_folds_are_judged_again_from_the_weights_that_they_have(folds, plan, tmp_path):
    [first] = cross_validate({"a": folds}, plan, tmp_path, levels_as_logits, rank=0, processes=2)

    def reversed_judge(weights, clips):
        return levels_as_logits(weights, clips)[:, ::-1]

    [again] = predict_again({"a": folds}, plan, tmp_path, reversed_judge, "reversed")
    assert np.array_equal(again.logits, first.logits[:, ::-1])
    assert share_of_same_answers([first], [again]) == (first.predicted == again.predicted).mean() < 1
    [kept] = predict_again({"a": folds}, plan, tmp_path, levels_as_logits, "reversed")
    assert np.array_equal(kept.logits, again.logits)
    assert np.array_equal(cross_validate({"a": folds}, plan, tmp_path, levels_as_logits, rank=0, processes=2)[0].logits, first.logits)


def test_weights_of_all_speakers_take_their_figures_from_the_folds(encoder, folds, tmp_path):
    plan = TrainingPlan(str(encoder), epochs=1, batch_clips=4, crop_s=(0.5, 0.6), validation_share=0)
    clips = [clip for fold in folds for clip in fold.test]
    results = cross_validate({"a": grouped_folds(clips, 2, 0, 0)}, plan, tmp_path / "folds", levels_as_logits)
    trained = train(clips, plan, tmp_path / "final", held_out=held_out_of_folds(tmp_path / "folds", plan))
    card = json.loads((trained.weights / "card.json").read_text())
    hits = sum(int((result.predicted == result.labels).sum()) for result in results)
    assert card["results"]["weighted_accuracy"] == round(hits / 24, 4)
    assert card["results"]["split"].startswith("speaker-disjoint 2-fold")
    assert set(card["training"]["speakers"]) == set(card["results"]["speakers"])
    (tmp_path / "folds" / "a" / "2-of-2" / "result.json").unlink()
    assert held_out_of_folds(tmp_path / "folds", plan).split.startswith("1 of 2 speaker-disjoint folds")


def test_figures_of_another_recipe_or_of_two_systems_are_refused(encoder, folds, plan, tmp_path):
    with pytest.raises(UserError, match="holds no results"):
        held_out_of_folds(tmp_path, plan)
    cross_validate({"a": folds[:1], "b": folds[:1]}, plan, tmp_path, levels_as_logits)
    with pytest.raises(UserError, match="two systems"):
        held_out_of_folds(tmp_path, plan)
    with pytest.raises(UserError, match="other settings"):
        held_out_of_folds(tmp_path, replace(plan, seed=1))


def test_weights_that_nothing_judged_claim_nothing(encoder, tmp_path):
    plan = TrainingPlan(str(encoder), epochs=1, batch_clips=4, crop_s=(0.5, 0.6), validation_share=0)
    trained = train(generated_clips(8), plan, tmp_path)
    assert trained.scores is None
    assert json.loads((trained.weights / "card.json").read_text())["results"] == {"split": "none"}
    with pytest.raises(UserError, match="patience needs validation speakers"):
        train(generated_clips(8), replace(plan, patience=1), tmp_path / "patient")


def test_a_given_encoder_is_trained_for_one_epoch_at_least(encoder, tmp_path):
    with pytest.raises(UserError, match="0 epochs train nothing"):
        train(generated_clips(8), TrainingPlan(str(encoder), epochs=0, batch_clips=4), tmp_path)


def result_of(predicted: list[int], fold: str) -> FoldResult:
    labels = np.array([0, 1, 2, 3])
    files, speakers = tuple(f"{fold}:{index}" for index in range(4)), (f"{fold}:a", f"{fold}:a", f"{fold}:b", f"{fold}:b")
    return FoldResult("a", fold, files, speakers, labels, np.eye(4, dtype=np.float32)[predicted])


def test_the_summary_holds_every_figure_and_the_page_shows_them(tmp_path):
    before = [result_of([0, 1, 2, 0], "1"), result_of([0, 0, 0, 0], "2 <b>")]
    after = [replace(result_of([0, 1, 2, 3], "1"), system="b"), replace(result_of([0, 1, 0, 0], "2 <b>"), system="b")]
    summary = summary_of("crema-d=DIR", {"a": before, "b": after}, complete=True)
    write_summary(tmp_path, summary)
    read = json.loads((tmp_path / "summary.json").read_text())
    assert read == summary
    first, second = read["systems"]
    assert first["over_folds"]["unweighted_accuracy"] == {"mean": 0.5, "deviation": pytest.approx(0.25 * 2**0.5)}
    assert first["over_clips"]["unweighted_accuracy"] == 0.5 and second["over_clips"]["unweighted_accuracy"] == 0.75
    assert set(second["over_clips"]["intervals"]) == {"unweighted_accuracy", "weighted_accuracy", "macro_f1"}
    [gain] = read["gains"]
    assert gain["figures"]["unweighted_accuracy"]["estimate"] == pytest.approx(0.25)
    page = (tmp_path / "summary.html").read_text()
    assert "b less a" in page and "+25.0%" in page and "2 &lt;b&gt;" in page and "not finished" not in page
    incomplete = summary_of("crema-d=DIR", {"a": before, "b": after[:1]}, complete=False)
    assert incomplete["gains"] == [] and "Some folds are not finished" in summary_html(incomplete)


def test_folds_in_float32_are_not_taken_for_int8(folds, plan, tmp_path):
    [result] = cross_validate({"a": folds[:1]}, plan, tmp_path, levels_as_logits, evaluated_as="float32")
    assert result.evaluated_as == "float32"
    assert held_out_of_folds(tmp_path, plan).split.endswith("of the same recipe, float32")
    with pytest.raises(UserError, match=r"result\.json: was evaluated in float32, not in int8"):
        cross_validate({"a": folds[:1]}, plan, tmp_path, levels_as_logits)


def test_an_encoder_that_is_too_large_in_int8_is_refused_before_training(tmp_path):
    """Of 62 M parameters, in a network so shallow that it is built in a second; HuBERT base has 94 M."""
    config = tiny_config()
    config.hidden_size, config.intermediate_size, config.num_hidden_layers = 256, 60_000, 2
    HubertForSequenceClassification(config).hubert.half().save_pretrained(tmp_path / "encoder")
    target = write_corpus(tmp_path / "crema-d", "10{speaker:02d}_DFA_{code}_XX.wav", ("ANG", "HAP", "NEU", "SAD"), range(2))
    command = [
        sys.executable, "-m", "model_builder", "cross-validate", "--target", f"crema-d={target}", "--folds", "2",
        "--encoder", str(tmp_path / "encoder"), "--epochs", "1", "--batch", "4", "--validation-share", "0", "--run", str(tmp_path / "run"),
    ]  # fmt: skip
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "bytes with 4 bits each, and the app's model may have 23,000,000; --float32 evaluates such folds" in refused.stderr
    assert not (tmp_path / "run").exists()


def test_the_command_evaluates_folds_in_float32_on_request(encoder, tmp_path):
    target = write_corpus(tmp_path / "crema-d", "10{speaker:02d}_DFA_{code}_XX.wav", ("ANG", "HAP", "NEU", "SAD"), range(2))
    command = [
        sys.executable, "-m", "model_builder", "cross-validate", "--target", f"crema-d={target}", "--folds", "2", "--float32",
        "--encoder", str(encoder), "--epochs", "1", "--batch", "4", "--validation-share", "0", "--run", str(tmp_path / "run"),
    ]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert [system["evaluated_as"] for system in summary["systems"]] == ["float32"]
    assert "cross-validation" in (tmp_path / "run" / "summary.html").read_text().lower()
    refused = subprocess.run([*command, "--compare-float32"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "leave one of them out" in refused.stderr


def test_figures_over_folds_have_mean_and_deviation():
    results = [result_of([0, 1, 2, 3], "1"), result_of([0, 1, 0, 0], "2")]
    ua = over_folds(results, lambda scores: scores.unweighted_accuracy)
    assert (ua.mean, ua.deviation) == (0.75, pytest.approx(0.25 * 2**0.5))


def test_the_gain_is_of_the_second_system_on_the_same_clips():
    worse, better = [result_of([0, 1, 0, 0], "1")], [result_of([0, 1, 2, 3], "1")]
    gain = gain_over_clips(worse, better, "unweighted_accuracy")
    assert gain.estimate == 0.5
    assert gain.low <= 0.5 <= gain.high
    with pytest.raises(ValueError, match="same clips"):
        gain_over_clips(worse, [result_of([0, 1, 2, 3], "2")], "unweighted_accuracy")


def write_corpus(folder: Path, pattern: str, codes: tuple[str, ...], speakers: range) -> Path:
    folder.mkdir()
    for speaker in speakers:
        for index, code in enumerate(codes):
            pcm = speech_like(0.8, seed=10 * speaker + index, level=0.05 * (index + 1))
            write_wav(folder / pattern.format(speaker=speaker, code=code), pcm)
    return folder


def test_the_gain_is_left_out_and_8_bits_are_measured_on_request(encoder, tmp_path):
    target = write_corpus(tmp_path / "crema-d", "10{speaker:02d}_DFA_{code}_XX.wav", ("ANG", "HAP", "NEU", "SAD"), range(4))
    permanent = write_corpus(tmp_path / "ravdess", "03-01-{code}-01-01-01-{speaker:02d}.wav", ("05", "03", "01", "04"), range(10, 12))
    command = [
        sys.executable, "-m", "model_builder", "cross-validate", "--target", f"crema-d={target}", "--permanent", f"ravdess={permanent}",
        "--skip-baseline", "--folds", "2", "--encoder", str(encoder), "--epochs", "1", "--batch", "4", "--validation-share", "0",
        "--compare-float32", "--run", str(tmp_path / "run"),
    ]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "with permanent corpora, 2 folds" in answer.stdout
    assert "target only" not in answer.stdout
    assert "UA, int8 less float32" in answer.stdout and "of 16 clips" in answer.stdout
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    [system], [cost] = summary["systems"], summary["gains"]
    assert (system["system"], system["evaluated_as"], len(system["folds"])) == ("with permanent corpora", "int8", 2)
    assert (cost["of"], cost["less"]) == ("int8", "float32") and 0 <= cost["share_of_same_answers"] <= 1
    for path in (tmp_path / "run").rglob("result.json"):
        int8, float32 = (
            np.array([clip["logits"] for clip in json.loads(file.read_text())["clips"]]) for file in (path, path.with_name("float32.json"))
        )
        assert 0 < np.abs(int8 - float32).max() < 0.2


def test_the_command_prints_both_systems_and_the_gain_of_the_permanent_corpora(encoder, tmp_path):
    target = write_corpus(tmp_path / "crema-d", "10{speaker:02d}_DFA_{code}_XX.wav", ("ANG", "HAP", "NEU", "SAD"), range(4))
    permanent = write_corpus(tmp_path / "ravdess", "03-01-{code}-01-01-01-{speaker:02d}.wav", ("05", "03", "01", "04"), range(10, 13))
    command = [
        sys.executable, "-m", "model_builder", "cross-validate", "--target", f"crema-d={target}", "--permanent", f"ravdess={permanent}",
        "--folds", "2", "--encoder", str(encoder), "--epochs", "1", "--batch", "4", "--run", str(tmp_path / "run"),
    ]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "target only, 2 folds" in answer.stdout
    assert "with permanent corpora, 2 folds" in answer.stdout
    assert "UA, with permanent corpora less target only" in answer.stdout
    results = [json.loads(path.read_text()) for path in (tmp_path / "run").rglob("result.json")]
    assert sorted((result["system"], len(result["clips"])) for result in results) == [
        ("target only", 8), ("target only", 8), ("with permanent corpora", 8), ("with permanent corpora", 8),
    ]  # fmt: skip
