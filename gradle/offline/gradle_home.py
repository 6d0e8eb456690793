"""A Gradle installation out of `gradle-api`, the jar of all of Gradle's classes that plugin authors compile against."""

import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

SOURCES = Path(__file__).with_name("java") / "org"
BASE = "gradle-base-services"  # the module that gets all classes; the others are empty and name it
ADDED_CLASSES = {"gradle-gradle-cli": "org/gradle/launcher", "gradle-java-compiler-plugin": "org/gradle/internal"}
EXTERNAL = ("groovy", "kotlin-", "javax.inject", "ant-", "asm-")
RUNTIME = ("groovy", "kotlin-", "javax.inject")  # of those, what the base module needs
# Gradle looks these up by file name; their classes are in gradle-api, relocated.
LOOKED_UP = ("slf4j-api-1.7.36", "jul-to-slf4j-1.7.36", "native-platform-0.22", "kryo-2.24.0", "commons-lang-2.6", "guava-32.1.2-jre")
# They name classes that gradle-api relocated, and Java would fail on them.
BROKEN_SERVICES = frozenset(
    f"META-INF/services/{name}"
    for name in ("java.nio.file.spi.FileSystemProvider", "java.security.Provider", "javax.script.ScriptEngineFactory")
)
EMPTY = {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n"}
TEST_CLASSES = re.compile(r"org/gradle/api/internal/tasks/testing/(junit|junitplatform|detection)/.*\.class")
RELOCATED = b"org/gradle/internal/impldep/"
TEST_PACKAGES = (b"org/junit", b"org/hamcrest", b"org/opentest4j")
# Bytes of each kind of constant after its tag; JVM specification 17, table 4.4-A. Kind 1, Utf8, has its own length.
CONSTANT_BYTES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
TWO_ENTRIES = (5, 6)  # long and double
JVM_ARGUMENTS = (
    "-Xmx3g",
    *(f"--add-opens=java.base/java.{package}=ALL-UNNAMED" for package in ("util", "util.concurrent.atomic", "lang", "lang.invoke", "net")),
    "--add-opens=java.base/java.nio.charset=ALL-UNNAMED",
    "--add-opens=java.prefs/java.util.prefs=ALL-UNNAMED",
    *(f"--add-exports=jdk.compiler/com.sun.tools.javac.{package}=ALL-UNNAMED" for package in ("api", "util")),
)


def launch_command(home: Path, java: Path) -> list[str]:
    """The command line of the Gradle in `home`, to which a build's arguments are added."""
    lib = home / "lib"
    class_path = [next(lib.glob(f"{BASE}-[0-9]*.jar")), next(lib.glob("groovy-[0-9]*.jar"))]
    return [str(java), *JVM_ARGUMENTS, "-cp", ":".join(map(str, class_path)), "org.gradle.launcher.GradleMain"]


def assemble_gradle(jars: Path, home: Path, javac: Path) -> None:
    """Makes `home/lib` as Gradle's launcher expects it: a jar for each module, which names the modules and libraries that it needs.

    jars: the artifacts of the part `gradle`. All classes are in the base module, but for those that gradle-api lacks and `java/` has.
    """
    lib = home / "lib"
    (lib / "plugins").mkdir(parents=True)
    api = next(jars.glob("gradle-api-*.jar"))
    external = sorted(jar.name for jar in jars.glob("*.jar") if jar.name.startswith(EXTERNAL))
    for name in external:
        shutil.copy(jars / name, lib)
    for name in LOOKED_UP:
        write_jar(lib / f"{name}.jar", EMPTY)
    classes = home / "added-classes"
    classes.mkdir()
    class_path = f"{api}:{next(jars.glob('groovy-[0-9]*.jar'))}"
    subprocess.run([javac, "-nowarn", "-cp", class_path, "-d", classes, *SOURCES.rglob("*.java")], check=True)
    write_modules(api, lib, external, classes)


def write_modules(api: Path, lib: Path, external: Sequence[str], classes: Path) -> None:
    """Writes the jars of Gradle's modules into `lib`.

    external: file names of the libraries beside them. classes: folder of the classes that gradle-api lacks.
    """
    version = api.stem.removeprefix("gradle-api-")
    with zipfile.ZipFile(api) as gradle_api:
        modules = module_properties(gradle_api)
        for name, properties in modules.items():
            runtime = [jar for jar in external if jar.startswith(RUNTIME)] if name == BASE else []
            description = describe_module(properties, modules.keys(), runtime)
            jar = lib / f"{name}-{version}.jar"
            if name == BASE:
                write_base_module(jar, gradle_api, description)
            else:
                added = (classes / ADDED_CLASSES[name]).rglob("*.class") if name in ADDED_CLASSES else ()
                files = {str(file.relative_to(classes)): file.read_bytes() for file in added}
                write_jar(jar, {f"{name}-classpath.properties": description, **files})


def module_properties(gradle_api: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    """What gradle-api says of each module, and of the two that it leaves out."""
    modules = {}
    for name in gradle_api.namelist():
        if match := re.fullmatch(r"(gradle-[\w-]+)-classpath\.properties", name):
            lines = gradle_api.read(name).decode().splitlines()
            modules[match[1]] = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    modules["gradle-gradle-cli"] = {"projects": "gradle-launcher,gradle-gradle-cli-main"}
    modules["gradle-java-compiler-plugin"] = {}
    return modules


def describe_module(properties: Mapping[str, str], modules: Collection[str], runtime: Sequence[str]) -> bytes:
    projects = [project for project in properties.get("projects", "").split(",") if project in modules]
    lines = [f"projects={','.join(projects)}", f"runtime={','.join(runtime)}"]
    if "optional" in properties:
        lines.append(f"optional={properties['optional']}")
    return "".join(f"{line}\n" for line in lines).encode()


def write_base_module(jar: Path, gradle_api: zipfile.ZipFile, description: bytes) -> None:
    own_description = f"{BASE}-classpath.properties"
    written = {own_description, *BROKEN_SERVICES}
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as base:
        base.writestr(own_description, description)
        for entry in gradle_api.infolist():
            if entry.is_dir() or entry.filename in written:
                continue
            written.add(entry.filename)
            content = gradle_api.read(entry)
            base.writestr(entry.filename, with_own_test_packages(content) if TEST_CLASSES.fullmatch(entry.filename) else content)


def with_own_test_packages(class_file: bytes) -> bytes:
    """A class whose names of JUnit's packages are those that a user's tests have, not gradle-api's relocated ones.

    Source: JVM specification 17, section 4.4 (constant pool).
    """
    (count,) = struct.unpack(">H", class_file[8:10])
    rewritten = [class_file[:10]]
    position, index = 10, 1
    while index < count:
        tag = class_file[position]
        if tag == 1:
            (size,) = struct.unpack(">H", class_file[position + 1 : position + 3])
            end = position + 3 + size
            text = class_file[position + 3 : end]
            for package in TEST_PACKAGES:
                text = text.replace(RELOCATED + package, package)
                text = text.replace((RELOCATED + package).replace(b"/", b"."), package.replace(b"/", b"."))
            rewritten.append(struct.pack(">BH", tag, len(text)) + text)
        else:
            end = position + 1 + CONSTANT_BYTES[tag]
            rewritten.append(class_file[position:end])
        position = end
        index += 2 if tag in TWO_ENTRIES else 1
    return b"".join(rewritten) + class_file[position:]


def write_jar(path: Path, files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as jar:
        for name, content in files.items():
            jar.writestr(name, content)
