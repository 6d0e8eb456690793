"""Pretraining without labels: units, gaps, layers of a teacher, and whole runs at a tenth of DistilHuBERT's width."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import HubertModel

from model_builder.corpora.survey import Clip
from model_builder.corpora.unlabelled import NO_LABEL
from model_builder.errors import UserError
from model_builder.models.checkpoint import load_encoder, load_weights
from model_builder.models.encoder_teacher import layer_loss, load_teacher
from model_builder.models.hubert import ChannelsLastHubert, normalised
from model_builder.pretraining.layer_distillation import LayerDistillationLoss, LayerStudent
from model_builder.pretraining.masked_prediction import MaskedPredictionLoss, MaskedPredictor, span_masks
from model_builder.pretraining.pretrain import PretrainingPlan, pretrain
from model_builder.pretraining.spectral_units import UnitBatches, UnlabelledBatches, cepstra, learn_centroids, units_of
from model_builder.training.config import TrainingPlan
from model_builder.training.train import train
from tests.generated import generated_clips, tiny_config, tiny_model
from tests.recordings import speech_like, write_wav

PLAN = PretrainingPlan(clusters=8, epochs=2, batch_clips=4, crop_s=(0.5, 0.7))


def unlabelled_clips(count: int) -> list[Clip]:
    return [Clip(replace(clip.utterance, emotion=NO_LABEL), clip.pcm) for clip in generated_clips(count)]


@pytest.fixture(scope="module")
def teacher(tmp_path_factory) -> Path:
    """A HuBERT of six layers, as transformers stores it."""
    config = tiny_config()
    config.num_hidden_layers = 6
    torch.manual_seed(7)
    folder = tmp_path_factory.mktemp("teacher")
    HubertModel(config).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("samples", [8_000, 16_000, 16_079, 16_080, 24_321])
def test_every_frame_of_the_network_has_a_row_of_39_coefficients(samples):
    pcm = speech_like(2.0)[:samples]
    with torch.no_grad():
        frames = ChannelsLastHubert(tiny_model()).front_end(torch.from_numpy(pcm)[None])
    assert cepstra(pcm).shape == (frames.shape[1], 39)


def test_loudness_says_nothing_to_the_units():
    np.testing.assert_allclose(cepstra(speech_like(1.0, level=0.01)), cepstra(speech_like(1.0, level=0.2)), atol=0.5)


def test_equal_sounds_have_equal_units_and_different_ones_do_not():
    time_s = np.arange(16_000) / 16_000
    sounds = [cepstra(np.sin(2 * np.pi * pitch_hz * time_s).astype(np.float32)) for pitch_hz in (200, 1_000, 3_000)]
    centroids = np.stack([sound.mean(axis=0) for sound in sounds])
    assert [set(units_of(sound, centroids).tolist()) for sound in sounds] == [{0}, {1}, {2}]


def test_the_units_of_a_batch_follow_from_its_crops():
    batches = UnlabelledBatches(unlabelled_clips(8), 4, (0.5, 0.7), seed=1, epoch=0)
    centroids = learn_centroids(batches, clusters=5)
    assert centroids.shape == (5, 39) and np.array_equal(centroids, learn_centroids(batches, clusters=5))
    pcm, units = UnitBatches(unlabelled_clips(8), 4, (0.5, 0.7), 1, 0, centroids=centroids)[1]
    assert torch.equal(pcm, batches[1][0])
    nearest = [((cepstra(crop)[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1) for crop in pcm.numpy()]
    assert np.array_equal(units, np.stack(nearest))


def test_fewer_frames_than_clusters_are_refused():
    with pytest.raises(UserError, match=r"cannot make 900 clusters; .* or lower --clusters"):
        learn_centroids(UnlabelledBatches(unlabelled_clips(4), 4, (0.5, 0.5), 0, 0), clusters=900)


def test_gaps_are_spans_of_ten_frames_from_one_in_twelve():
    torch.manual_seed(0)
    masks = span_masks(64, 150)
    edges = torch.nn.functional.pad(masks.int(), (1, 1)).diff(dim=1)
    starts, ends = (edges == 1).nonzero(), (edges == -1).nonzero()
    assert ((ends - starts)[:, 1] >= 10).all()
    # 12 of 141 starts without replacement: a frame amid the clip is free with probability C(131, 12) / C(141, 12), 0.40.
    expected = 1 - math.comb(131, 12) / math.comb(141, 12)
    assert masks[:, 20:130].float().mean() == pytest.approx(expected, abs=0.05)
    assert span_masks(3, 10).all()


def test_nothing_of_a_gap_is_heard():
    torch.manual_seed(0)
    network = MaskedPredictor(tiny_config(), units=6).eval()
    everywhere = torch.ones(1, 49, dtype=torch.bool)
    with torch.no_grad():
        one, other = (network(torch.from_numpy(speech_like(1.0, seed))[None], everywhere) for seed in range(2))
        heard = network(torch.from_numpy(speech_like(1.0))[None], ~everywhere)
    assert torch.allclose(one, other, atol=1e-5)
    assert not torch.allclose(one, heard, atol=1e-2)
    assert heard.abs().max() <= 10 + 1e-4  # a cosine over 0.1


def test_only_gaps_count():
    torch.manual_seed(0)
    network = MaskedPredictor(tiny_config(), units=6).eval()
    pcm, units = torch.from_numpy(speech_like(1.0))[None], torch.randint(6, (1, 49))
    torch.manual_seed(5)
    is_masked = span_masks(1, 49)
    with torch.no_grad():
        losses = []
        for targets in (units, torch.where(is_masked, units, (units + 1) % 6), (units + 1) % 6):
            torch.manual_seed(5)
            losses.append(MaskedPredictionLoss(network)(pcm, targets, 0.0).item())
        logits = network(pcm, is_masked)[0]
    by_hand = [-logits[frame].log_softmax(-1)[units[0, frame]].item() for frame in is_masked[0].nonzero()[:, 0].tolist()]
    assert losses[0] == losses[1] != losses[2]
    assert losses[0] == pytest.approx(np.mean(by_hand), abs=1e-5)


def test_masked_prediction_makes_an_encoder_that_training_starts_from(tmp_path):
    encoder = pretrain(unlabelled_clips(8), PLAN, tmp_path / "pretraining", config=tiny_config())
    losses = [json.loads(line)["loss"] for line in (tmp_path / "pretraining" / "log.jsonl").read_text().splitlines()]
    assert len(losses) == 2 and all(map(math.isfinite, losses))
    assert json.loads((encoder / "card.json").read_text())["pretraining"]["clips"] == 8
    started = load_encoder(str(encoder)).hubert.state_dict()
    torch.manual_seed(PLAN.seed)
    untrained = MaskedPredictor(tiny_config(), 8).model.hubert.state_dict()
    moved = [name for name, tensor in started.items() if not torch.equal(tensor, untrained[name])]
    assert any(name.startswith("feature_extractor") for name in moved) and any(name.startswith("encoder.layers.1") for name in moved)
    trained = train(generated_clips(12), TrainingPlan(str(encoder), 1, batch_clips=4, crop_s=(0.5, 0.6), peak_learning_rate=1e-5), tmp_path)
    difference = load_weights(trained.weights).hubert.feature_projection.projection.weight - started["feature_projection.projection.weight"]
    assert difference.abs().max() < 1e-3


def test_the_units_of_gaps_are_learnt():
    """Every clip one sound, of three: what is heard around a gap tells what is in it."""
    torch.manual_seed(0)
    time_s = np.arange(8_000) / 16_000
    pcm = torch.from_numpy(np.stack([np.sin(2 * np.pi * 250 * 3.0 ** (index % 3) * time_s) for index in range(6)]).astype(np.float32))
    units = torch.arange(6)[:, None].remainder(3).expand(6, 24)
    network = MaskedPredictor(tiny_config(), units=3)
    loss, optimizer = MaskedPredictionLoss(network), torch.optim.Adam(network.parameters(), 3e-3)
    losses = []
    for _ in range(40):
        losses.append(loss(pcm, units, 0.0))
        optimizer.zero_grad()
        losses[-1].backward()
        optimizer.step()
    assert sum(losses[-5:]) / 5 < 0.3 < losses[0]


SCRIPT = """
import sys
from pathlib import Path
from model_builder.pretraining.pretrain import PretrainingPlan, pretrain
from tests.generated import generated_clips, tiny_config
teacher, run = sys.argv[1] or None, Path(sys.argv[2])
pretrain(generated_clips(8), PretrainingPlan(teacher, 8, 3, 0, 4, (0.5, 0.7)), run, config=tiny_config())
"""


@pytest.mark.parametrize("kind", ["masked prediction", "distillation"])
def test_a_pretraining_killed_in_mid_run_resumes_to_the_very_encoder_of_an_unkilled_one(kind, teacher, tmp_path):
    given = str(teacher) if kind == "distillation" else ""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}

    def command(run: str) -> list[str]:
        return [sys.executable, "-c", SCRIPT, given, str(tmp_path / run)]

    subprocess.run(command("whole"), check=True, env=environment, capture_output=True)
    killed = subprocess.Popen(
        command("killed"), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    log = tmp_path / "killed" / "log.jsonl"
    while killed.poll() is None and not (log.is_file() and log.read_text()):
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not (tmp_path / "killed" / "encoder").exists()
    subprocess.run(command("killed"), check=True, env=environment, capture_output=True)
    whole, resumed = (load_file(tmp_path / run / "encoder" / "model.safetensors") for run in ("whole", "killed"))
    assert all(torch.equal(tensor, resumed[name]) for name, tensor in whole.items())
    assert len((tmp_path / "killed" / "log.jsonl").read_text().splitlines()) == 3


def test_a_run_of_other_settings_is_refused(tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps({"clusters": 7}))
    with pytest.raises(UserError, match=r"plan\.json: belongs to a run with other settings"):
        pretrain(unlabelled_clips(4), PLAN, tmp_path, config=tiny_config())


def test_the_student_starts_from_the_teachers_front_end_and_first_layers(teacher):
    source = load_teacher(str(teacher))
    student = LayerStudent(tiny_config(), source)
    for name, tensor in student.model.hubert.state_dict().items():
        assert torch.equal(tensor, source.state_dict()[name]), name
    assert len(student.heads) == 3


def test_heads_are_judged_on_the_layers_of_the_teacher(teacher):
    """A student whose guesses are the teacher's layers 2, 4 and 6 of 6 is left with the logarithm of sigmoid(1), three times."""
    source = load_teacher(str(teacher))
    student = LayerStudent(tiny_config(), source)
    pcm = torch.from_numpy(speech_like(1.0))[None]
    with torch.no_grad():
        states = source(normalised(pcm), output_hidden_states=True).hidden_states
        student.forward = lambda pcm: [states[layer] for layer in (2, 4, 6)]
        loss = LayerDistillationLoss(student, source)(pcm, torch.empty(1, 0), 0.0)
    assert loss.item() == pytest.approx(3 * math.log(1 + math.exp(-1)), abs=1e-5)


def test_the_loss_of_a_layer_is_distillhuberts():
    guess, target = torch.tensor([[[3.0, 4.0]]]), torch.tensor([[[4.0, 3.0]]])
    cosine = 24 / 25
    assert layer_loss(guess, target).item() == pytest.approx(1.0 + math.log(1 + math.exp(-cosine)))


def test_distillation_teaches_the_layers(teacher, tmp_path):
    plan = replace(PLAN, teacher=str(teacher), epochs=4, peak_learning_rate=3e-3)
    encoder = pretrain(unlabelled_clips(8), plan, tmp_path, config=tiny_config())
    losses = [json.loads(line)["loss"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert losses[-1] < 0.8 * losses[0], losses
    assert load_encoder(str(encoder)).config.num_hidden_layers == 2


def test_a_teacher_that_gives_other_frames_is_named(tmp_path):
    config = tiny_config()
    config.conv_stride = (5, 2, 2, 2, 2, 2, 1)
    HubertModel(config).save_pretrained(tmp_path / "teacher")
    with pytest.raises(UserError, match="makes no frame every 320 samples"):
        pretrain(unlabelled_clips(8), replace(PLAN, teacher=str(tmp_path / "teacher")), tmp_path / "run", config=tiny_config())


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "model_builder", "pretrain", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_names_recordings_that_it_cannot_read(tmp_path):
    answer = run(tmp_path / "nowhere")
    assert answer.returncode == 2
    assert "1 of 1 files cannot be read" in answer.stderr and "nowhere" in answer.stderr and "Traceback" not in answer.stderr


def test_the_command_reads_folders_of_audio(tmp_path):
    """At full size, one step."""
    folder = tmp_path / "speech" / "deeper"
    folder.mkdir(parents=True)
    for seed in range(2):
        write_wav(folder / f"{seed}.wav", speech_like(1.6, seed))
    answer = run(tmp_path / "speech", "--clusters", 10, "--epochs", 1, "--batch", 2, "--run", tmp_path / "run")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == f"encoder: {tmp_path / 'run' / 'encoder'}"
    assert load_encoder(str(tmp_path / "run" / "encoder")).config.hidden_size == 768
