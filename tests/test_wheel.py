"""The wheel alone, in an environment of its own and a folder outside of the repository."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.recordings import speech_like, write_wav

INT8_LOGIT_ERROR = 0.2  # on generated voices 8 bits move single logits by hundredths; another model's differ by more than 1


class Installed:
    """`python -m model_builder` of an environment that holds the wheel, run in `folder`."""

    def __init__(self, python: Path, folder: Path):
        self.python = python
        self.folder = folder

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [str(self.python), *map(str, arguments)]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def __call__(self, *arguments: object) -> str:
        answer = self.run("-m", "model_builder", *arguments)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Installed:
    """The dependencies are those of this environment, by path: its own editable package stays out of sight."""
    sources, wheels, folder = (tmp_path_factory.mktemp(name) for name in ("sources", "wheels", "elsewhere"))
    for name in ("pyproject.toml", "README.md", "NOTICE", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    # A copy, because setuptools packs whatever an earlier build left in build/lib.
    shutil.copytree(ROOT / "model_builder", sources / "model_builder", ignore=shutil.ignore_patterns("__pycache__"))
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, sources], check=True)
    [wheel] = wheels.iterdir()
    venv.create(folder / "environment", symlinks=True)
    python = folder / "environment/bin/python"
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True)
    [packages] = (folder / "environment/lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Installed(python, folder)


def test_the_wheel_alone_names_emotions_and_builds_the_asset(installed):
    imported = installed.run("-c", "import model_builder; print(model_builder.__file__)")
    assert Path(imported.stdout.strip()).is_relative_to(installed.folder), imported.stdout + imported.stderr
    write_wav(installed.folder / "a.wav", speech_like(1.5))

    by_weights = json.loads(installed("predict", "--json", "a.wav"))
    command = subprocess.run([installed.python.with_name("undertone"), "--version"], capture_output=True, text=True, check=True)
    assert command.stdout.startswith("undertone ")
    library = "import model_builder as m, pathlib; print(pathlib.Path(m.__file__).with_name('py.typed').is_file(), m.__version__)"
    assert installed.run("-c", library).stdout.split()[0] == "True", "type checkers need py.typed in the wheel"
    library = "from model_builder import EmotionPredictor; print(EmotionPredictor().predict('a.wav').label)"
    assert installed.run("-c", library).stdout.strip() == by_weights["label"]
    installed("build-apk-asset", "--out", "asset")
    by_asset = json.loads(installed("predict", "--json", "--asset", "asset", "a.wav"))

    assert by_asset["label"] == by_weights["label"]
    np.testing.assert_allclose(by_asset["logits"], by_weights["logits"], atol=INT8_LOGIT_ERROR, rtol=0)
    manifest = json.loads((installed.folder / "asset/manifest.json").read_text(encoding="utf-8"))
    assert manifest["training"], "the card of the shipped weights is not in the wheel"


def test_a_wheel_writes_its_report_from_the_template_inside(installed):
    folder = installed.folder / "RAVDESS"
    folder.mkdir()
    for index, emotion in enumerate(("01", "03", "04", "05")):
        write_wav(folder / f"03-01-{emotion}-01-01-01-07.wav", speech_like(0.5, seed=index))
    installed("evaluate", "--corpus", "ravdess=RAVDESS", "--report", "report")
    assert (installed.folder / "report/report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_wheel_asks_where_to_build_and_takes_no_commit_from_around_it(installed):
    """The environment lies in another project's repository, as environments do."""
    subprocess.run(["git", "init", "--quiet", installed.folder], check=True)
    commit = ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "--message", "theirs")
    subprocess.run(["git", "-C", installed.folder, *commit], check=True)
    refused = installed.run("-m", "model_builder", "build-apk-asset")
    assert refused.returncode == 2
    assert refused.stderr.strip().splitlines() == ["error: build-apk-asset: an installed package has no app beside it; give --out DIR"]
    answer = installed.run("-c", "from model_builder.asset.build import git_commit; print(git_commit())")
    assert answer.stdout.strip() == "None", answer.stderr
