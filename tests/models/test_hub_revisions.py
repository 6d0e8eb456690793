"""Encoders by their names on a hub, through huggingface_hub itself: downloaded once, pinned to a revision, without a network, cut short."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from transformers import HubertForSequenceClassification

from tests.conftest import ROOT
from tests.generated import tiny_config
from tests.hub_stand_in import HubStandIn, commit_of, serving

LOADS = """
import json, sys
from model_builder.errors import UserError
from model_builder.models.checkpoint import load_encoder, weights_digests

def outcome(name):
    try:
        total = float(load_encoder(name).hubert.encoder.layers[0].attention.q_proj.weight.detach().double().sum())
        return [total, weights_digests({"encoder": name})["encoder"]]
    except UserError as error:
        return str(error)

print(json.dumps([outcome(name) for name in sys.argv[1:]]))
"""


CHUNK_BYTES = 10 * 2**20
"""What huggingface_hub writes at a time: a part that is shorter is not kept."""


def save_encoder(folder: Path, seed: int, wide: int = 64) -> float:
    """Returns what `LOADS` says of its weights. wide: of the feed-forward layers, which are most of the file."""
    torch.manual_seed(seed)
    config = tiny_config()
    config.intermediate_size = wide
    model = HubertForSequenceClassification(config).hubert
    model.save_pretrained(folder)
    return float(model.encoder.layers[0].attention.q_proj.weight.detach().double().sum())


@pytest.fixture
def totals(tmp_path) -> list[float]:
    return [save_encoder(tmp_path / f"v{number}", number) for number in (1, 2)]


def command(*names: str) -> list[str]:
    return [sys.executable, "-c", LOADS, *names]


def environment_of(hub: HubStandIn, cache: Path, **further: str) -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "HF_HOME": str(cache), **hub.environment, **further}


def loaded(environment: Mapping[str, str], *names: str) -> list:
    answer = subprocess.run(command(*names), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=True)
    return json.loads(answer.stdout.splitlines()[-1])


def test_a_name_is_downloaded_once_pinned_by_its_revision_and_used_without_a_network(totals, tmp_path):
    folders = {"v1": tmp_path / "v1", "v2": tmp_path / "v2"}
    first, second = (commit_of(tag) for tag in folders)
    cache = tmp_path / "cache"
    with serving({"lab/encoder": folders}) as hub:
        online = environment_of(hub, cache)
        now, again, old, of_commit, unknown = loaded(
            online, "lab/encoder", "lab/encoder", "lab/encoder@v1", f"lab/encoder@{first}", "lab/encoder@v3"
        )
        assert now == again == [pytest.approx(totals[1]), f"commit {second}"]
        assert old == of_commit == [pytest.approx(totals[0]), f"commit {first}"]
        assert unknown.startswith("--encoder lab/encoder@v3: cannot be loaded (") and "v3" in unknown.partition("(")[2]
        assert hub.bodies_of("model.safetensors") == [None, None]  # one for each revision
    requests = len(hub.requests)
    offline = environment_of(hub, cache, HF_HUB_OFFLINE="1")
    kept, pinned, never = loaded(offline, "lab/encoder", "lab/encoder@v1", "lab/other")
    assert (kept, pinned) == (now, old)
    assert never.startswith("--encoder lab/other: cannot be loaded (")
    assert len(hub.requests) == requests


def test_a_download_that_was_killed_goes_on_where_it_stopped(tmp_path):
    cache, total = tmp_path / "cache", save_encoder(tmp_path / "v1", 1, wide=20_000)
    with serving({"lab/encoder": {"v1": tmp_path / "v1"}}) as hub:
        hub.stalls_after = CHUNK_BYTES * 3 // 2
        environment = environment_of(hub, cache, HF_HUB_DOWNLOAD_TIMEOUT="120")
        killed = subprocess.Popen(command("lab/encoder"), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
        assert hub.has_stalled.wait(120)
        unfinished: list[Path] = []
        until = time.monotonic() + 60
        while time.monotonic() < until and (not unfinished or unfinished[0].stat().st_size < CHUNK_BYTES):
            time.sleep(0.05)
            unfinished = list(cache.rglob("*.incomplete"))
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        begun = unfinished[0].stat().st_size
        hub.stalls_after = None
        [found] = loaded(environment, "lab/encoder")
        assert found == [pytest.approx(total), f"commit {commit_of('v1')}"]
        assert hub.bodies_of("model.safetensors") == [None, f"bytes={begun}-"]
        assert not list(cache.rglob("*.incomplete"))
