"""gradle/verification-metadata.xml against the version catalog: Gradle itself stops only at what it happens to resolve."""

import re
import tomllib
from xml.etree import ElementTree

from tests.conftest import ROOT

NAMESPACE = {"v": "https://schema.gradle.org/dependency-verification"}
METADATA = ElementTree.parse(ROOT / "gradle/verification-metadata.xml").getroot()
CATALOG = tomllib.loads((ROOT / "gradle/libs.versions.toml").read_text())


def recorded() -> set[str]:
    return {"{group}:{name}:{version}".format(**component.attrib) for component in METADATA.iterfind(".//v:component", NAMESPACE)}


def test_every_versioned_library_and_plugin_of_the_catalog_has_checksums():
    versions = CATALOG["versions"]
    coordinates = [(library["module"], library["version"]["ref"]) for library in CATALOG["libraries"].values() if "version" in library]
    coordinates += [(f"{plugin['id']}:{plugin['id']}.gradle.plugin", plugin["version"]["ref"]) for plugin in CATALOG["plugins"].values()]
    versioned = {f"{module}:{versions[reference]}" for module, reference in coordinates}
    trusted = f"com.microsoft.onnxruntime:onnxruntime-android:{versions['onnxruntime']}"
    assert versioned - recorded() == {trusted}


def test_checksums_are_sha256_and_of_metadata_too():
    assert METADATA.findtext(".//v:verify-metadata", namespaces=NAMESPACE) == "true"
    for artifact in METADATA.iterfind(".//v:artifact", NAMESPACE):
        checksums = [(child.tag.split("}")[1], child.get("value")) for child in artifact]
        assert checksums and all(kind == "sha256" and re.fullmatch(r"[0-9a-f]{64}", value) for kind, value in checksums), artifact.attrib


def test_onnxruntime_is_trusted_by_name_in_the_one_version_of_the_catalog():
    rules = [rule.attrib for rule in METADATA.iterfind(".//v:trust", NAMESPACE) if rule.get("group") == "com.microsoft.onnxruntime"]
    assert [(rule["name"], rule["version"]) for rule in rules] == [("onnxruntime-android", CATALOG["versions"]["onnxruntime"])]
