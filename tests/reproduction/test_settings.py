import re
from dataclasses import replace

import pytest

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.errors import UserError
from model_builder.reproduction.settings import Settings, ablated, paper_plan, read_settings, usual_ablations, with_changes, write_settings
from model_builder.training.config import MASKING_FLOOR_PROBABILITY, TrainingPlan, with_masking_floors


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings().quick(),
        Settings(TrainingPlan('C:\\a "b"\n', patience=2, teacher="openai/whisper-base", augmentation=AugmentationPlan(noise_folder="n"))),
        Settings(with_masking_floors(TrainingPlan("a", noise_floor_snr_db=14.0))),
        Settings(ablations={"no focus": {"focal_gamma": 0.0}, 'of "rooms"': {"augmentation": ["room"], "permanent": False}}),
    ],
)
def test_settings_come_back_from_their_file(settings, tmp_path):
    write_settings(settings, tmp_path / "settings.toml")
    assert read_settings(tmp_path / "settings.toml") == settings


def test_a_file_names_what_it_changes_alone(tmp_path):
    (tmp_path / "a.toml").write_text("[training]\nepochs = 3\npatience = 2\n[augmentation]\ngroups = ['room']\nroom_probability = 1\n")
    read = read_settings(tmp_path / "a.toml")
    assert read.plan.augmentation.room_probability == 1.0 and read.plan.augmentation.mask_probability == 0
    assert replace(read.plan, augmentation=AugmentationPlan()) == replace(paper_plan(), epochs=3, patience=2)


def test_every_usual_ablation_changes_one_thing():
    plan = replace(paper_plan(), teacher="a")
    settings = Settings(plan, ablations=usual_ablations(plan, has_permanent=True, has_dimensions=True))
    assert len(settings.ablations) == 18
    for name in settings.ablations:
        other = ablated(settings, name)
        changed = [field for field in plan.__dataclass_fields__ if getattr(other.plan, field) != getattr(plan, field)]
        assert len(changed) + (not other.has_permanent) + other.adapts_to_test == 1, name
    assert ablated(settings, "no teacher").plan.teacher is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[training", "cannot be read as TOML"),
        ("[traning]\nepochs = 1", "unknown setting 'traning'"),
        ("training = 3", "training is 3; write"),
        ("[training]\ncrop_s = [1.0]", r"training.crop_s is \[1.0\]; give a value like \(1.5, 3.0\)"),
        ("[training]\nepochs = true", "training.epochs is True"),
        ("[ablations.a]\nlos = 'x'", "unknown setting ablations.a.los"),
        ("[ablations.a]\npermanent = 1", "ablations.a.permanent is 1; give true or false"),
        ("share_of_clips = 1.5", "share_of_clips is 1.5"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_name(text, complaint, tmp_path):
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(UserError, match=complaint) as refused:
        read_settings(tmp_path / "a.toml")
    assert str(refused.value).startswith(f"{tmp_path / 'a.toml'}: ")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("training.loss=focal", "is not NAME=VALUE in TOML"),
        ("training.loss='focal'", "training.loss is 'focal'; give adaptive-focal or cross-entropy"),
        ("training.sed=1", "unknown setting training.sed; known are encoder"),
        ("share_of_clips=0", "share_of_clips is 0; give a number above 0"),
        ("training.epochs='many'", "training.epochs is 'many'; give a value like 30"),
        ("augmentation.groups=['rooms']", "unknown group of augmentation 'rooms'"),
        ("training.batch_clips=0", "training.batch_clips is 0; give a number from 1 to 1e+09"),
        ("training.focal_gamma=nan", "training.focal_gamma is nan; give a number from 0"),
        ("training.averaging=1", "training.averaging is 1.0; give a number from 0 to 0.9999"),
        ("training.crop_s=[2, 1]", "training.crop_s is (2.0, 1.0); give the lowest first"),
        ("augmentation.room_probability=2", "augmentation.room_probability is 2.0; give a number from 0 to 1"),
        ("augmentation.gain_db=[-inf, 0]", "augmentation.gain_db is (-inf, 0.0); give numbers from -1e+09 to 1e+09"),
        ("training", "write NAME=VALUE"),
    ],
)
def test_a_change_that_cannot_be_is_refused_by_name(change, complaint):
    with pytest.raises(UserError, match=re.escape(complaint)) as refused:
        with_changes(Settings(), [change])
    assert str(refused.value).startswith(f"--set {change}: ")


def test_quick_takes_a_tenth_and_two_passes_at_most():
    quick = Settings().quick()
    assert (quick.share_of_clips, quick.plan) == (0.1, replace(paper_plan(), epochs=2))
    assert Settings(replace(paper_plan(), epochs=1)).quick().plan.epochs == 1


def test_changes_are_taken_in_turn():
    settings = with_changes(Settings(), ["training.epochs=3", "training.head_learning_rate=''", "augmentation.groups=['room']"])
    assert (settings.plan.epochs, settings.plan.head_learning_rate, settings.plan.augmentation.mask_probability) == (3, None, 0.0)


def test_a_noise_floor_of_the_network_masks_those_of_the_crops():
    masked = with_changes(Settings(), ["training.noise_floor_snr_db=14"])
    assert (masked.plan.noise_floor_snr_db, masked.plan.augmentation.masking_floor_probability) == (14.0, MASKING_FLOOR_PROBABILITY)
    assert with_changes(masked, ["training.noise_floor_snr_db=''"]).plan == Settings().plan
    assert with_changes(masked, ["augmentation.groups=['room']"]).plan.augmentation.masking_floor_probability == 0
    own = with_changes(masked, ["augmentation.masking_floor_probability=0.5", "augmentation.noise_floor_snr_db=[20, 40]"])
    assert (own.plan.augmentation.masking_floor_probability, own.plan.augmentation.noise_floor_snr_db) == (0.5, (20.0, 40.0))
    floor = replace(Settings(), ablations={"floor": {"noise_floor_snr_db": 14}})
    assert ablated(floor, "floor").plan == masked.plan
