"""What `make publish` wrote, as the Kotlin tests before these do: a Maven repository in a folder."""

import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = ROOT / "build/repository/app/undertone"
POM = {"m": "http://maven.apache.org/POM/4.0.0"}


def published(artifact: str, ending: str) -> Path:
    besides = (f"-sources{ending}", f"-javadoc{ending}")
    found = [path for path in (REPOSITORY / artifact).glob(f"*/{artifact}-*{ending}") if not path.name.endswith(besides)]
    if not found:
        pytest.fail("nothing was published; run: make publish")
    return max(found, key=lambda path: path.stat().st_mtime)


def names_in(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("artifact", ["engine", "engine-android", "emotion-model"])
def test_a_pom_says_what_it_is_who_made_it_and_under_which_licence(artifact):
    pom = ET.parse(published(artifact, ".pom")).getroot()
    for field in ("name", "description", "licenses/m:license/m:url", "developers/m:developer/m:name"):
        assert pom.findtext(f"m:{field}", namespaces=POM), field


def test_the_model_comes_under_the_licences_of_its_data():
    pom = ET.parse(published("emotion-model", ".pom")).getroot()
    names = [licence.text for licence in pom.iterfind("m:licenses/m:license/m:name", POM)]
    assert names == ["ODbL-1.0", "CC-BY-4.0", "MIT"]


@pytest.mark.parametrize(("ending", "folder"), [(".jar", "app/undertone/emotion"), (".aar", "assets/emotion")])
def test_the_model_has_its_card_and_notice_beside_it(ending, folder):
    names = names_in(published("emotion-model", ending))
    assert {f"{folder}/{name}" for name in ("model.onnx", "speech_gate.onnx", "manifest.json", "CARD.md", "NOTICE.txt")} <= names


def test_the_android_library_brings_rules_for_r8_and_onnx_runtime():
    assert {"AndroidManifest.xml", "classes.jar", "proguard.txt"} <= names_in(published("engine-android", ".aar"))
    pom = ET.parse(published("engine-android", ".pom")).getroot()
    dependencies = pom.iterfind(".//m:dependency", POM)
    scopes = {each.findtext("m:artifactId", namespaces=POM): each.findtext("m:scope", namespaces=POM) for each in dependencies}
    assert scopes["engine"] == scopes["onnxruntime-android"] == "compile"


@pytest.mark.parametrize("artifact", ["engine", "engine-android"])
def test_sources_and_the_guide_come_along(artifact):
    folder = published(artifact, ".pom").parent
    assert any(name.endswith(".kt") for name in names_in(next(folder.glob("*-sources.jar"))))
    assert "engine.md" in names_in(next(folder.glob("*-javadoc.jar")))
