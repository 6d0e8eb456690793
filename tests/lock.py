"""requirements.lock, as tests read it."""

import re

from tests.conftest import ROOT

PACKAGE = re.compile(r"^(?P<name>[a-z0-9-]+)(\[(?P<extras>.+?)\])?==.*?(?=^[a-z0-9-]|\Z)", re.MULTILINE | re.DOTALL)


def locked_packages() -> list[re.Match[str]]:
    """The entry of each package: its `name`, its `extras` where the pin has some, and below it, as comments, what needs it."""
    return list(PACKAGE.finditer((ROOT / "requirements.lock").read_text(encoding="utf-8")))
