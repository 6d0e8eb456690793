"""Tells what of the things that `make asset` and `make test` use is here: `python3 -m gradle.offline.doctor`, or `make doctor`."""

import ctypes.util
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gradle.offline import ToolchainError
from gradle.offline.artifacts import MAVEN_CENTRAL
from gradle.offline.machine import (
    JAVA_FEATURES,
    ROOT,
    Reaches,
    api_level_of,
    find_jdks,
    find_sdk,
    gradle_user_home,
    is_reachable,
    usable_jdk,
    wrapper_obstacle,
)

APK_TOOLS = ("apksigner", "zipalign", "aapt2")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for. `is_fatal`: `make asset` or `make test` cannot work."""

    subject: str
    text: str
    is_fatal: bool = False

    def __str__(self) -> str:
        return f"{'MISSING' if self.is_fatal else '':<9}{self.subject:<20}{self.text}"


def examine(root: Path, environment: Mapping[str, str], reaches: Reaches = is_reachable) -> Iterator[Finding]:
    """Looks at the machine, and asks the package registries and the places of Gradle and the Android SDK whether they answer."""
    yield _python()
    yield _python_packages(root)
    yield from _kotlin_half(root, environment, reaches)
    yield _maven_central(environment, reaches)
    yield _onnxruntime(root, reaches)
    yield _mvn()
    yield _apk_tools()
    yield _arm64(environment)
    yield _recordings(root, environment)
    yield _phone()
    yield _jemalloc()


def _python() -> Finding:
    text = f"{platform.python_version()} in {sys.executable}"
    if importlib.util.find_spec("ensurepip") is None:
        return Finding("Python", f"{text}, without venv: install python3-venv", is_fatal=True)
    return Finding("Python", text)


def _python_packages(root: Path) -> Finding:
    if (root / ".venv/installed").is_file():
        return Finding("Python packages", "installed in .venv")
    question = [sys.executable, "-m", "pip", "index", "versions", "pip", "--quiet"]
    if subprocess.run(question, capture_output=True, check=False).returncode != 0:
        return Finding("Python packages", "pip reaches no index; see pip's --index-url and --proxy", is_fatal=True)
    return Finding("Python packages", "pip's index answers")


def _kotlin_half(root: Path, environment: Mapping[str, str], reaches: Reaches) -> Iterator[Finding]:
    jdks = find_jdks(environment)
    for jdk in jdks:
        fit = "" if jdk.feature_version in JAVA_FEATURES else ", which Gradle does not run on"
        yield Finding("JDK", f"{jdk.feature_version} in {jdk.home}{fit}")
    try:
        usable_jdk(jdks)
    except ToolchainError as error:
        yield Finding("JDK", str(error), is_fatal=True)
    obstacle = wrapper_obstacle(root, environment, reaches)
    yield Finding("Gradle", f"assembled from Maven artifacts: {obstacle}" if obstacle else "the wrapper's is here or can be downloaded")
    try:
        sdk = find_sdk(root, environment, api_level_of(root), reaches)
        yield Finding("Android SDK", str(sdk.home) if sdk.home else f"assembled from Maven artifacts: {sdk.obstacle}")
    except ToolchainError as error:
        yield Finding("Android SDK", str(error), is_fatal=True)


def _maven_central(environment: Mapping[str, str], reaches: Reaches) -> Finding:
    if reaches(f"{MAVEN_CENTRAL}/junit/junit/maven-metadata.xml"):
        return Finding("Maven Central", "answers")
    has_built = (gradle_user_home(environment) / "caches/modules-2").is_dir()
    return Finding("Maven Central", "does not answer: only what earlier builds downloaded can be used", is_fatal=not has_built)


def _onnxruntime(root: Path, reaches: Reaches) -> Finding:
    version = tomllib.loads((root / "gradle/libs.versions.toml").read_text())["versions"]["onnxruntime"]
    name = f"onnxruntime-android/{version}/onnxruntime-android-{version}.pom"
    if reaches(f"{MAVEN_CENTRAL}/com/microsoft/onnxruntime/{name}"):
        return Finding("onnxruntime-android", f"{version} is served")
    return Finding("onnxruntime-android", f"{version} is not served: APKs built here have no inference; tests run on the JVM's")


def _mvn() -> Finding:
    where = shutil.which("mvn")
    return Finding("mvn", where or "not installed; what is assembled comes straight from Maven Central, past any mirror")


def _apk_tools() -> Finding:
    missing = [tool for tool in APK_TOOLS if shutil.which(tool) is None]
    if missing:
        return Finding("APK tools", f"tests of the APK are skipped without {', '.join(missing)} (apt-get install apksigner zipalign aapt)")
    return Finding("APK tools", ", ".join(APK_TOOLS))


def _arm64(environment: Mapping[str, str]) -> Finding:
    command = environment.get("UNDERTONE_ARM64_PYTHON")
    if command and shutil.which(command):
        return Finding("arm64 Python", command)
    return Finding(
        "arm64 Python", "tests of ARM kernels are skipped; UNDERTONE_ARM64_PYTHON names no command (on Debian: tests/parity/arm64-python)"
    )


def _recordings(root: Path, environment: Mapping[str, str]) -> Finding:
    folder = Path(environment.get("UNDERTONE_DATA") or root.parent / "shared" / "data")
    if (folder / "CREMA-D").is_dir():
        return Finding("recordings", str(folder))
    return Finding("recordings", f"tests on real audio are skipped: no CREMA-D in {folder}; set UNDERTONE_DATA")


def _phone() -> Finding:
    adb = shutil.which("adb")
    if adb is None:
        return Finding("phone", "adb is not installed; only :app:connectedCheck needs it")
    listed = subprocess.run([adb, "devices"], capture_output=True, text=True, check=False).stdout.splitlines()[1:]
    devices = [line.split()[0] for line in listed if line.endswith("\tdevice")]
    return Finding("phone", ", ".join(devices) or "adb sees none; only :app:connectedCheck needs one")


def _jemalloc() -> Finding:
    library = ctypes.util.find_library("jemalloc")
    return Finding("jemalloc", library or "not installed; with it, training on a CPU is about twice as fast (apt-get install libjemalloc2)")


def main() -> None:
    findings = list(examine(ROOT, os.environ))
    print(*findings, sep="\n")
    sys.exit(any(finding.is_fatal for finding in findings))


if __name__ == "__main__":
    main()
