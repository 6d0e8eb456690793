"""The packages of the app are in one order, and none imports a later one."""

import re

import pytest

from tests.conftest import ROOT

SOURCES = ROOT / "android" / "app" / "src" / "main" / "kotlin" / "app" / "undertone"
SCREENS = ("about", "files", "history", "live", "selfcheck", "welcome")
ORDER = (("asset",), ("model",), ("theme",), ("ui",), ("settings",), ("recording",), ("analysis",), SCREENS, ("session",), ("navigation",))
"""Packages in one tuple do not import each other."""
RANKS = {package: rank for rank, packages in enumerate(ORDER) for package in packages}


def imports(package: str) -> set[str]:
    """The packages that the sources of `package` and of those in it import."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (SOURCES / package).rglob("*.kt"))
    return set(re.findall(r"^import app\.undertone\.([a-z]+)\.", text, re.MULTILINE)) & RANKS.keys() - {package}


def test_every_package_has_its_place():
    assert {path.parent.relative_to(SOURCES).parts[0] for path in SOURCES.rglob("*/*.kt")} == RANKS.keys()


@pytest.mark.parametrize("package", RANKS)
def test_a_package_imports_only_earlier_ones(package):
    assert [other for other in sorted(imports(package)) if RANKS[other] >= RANKS[package]] == []
