"""Ablations by the command, on a generated corpus; and the table that they give."""

import csv
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from model_builder.errors import UserError
from model_builder.reproduction.ablation import verdict
from model_builder.reproduction.settings import UNCHANGED, Settings, chosen_ablations, paper_plan
from tests.official_layouts import write_crema_d
from tests.reproduction.conftest import SMALL, run

CONFIG = """
[ablations.untrained]
peak_learning_rate = 1e-12
head_learning_rate = 1e-12

[ablations."cross entropy"]
loss = "cross-entropy"

[ablations."no permanent corpora"]
permanent = false

[ablations.adapted]
adapt_to_test = true
"""


def ablate_command(target: Path, permanent: Path, encoder: Path, out: Path, config: Path, *further: str) -> list[str]:
    command = [
        sys.executable, "-m", "model_builder", "ablate", "--target", f"crema-d={target}", "--permanent", f"ravdess={permanent}",
        "--folds", "2", "--float32", "--encoder", str(encoder), "--out", str(out), "--config", str(config), "--workers", "0",
    ]  # fmt: skip
    return [*command, *(part for change in SMALL for part in ("--set", change)), *further]


def test_every_ablation_has_its_paired_difference(corpora, encoder, tmp_path):
    target, out, config = write_crema_d(tmp_path / "CREMA-D", speakers=4), tmp_path / "out", tmp_path / "ablations.toml"
    config.write_text(CONFIG)
    command = ablate_command(target, corpora["ravdess"], encoder, out, config)
    answer = run(command)
    assert answer.returncode == 0, answer.stderr
    content = json.loads((out / "report.json").read_text())
    assert (content["target"], content["evaluated_as"]) == ("crema-d", "float32")
    systems = {system["name"]: system for system in content["systems"]}
    assert list(systems) == [UNCHANGED, "untrained", "cross entropy", "no permanent corpora", "adapted"]
    assert systems[UNCHANGED]["gains"] == {} and all(system["over_clips"]["clips"] == 16 for system in systems.values())
    untrained = systems["untrained"]
    gain = untrained["gains"]["unweighted_accuracy"]
    before, after = (found["over_clips"]["unweighted_accuracy"] for found in (systems[UNCHANGED], untrained))
    assert gain["estimate"] == pytest.approx(after - before) and gain["low"] <= gain["estimate"] <= gain["high"]
    rows = {row[""]: row for row in csv.DictReader((out / "tables" / "ablations.csv").open())}
    assert rows["untrained"]["by UA"] == verdict(gain)
    for path in (out / "systems" / "no-permanent-corpora").rglob("card.json"):
        assert all(speaker.startswith("crema-d:") for speaker in json.loads(path.read_text())["training"]["speakers"])
    for path in (out / "systems" / "adapted").rglob("card.json"):  # to the sound of speakers that it is not trained on
        training = json.loads(path.read_text())["training"]
        assert training["adapted_to"]["clips"] == 8 and not set(training["speakers"]) & set(training["adapted_to"]["speakers"])
    page = (out / "report.html").read_text()
    assert "cannot be told apart" in page or "worse" in page or "better" in page
    written = (out / "report.json").read_bytes()
    again = run(command)
    assert again.returncode == 0 and "nothing is left to do" in again.stdout
    (out / "report.html").unlink()
    assert run([*command, "--config", str(out / "settings.toml")]).returncode == 0
    assert (out / "report.json").read_bytes() == written


def test_a_share_of_the_clips_is_taken_of_each_speaker_and_class(corpora, encoder, tmp_path):
    out, config = tmp_path / "out", tmp_path / "ablations.toml"
    config.write_text("share_of_clips = 0.5\n" + CONFIG)
    command = [
        sys.executable, "-m", "model_builder", "ablate", "--target", f"ravdess={corpora['ravdess']}", "--folds", "2", "--float32",
        "--encoder", str(encoder), "--out", str(out), "--config", str(config), "--only", "cross entropy", "--workers", "0",
    ]  # fmt: skip
    answer = run([*command, *(part for change in SMALL for part in ("--set", change))])
    assert answer.returncode == 0, answer.stderr
    systems = json.loads((out / "report.json").read_text())["systems"]
    assert [system["over_clips"]["clips"] for system in systems] == [8, 8]  # 10, two of them neutral of each actor
    assert "Only 50% of the clips" in (out / "report.html").read_text()


def test_without_a_list_the_usual_ablations_are_run():
    names = list(chosen_ablations(Settings(), True, []).ablations)
    assert names[:4] == ["cross entropy", "no focus", "equal class weights", "no augmentation"]
    assert "no permanent corpora" in names and "without noise" in names
    assert "no permanent corpora" not in chosen_ablations(Settings(), False, []).ablations
    assert list(chosen_ablations(Settings(), True, ["no focus"]).ablations) == ["no focus"]


@pytest.mark.parametrize(
    ("settings", "only", "complaint"),
    [
        (Settings(), ["no fokus"], "--only no fokus: no such ablation; there are cross entropy"),
        (Settings(ablations={"same": {"seed": 0}}), [], "ablations.same changes nothing in these settings"),
        (Settings(ablations={"a b": {"seed": 1}, "a+b": {"seed": 2}}), [], "ablations.a b: another one has the same folder a-b"),
        (Settings(replace(paper_plan(), seed=1), ablations={"as set": {"seed": 2}}), [], "ablations.as set: another one has the same"),
    ],
)
def test_a_list_that_cannot_be_run_is_refused(settings, only, complaint):
    with pytest.raises(UserError) as refused:
        chosen_ablations(settings, True, only)
    assert str(refused.value).startswith(complaint)
