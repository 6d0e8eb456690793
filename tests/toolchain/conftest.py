"""Machines for the chooser and the doctor: folders and an environment instead of what is installed here."""

import shutil

import pytest

from gradle.offline import machine
from gradle.offline.machine import ROOT
from tests.toolchain.machines import install_jdk


@pytest.fixture
def project(tmp_path):
    """A folder with what is read of this project, installed."""
    root = tmp_path / "project"
    for name in ("gradle/wrapper/gradle-wrapper.properties", "gradle/libs.versions.toml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    (root / ".venv").mkdir()
    (root / ".venv/installed").touch()
    return root


@pytest.fixture
def jdk_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "JDK_FOLDERS", (f"{tmp_path}/jvm/*",))
    return tmp_path / "jvm"


@pytest.fixture
def environment(tmp_path, jdk_folder):
    """A machine with a JDK 17 and nothing else."""
    install_jdk(jdk_folder / "17", "17.0.15")
    return {"PATH": "", "GRADLE_USER_HOME": str(tmp_path / "gradle-home"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
