"""A hub that serves an encoder whole, cut short, damaged, never, or not at all: an error, and never another start."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.generated import tiny_model

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


class Hub(ThreadingHTTPServer):
    """Answers as the hub does for the repositories `hub/whole`, `hub/cut`, `hub/damaged`, `hub/silent` and `hub/gone`."""

    def __init__(self, folder: Path):
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder, self.is_over = folder, threading.Event()


class Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def answer(self, with_body: bool) -> None:
        _, _, repository, *_, name = self.path.split("/")
        file = self.server.folder / name
        if repository == "silent":
            self.server.is_over.wait()
            return
        if repository == "gone":
            self.connection.close()
            return
        if not file.is_file() or "resolve" not in self.path:
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        content = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{hashlib.sha256(content + repository.encode()).hexdigest()}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.end_headers()
        if with_body:
            is_weights = name == "model.safetensors"
            if is_weights and repository == "damaged":
                content = bytes(8) + content[8:]
            self.wfile.write(content[: len(content) // 2] if is_weights and repository == "cut" else content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hub(tmp_path) -> Iterator[Hub]:
    tiny_model().save_pretrained(tmp_path / "served")
    with Hub(tmp_path / "served") as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.is_over.set()
        server.shutdown()


def test_an_encoder_comes_whole_from_the_hub_or_not_at_all(hub, tmp_path):
    names = ["whole", "cut", "damaged", "silent", "gone"]
    environment = {
        **os.environ,
        "HF_ENDPOINT": f"http://127.0.0.1:{hub.server_port}",
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
