"""NOTICE against what is installed: the lock says what runs, this test that each part's licence is told."""

import re
import tomllib

from tests.conftest import ROOT
from tests.lock import locked_packages

SPDX = r"[A-Za-z0-9.-]+"


def required_by() -> dict[str, set[str]]:
    """Each package of the lock with those that need it, out of the comments below it."""
    needing = re.compile(r"^ +# +(?:via +)?([a-z0-9-]+)", re.MULTILINE)
    return {package["name"]: set(needing.findall(package[0])) for package in locked_packages()}


def shipped() -> set[str]:
    """Packages that something else than the tests needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked_for = [*project["dependencies"], *project["optional-dependencies"]["benchmark"]]
    needed = {re.match(r"[a-z0-9-]+", requirement)[0] for requirement in asked_for}
    needing = required_by()
    while further := {name for name, by in needing.items() if by & needed} - needed:
        needed |= further
    return needed


def listed() -> dict[str, str]:
    table = (ROOT / "NOTICE").read_text(encoding="utf-8").partition("by requirements.lock\n")[2]
    return dict(re.findall(r"^([a-z0-9-]+) {2,}(.+)$", table, re.MULTILINE))


def test_the_notice_lists_every_package_of_the_lock_that_not_only_tests_need_and_no_other():
    assert shipped() - {"pytest", "ruff"} == shipped(), "the lock is read wrongly: the tests' tools are not shipped"
    assert listed().keys() == shipped()


def test_every_package_has_a_licence_expression():
    assert {name: licence for name, licence in listed().items() if not re.fullmatch(rf"{SPDX}( (AND|OR|WITH) {SPDX})*", licence)} == {}


def test_the_notice_names_the_licences_of_the_models():
    notice = " ".join((ROOT / "NOTICE").read_text(encoding="utf-8").split())
    for claim in ("CREMA-D", "Open Database License 1.0", "Silero VAD", "Silero Team"):
        assert claim in notice
