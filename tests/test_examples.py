"""The Python in README, docs/library.md and the notebook runs as it is printed."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.official_layouts import write_ravdess
from tests.recordings import speech_like, write_wav

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", ["README.md", "docs/library.md"])
def test_python_blocks_of_a_document_run_one_after_the_other(document, tmp_path, asset_folder):
    blocks = BLOCK.findall((ROOT / document).read_text(encoding="utf-8"))
    assert blocks, f"{document} shows no Python"
    write_wav(tmp_path / "recording.wav", speech_like(2.2))
    answer = subprocess.run([sys.executable, "-c", "\n".join(blocks)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert re.search("angry|happy|neutral|sad", answer.stdout)


def test_importing_the_package_loads_nothing_that_is_slow():
    code = "import sys, model_builder; print(sorted({'numpy', 'torch', 'onnxruntime', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_notebook_runs_from_its_first_cell_to_its_last(asset_folder, tmp_path):
    notebook = json.loads((ROOT / "docs/evaluate.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] for cell in cells), "outputs are not kept: they would be of somebody's recordings"
    code = "\n".join(["".join(cell["source"]) for cell in cells] + ["print(len(plt.gcf().axes), 'plots')"])
    environment = {**os.environ, "MPLBACKEND": "agg", "RAVDESS": str(write_ravdess(tmp_path / "RAVDESS"))}
    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "10 of 10 recordings of 2 speakers are answered" in answer.stdout and "\nUA " in answer.stdout and "3 plots" in answer.stdout
