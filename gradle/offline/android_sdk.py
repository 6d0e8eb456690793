"""An Android SDK out of a whole Android runtime (Robolectric's), the JDK's record of java.*, and the aapt2 that Apktool carries."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from gradle.offline.gradle_home import EMPTY, write_jar
from gradle.offline.machine import BUILD_TOOLS, Jdk

STUBS = Path(__file__).with_name("java") / "AndroidStubs.java"
ANDROID_RELEASE = "16"
AAPT2 = {"linux": "prebuilt/linux/aapt2", "darwin": "prebuilt/macosx/aapt2"}
# A JDK's ct.sym keeps the public API of releases before its own, each named by one letter: 7 to 9, then A for 10.
LATEST_JAVA = 17  # what the project compiles for
LETTERS = "0123456789ABCDEFGH"
JAVA_API = re.compile(
    r"[^/]+/(?:java\.(?:base|logging|xml|sql|prefs)/((?:java|javax|org/w3c|org/xml)/.*)"
    r"|java\.desktop/(java/beans/(?:Indexed)?Property[^/]*)"
    r"|java\.compiler/(javax/annotation/processing/Generated))\.sig"
)
CLASS_FILE_VERSION = (61).to_bytes(2, "big")  # Java 17; ct.sym marks its classes as of no version
# The Android Gradle plugin wants them there and never runs them.
UNUSED_TOOLS = (
    "aapt", "aidl", "zipalign", "dexdump", "llvm-rs-cc", "bcc_compat", "d8", "apksigner", "split-select", "lld", "i686-linux-android-ld",
    "arm-linux-androideabi-ld", "aarch64-linux-android-ld", "x86_64-linux-android-ld", "mipsel-linux-android-ld",
)  # fmt: skip
UNUSED_JARS = ("core-lambda-stubs.jar", "lib/d8.jar", "lib/apksigner.jar", "lib/dx.jar")


def aapt2_of(sdk: Path) -> Path:
    return sdk / "build-tools" / BUILD_TOOLS / "aapt2"


def assemble_android_sdk(jars: Path, sdk: Path, jdk: Jdk, api_level: str) -> None:
    """Makes `sdk`, with the platform `api_level` and build tools.

    jars: the artifacts of the part `android-sdk`.
    """
    platform = sdk / "platforms" / f"android-{api_level}"
    tools = aapt2_of(sdk).parent
    for folder in (platform, tools / "lib", sdk / "licenses", sdk / "platform-tools"):
        folder.mkdir(parents=True)
    java_jar = platform / "core-for-system-modules.jar"
    write_jar(java_jar, dict(java_api(jdk)))
    class_path = str(next(jars.glob("asm-*.jar")))
    runtime = next(jars.glob("android-all-*.jar"))
    subprocess.run([jdk.java, "-Xmx2g", "-cp", class_path, STUBS, runtime, java_jar, platform / "android.jar"], check=True)
    write_properties(
        platform / "source.properties",
        {
            "Pkg.Desc": f"Android SDK Platform {ANDROID_RELEASE}",
            "Pkg.UserSrc": "false",
            "Platform.Version": ANDROID_RELEASE,
            "Platform.CodeName": "",
            "Pkg.Revision": "2",
            "AndroidVersion.ApiLevel": api_level,
            "AndroidVersion.ExtensionLevel": "17",
            "AndroidVersion.IsBaseSdk": "true",
            "Layoutlib.Api": "15",
            "Layoutlib.Revision": "1",
            "Platform.MinToolsRev": "22",
        },
    )
    write_properties(
        platform / "build.prop",
        {"ro.build.version.sdk": api_level, "ro.build.version.codename": "REL", "ro.build.version.release": ANDROID_RELEASE},
    )
    (platform / "framework.aidl").touch()
    write_properties(tools / "source.properties", {"Pkg.UserSrc": "false", "Pkg.Revision": BUILD_TOOLS})
    write_properties(sdk / "platform-tools" / "source.properties", {"Pkg.UserSrc": "false", "Pkg.Revision": f"{api_level}.0.0"})
    with zipfile.ZipFile(next(jars.glob("apktool-lib-*.jar"))) as apktool:
        write_program(tools / "aapt2", apktool.read(AAPT2[sys.platform]))
    for name in UNUSED_TOOLS:
        write_program(tools / name, b"#!/bin/sh\nexit 1\n")
    for name in UNUSED_JARS:
        write_jar(tools / name, EMPTY)


def java_api(jdk: Jdk) -> Iterator[tuple[str, bytes]]:
    """Names and class files of java.* and javax.* as of Java 17, or of the release before the JDK's own if that is older.

    The JDK's own classes will not do: R8 stops at what they hold beside the API.
    """
    letter = LETTERS[min(LATEST_JAVA, jdk.feature_version - 1)]
    with zipfile.ZipFile(jdk.home / "lib" / "ct.sym") as releases:
        for name in releases.namelist():
            match = JAVA_API.fullmatch(name)
            if match and letter in name.split("/")[0] and not name.endswith("module-info.sig"):
                class_file = releases.read(name)
                yield f"{match[1] or match[2] or match[3]}.class", class_file[:6] + CLASS_FILE_VERSION + class_file[8:]


def write_properties(path: Path, properties: dict[str, str]) -> None:
    path.write_text("".join(f"{key}={value}\n" for key, value in properties.items()))


def write_program(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o755)
