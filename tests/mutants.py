"""How many of mutmut's changes the tests notice: `make mutants` runs it, and this says what it found. [tool.mutmut] says where.

Exit code 1 where more than a tenth of the changes survive.
"""

import subprocess
import sys

from tests.conftest import ROOT

LARGEST_SURVIVING_SHARE = 0.1
NOTICED = ("killed", "timeout")


def outcomes() -> dict[str, str]:
    """What became of each change of the last run, by its name."""
    command = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(line.strip().split(": ") for line in listed.stdout.splitlines() if "__mutmut_" in line)


def main() -> None:
    found = outcomes()
    unnoticed = [name for name, outcome in found.items() if outcome not in NOTICED]
    for name in unnoticed:
        print(f"{found[name]}: {name} (mutmut show {name})")
    share = len(unnoticed) / len(found)
    print(f"{len(unnoticed)} of {len(found)} changes survive ({share:.1%})")
    sys.exit(share > LARGEST_SURVIVING_SHARE)


if __name__ == "__main__":
    main()
