import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.corpora.survey import Clip
from model_builder.corpora.utterance import LABELS, Utterance
from model_builder.errors import UserError
from model_builder.evaluation.uncertainty import choose_rule
from model_builder.fitting.annotations import AnnotatedBatches, Annotations
from model_builder.fitting.batches import CropBatches
from model_builder.fitting.trainer import FitPlan, fit
from model_builder.models.log_mel import Teachers
from model_builder.training.config import TrainingPlan
from model_builder.training.held_out import LARGEST_RISK, HeldOutPredictions, describe
from model_builder.training.train import train
from tests.evaluation.generated import generated_answers
from tests.pickles import RunsWhenUnpickled
from tests.recordings import speech_like, write_wav


def generated_clips(count: int) -> list[Clip]:
    return [
        Clip(
            Utterance(Path(f"{index}.wav"), "generated", f"generated:{index // 4}", LABELS[index % 4]),
            (speech_like(1.5, seed=index, level=0.05 + 0.1 * (index % 4)) * 32767).astype(np.int16),
        )
        for index in range(count)
    ]


def test_crops_follow_from_seed_epoch_and_position_alone():
    clips = generated_clips(8)
    first, again = (CropBatches(clips, 4, (0.5, 1.0), seed=1, epoch=2) for _ in range(2))
    again[0]
    assert torch.equal(first[1][0], again[1][0])
    assert not torch.equal(CropBatches(clips, 4, (0.5, 0.5), 1, 3)[0][0], CropBatches(clips, 4, (0.5, 0.5), 1, 4)[0][0])


def test_a_batch_has_one_length_and_every_clip_comes_once_an_epoch():
    clips = generated_clips(8)
    batches = CropBatches(clips, 4, (0.5, 1.0), seed=0, epoch=0)
    labels = torch.cat([labels for _, labels in batches.loader(workers=0)])
    assert sorted(labels.tolist()) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert all(pcm.dim() == 2 for pcm, _ in batches.loader(workers=0))


class Stopped(Exception):
    pass


def loss_of_pcm(network: Teachers, pcm: Tensor, said: Annotations, progress: float) -> Tensor:
    return network.loss(pcm, said.labels, said.vote_shares)


def small_fit(checkpoint: Path, stop_after: int | None = None) -> dict[str, torch.Tensor]:
    torch.manual_seed(5)
    network = Teachers(1)

    def stop(report):
        if report.epoch == stop_after:
            raise Stopped

    plan = FitPlan(epochs=3, batch_clips=4, peak_learning_rate=1e-3, crop_s=(0.5, 1.0), seed=0)
    fit(network, partial(loss_of_pcm, network), generated_clips(8), plan, checkpoint, on_epoch=stop, batches_of=AnnotatedBatches)
    return torch.load(checkpoint, weights_only=True)


def test_a_stopped_run_ends_with_the_very_weights_of_one_that_was_not(tmp_path):
    whole = small_fit(tmp_path / "whole.pt")
    with pytest.raises(Stopped):
        small_fit(tmp_path / "stopped.pt", stop_after=1)
    resumed = small_fit(tmp_path / "stopped.pt")
    assert resumed["epochs_done"] == 3
    for part in ("network", "averaged"):
        for name, tensor in whole[part].items():
            assert torch.equal(tensor, resumed[part][name]), f"{part} {name}"


def fit_with_scores(checkpoint: Path, scores: list[float], stop_after: int | None = None) -> tuple[nn.Module, list[dict[str, Tensor]]]:
    """Trains until patience ends it; each epoch gets the next of `scores`. Returns the result and the average after each epoch."""
    torch.manual_seed(5)
    network = Teachers(1)
    averages = []

    def validate(averaged: nn.Module) -> float:
        averages.append({name: tensor.clone() for name, tensor in averaged.state_dict().items()})
        return scores[len(averages) - 1]

    def stop(report):
        if report.epoch == stop_after:
            raise Stopped

    plan = FitPlan(epochs=6, batch_clips=4, peak_learning_rate=1e-3, crop_s=(0.5, 0.6), seed=0, patience=2)
    result = fit(
        network,
        partial(loss_of_pcm, network),
        generated_clips(8),
        plan,
        checkpoint,
        validate,
        on_epoch=stop,
        batches_of=AnnotatedBatches,
    )
    return result, averages


def test_with_patience_training_ends_early_and_keeps_the_best_epoch(tmp_path):
    result, averages = fit_with_scores(tmp_path / "a.pt", [0.3, 0.5, 0.4, 0.5])
    assert len(averages) == 4
    assert all(torch.equal(tensor, averages[1][name]) for name, tensor in result.state_dict().items())
    assert any(not torch.equal(tensor, averages[3][name]) for name, tensor in result.state_dict().items())


def test_patience_survives_a_stop(tmp_path):
    whole, _ = fit_with_scores(tmp_path / "whole.pt", [0.3, 0.5, 0.4, 0.5])
    with pytest.raises(Stopped):
        fit_with_scores(tmp_path / "stopped.pt", [0.3, 0.5, 0.4, 0.5], stop_after=3)
    resumed, averages = fit_with_scores(tmp_path / "stopped.pt", [0.5])
    assert len(averages) == 1
    assert all(torch.equal(tensor, resumed.state_dict()[name]) for name, tensor in whole.state_dict().items())


def test_a_checkpoint_of_other_settings_is_refused(tmp_path):
    small_fit(tmp_path / "a.pt")
    network = Teachers(1)
    with pytest.raises(UserError, match="other settings"):
        fit(network, lambda *_: torch.zeros(()), generated_clips(8), FitPlan(9, 4, 1e-3, (0.5, 1.0), 0), tmp_path / "a.pt")
    louder = FitPlan(3, 4, 1e-3, (0.5, 1.0), 0, augmentation=AugmentationPlan(noise_snr_db=(0, 40)))
    with pytest.raises(UserError, match="other settings"):
        fit(network, lambda *_: torch.zeros(()), generated_clips(8), louder, tmp_path / "a.pt")


def test_a_pickle_in_the_place_of_a_checkpoint_is_refused_and_not_run(tmp_path):
    checkpoint = tmp_path / "a.pt"
    torch.save({"plan": RunsWhenUnpickled(tmp_path / "ran")}, checkpoint)
    with pytest.raises(UserError, match=r"a\.pt: not a checkpoint that can be read .*; delete it"):
        small_fit(checkpoint)
    assert not (tmp_path / "ran").exists()


def test_a_checkpoint_that_was_cut_is_refused(tmp_path):
    small_fit(tmp_path / "a.pt")
    whole = (tmp_path / "a.pt").read_bytes()
    (tmp_path / "a.pt").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match=r"a\.pt: not a checkpoint that can be read"):
        small_fit(tmp_path / "a.pt")


def test_a_warm_up_of_a_single_step_is_trained(tmp_path):
    network = Teachers(1)
    plan = FitPlan(epochs=5, batch_clips=4, peak_learning_rate=1e-3, crop_s=(0.5, 0.6), seed=0)  # 10 steps, a tenth of them warm-up
    losses: list[float] = []
    fit(
        network,
        partial(loss_of_pcm, network),
        generated_clips(8),
        plan,
        tmp_path / "a.pt",
        on_batch=lambda epoch, batches, loss: losses.append(loss),
        batches_of=AnnotatedBatches,
    )
    assert len(losses) == 10
    assert np.isfinite(losses).all()


def test_too_few_clips_for_a_batch_are_refused(tmp_path):
    with pytest.raises(UserError, match="do not fill a batch"):
        fit(Teachers(1), lambda *_: torch.zeros(()), generated_clips(2), FitPlan(1, 4, 1e-3, (0.5, 1.0), 0), tmp_path / "a.pt")


def write_corpus(folder: Path, speakers: int = 3) -> Path:
    folder.mkdir(parents=True)
    codes = ("ANG", "HAP", "NEU", "SAD")
    for speaker in range(speakers):
        for index, code in enumerate(codes):
            write_wav(folder / f"{1001 + speaker}_DFA_{code}_XX.wav", speech_like(1.6, seed=10 * speaker + index, level=0.05 * (index + 1)))
    return folder


NARROW_TRANSFORMER = """
from model_builder.models import checkpoint
from model_builder.models.hubert import distilhubert_config
from model_builder.pretraining import front_end

def narrow_config():
    config = distilhubert_config()
    config.hidden_size, config.intermediate_size, config.num_attention_heads, config.num_conv_pos_embedding_groups = 64, 64, 4, 4
    return config

checkpoint.distilhubert_config, front_end.SOUNDS_AN_EPOCH = narrow_config, 32
from model_builder.cli.app import main
main()
"""
"""The command line with a transformer a twelfth as wide as DistilHuBERT's; the front end keeps the width that its filter bank needs."""


def train_command(corpus: Path, run: Path) -> list[str]:
    return [
        sys.executable, "-c", NARROW_TRANSFORMER, "train", "--corpus", f"crema-d={corpus}", "--encoder", "scratch", "--run", str(run),
        "--epochs", "2", "--batch", "4", "--teacher-epochs", "1", "--front-end-epochs", "1", "--encoder-epochs", "1",
    ]  # fmt: skip


def test_a_training_killed_in_mid_run_resumes_to_the_very_weights_of_an_unkilled_one(tmp_path):
    """The whole way from random weights, by the command; killed by SIGKILL once the last stage has a checkpoint."""
    corpus = write_corpus(tmp_path / "corpus")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run(train_command(corpus, tmp_path / "whole"), check=True, env=environment, capture_output=True)

    killed = subprocess.Popen(
        train_command(corpus, tmp_path / "killed"),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    log = tmp_path / "killed" / "log.jsonl"
    while killed.poll() is None and not (log.is_file() and '"whole"' in log.read_text()):
        time.sleep(0.05)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not (tmp_path / "killed" / "weights").exists()
    subprocess.run(train_command(corpus, tmp_path / "killed"), check=True, env=environment, capture_output=True)

    whole, resumed = (load_file(tmp_path / run / "weights" / "model.safetensors") for run in ("whole", "killed"))
    assert all(torch.equal(tensor, resumed[name]) for name, tensor in whole.items())
    card = json.loads((tmp_path / "whole" / "weights" / "card.json").read_text())
    assert set(card["training"]["speakers"]).isdisjoint(card["results"]["speakers"])
    assert card["training"]["seed"] == 0


def test_fine_tuning_starts_from_a_local_encoder(tmp_path):
    from model_builder.models.checkpoint import load_encoder, load_weights

    torch.manual_seed(3)
    encoder = load_encoder("scratch")
    encoder.hubert.save_pretrained(tmp_path / "encoder")
    augmentation = AugmentationPlan(tilt_probability=1.0)
    plan = TrainingPlan(
        str(tmp_path / "encoder"), epochs=1, batch_clips=4, crop_s=(0.5, 0.6), peak_learning_rate=1e-5, augmentation=augmentation
    )
    result = train(generated_clips(12), plan, tmp_path / "run")
    started, trained = (model.hubert.feature_projection.projection.weight for model in (encoder, load_weights(result.weights)))
    assert 0 < (trained - started).abs().max() < 1e-3
    assert result.card["training"]["augmentation"] == asdict(augmentation)


def test_the_card_says_at_what_risk_the_model_answers():
    answers = generated_answers(speakers=40)
    held_out = HeldOutPredictions("generated", answers.true, answers.logits, tuple(answers.speakers))
    card = describe(TrainingPlan("scratch"), [], held_out)
    rule = choose_rule(answers.logits, answers.true, LARGEST_RISK)
    assert (card["temperature"], card["uncertainty_threshold"]) == (round(rule.temperature, 4), round(rule.threshold, 4))
    assert card["results"]["confusion"] == held_out.scores.confusion.tolist()
    measured = card["results"]["uncertainty"]
    assert (measured["largest_risk"], measured["is_chosen"]) == (LARGEST_RISK, True)
    assert 0 < measured["risk"] < LARGEST_RISK < 1 - held_out.scores.weighted_accuracy
    assert 0.2 < measured["coverage"] < 1
    interval = card["results"]["intervals"]["unweighted_accuracy"]
    assert interval["low"] < interval["estimate"] == card["results"]["unweighted_accuracy"] < interval["high"]

    one_speaker = HeldOutPredictions("generated", answers.true[:40], answers.logits[:40], ("alone",) * 40)
    alone = describe(TrainingPlan("scratch"), [], one_speaker)
    assert (alone["results"]["uncertainty"]["coverage"], alone["results"]["uncertainty"]["risk"]) == (None, None)
    assert alone["results"]["intervals"] == {}
