"""Runs Gradle with its arguments, on the standard toolchain where that is to be had: `python3 -m gradle.offline :engine:test`."""

import os
import sys

from gradle.offline import ToolchainError
from gradle.offline.machine import ROOT
from gradle.offline.toolchain import choose, gradle_command


def main() -> None:
    try:
        toolchain = choose(ROOT, os.environ)
        print(f"toolchain: {toolchain}", file=sys.stderr, flush=True)
        command, environment = gradle_command(toolchain, ROOT, os.environ)
    except ToolchainError as error:
        sys.exit(f"toolchain: {error}")
    os.execve(command[0], [*command, *sys.argv[1:]], environment)


main()
