"""What tests read from outside: the built asset, the shipped weights, and real recordings where they are to be had."""

import os
from pathlib import Path

import pytest

from model_builder.models.card import SHIPPED

pytest_plugins = ["tests.networks"]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real recordings: UNDERTONE_DATA, or ../shared/data beside the project."""
    folder = Path(os.environ.get("UNDERTONE_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "CREMA-D").is_dir():
        pytest.skip(f"REAL AUDIO IS ABSENT, this test proves nothing here: no CREMA-D in {folder}; set UNDERTONE_DATA")
    return folder


@pytest.fixture(scope="session")
def asset_folder() -> Path:
    folder = ROOT / "android/app/src/main/assets/emotion"
    if not (folder / "manifest.json").is_file():
        pytest.fail(f"{folder} holds no asset; run: make asset")
    return folder


@pytest.fixture(scope="session")
def shipped_weights() -> Path:
    return SHIPPED
