"""A hub that serves an encoder whole, cut short, damaged, never, or not at all: an error, and never another start."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from tests.generated import tiny_model
from tests.hub_stand_in import HubStandIn, serving

LOADS = """
import json, sys
from huggingface_hub.utils import _http
from concurrent.futures import ThreadPoolExecutor
from model_builder.errors import UserError
from model_builder.models.checkpoint import load_encoder

_http.time.sleep = lambda seconds: None  # the client tries again for a minute, as often without pauses

def outcome(name):
    try:
        return f"{sum(p.numel() for p in load_encoder(name).hubert.parameters())} parameters"
    except UserError as error:
        return str(error)

with ThreadPoolExecutor() as together:
    print(json.dumps(dict(zip(sys.argv[1:], together.map(outcome, sys.argv[1:])))))
"""


class FaultyHub(HubStandIn):
    """Serves `hub/whole` as it is, and cuts, damages, never answers or hangs up on `hub/cut`, `damaged`, `silent` and `gone`."""

    def sends_headers(self, repository: str) -> bool:
        if repository == "hub/silent":
            self.is_over.wait()
        return repository not in ("hub/silent", "hub/gone")

    def body_of(self, repository: str, name: str, content: bytes) -> bytes:
        if name == "model.safetensors" and repository == "hub/damaged":
            return bytes(8) + content[8:]
        return content[: len(content) // 2] if name == "model.safetensors" and repository == "hub/cut" else content


@pytest.fixture
def hub(tmp_path) -> Iterator[HubStandIn]:
    tiny_model().save_pretrained(tmp_path / "served")
    revisions = {f"hub/{name}": {"v1": tmp_path / "served"} for name in ("whole", "cut", "damaged", "silent", "gone")}
    with serving(revisions, FaultyHub) as server:
        yield server


def test_an_encoder_comes_whole_from_the_hub_or_not_at_all(hub, tmp_path):
    names = ["whole", "cut", "damaged", "silent", "gone"]
    environment = {
        **os.environ,
        **hub.environment,
        "HF_HOME": str(tmp_path / "cache"),
        "HF_HUB_DOWNLOAD_TIMEOUT": "1",
        "HF_HUB_ETAG_TIMEOUT": "1",
    }
    answer = subprocess.run(
        [sys.executable, "-c", LOADS, *(f"hub/{name}" for name in names)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    said = json.loads(answer.stdout.splitlines()[-1])
    parameters = sum(parameter.numel() for parameter in tiny_model().hubert.parameters())
    assert said.pop("hub/whole") == f"{parameters} parameters"
    for name, message in said.items():
        assert message.startswith(f"--encoder {name}: cannot be loaded ("), message
