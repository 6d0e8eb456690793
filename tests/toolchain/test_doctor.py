from gradle.offline.doctor import examine
from tests.toolchain.machines import install_jdk, install_sdk, offline, online


def fatal(findings) -> list[str]:
    return [finding.subject for finding in findings if finding.is_fatal]


def test_a_machine_with_registries_and_a_jdk_lacks_nothing_that_stops_it(project, environment):
    findings = {finding.subject: finding.text for finding in examine(project, environment, online)}
    assert findings["Gradle"] == "the wrapper's is here or can be downloaded"
    assert findings["Android SDK"] == "assembled from Maven artifacts: ANDROID_HOME is not set"
    assert findings["onnxruntime-android"].endswith(" is served")
    assert not fatal(examine(project, environment, online))


def test_each_line_about_something_missing_says_what_follows_or_what_to_do(project, environment):
    environment["UNDERTONE_DATA"] = str(project / "nowhere")
    findings = {finding.subject: str(finding) for finding in examine(project, environment, offline)}
    assert "services.gradle.org cannot be reached" in findings["Gradle"]
    assert "have no inference" in findings["onnxruntime-android"]
    assert "set UNDERTONE_DATA" in findings["recordings"]
    assert "UNDERTONE_ARM64_PYTHON" in findings["arm64 Python"]
    assert findings["Maven Central"].startswith("MISSING")  # nor has Gradle downloaded anything before
    assert all("\n" not in line for line in findings.values())


def test_only_what_stops_make_asset_or_make_test_counts_as_missing(project, environment, tmp_path, jdk_folder):
    (project / "local.properties").write_text("sdk.dir=/gone\n")
    install_jdk(jdk_folder / "17", "25")
    (tmp_path / "gradle-home/caches/modules-2").mkdir(parents=True)
    assert fatal(examine(project, environment, offline)) == ["JDK", "Android SDK"]
    (project / "local.properties").write_text(f"sdk.dir={install_sdk(tmp_path / 'sdk')}\n")
    install_jdk(jdk_folder / "other", "21")
    assert fatal(examine(project, environment, offline)) == []
