"""What a reproduction or an ablation does, as one TOML file: written into its output, and taken back."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from model_builder.audio.augmentation_groups import GROUPS, with_groups
from model_builder.errors import UserError
from model_builder.reproduction.setting_values import as_toml, changed, names_of, table_of
from model_builder.training.config import TrainingPlan, with_masking_floors
from model_builder.training.fold_result import folder_name
from model_builder.whole_file import atomic_write_text

HUB_ENCODER = "ntu-spml/distilhubert"
SETTINGS_FILE = "settings.toml"
UNCHANGED = "as set"
"""The name of the settings themselves among their ablations."""
QUICK_SHARE, QUICK_EPOCHS = 0.1, 2


def paper_plan(encoder: str = HUB_ENCODER) -> TrainingPlan:
    """How a pretrained encoder is fine-tuned here: learning rates, passes and resting convolutions of published practice.

    Wang et al. 2021 (arXiv 2111.02735), as SpeechBrain's recipe for IEMOCAP states it: 30 passes in batches of 4, 1e-5 for the encoder,
    1e-4 for what is new, convolutions at rest (2 points better than learning). Batches of 16 take four times the rates: Goyal et al. 2017
    (arXiv 1706.02677), linear scaling. The rates warm up and go down in one cycle, and nothing is chosen by held-back speakers, so that
    nobody is held back.
    """
    return TrainingPlan(
        encoder,
        epochs=30,
        batch_clips=16,
        peak_learning_rate=4e-5,
        head_learning_rate=4e-4,
        freeze_feature_encoder=True,
        validation_share=0.0,
        arousal_valence=False,
    )


@dataclass(frozen=True)
class Settings:
    """plan: of every fold and of the final weights. share_of_clips: how much of each corpus is used, in (0, 1].

    ablations: by name, what differs from `plan`: its fields, `augmentation` as a list of groups, `permanent`, false for folds without
    the permanent corpora, and `adapt_to_test`, true for folds that adapt to the sound of their test side.
    """

    plan: TrainingPlan = field(default_factory=paper_plan)
    share_of_clips: float = 1.0
    ablations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def quick(self) -> "Settings":
        """A tenth of the clips and two passes: shows that everything works, and measures nothing."""
        return replace(self, share_of_clips=QUICK_SHARE, plan=replace(self.plan, epochs=min(self.plan.epochs, QUICK_EPOCHS)))


def settings_as_json(settings: Settings) -> dict[str, Any]:
    """In the form of the TOML file: what is none is left out or, where `Settings()` has something, an empty text."""
    standard = asdict(paper_plan())
    stated = {name: value for name, value in asdict(settings.plan).items() if value is not None or standard[name] is not None}
    plan = {name: "" if value is None else value for name, value in stated.items() if name != "augmentation"}
    augmentation = {name: value for name, value in asdict(settings.plan.augmentation).items() if value is not None}
    content: dict[str, Any] = {"share_of_clips": settings.share_of_clips, "training": plan, "augmentation": augmentation}
    if settings.ablations:
        content["ablations"] = {name: dict(changes) for name, changes in settings.ablations.items()}
    return content


def write_settings(settings: Settings, path: Path) -> None:
    """Raises OSError where it cannot be written."""
    atomic_write_text(path, as_toml(settings_as_json(settings)))


def read_settings(path: Path) -> Settings:
    """The settings of a file; what it does not name is as in `Settings()`.

    `groups` in `[augmentation]` are the groups that are on, where not all. Raises UserError for a file that is no TOML, and for a setting
    that is unknown or of another type, by its name.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read as TOML ({error}); give settings that `reproduce` wrote, or their like") from error
    try:
        return settings_from(content)
    except UserError as error:
        raise UserError(f"{path}: {error}") from error


def with_changes(settings: Settings, changes: Sequence[str]) -> Settings:
    """`settings` with each `NAME=VALUE` of `changes`, in TOML: `training.seed=1`. Raises UserError for what is none, and as above."""
    for change in changes:
        name, separator, value = change.partition("=")
        try:
            content = tomllib.loads(f"{name} = {value}") if separator else {}
        except ValueError as error:
            raise UserError(f"--set {change}: is not NAME=VALUE in TOML ({error}); texts need quotes: training.loss='...'") from error
        if not content:
            raise UserError(f"--set {change}: write NAME=VALUE, for example training.focal_gamma=0")
        try:
            settings = settings_from(content, settings)
        except UserError as error:
            raise UserError(f"--set {change}: {error}") from error
    return settings


def settings_from(content: Mapping[str, Any], base: Settings | None = None) -> Settings:
    """The settings that a TOML document says; the others as in `base`. Raises UserError as `read_settings`."""
    settings = base or Settings()
    if unknown := sorted(set(content) - {"share_of_clips", "training", "augmentation", "ablations"}):
        raise UserError(f"unknown setting {unknown[0]!r}; known are share_of_clips, [training], [augmentation] and [ablations.NAME]")
    augmentation = dict(table_of(content, "augmentation"))
    groups = augmentation.pop("groups", None)
    taken = changed(settings.plan.augmentation, augmentation, "augmentation")
    if groups is not None:
        taken = with_groups(taken, names_of(groups, "augmentation.groups"))
    training = table_of(content, "training")
    plan = replace(changed(settings.plan, training, "training"), augmentation=taken)
    if "masking_floor_probability" not in augmentation and ("noise_floor_snr_db" in training or groups is not None):
        plan = with_masking_floors(plan)
    share = content.get("share_of_clips", settings.share_of_clips)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        raise UserError(f"share_of_clips is {share!r}; give a number above 0 and up to 1")
    ablations = {name: dict(table_of(table_of(content, "ablations"), name)) for name in table_of(content, "ablations")}
    settings = Settings(plan, float(share), {**settings.ablations, **ablations})
    for name in ablations:
        ablated(settings, name)
    return settings


@dataclass(frozen=True)
class AblatedFolds:
    """How the folds of an ablation are trained. has_permanent: with the permanent corpora. adapts_to_test: as in `cross_validate`."""

    plan: TrainingPlan
    has_permanent: bool = True
    adapts_to_test: bool = False


def ablated(settings: Settings, name: str) -> AblatedFolds:
    """Raises UserError for a setting that is unknown or of another type.
    """
    changes = dict(settings.ablations[name])
    has_permanent, adapts_to_test = changes.pop("permanent", True), changes.pop("adapt_to_test", False)
    for switch, value in (("permanent", has_permanent), ("adapt_to_test", adapts_to_test)):
        if not isinstance(value, bool):
            raise UserError(f"ablations.{name}.{switch} is {value!r}; give true or false")
    plan = settings.plan
    if "augmentation" in changes:
        groups = names_of(changes.pop("augmentation"), f"ablations.{name}.augmentation")
        plan = replace(plan, augmentation=with_groups(plan.augmentation, groups))
    plan = changed(plan, changes, f"ablations.{name}")
    plan = with_masking_floors(plan) if "noise_floor_snr_db" in changes else plan
    return AblatedFolds(plan, has_permanent, adapts_to_test)


def usual_ablations(plan: TrainingPlan, has_permanent: bool, has_dimensions: bool = False) -> dict[str, dict[str, Any]]:
    """Everything that can be switched in `plan`, one at a time.

    has_permanent, has_dimensions: whether there are permanent corpora, and recordings that say arousal and valence.
    """
    found: dict[str, dict[str, Any]] = {}
    if plan.loss == "adaptive-focal":
        found["cross entropy"] = {"loss": "cross-entropy"}
        found["no focus"] = {"focal_gamma": 0.0}
        found["equal class weights"] = {"class_weight_beta": 0.0}
    found["no augmentation"] = {"augmentation": []}
    for group in GROUPS:
        found[f"without {group}"] = {"augmentation": [other for other in GROUPS if other != group]}
    found["no averaging"] = {"averaging": 0.0}
    if plan.encoder != "scratch":
        learning = "convolutions learn" if plan.freeze_feature_encoder else "convolutions at rest"
        found[learning] = {"freeze_feature_encoder": not plan.freeze_feature_encoder}
    if plan.teacher is not None:
        found["no teacher"] = {"teacher": ""}
    if has_dimensions:
        found["labels alone" if plan.arousal_valence else "arousal and valence too"] = {"arousal_valence": not plan.arousal_valence}
    if has_permanent:
        found["no permanent corpora"] = {"permanent": False}
    if plan.epochs > 0:
        found["adapted to the test audio"] = {"adapt_to_test": True}
    return found


def chosen_ablations(settings: Settings, has_permanent: bool, only: Sequence[str], has_dimensions: bool = False) -> Settings:
    """`settings` with the ablations to run: its own or, where it has none, the usual ones; of these, those named in `only`, if any.

    Raises UserError for a name that is none of them, an ablation that changes nothing, and names that would share a folder.
    """
    found = dict(settings.ablations) or usual_ablations(settings.plan, has_permanent, has_dimensions)
    if unknown := sorted(set(only) - set(found)):
        raise UserError(f"--only {unknown[0]}: no such ablation; there are {', '.join(found)}")
    found = {name: changes for name, changes in found.items() if not only or name in only}
    settings = replace(settings, ablations=found)
    folders = Counter(folder_name(name) for name in [UNCHANGED, *found])
    for name in found:
        folds = ablated(settings, name)
        if folds.plan == settings.plan and not folds.adapts_to_test and (folds.has_permanent or not has_permanent):
            raise UserError(f"ablations.{name} changes nothing in these settings; leave it out")
        if folders[folder_name(name)] > 1:
            raise UserError(f"ablations.{name}: another one has the same folder {folder_name(name)}; give one of them another name")
    return settings
