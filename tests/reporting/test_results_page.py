import json
import subprocess
import sys

import pytest

from model_builder.evaluation.evaluation_result import evaluate_answers
from model_builder.evaluation.system import System
from model_builder.models.card import SHIPPED, read_card
from model_builder.reporting.report import prepare_folder, write_report
from tests.conftest import ROOT
from tests.evaluation.generated import generated_answers

MEASURED = {
    "name": "undertone, accurate",
    "size_bytes": 21_714_624,
    "mean_error": 0.0055,
    "p99_error": 0.0242,
    "agreement": 0.995,
    "unweighted_accuracy": 0.72,
    "times": {
        f"1 thread, {seconds} s": {"median_ms": 12.0 * seconds, "lower_quartile_ms": 11.0 * seconds, "upper_quartile_ms": 13.0 * seconds}
        for seconds in (1, 3, 10)
    },
    "process": {"first_result_ms": 133.0, "peak_10_s_mib": 139.0},
}


@pytest.fixture
def measurements(tmp_path):
    system = System("int8 model of a test", training_speakers=("generated:00",))
    prepare_folder(tmp_path / "report")
    write_report(tmp_path / "report", system, [evaluate_answers(generated_answers(), system)])
    (tmp_path / "benchmark").mkdir()
    eager = {**MEASURED, "name": "PyTorch eager", "size_bytes": None, "process": None}
    (tmp_path / "benchmark" / "benchmark.json").write_text(json.dumps({"clips": 1_000, "measured": [eager, MEASURED]}))
    return tmp_path


def results(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "model_builder", "results", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_page_says_what_the_files_say(measurements):
    page = measurements / "results.md"
    answer = results("--evaluation", measurements / "report", "--benchmark", measurements / "benchmark", "--out", page)
    assert answer.returncode == 0, answer.stderr
    text, report = page.read_text(encoding="utf-8"), json.loads((measurements / "report" / "report.json").read_text())
    [found] = report["corpora"]
    assert f"{read_card(SHIPPED)['results']['unweighted_accuracy']:.1%}" in text
    assert "## Other corpora: int8 model of a test" in text
    assert f"{found['overall']['unweighted_accuracy']:.1%} ({found['intervals']['unweighted_accuracy']['low']:.1%} to " in text
    times = "12 (11–13) ms | 36 (33–39) ms | 120 (110–130) ms"
    assert f"| undertone, accurate | 21,714,624 | 0.0055 | 0.0242 | 99.5% | 72.0% | {times} | 133 ms | 139 MiB |" in text
    assert "| PyTorch eager | – | 0.0055 |" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows[:2]} == {11} and {line.count("|") for line in rows[3:5]} == {12}


def test_recordings_of_speakers_that_taught_the_weights_are_named(measurements):
    results("--evaluation", measurements / "report", "--out", measurements / "results.md")
    assert "Of these speakers, 1 taught the weights" in (measurements / "results.md").read_text()


@pytest.mark.parametrize("content", ["not JSON", "{}"])
def test_a_folder_of_something_else_is_refused_and_the_page_stays(measurements, content):
    (measurements / "report" / "report.json").write_text(content)
    (measurements / "results.md").write_text("the old page")
    answer = results("--evaluation", measurements / "report", "--out", measurements / "results.md")
    assert answer.returncode == 2 and "error: " in answer.stderr
    assert (measurements / "results.md").read_text() == "the old page"
