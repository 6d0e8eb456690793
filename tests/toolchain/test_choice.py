import pytest

from gradle.offline import ToolchainError
from gradle.offline.machine import BUILD_TOOLS
from gradle.offline.toolchain import assembled_folder, cache_of, choose, gradle_command
from tests.toolchain.machines import install_jdk, install_sdk, offline, online


def test_where_all_is_to_be_had_the_wrapper_runs_as_it_is(project, environment, tmp_path, jdk_folder):
    environment["ANDROID_HOME"] = str(install_sdk(tmp_path / "sdk"))
    command, own_environment = gradle_command(choose(project, environment, online), project, environment)
    assert command == [str(project / "gradlew")]
    assert own_environment == {**environment, "JAVA_HOME": str(jdk_folder / "17")}
    assert not cache_of(environment).exists()


def test_a_distribution_that_was_downloaded_needs_no_network(project, environment, tmp_path):
    unpacked = tmp_path / "gradle-home/wrapper/dists/gradle-8.13-bin/5xuhj0ry160q40clulazy9h7d"
    unpacked.mkdir(parents=True)
    assert choose(project, environment, offline).gradle_obstacle
    (unpacked / "gradle-8.13-bin.zip.ok").touch()
    assert not choose(project, environment, offline).gradle_obstacle


def test_stand_ins_are_announced_in_one_line_with_the_reasons(project, environment, jdk_folder):
    assert str(choose(project, environment, offline)) == (
        "Gradle assembled from Maven artifacts (services.gradle.org cannot be reached), "
        f"Android SDK assembled (ANDROID_HOME is not set), JDK 17 in {jdk_folder}/17"
    )


def test_stand_ins_that_are_there_are_used_and_no_other_sdk_is_seen(project, environment):
    environment["ANDROID_SDK_ROOT"] = "/of/no/use"
    toolchain = choose(project, environment, offline)
    gradle, sdk = (assembled_folder(cache_of(environment), part, toolchain) for part in ("gradle", "android-sdk"))
    (gradle / "lib").mkdir(parents=True)
    for name in ("gradle-base-services-8.11.1.jar", "gradle-base-services-groovy-8.11.1.jar", "groovy-3.0.22.jar", "groovy-ant-3.0.22.jar"):
        (gradle / "lib" / name).touch()
    sdk.mkdir()
    command, own_environment = gradle_command(toolchain, project, environment)
    assert command[0] == str(toolchain.jdk.java)
    assert f"{gradle}/lib/gradle-base-services-8.11.1.jar:{gradle}/lib/groovy-3.0.22.jar" in command
    assert f"-Pandroid.aapt2FromMavenOverride={sdk}/build-tools/{BUILD_TOOLS}/aapt2" in command
    assert own_environment["ANDROID_HOME"] == str(sdk)
    assert "ANDROID_SDK_ROOT" not in own_environment


def test_an_sdk_without_the_platform_is_passed_over_and_named(project, environment, tmp_path):
    environment["ANDROID_SDK_ROOT"] = str(tmp_path)
    sdk = choose(project, environment, online).sdk
    assert sdk.home is None
    assert sdk.obstacle == f"ANDROID_SDK_ROOT names {tmp_path}, which lacks platforms;android-36 or build-tools;{BUILD_TOOLS}"


def test_a_licensed_sdk_counts_where_it_can_download_what_it_lacks(project, environment, tmp_path):
    environment["ANDROID_HOME"] = str(tmp_path)
    (tmp_path / "licenses").mkdir()
    (tmp_path / "licenses/android-sdk-license").touch()
    assert choose(project, environment, online).sdk.home == tmp_path
    assert choose(project, environment, offline).sdk.home is None


def test_local_properties_go_before_the_environment(project, environment, tmp_path):
    environment["ANDROID_HOME"] = str(install_sdk(tmp_path / "one"))
    (project / "local.properties").write_text(f"# by the IDE\nsdk.dir={install_sdk(tmp_path / 'two')}\n")
    assert choose(project, environment, offline).sdk.home == tmp_path / "two"


def test_local_properties_that_name_an_sdk_of_no_use_stop_the_build(project, environment, tmp_path):
    environment["ANDROID_HOME"] = str(install_sdk(tmp_path / "one"))
    (project / "local.properties").write_text(f"sdk.dir={tmp_path / 'gone'}\n")
    with pytest.raises(ToolchainError, match=r"local\.properties names .*gone, which lacks .* or remove that line"):
        choose(project, environment, offline)


def test_a_jdk_that_gradle_does_not_run_on_is_passed_over(project, environment, tmp_path, jdk_folder):
    environment["JAVA_HOME"] = str(install_jdk(tmp_path / "newest", "25.0.3"))
    assert choose(project, environment, offline).jdk.home == jdk_folder / "17"
    environment["JAVA_HOME"] = str(install_jdk(tmp_path / "chosen", "21"))
    assert choose(project, environment, offline).jdk.home == tmp_path / "chosen"


def test_without_a_jdk_the_error_says_which_to_install(project, jdk_folder):
    install_jdk(jdk_folder / "8", "1.8.0_402")
    with pytest.raises(ToolchainError, match=r"no JDK from 17 to 23 \(found: 1 in .*/8\); install one, such as openjdk-17-jdk-headless"):
        choose(project, {"PATH": ""}, offline)
