"""What a machine has for building the Kotlin half: JDKs, the Gradle of the wrapper, Android SDKs."""

import re
import shutil
import tomllib
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gradle.offline import ToolchainError

ROOT = Path(__file__).resolve().parents[2]
BUILD_TOOLS = "35.0.0"  # what the Android Gradle plugin of gradle/libs.versions.toml asks for
SDK_PACKAGES = "https://dl.google.com/android/repository/repository2-3.xml"
REACHED_WITHIN_S = 5
JAVA_FEATURES = range(17, 24)  # the project compiles for 17, and its Gradle runs on none newer than 23
JDK_FOLDERS = ("/usr/lib/jvm/*", "/Library/Java/JavaVirtualMachines/*/Contents/Home", "~/.sdkman/candidates/java/*", "~/.jdks/*")
Reaches = Callable[[str], bool]  # whether a URL answers


@dataclass(frozen=True)
class Jdk:
    """A Java installation with a compiler."""

    home: Path
    feature_version: int  # 17 for 17.0.15

    @property
    def java(self) -> Path:
        return self.home / "bin" / "java"

    @property
    def javac(self) -> Path:
        return self.home / "bin" / "javac"


@dataclass(frozen=True)
class Sdk:
    """An Android SDK that a build can use, or in `obstacle` why there is none."""

    home: Path | None
    obstacle: str = ""


def is_reachable(url: str) -> bool:
    """Whether `url` can be fetched, as far as its first answer tells."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=REACHED_WITHIN_S):
            return True
    except OSError:  # urllib's errors are of this kind
        return False


def find_jdks(environment: Mapping[str, str]) -> list[Jdk]:
    """The JDKs of the machine: that of JAVA_HOME first, then the one on PATH, then those installed, oldest first."""
    named = [Path(environment["JAVA_HOME"])] if environment.get("JAVA_HOME") else []
    on_path = shutil.which("javac", path=environment.get("PATH", ""))
    if on_path:
        named.append(Path(on_path).resolve().parents[1])
    installed = [home for pattern in JDK_FOLDERS for home in _matches(Path(pattern).expanduser())]
    installed_jdks = sorted(filter(None, map(_read_jdk, installed)), key=lambda jdk: jdk.feature_version)
    jdks = [*filter(None, map(_read_jdk, named)), *installed_jdks]
    return list({jdk.home.resolve(): jdk for jdk in reversed(jdks)}.values())[::-1]


def _matches(pattern: Path) -> Iterator[Path]:
    return Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor)))


def _read_jdk(home: Path) -> Jdk | None:
    try:
        release = (home / "release").read_text()
    except OSError:
        return None
    version = re.search(r'^JAVA_VERSION="(\d+)', release, re.MULTILINE)
    return Jdk(home, int(version[1])) if version and (home / "bin" / "javac").is_file() else None


def usable_jdk(jdks: list[Jdk]) -> Jdk:
    """The first that Gradle runs on. Raises ToolchainError where there is none."""
    for jdk in jdks:
        if jdk.feature_version in JAVA_FEATURES:
            return jdk
    found = ", ".join(f"{jdk.feature_version} in {jdk.home}" for jdk in jdks) or "none"
    raise ToolchainError(f"no JDK from 17 to 23 (found: {found}); install one, such as openjdk-17-jdk-headless, or set JAVA_HOME")


def wrapper_distribution(root: Path) -> str:
    """The URL of the Gradle that `gradlew` downloads."""
    properties = (root / "gradle/wrapper/gradle-wrapper.properties").read_text()
    url = re.search(r"^distributionUrl=(.*)$", properties, re.MULTILINE)
    if url is None:
        raise ToolchainError("gradle/wrapper/gradle-wrapper.properties has no distributionUrl; restore it")
    return url[1].replace("\\", "")


def gradle_user_home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("GRADLE_USER_HOME") or Path.home() / ".gradle")


def wrapper_obstacle(root: Path, environment: Mapping[str, str], reaches: Reaches = is_reachable) -> str:
    """Why `gradlew` cannot run; empty if it can, because its distribution was downloaded or can be."""
    url = wrapper_distribution(root)
    archive = url.rsplit("/", 1)[1]
    if any((gradle_user_home(environment) / "wrapper/dists" / archive.removesuffix(".zip")).glob(f"*/{archive}.ok")):
        return ""
    return "" if reaches(url) else f"{urlsplit(url).hostname} cannot be reached"


def find_sdk(root: Path, environment: Mapping[str, str], api_level: str, reaches: Reaches = is_reachable) -> Sdk:
    """The SDK that the Android Gradle plugin would take, if it has the platform and build tools or can download them.

    Raises ToolchainError on a local.properties that names another one: the plugin heeds nothing else then.
    """
    local_properties = root / "local.properties"
    named = re.search(r"^sdk\.dir\s*=\s*(.*?)\s*$", local_properties.read_text(), re.MULTILINE) if local_properties.is_file() else None
    if named:
        source, home = "local.properties", Path(named[1].replace("\\", ""))
    else:
        source = next((name for name in ("ANDROID_HOME", "ANDROID_SDK_ROOT") if environment.get(name)), "")
        if not source:
            return Sdk(None, "ANDROID_HOME is not set")
        home = Path(environment[source])
    has_packages = (home / f"platforms/android-{api_level}/android.jar").is_file() and (home / "build-tools" / BUILD_TOOLS).is_dir()
    is_licensed = (home / "licenses/android-sdk-license").is_file()
    if has_packages or (is_licensed and reaches(SDK_PACKAGES)):
        return Sdk(home)
    obstacle = f"{source} names {home}, which lacks platforms;android-{api_level} or build-tools;{BUILD_TOOLS}"
    if named:
        raise ToolchainError(f"{obstacle}; install them there with sdkmanager, or remove that line")
    return Sdk(None, obstacle)


def api_level_of(root: Path) -> str:
    """The `compile-sdk` of the version catalog."""
    catalog = tomllib.loads((root / "gradle/libs.versions.toml").read_text())
    return str(catalog["versions"]["compile-sdk"])
