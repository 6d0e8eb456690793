import hashlib
import re
from functools import partial

import pytest

from gradle.offline import ToolchainError
from gradle.offline.artifacts import TABLE, Artifact, artifacts_of, download_by_https, fetch
from gradle.offline.toolchain import RECIPES


@pytest.fixture
def repository(tmp_path):
    """A Maven repository on this disk, with one jar."""
    return tmp_path / "repository"


def published(repository, content: bytes, sha256: str | None = None) -> Artifact:
    artifact = Artifact("org.example.tools", "stub", "1.2", sha256 or hashlib.sha256(content).hexdigest())
    jar = repository / "org/example/tools/stub/1.2/stub-1.2.jar"
    jar.parent.mkdir(parents=True)
    jar.write_bytes(content)
    return artifact


def test_a_jar_comes_out_of_a_maven_repository_under_its_own_name(repository, tmp_path):
    artifact = published(repository, b"classes")
    fetch([artifact], tmp_path, partial(download_by_https, repository=repository.as_uri()))
    assert (tmp_path / "stub-1.2.jar").read_bytes() == b"classes"


def test_a_jar_with_another_sha256_is_refused_by_name(repository, tmp_path):
    artifact = published(repository, b"classes and something else", hashlib.sha256(b"classes").hexdigest())
    with pytest.raises(ToolchainError, match=r"org/example/tools/stub/1\.2/stub-1\.2\.jar: its sha256 is .*, not "):
        fetch([artifact], tmp_path, partial(download_by_https, repository=repository.as_uri()))


def test_a_jar_that_no_repository_has_is_named_with_its_address(repository, tmp_path):
    artifact = Artifact("org.example", "absent", "1", "0" * 64)
    with pytest.raises(ToolchainError, match=r"file://.*/org/example/absent/1/absent-1\.jar cannot be had"):
        fetch([artifact], tmp_path, partial(download_by_https, repository=repository.as_uri()))


def test_every_line_of_the_table_is_an_artifact_of_a_recipe_with_a_sha256():
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    artifacts = [artifact for part in RECIPES for artifact in artifacts_of(part)]
    assert len(artifacts) == len(lines)
    assert all(re.fullmatch(r"[0-9a-f]{64}", artifact.sha256) for artifact in artifacts)
