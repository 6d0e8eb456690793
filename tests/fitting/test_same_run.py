"""A run folder goes on only with the settings and the clips that it was made of."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import HubertForSequenceClassification

from model_builder.corpora.splits import leave_one_group_out
from model_builder.corpora.survey import Clip
from model_builder.errors import UserError
from model_builder.fitting import same_run
from model_builder.fitting.same_run import exclusive_run
from model_builder.models.checkpoint import write_tensors
from model_builder.pretraining.front_end import trained_front_end
from model_builder.pretraining.pretrain import PretrainingPlan, pretrain
from model_builder.training.config import TrainingPlan
from model_builder.training.cross_validation import cross_validate
from model_builder.training.train import train
from tests.conftest import ROOT
from tests.generated import generated_clips, tiny_config, tiny_model
from tests.training.test_cross_validation import levels_as_logits


@pytest.fixture
def plan(encoder) -> TrainingPlan:
    return TrainingPlan(str(encoder), epochs=1, batch_clips=4, crop_s=(0.5, 0.6), validation_share=0.3)


def relabelled(clip: Clip) -> Clip:
    return replace(clip, utterance=replace(clip.utterance, emotion="sad"))


def test_training_goes_on_with_the_same_settings_and_clips_wherever_the_corpus_lies(plan, tmp_path):
    clips = generated_clips(12)
    train(clips, plan, tmp_path)
    moved = [replace(clip, utterance=replace(clip.utterance, path=Path("moved") / clip.utterance.path)) for clip in clips]
    train(moved, plan, tmp_path)


def test_another_encoder_is_refused_by_its_name(plan, tmp_path):
    train(generated_clips(12), plan, tmp_path)
    other = tmp_path / "other"
    HubertForSequenceClassification(tiny_config()).hubert.save_pretrained(other)
    with pytest.raises(UserError, match=r"plan\.json: .*encoder was .*encoder\d*, is .*other; .*give the same"):
        train(generated_clips(12), replace(plan, encoder=str(other)), tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        lambda clips: [relabelled(clips[0]), *clips[1:]],
        lambda clips: clips[::-1],
        lambda clips: [replace(clips[0], utterance=replace(clips[0].utterance, span_s=(0.0, 1.5))), *clips[1:]],
        lambda clips: [*clips[:-1], replace(clips[-1], pcm=clips[-1].pcm[:-1])],
    ],
)
def test_other_clips_of_the_same_number_are_refused(plan, tmp_path, changed):
    whole = replace(plan, validation_share=0)
    train(generated_clips(12), whole, tmp_path)
    with pytest.raises(UserError, match=r"clips\.training was 12 clips with the digest .*, is 12 clips with the digest"):
        train(changed(generated_clips(12)), whole, tmp_path)


def test_other_clips_to_adapt_to_are_refused(plan, tmp_path):
    train(generated_clips(12), plan, tmp_path, unlabelled=generated_clips(8, "other"))
    with pytest.raises(UserError, match=r"clips\.unlabelled was 8 clips .*, is 4 clips"):
        train(generated_clips(12), plan, tmp_path, unlabelled=generated_clips(4, "other"))


def test_a_setting_inside_a_setting_is_named(plan, tmp_path):
    train(generated_clips(12), plan, tmp_path)
    louder = replace(plan, augmentation=replace(plan.augmentation, noise_snr_db=(0.0, 40.0)))
    with pytest.raises(UserError, match=r"augmentation\.noise_snr_db was \[8\.0, 40\.0\], is \[0\.0, 40\.0\]"):
        train(generated_clips(12), louder, tmp_path)


def test_a_checkpoint_without_a_plan_is_refused(plan, tmp_path):
    train(generated_clips(12), plan, tmp_path)
    (tmp_path / "plan.json").unlink()
    with pytest.raises(UserError, match=r"whole\.pt: nothing beside it says"):
        train(generated_clips(12), plan, tmp_path)


def test_finished_folds_of_other_permanent_clips_are_refused(plan, tmp_path):
    permanent = generated_clips(4, "permanent")
    folds = leave_one_group_out(generated_clips(12), 0, 0, permanent)
    whole = replace(plan, validation_share=0)
    cross_validate({"a": folds}, whole, tmp_path, levels_as_logits)
    others = leave_one_group_out(generated_clips(12), 0, 0, [relabelled(permanent[0]), *permanent[1:]])
    with pytest.raises(UserError, match=r"clips\.training was 12 clips"):
        cross_validate({"a": others}, whole, tmp_path, levels_as_logits)


def test_a_front_end_of_other_settings_is_refused(tmp_path):
    path = tmp_path / "front_end.safetensors"
    settings = {"front_end_epochs": 1, "seed": 0, "precision": "float32"}
    tensors = tiny_model().hubert.feature_extractor.state_dict()
    write_tensors(tensors, path, {"settings": json.dumps(settings)})
    assert trained_front_end(1, 0, tmp_path, lambda progress: None).keys() == tensors.keys()
    with pytest.raises(UserError, match="front_end_epochs was 1, is 2; seed was 0, is 3; precision was float32, is bf16"):
        trained_front_end(2, 3, tmp_path, lambda progress: None, "bf16")
    write_tensors(tensors, path)
    with pytest.raises(UserError, match="does not say of which settings"):
        trained_front_end(1, 0, tmp_path, lambda progress: None)


def test_other_weights_under_the_same_name_are_refused(plan, tmp_path):
    encoder = tmp_path / "encoder"
    HubertForSequenceClassification(tiny_config()).hubert.save_pretrained(encoder)
    given = replace(plan, encoder=str(encoder))
    train(generated_clips(12), given, tmp_path / "run")
    torch.manual_seed(17)
    HubertForSequenceClassification(tiny_config()).hubert.save_pretrained(encoder)
    with pytest.raises(UserError, match=r"weights\.encoder was sha256 \w+, is sha256 \w+; give"):
        train(generated_clips(12), given, tmp_path / "run")


def test_other_weights_of_the_teacher_of_a_pretraining_are_refused(tmp_path):
    teacher = tmp_path / "teacher"
    HubertForSequenceClassification(tiny_config()).hubert.save_pretrained(teacher)
    plan = PretrainingPlan(str(teacher), epochs=1, batch_clips=4, crop_s=(0.5, 0.6))
    pretrain(generated_clips(4), plan, tmp_path / "run", config=tiny_config())
    torch.manual_seed(17)
    HubertForSequenceClassification(tiny_config()).hubert.save_pretrained(teacher)
    with pytest.raises(UserError, match=r"weights\.teacher was sha256"):
        pretrain(generated_clips(4), plan, tmp_path / "run", config=tiny_config())


HOLDER = """
import sys, time
from pathlib import Path
from model_builder.fitting.same_run import exclusive_run
with exclusive_run(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_run_folder_that_another_process_trains_in_is_refused_and_free_once_that_is_killed(plan, tmp_path, monkeypatch):
    folds = leave_one_group_out(generated_clips(12), 0, 0)
    of_fold = tmp_path / "folds" / "a" / "generated-0"
    holders = [
        subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for folder in (tmp_path / "run", of_fold)
    ]
    try:
        assert [holder.stdout.readline() for holder in holders] == ["held\n", "held\n"]
        monkeypatch.setattr(same_run, "LOCK_WAIT_S", 0.1)
        with pytest.raises(UserError, match=r"run: another process trains in it; wait for that one, or give another --run folder"):
            train(generated_clips(12), plan, tmp_path / "run")
        with pytest.raises(UserError, match=r"generated-0: another process trains in it"):
            cross_validate({"a": folds}, replace(plan, validation_share=0), tmp_path / "folds", levels_as_logits)
        assert {path.name for path in (tmp_path / "run").iterdir()} == {"run.lock"}
    finally:
        for holder in holders:
            holder.kill()
            holder.wait()
    with exclusive_run(tmp_path / "run"), exclusive_run(of_fold):
        pass


IN_A_FOLDER_THAT_CANNOT_BE_WRITTEN = """
import ctypes, sys
from pathlib import Path
from model_builder.fitting.same_run import exclusive_run
ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE: obey permissions, root too
import os
os.execv(sys.executable, [sys.executable, "-c", sys.argv[2], sys.argv[1]])
"""

HOLDS = """
import sys
from pathlib import Path
from model_builder.fitting.same_run import exclusive_run
try:
    with exclusive_run(Path(sys.argv[1])):
        print("held")
except PermissionError:
    print("refused")
"""


def test_a_run_folder_that_cannot_be_written_is_refused_although_its_lock_can_be_taken(tmp_path):
    with exclusive_run(tmp_path):
        pass
    command = [sys.executable, "-c", IN_A_FOLDER_THAT_CANNOT_BE_WRITTEN, str(tmp_path), HOLDS]
    tmp_path.chmod(0o555)
    try:
        assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "refused\n"
    finally:
        tmp_path.chmod(0o755)


def without_sad(clips: list[Clip]) -> list[Clip]:
    return [clip for clip in clips if clip.utterance.emotion != "sad"]


def test_a_class_without_a_training_clip_is_refused_before_anything_is_trained(tmp_path):
    scratch = TrainingPlan("scratch", batch_clips=4, validation_share=0)
    with pytest.raises(UserError, match="no training clip is sad"):
        train(without_sad(generated_clips(16)), scratch, tmp_path / "run")
    others = [replace(clip, utterance=replace(clip.utterance, emotion="angry")) for clip in generated_clips(12)[:8]]
    folds = leave_one_group_out([*others, *generated_clips(12)[8:]], 0, 0)
    with pytest.raises(UserError, match="fold generated:2: no training clip is happy"):
        cross_validate({"a": folds}, replace(scratch, batch_clips=2), tmp_path / "folds", levels_as_logits)
    assert not list(tmp_path.rglob("*.pt")) and not list(tmp_path.rglob("*.safetensors"))


def test_too_few_clips_for_a_batch_of_teachers_are_refused_before_the_front_end_is_trained(tmp_path):
    scratch = TrainingPlan("scratch", batch_clips=7, validation_share=0)
    with pytest.raises(UserError, match="12 training clips do not fill a batch of 14, twice the given, as teachers have; add"):
        train(generated_clips(12), scratch, tmp_path)
    with pytest.raises(UserError, match="4 recordings do not fill a batch of 16"):
        pretrain(generated_clips(4), PretrainingPlan(), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} <= {"run.lock"}
