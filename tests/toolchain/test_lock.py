"""requirements.lock, as an old pip reads it."""

from importlib.metadata import PackageNotFoundError, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.lock import locked_packages


def pinned_extras() -> dict[str, set[str]]:
    """Each package of the lock with the extras of its pin."""
    return {package["name"]: set((package["extras"] or "").split(", ")) - {""} for package in locked_packages()}


def installed_requirements(name: str) -> list[Requirement]:
    try:
        return [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:  # the lock has packages of other systems too
        return []


def test_pins_have_the_extras_that_packages_ask_for():
    """Else pip 23.2, with hashes asked for, wants the newest `coverage[toml]` beside the pinned `coverage` and refuses to install."""
    pinned = pinned_extras()
    wanted = [
        (canonicalize_name(asked.name), extra)
        for name in pinned
        for asked in installed_requirements(name)
        if asked.marker is None or asked.marker.evaluate({"extra": ""})
        for extra in asked.extras
    ]
    assert ("coverage", "toml") in wanted, "installed packages are read wrongly"
    assert [(name, extra) for name, extra in wanted if extra not in pinned[name]] == []
