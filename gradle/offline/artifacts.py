"""Jars from Maven Central, each with the sha256 that it must have."""

import hashlib
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradle.offline import ToolchainError

TABLE = Path(__file__).with_name("artifacts.txt")
MAVEN_CENTRAL = "https://repo.maven.apache.org/maven2"  # what Gradle's mavenCentral() reads
TIMEOUT_S = 60

Download = Callable[["Sequence[Artifact]", Path], None]


@dataclass(frozen=True)
class Artifact:
    """A jar in a Maven repository."""

    group: str
    name: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        return f"{self.name}-{self.version}.jar"

    @property
    def path(self) -> str:
        """Where a Maven repository keeps it."""
        return f"{self.group.replace('.', '/')}/{self.name}/{self.version}/{self.file}"


def artifacts_of(part: str, table: Path = TABLE) -> list[Artifact]:
    """The rows of `part` in a table of lines `part group:name:version sha256`, in its order."""
    artifacts = []
    for line in table.read_text().splitlines():
        if line.startswith(f"{part} "):
            _, coordinates, sha256 = line.split()
            group, name, version = coordinates.split(":")
            artifacts.append(Artifact(group, name, version, sha256))
    return artifacts


def fetch(artifacts: Sequence[Artifact], folder: Path, download: Download | None = None) -> None:
    """Puts the jars into `folder`, under their `file` names. Raises ToolchainError on one that cannot be had or has another sha256.

    download: by default `mvn`, which knows the mirrors and proxies of its machine, or plain HTTPS where it is not installed.
    """
    if download is None:
        download = download_by_maven if shutil.which("mvn") else download_by_https
    download(artifacts, folder)
    for artifact in artifacts:
        with (folder / artifact.file).open("rb") as jar:
            found = hashlib.file_digest(jar, "sha256").hexdigest()
        if found != artifact.sha256:
            raise ToolchainError(
                f"{artifact.path}: its sha256 is {found}, not {artifact.sha256} as {TABLE.name} says; do not use this copy, "
                "and remove it from ~/.m2/repository if it is there"
            )


def download_by_https(artifacts: Sequence[Artifact], folder: Path, repository: str = MAVEN_CENTRAL) -> None:
    for artifact in artifacts:
        url = f"{repository}/{artifact.path}"
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT_S) as response, (folder / artifact.file).open("wb") as jar:
                shutil.copyfileobj(response, jar)
        except OSError as error:
            raise ToolchainError(f"{url} cannot be had ({error}); where only a mirror is reached, install mvn and name it there") from error


def download_by_maven(artifacts: Sequence[Artifact], folder: Path) -> None:
    items = "".join(
        f"<artifactItem><groupId>{a.group}</groupId><artifactId>{a.name}</artifactId><version>{a.version}</version></artifactItem>"
        for a in artifacts
    )
    pom = folder / "pom.xml"
    pom.write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>stand-ins</groupId><artifactId>stand-ins</artifactId><version>1</version>"
        "<packaging>pom</packaging><build><plugins><plugin><artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version>"
        f"<configuration><artifactItems>{items}</artifactItems></configuration></plugin></plugins></build></project>"
    )
    command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy", f"-DoutputDirectory={folder}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    pom.unlink()
    if done.returncode != 0:
        raise ToolchainError(f"mvn cannot download what the toolchain is assembled from: {done.stdout.strip()[:500]}")
