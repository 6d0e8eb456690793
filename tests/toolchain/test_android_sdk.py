import zipfile

import pytest

from gradle.offline.android_sdk import java_api
from gradle.offline.machine import Jdk

AS_OF_NO_VERSION = b"\xca\xfe\xba\xbe\x00\x00\x00\x00"
AS_OF_JAVA_17 = b"\xca\xfe\xba\xbe\x00\x00\x00\x3d"


@pytest.fixture
def home(tmp_path):
    """A JDK whose ct.sym has one class as of Java 8 to 16 and another text of it as of 17."""
    (tmp_path / "lib").mkdir()
    with zipfile.ZipFile(tmp_path / "lib/ct.sym", "w") as releases:
        releases.writestr("89ABCDEFG/java.base/java/lang/Object.sig", AS_OF_NO_VERSION + b" until 16")
        releases.writestr("HIJ/java.base/java/lang/Object.sig", AS_OF_NO_VERSION + b" since 17")
        releases.writestr("GH/java.base/module-info.sig", AS_OF_NO_VERSION)
        releases.writestr("GH/java.base/sun/misc/Unsafe.sig", AS_OF_NO_VERSION)
        releases.writestr("GH/java.desktop/java/awt/Button.sig", AS_OF_NO_VERSION)
        releases.writestr("GH/java.desktop/java/beans/PropertyChangeEvent.sig", AS_OF_NO_VERSION)
    return tmp_path


@pytest.mark.parametrize(("feature_version", "text"), [(17, b" until 16"), (18, b" since 17"), (25, b" since 17")])
def test_java_is_as_of_17_or_of_the_release_before_an_older_jdk(home, feature_version, text):
    classes = dict(java_api(Jdk(home, feature_version)))
    assert classes == {"java/lang/Object.class": AS_OF_JAVA_17 + text, "java/beans/PropertyChangeEvent.class": AS_OF_JAVA_17}
