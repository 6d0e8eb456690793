"""The whole reproduction by its command, on generated corpora in the official layouts."""

import csv
import json
import re
import shutil
import time

import pytest

from model_builder.asset.fold_logits import int8_logits
from model_builder.corpora.utterance import LABELS
from model_builder.inference.predictor import EmotionPredictor
from tests.official_layouts import voice
from tests.reproduction.conftest import reproduce_command, run

SYSTEMS = ["IEMOCAP", "IEMOCAP and CREMA-D"]


def report_of(out) -> dict:
    return json.loads((out / "report.json").read_text())


def test_one_command_gives_every_table(finished):
    content = report_of(finished)
    counts = {each["corpus"]: (each["known"], each["found"], each["used"]) for each in content["corpora"]}
    assert counts == {
        "iemocap": (5531, 40, 40), "crema-d": (4900, 8, 8), "ravdess": (864, 10, 10), "ravdess-without-calm": (672, 8, 8),
    }  # fmt: skip
    [iemocap, *_] = content["corpora"]
    assert "Session3: 8 of 1,151" in iemocap["differences"]
    systems = content["cross_validation"]["systems"]
    assert [system["system"] for system in systems] == SYSTEMS
    assert {(system["evaluated_as"], len(system["folds"])) for system in systems} == {("int8", 5)}
    assert [fold["fold"] for fold in systems[0]["folds"]] == [f"iemocap:Session{number}" for number in range(1, 6)]
    for name in SYSTEMS:
        assert content["target"][name]["clips"] == 40 and content["target"][name]["speakers"] == 10
        assert set(content["target"][name]["arousal"]["recall_intervals"]) == {"high", "low"}
        calm, without = (content["zero_shot"][protocol][name] for protocol in ("ravdess", "ravdess-without-calm"))
        assert (calm["clips"], without["clips"], len(calm["accuracy_by_fold"])) == (50, 40, 5)
        assert [(pair["label"], pair["taken_for"]) for pair in calm["confused"]] == [("happy", "angry"), ("angry", "happy")]
    assert content["model"]["int8_bytes"] == (finished / "asset" / "model.onnx").stat().st_size
    accuracies = [fold["unweighted_accuracy"] for system in systems for fold in system["folds"]]
    assert sum(accuracies) / len(accuracies) > 0.3  # the same answer for every clip gives 0.25
    names = {path.name for path in (finished / "tables").iterdir()}
    tables = "comparison", "others", "corpora", "folds", "classes", "gains", "by_fold", "zero_shot", "arousal", "model"
    assert names == {f"{table}.{kind}" for table in tables for kind in ("csv", "tex")}


def test_no_figure_of_the_paper_is_made_up(finished):
    rows = list(csv.DictReader((finished / "tables" / "comparison.csv").open()))
    paper = {row[""]: row["paper"] for row in rows}
    assert paper["IEMOCAP with CREMA-D, UA"] == "61.4%"
    assert paper["RAVDESS zero-shot, 864 clips, accuracy"] == "43.29%"
    assert (paper["RAVDESS zero-shot, recall of angry"], paper["RAVDESS zero-shot, recall of sad"]) == ("97.0%", "64.0%")
    assert (paper["gain of CREMA-D, WA"], paper["variance of WA over folds that CREMA-D takes away"]) == ("+1.2%", "32.0%")


def test_the_page_says_what_differs_and_loads_nothing(finished):
    page = (finished / "report.html").read_text()
    for text in ("What differs from the paper, and why", "Session2: 8 of 1,023", "43.29%", "data:image/svg+xml"):
        assert text in page, text
    assert not re.search(r'(?:src|href|srcset)="(?!data:|#)', page)
    assert page.count("<table>") == 10


def test_tables_for_latex_hold_the_same_texts(finished):
    for path in (finished / "tables").glob("*.csv"):
        latex = path.with_suffix(".tex").read_text()
        head, *rows = list(csv.reader(path.open()))
        assert latex.count(r"\\") == 1 + len(rows)
        assert "%" not in re.sub(r"\\%", "", latex)
        assert rf"\begin{{tabular}}{{l{'r' * (len(head) - 1)}}}" in latex


def test_speakers_of_a_session_are_unknown_to_the_fold_that_answers_it(finished):
    for path in (finished / "folds").rglob("result.json"):
        result, card = json.loads(path.read_text()), json.loads((path.parent / "weights" / "card.json").read_text())
        assert {clip["speaker"] for clip in result["clips"]}.isdisjoint(card["training"]["speakers"])
        assert len({clip["speaker"] for clip in result["clips"]}) == 2
        has_crema_d = any(speaker.startswith("crema-d:") for speaker in card["training"]["speakers"])
        assert has_crema_d == (result["system"] == SYSTEMS[1])


def test_ravdess_is_answered_by_the_8_bit_model_of_each_fold(finished, corpora):
    from model_builder.corpora import load_corpus
    from model_builder.corpora.survey import survey

    clips = survey(load_corpus("ravdess", corpora["ravdess"]), LABELS).usable
    path = next((finished / "folds").rglob("zero_shot.json"))
    kept = json.loads(path.read_text())
    found = int8_logits(path.parent / "weights", clips)
    by_name = {f"ravdess:{clip.utterance.path.name}": row.tolist() for clip, row in zip(clips, found, strict=True)}
    assert {clip["file"]: clip["logits"] for clip in kept["clips"]} == by_name


def test_the_final_weights_know_all_speakers_and_the_asset_answers(finished):
    card = json.loads((finished / "final" / "weights" / "card.json").read_text())
    assert len(card["training"]["speakers"]) == 12
    assert card["results"]["split"] == "speaker-disjoint 5-fold of the same recipe, int8"
    assert EmotionPredictor(finished / "asset").predict(voice("sad", 1.0, 5), 16_000).label in LABELS


def test_weights_that_do_not_stand_8_bits_cost_the_asset_and_not_the_report(finished, corpora, encoder, tmp_path):
    out = shutil.copytree(finished, tmp_path / "out")
    shutil.rmtree(out / "asset")
    for path in (out / "finished.json", out / "report.json", out / "report.html"):
        path.unlink()
    no_error_is_small = "import model_builder.asset.build as b; b.LARGEST_MEAN_ERROR = -1; from model_builder.cli.app import main; main()"
    python, _, _, *arguments = reproduce_command(corpora, encoder, out)
    answer = run([python, "-c", no_error_is_small, *arguments])
    assert answer.returncode == 2 and "the report is written, and there is no asset: model.onnx: quantized logits differ" in answer.stderr
    content, before = report_of(out), report_of(finished)
    assert content["model"].pop("asset_problem").startswith("model.onnx: ") and before["model"].pop("asset_problem") == ""
    assert content == before and not (out / "finished.json").exists()


def test_a_finished_run_takes_seconds_and_changes_nothing(finished, corpora, encoder):
    before = {path: path.stat().st_mtime_ns for path in finished.rglob("*") if path.is_file()}
    started = time.process_time(), time.monotonic()
    answer = run(reproduce_command(corpora, encoder, finished))
    assert answer.returncode == 0 and "nothing is left to do" in answer.stdout, answer.stderr
    assert time.monotonic() - started[1] < 60  # of a busy machine; most of it is Python starting
    assert {path: path.stat().st_mtime_ns for path in finished.rglob("*") if path.is_file()} == before


def test_a_recording_that_changed_is_noticed(finished, corpora, encoder, tmp_path):
    other = {**corpora, "ravdess": shutil.copytree(corpora["ravdess"], tmp_path / "RAVDESS")}
    next(other["ravdess"].rglob("03-01-05-*.wav")).unlink()
    out = shutil.copytree(finished, tmp_path / "out")
    answer = run(reproduce_command(other, encoder, out))
    assert answer.returncode == 2 and "its test clips or their labels are others" in answer.stderr, answer.stderr


def test_other_settings_are_refused_by_name(finished, corpora, encoder):
    answer = run(reproduce_command(corpora, encoder, finished, "--set", "training.seed=1"))
    assert answer.returncode == 2
    assert "belongs to a run with other settings: training.seed was 0, is 1; give the same ones or another --out" in answer.stderr


def test_a_setting_that_cannot_be_is_refused_before_anything_is_written(corpora, encoder, tmp_path):
    answer = run(reproduce_command(corpora, encoder, tmp_path / "out", "--set", "training.loss='focal'"))
    assert answer.returncode == 2 and "training.loss is 'focal'; give adaptive-focal or cross-entropy" in answer.stderr, answer.stderr
    assert "Traceback" not in answer.stderr and not (tmp_path / "out").exists()


def test_adapting_to_speakers_is_a_row_of_its_own_on_the_same_answers(finished):
    zero_shot = report_of(finished)["zero_shot"]
    for name in SYSTEMS:
        plain, adapted = zero_shot["ravdess"][name], zero_shot["ravdess, adapted to speakers"][name]
        assert (adapted["clips"], adapted["speakers"]) == (plain["clips"], plain["speakers"])
    rows = [row[0] for row in csv.reader((finished / "tables" / "zero_shot.csv").open())]
    assert [row for row in rows if "adapted" in row] == [f"ravdess, adapted to speakers, {name}" for name in SYSTEMS]


def test_other_corpora_stand_in_and_are_not_compared_with_the_papers(corpora, encoder, tmp_path):
    out = tmp_path / "out"
    stand_ins = ["--target", f"crema-d={corpora['crema-d']}", "--permanent", f"iemocap={corpora['iemocap']}", "--folds", "2"]
    answer = run(reproduce_command({"ravdess": corpora["ravdess"]}, encoder, out, *stand_ins))
    assert answer.returncode == 0, answer.stderr
    content = report_of(out)
    assert content["systems"] == ["CREMA-D", "CREMA-D and IEMOCAP"] == list(content["target"])
    assert [fold["fold"] for fold in content["cross_validation"]["systems"][0]["folds"]] == ["1 of 2", "2 of 2"]
    titles = [row[0] for row in csv.reader((out / "tables" / "comparison.csv").open())][1:]
    assert len(titles) == 4 and not any("IEMOCAP" in title or "gain" in title for title in titles)
    page = (out / "report.html").read_text()
    assert "CREMA-D stands in for IEMOCAP and IEMOCAP for CREMA-D" in page and "CREMA-D, 2 folds of whole groups of speakers" in page
    again = run(reproduce_command({"ravdess": corpora["ravdess"]}, encoder, out, *stand_ins))
    assert again.returncode == 0 and "nothing is left to do" in again.stdout, again.stderr


@pytest.mark.parametrize(
    ("further", "complaint"),
    [
        ((), "give either --iemocap or --target NAME=PATH, which stands in for it"),
        (("--iemocap", "iemocap", "--target", "savee=x", "--crema-d", "crema-d"), "give either --iemocap or --target NAME=PATH"),
        (("--iemocap", "iemocap"), "give either --crema-d or --permanent NAME=PATH"),
        (("--iemocap", "iemocap", "--permanent", "ravdess=x"), "no model may be trained on RAVDESS"),
        (("--iemocap", "iemocap", "--permanent", "iemocap=x"), "iemocap cannot be both target and permanent"),
    ],
)
def test_stand_ins_are_asked_for_clearly(corpora, encoder, tmp_path, further, complaint):
    paths = [str(corpora.get(each, each)) for each in further]
    answer = run(reproduce_command({"ravdess": corpora["ravdess"]}, encoder, tmp_path / "out", *paths))
    assert answer.returncode == 2 and complaint in answer.stderr and "Traceback" not in answer.stderr, answer.stderr
    assert not (tmp_path / "out").exists()
