"""Which JDK, Gradle and Android SDK build the project on a machine: the standard ones, or stand-ins assembled from Maven artifacts."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gradle.offline import ToolchainError
from gradle.offline.android_sdk import aapt2_of, assemble_android_sdk
from gradle.offline.artifacts import artifacts_of, fetch
from gradle.offline.gradle_home import assemble_gradle, launch_command
from gradle.offline.machine import Jdk, Reaches, Sdk, api_level_of, find_jdks, find_sdk, is_reachable, usable_jdk, wrapper_obstacle
from gradle.offline.whole_folder import whole_folder

HERE = Path(__file__).parent
RECIPES = {
    "gradle": ("artifacts.txt", "gradle_home.py", "java/org"),
    "android-sdk": ("artifacts.txt", "android_sdk.py", "java/AndroidStubs.java"),
}
FOR_ASSEMBLED_GRADLE = (
    "-I", str(HERE / "init.gradle"),
    "-Pandroid.overrideVersionCheck=true",  # the newest gradle-api is of a Gradle older than the Android Gradle plugin asks for
    "-Pkotlin.compiler.execution.strategy=in-process",
)  # fmt: skip


@dataclass(frozen=True)
class Toolchain:
    """What was chosen. An obstacle says why something is assembled; without one it is the standard thing."""

    jdk: Jdk
    gradle_obstacle: str
    sdk: Sdk
    api_level: str

    def __str__(self) -> str:
        gradle = f"Gradle assembled from Maven artifacts ({self.gradle_obstacle})" if self.gradle_obstacle else "Gradle of the wrapper"
        sdk = f"Android SDK in {self.sdk.home}" if self.sdk.home else f"Android SDK assembled ({self.sdk.obstacle})"
        return f"{gradle}, {sdk}, JDK {self.jdk.feature_version} in {self.jdk.home}"


def choose(root: Path, environment: Mapping[str, str], reaches: Reaches = is_reachable) -> Toolchain:
    """Standard things where they are to be had. Raises ToolchainError without a JDK, or with a local.properties that is of no use."""
    api_level = api_level_of(root)
    return Toolchain(
        jdk=usable_jdk(find_jdks(environment)),
        gradle_obstacle=wrapper_obstacle(root, environment, reaches),
        sdk=find_sdk(root, environment, api_level, reaches),
        api_level=api_level,
    )


def cache_of(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "undertone-toolchain"


def gradle_command(toolchain: Toolchain, root: Path, environment: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """The command that runs Gradle, to which a build's arguments are added, and its environment. Assembles what has to be."""
    cache = cache_of(environment)
    own_environment = {**environment, "JAVA_HOME": str(toolchain.jdk.home)}
    if toolchain.gradle_obstacle:
        home = _assembled(cache, "gradle", toolchain)
        command = [*launch_command(home, toolchain.jdk.java), *FOR_ASSEMBLED_GRADLE]
    else:
        command = [str(root / "gradlew")]
    if toolchain.sdk.home is None:
        sdk = _assembled(cache, "android-sdk", toolchain)
        own_environment["ANDROID_HOME"] = str(sdk)
        own_environment.pop("ANDROID_SDK_ROOT", None)
        command += ["-Pandroid.builder.sdkDownload=false", f"-Pandroid.aapt2FromMavenOverride={aapt2_of(sdk)}"]
    return command, own_environment


def assembled_folder(cache: Path, part: str, toolchain: Toolchain) -> Path:
    """Where `part` is or will be: each state of its recipe has a folder of its own."""
    recipe = hashlib.sha256(f"{toolchain.jdk.feature_version} {toolchain.api_level}".encode())
    for name in RECIPES[part]:
        path = HERE / name
        for file in sorted(path.rglob("*.java")) if path.is_dir() else [path]:
            recipe.update(file.read_bytes())
    return cache / f"{part}-{recipe.hexdigest()[:16]}"


def _assembled(cache: Path, part: str, toolchain: Toolchain) -> Path:
    def fill(folder: Path) -> None:
        print(f"toolchain: assembling {part} in {cache}, once", file=sys.stderr, flush=True)
        jars = folder / "jars"
        jars.mkdir()
        fetch(artifacts_of(part), jars)
        try:
            if part == "gradle":
                assemble_gradle(jars, folder, toolchain.jdk.javac)
            else:
                assemble_android_sdk(jars, folder, toolchain.jdk, toolchain.api_level)
        except subprocess.CalledProcessError as error:
            raise ToolchainError(f"{part} cannot be assembled: {Path(error.cmd[0]).name} failed, as said above") from error
        shutil.rmtree(jars)

    return whole_folder(assembled_folder(cache, part, toolchain), fill)
