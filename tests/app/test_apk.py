"""The APK as Android's own tools see it."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from model_builder.deployment.manifest import DEFAULT_FOLDER, MODEL, REPOSITORY, SPEECH_GATE, sha256_of

APK = REPOSITORY / "android/app/build/outputs/apk/debug/app-debug.apk"


@pytest.fixture(scope="module")
def apk() -> Path:
    if not APK.is_file():
        pytest.fail(f"{APK.relative_to(REPOSITORY)} is missing; run: make apk")
    return APK


def answer_of(tool: str, *arguments: object) -> str:
    """What one of the Android SDK's build tools prints; the test is skipped where it is not installed."""
    command = shutil.which(tool)
    if command is None:
        pytest.skip(f"{tool} is not installed, this property of the APK is not checked here; install the Android SDK build tools")
    done = subprocess.run([command, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_signature_verifies(apk):
    assert "Verifies" in answer_of("apksigner", "verify", "--verbose", apk)


def test_uncompressed_entries_are_aligned_to_pages(apk):
    answer_of("zipalign", "-c", "-p", "4", apk)


def test_the_app_asks_for_the_microphone_and_not_for_the_network(apk):
    badging = answer_of("aapt2", "dump", "badging", apk)
    permissions = {line.split("'")[1] for line in badging.splitlines() if line.startswith("uses-permission")}
    assert "android.permission.RECORD_AUDIO" in permissions
    assert "android.permission.INTERNET" not in permissions


def test_the_models_are_those_of_the_asset_and_stored_uncompressed(apk, tmp_path, asset_folder):
    with zipfile.ZipFile(apk) as archive:
        for name in (MODEL, SPEECH_GATE):
            entry = archive.getinfo(f"assets/emotion/{name}")
            assert entry.compress_type == zipfile.ZIP_STORED
            archive.extract(entry, tmp_path)
            assert sha256_of(tmp_path / entry.filename) == sha256_of(DEFAULT_FOLDER / name)
