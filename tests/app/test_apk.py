"""The APK as Android's own tools see it."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from model_builder.inference.asset_manifest import DEFAULT_FOLDER, MODEL, REPOSITORY, SPEECH_GATE, sha256_of
from tests.app.native_libraries import native_libraries

APKS = REPOSITORY / "android/app/build/outputs/apk"
APK = APKS / "debug/app-universal-debug.apk"
ABIS = {"arm64-v8a", "armeabi-v7a", "x86_64"}
LARGEST_CODE_BYTES = 4_000_000


@pytest.fixture(scope="module")
def apk() -> Path:
    if not APK.is_file():
        pytest.fail(f"{APK.relative_to(REPOSITORY)} is missing; run: make apk")
    return APK


@pytest.fixture(scope="module")
def release() -> Path:
    """The universal release APK, signed or not."""
    found = sorted(APKS.glob("release/app-universal-release*.apk"))
    if not found:
        pytest.skip(f"no {APKS.relative_to(REPOSITORY)}/release/app-universal-release*.apk, the release is not checked; run: make release")
    return found[0]


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


def test_native_libraries_fit_devices_with_pages_of_16_kb(apk):
    libraries = native_libraries(apk)
    assert libraries, "not even AndroidX's own libraries are there"
    assert [library for library in libraries if not library.fits_large_pages] == []


def test_there_is_an_apk_for_each_abi_with_its_libraries_alone(apk):
    for abi in ABIS:
        libraries = native_libraries(apk.with_name(f"app-{abi}-debug.apk"))
        assert {library.name.split("/")[1] for library in libraries} == {abi}
    assert {library.name.split("/")[1] for library in native_libraries(apk)} >= ABIS


def test_the_release_without_models_and_native_libraries_is_at_most_4_mb(release):
    with zipfile.ZipFile(release) as archive:
        others = [entry for entry in archive.infolist() if not entry.filename.endswith((".onnx", ".so"))]
    assert sum(entry.compress_size for entry in others) <= LARGEST_CODE_BYTES


def test_the_release_carries_a_baseline_profile_and_the_list_of_licences(release):
    with zipfile.ZipFile(release) as archive:
        assert {"assets/dexopt/baseline.prof", "assets/dexopt/baseline.profm", "assets/licences/libraries.json"} <= set(archive.namelist())


def test_the_icon_is_adaptive_and_can_be_themed(release):
    badging = answer_of("aapt2", "dump", "badging", release)
    (path,) = {line.split("'")[1] for line in badging.splitlines() if line.startswith("application-icon-")}
    tree = answer_of("aapt2", "dump", "xmltree", release, "--file", path)
    elements = {line.split()[1] for line in tree.splitlines() if line.strip().startswith("E:")}
    assert elements == {"adaptive-icon", "background", "foreground", "monochrome"}
