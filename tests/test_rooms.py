"""Packages of `model_builder` import downwards only, and no name stands for two files."""

import ast
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "model_builder"
LEVELS = (
    {"cli"},
    {"reproduction"},
    {"benchmarks", "engine", "asset"},
    {"export"},
    {"inference", "training"},
    {"pretraining"},
    {"fitting"},
    {"models"},
    {"corpora"},
    {"audio", "evaluation", "reporting"},
)
"""From the top down: a package imports itself, packages of its own level without a circle, and those below."""


def imported_packages(source: str) -> set[str]:
    """The packages of `model_builder` that a module names in its imports, those inside functions too.

    >>> sorted(imported_packages("import os\\nfrom model_builder.audio.noise import x\\ndef f():\\n    import model_builder.corpora"))
    ['audio', 'corpora']
    """
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return {name.split(".")[1] for name in names if name.startswith("model_builder.")}


def level_of(package: str) -> int:
    return next(index for index, packages in enumerate(LEVELS) if package in packages)


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)
ROOMS = {package for packages in LEVELS for package in packages}


def test_every_package_has_its_level():
    assert {path.relative_to(PACKAGE).parts[0] for path in MODULES} == ROOMS


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downwards_only(module):
    room = module.relative_to(PACKAGE).parts[0]
    for target in imported_packages(module.read_text(encoding="utf-8")) & ROOMS - {room}:
        assert level_of(target) >= level_of(room), f"{room} imports {target}, which lies above it"


def test_packages_of_one_level_import_each_other_in_one_direction_only():
    found = {room: set() for room in ROOMS}
    for module in MODULES:
        found[module.relative_to(PACKAGE).parts[0]] |= imported_packages(module.read_text(encoding="utf-8")) & ROOMS
    for packages in LEVELS:
        for first in packages:
            for second in packages - {first}:
                assert not (second in found[first] and first in found[second]), f"{first} and {second} import each other"


def test_every_module_has_a_name_of_its_own():
    counts = Counter(path.name for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
    assert [name for name, count in counts.items() if count > 1] == []
