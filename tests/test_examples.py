"""The Python in README and in docs/library.md runs as it is printed, beside a recording."""

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
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
