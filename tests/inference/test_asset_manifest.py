"""What an asset must look like: the same checks as the engine's."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from model_builder.evaluation.session_adaptation import SessionAdaptation
from model_builder.inference.asset_manifest import AssetError, read_manifest, verify_files, write_manifest
from model_builder.inference.predictor import open_asset


@pytest.fixture
def asset(small_asset, tmp_path) -> Path:
    return shutil.copytree(small_asset, tmp_path / "emotion")


def edit(asset: Path, change: Callable[[dict], None]) -> None:
    path = asset / "manifest.json"
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


def test_a_manifest_that_is_written_again_is_the_same(asset):
    before = (asset / "manifest.json").read_text()
    write_manifest(read_manifest(asset), asset)
    assert (asset / "manifest.json").read_text() == before


def test_the_manifest_states_everything_that_the_engine_needs(asset):
    data = json.loads((asset / "manifest.json").read_text())
    assert data["schema_version"] == 2
    assert data["labels"] == ["angry", "happy", "neutral", "sad"]
    assert (data["sample_rate_hz"], data["shortest_window_samples"], data["longest_window_samples"]) == (16_000, 4_000, 240_000)
    assert data["gate"] == {
        "frame_samples": 512,
        "enter_probability": 0.5,
        "leave_probability": 0.35,
        "shortest_speech_ms": 250,
        "pre_roll_ms": 300,
        "hangover_ms": 480,
        "longest_segment_ms": 15_000,
        "noise_margin_db": 4.5,
        "noise_window_ms": 3_000,
        "network_hold_ms": 320,
        "network_lead_in_ms": 96,
    }
    assert data["live"] == {
        "early_result_ms": 1_000,
        "early_window_ms": 3_000,
        "early_step_ms": 2_000,
        "smoothing_ms": 1400,
        "switch_margin": 0.35,
    }
    names = {file["name"] for file in data["files"]}
    assert names == {path.relative_to(asset).as_posix() for path in asset.rglob("*") if path.is_file()} - {"manifest.json"}


def test_an_older_asset_has_early_results_at_one_interval(asset):
    edit(asset, lambda data: data["live"].pop("early_step_ms"))
    assert read_manifest(asset).live.early_step_ms == 1_000


def test_session_adaptation_is_written_where_there_is_one_and_left_out_otherwise(asset):
    without = read_manifest(asset)
    assert without.session_adaptation is None
    assert "session_adaptation" not in (asset / "manifest.json").read_text()
    given = SessionAdaptation(prior_results=8.0, largest_shift=2.0)
    write_manifest(replace(without, session_adaptation=given), asset)
    assert json.loads((asset / "manifest.json").read_text())["session_adaptation"] == {"prior_results": 8.0, "largest_shift": 2.0}
    assert read_manifest(asset).session_adaptation == given


MISFITS = {
    "schema_version is 1": lambda data: data.update(schema_version=1),
    "schema_version is '1', expected int": lambda data: data.update(schema_version="1"),
    "labels is missing": lambda data: data.pop("labels"),
    "labels are": lambda data: data.update(labels=["happy", "angry", "neutral", "sad"]),
    "sample_rate_hz is 8000": lambda data: data.update(sample_rate_hz=8_000),
    "windows of 9 to 4": lambda data: data.update(shortest_window_samples=9, longest_window_samples=4),
    "temperature is 0.0": lambda data: data.update(temperature=0),
    "temperature is not finite": lambda data: data.update(temperature=10**400),
    "uncertainty_threshold is 1.5": lambda data: data.update(uncertainty_threshold=1.5),
    "gate.hangover_ms is missing": lambda data: data["gate"].pop("hangover_ms"),
    "gate probabilities are not": lambda data: data["gate"].update(leave_probability=0.9),
    "gate.frame_samples is 256": lambda data: data["gate"].update(frame_samples=256),
    "gate.network_lead_in_ms is not within": lambda data: data["gate"].update(network_lead_in_ms=301),
    "gate.noise_margin_db is 61.0": lambda data: data["gate"].update(noise_margin_db=61),
    "live is missing": lambda data: data.pop("live"),
    "live.switch_margin is 2.0": lambda data: data["live"].update(switch_margin=2),
    "live times are not": lambda data: data["live"].update(early_window_ms=999),
    "live.early_step_ms is 999": lambda data: data["live"].update(early_step_ms=999),
    "gate times are negative": lambda data: data["gate"].update(pre_roll_ms=-1),
    "leads out of the asset": lambda data: data["files"][0].update(name="../secret"),
    "name '/etc/passwd' leads out": lambda data: data["files"][0].update(name="/etc/passwd"),
    "leads out of": lambda data: data["files"][0].update(name="golden\\..\\..\\secret"),
    "sha256 is not a sha256": lambda data: data["files"][0].update(sha256="abc"),
    "files does not name model.onnx": lambda data: data.update(files=[f for f in data["files"] if f["name"] != "model.onnx"]),
    "names one file twice": lambda data: data["files"].append(data["files"][0]),
    r"files\[0\] is not an object": lambda data: data["files"].insert(0, "model.onnx"),
    "training is missing": lambda data: data.pop("training"),
    "git_commit is neither": lambda data: data.update(git_commit=7),
    "session_adaptation is None, expected dict": lambda data: data.update(session_adaptation=None),
    "session_adaptation.largest_shift is missing": lambda data: data.update(session_adaptation={"prior_results": 10}),
    "session_adaptation.prior_results is 'ten'": lambda data: data.update(session_adaptation={"prior_results": "ten", "largest_shift": 1}),
    "session_adaptation.prior_results is 0.0": lambda data: data.update(session_adaptation={"prior_results": 0, "largest_shift": 1}),
    "session_adaptation.largest_shift is -1.5": lambda data: data.update(session_adaptation={"prior_results": 10, "largest_shift": -1.5}),
    "session_adaptation.largest_shift is not finite": lambda data: data.update(
        session_adaptation={"prior_results": 10, "largest_shift": float("inf")}
    ),
}


@pytest.mark.parametrize("complaint", MISFITS)
def test_a_manifest_that_does_not_fit_is_refused_by_field(asset, complaint):
    edit(asset, MISFITS[complaint])
    with pytest.raises(AssetError, match=f"manifest.json: .*{complaint}.*; build the asset again"):
        read_manifest(asset)


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00", "[" * 100_000])
def test_a_manifest_that_is_no_json_object_is_refused(asset, text):
    (asset / "manifest.json").write_text(text)
    with pytest.raises(AssetError, match=r"manifest\.json: (cannot be read|is not a JSON object)"):
        read_manifest(asset)


def test_an_asset_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(AssetError, match=r"manifest\.json: is missing"):
        open_asset(tmp_path)


def test_a_model_with_another_hash_is_refused(asset):
    content = bytearray((asset / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (asset / "model.onnx").write_bytes(content)
    with pytest.raises(AssetError, match=r"model\.onnx: its sha256 is not the one in the manifest"):
        open_asset(asset)


def test_a_truncated_file_is_refused_with_both_sizes(asset):
    path = asset / "speech_gate.onnx"
    path.write_bytes(path.read_bytes()[:1_000])
    with pytest.raises(AssetError, match=r"speech_gate\.onnx: has 1,000 bytes, the manifest says 1,249,724"):
        verify_files(asset, read_manifest(asset))


def test_a_name_that_no_file_system_takes_is_missing(asset):
    edit(asset, lambda data: data["files"].append({"name": "x" * 300, "size_bytes": 1, "sha256": "0" * 64}))
    with pytest.raises(AssetError, match="xxx: is missing"):
        verify_files(asset, read_manifest(asset))


def test_a_link_out_of_the_asset_is_refused_though_its_hash_is_right(asset):
    path = asset / "speech_gate.onnx"
    path.symlink_to(path.rename(asset.parent / "elsewhere.onnx"))
    with pytest.raises(AssetError, match=r"speech_gate\.onnx: is a link that leads out of the asset"):
        verify_files(asset, read_manifest(asset))


def test_an_asset_behind_a_link_is_read(asset, tmp_path):
    (tmp_path / "link").symlink_to(asset)
    verify_files(tmp_path / "link", read_manifest(tmp_path / "link"))


def test_a_missing_file_is_named(asset):
    (asset / "golden/low_voice.wav").unlink()
    with pytest.raises(AssetError, match=r"low_voice\.wav: is missing"):
        open_asset(asset)


def test_a_model_with_another_signature_is_refused(asset):
    """Another network, correctly hashed: only its inputs and outputs tell."""
    shutil.copyfile(asset / "speech_gate.onnx", asset / "model.onnx")

    def rehash(data: dict) -> None:
        gate = next(file for file in data["files"] if file["name"] == "speech_gate.onnx")
        next(file for file in data["files"] if file["name"] == "model.onnx").update(gate, name="model.onnx")

    edit(asset, rehash)
    with pytest.raises(AssetError, match=r"model\.onnx: does not take `pcm`"):
        open_asset(asset)
