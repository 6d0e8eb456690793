"""What is put on a test's machine."""

from pathlib import Path

from gradle.offline.machine import BUILD_TOOLS


def online(url: str) -> bool:
    return True


def offline(url: str) -> bool:
    return False


def install_jdk(folder: Path, version: str) -> Path:
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    (folder / "bin/javac").touch(mode=0o755)
    (folder / "release").write_text(f'IMPLEMENTOR="Somebody"\nJAVA_VERSION="{version}"\n')
    return folder


def install_sdk(folder: Path) -> Path:
    (folder / "platforms/android-36").mkdir(parents=True)
    (folder / "platforms/android-36/android.jar").touch()
    (folder / "build-tools" / BUILD_TOOLS).mkdir(parents=True)
    return folder
