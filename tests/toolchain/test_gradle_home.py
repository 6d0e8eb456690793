import struct
import zipfile

from gradle.offline.gradle_home import TWO_ENTRIES, launch_command, with_own_test_packages, write_modules

LONG = TWO_ENTRIES[0]


def utf8(text: str) -> bytes:
    return struct.pack(">BH", 1, len(text)) + text.encode()


def class_file(*constants: bytes) -> bytes:
    """The head of a class file with these constants, and bytes behind them that look like one more."""
    entries = 1 + sum(2 if constant[0] == LONG else 1 for constant in constants)
    return b"\xca\xfe\xba\xbe" + struct.pack(">HHH", 0, 61, entries) + b"".join(constants) + utf8("org/gradle/internal/impldep/org/junit")


def test_names_of_test_packages_are_rewritten_and_nothing_else_is():
    number = bytes([LONG]) + b"org/juni"
    before = class_file(
        utf8("org/gradle/internal/impldep/org/junit/Test"), number, utf8("(Lorg/gradle/internal/impldep/org/hamcrest/Matcher;)V"),
        utf8("org.gradle.internal.impldep.org.opentest4j"), utf8("org/gradle/internal/impldep/org/objectweb/asm/Type"), b"\x07\x00\x01",
    )  # fmt: skip
    after = class_file(
        utf8("org/junit/Test"), number, utf8("(Lorg/hamcrest/Matcher;)V"),
        utf8("org.opentest4j"), utf8("org/gradle/internal/impldep/org/objectweb/asm/Type"), b"\x07\x00\x01",
    )  # fmt: skip
    assert with_own_test_packages(before) == after


def test_every_module_of_gradle_gets_a_jar_that_names_what_it_needs(tmp_path):
    test_class = class_file(utf8("org/gradle/internal/impldep/org/junit/runner/Runner"))
    api = tmp_path / "gradle-api-8.11.1.jar"
    with zipfile.ZipFile(api, "w") as jar:
        jar.writestr("gradle-core-classpath.properties", "#\nprojects=gradle-base-services,gradle-not-there\nruntime=guava\noptional=x\n")
        jar.writestr("gradle-base-services-classpath.properties", "projects=\nruntime=slf4j\n")
        jar.writestr("META-INF/services/java.security.Provider", "org.gradle.internal.impldep.Provider")
        jar.writestr("org/gradle/api/Project.class", b"untouched")
        jar.writestr("org/gradle/api/internal/tasks/testing/junit/JUnitTestClassExecutor.class", test_class)
    added = tmp_path / "classes/org/gradle/launcher/Main.class"
    added.parent.mkdir(parents=True)
    added.write_bytes(b"main")
    lib = tmp_path / "lib"
    lib.mkdir()
    write_modules(api, lib, ["ant-1.jar", "groovy-3.0.22.jar"], tmp_path / "classes")

    modules = {path.name.removesuffix("-8.11.1.jar"): zipfile.ZipFile(path) for path in lib.iterdir()}
    assert modules.keys() == {"gradle-base-services", "gradle-core", "gradle-gradle-cli", "gradle-java-compiler-plugin"}
    needed_by_core = b"projects=gradle-base-services\nruntime=\noptional=x\n"
    assert modules["gradle-core"].read("gradle-core-classpath.properties") == needed_by_core
    assert modules["gradle-gradle-cli"].read("org/gradle/launcher/Main.class") == b"main"
    base = modules["gradle-base-services"]
    assert base.read("gradle-base-services-classpath.properties") == b"projects=\nruntime=groovy-3.0.22.jar\n"
    assert base.read("org/gradle/api/Project.class") == b"untouched"
    rewritten = base.read("org/gradle/api/internal/tasks/testing/junit/JUnitTestClassExecutor.class")
    assert rewritten == class_file(utf8("org/junit/runner/Runner"))
    assert "META-INF/services/java.security.Provider" not in base.namelist()


def test_the_launcher_starts_from_the_base_module_and_groovy_alone(tmp_path):
    for name in ("gradle-base-services-8.11.1.jar", "gradle-base-services-groovy-8.11.1.jar", "groovy-3.0.22.jar", "groovy-ant-3.0.22.jar"):
        (tmp_path / "lib").mkdir(exist_ok=True)
        (tmp_path / "lib" / name).touch()
    command = launch_command(tmp_path, tmp_path / "java")
    assert command[-3:] == [
        "-cp", f"{tmp_path}/lib/gradle-base-services-8.11.1.jar:{tmp_path}/lib/groovy-3.0.22.jar", "org.gradle.launcher.GradleMain",
    ]  # fmt: skip
