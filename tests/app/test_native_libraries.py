"""The reading of native libraries, on generated ones."""

import struct
import zipfile

import pytest

from tests.app.native_libraries import NativeLibrary, native_libraries

PT_LOAD, PT_DYNAMIC = 1, 2


def elf(*segments: tuple[int, int], bits: int = 64) -> bytes:
    """An ELF file of headers alone; each segment is (type, alignment)."""
    identity = b"\x7fELF" + bytes([2 if bits == 64 else 1, 1, 1]) + bytes(9)
    header = identity + struct.pack("<HHIQQQIHHHHHH", 3, 183, 1, 0, 64, 0, 0, 64, 56, len(segments), 0, 0, 0)
    return header + b"".join(struct.pack("<IIQQQQQQ", kind, 5, 0, 0, 0, 0, 0, alignment) for kind, alignment in segments)


def apk_with(folder, data: bytes, name: str = "lib/arm64-v8a/liba.so", first_byte_at: int = 16_384, compression=zipfile.ZIP_STORED):
    path = folder / "app.apk"
    entry = zipfile.ZipInfo(name)
    entry.compress_type = compression
    entry.extra = bytes(first_byte_at - 30 - len(name))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, data)
        archive.writestr("classes.dex", b"dex")
    return path


def test_a_library_on_pages_of_16_kb_fits(tmp_path):
    apk = apk_with(tmp_path, elf((PT_LOAD, 16_384), (PT_LOAD, 65_536), (PT_DYNAMIC, 8)))
    assert native_libraries(apk) == (NativeLibrary("lib/arm64-v8a/liba.so", 16_384, (16_384, 65_536)),)
    assert native_libraries(apk)[0].fits_large_pages


def test_a_segment_on_pages_of_4_kb_does_not_fit(tmp_path):
    (library,) = native_libraries(apk_with(tmp_path, elf((PT_LOAD, 16_384), (PT_LOAD, 4_096))))
    assert library.segment_alignments == (16_384, 4_096)
    assert not library.fits_large_pages


def test_a_library_that_starts_between_pages_of_the_apk_does_not_fit(tmp_path):
    (library,) = native_libraries(apk_with(tmp_path, elf((PT_LOAD, 16_384)), first_byte_at=4_096))
    assert library.offset_bytes == 4_096
    assert not library.fits_large_pages


def test_a_compressed_library_has_no_place_in_the_apk_but_its_segments_count(tmp_path):
    data = elf((PT_LOAD, 16_384))
    (library,) = native_libraries(apk_with(tmp_path, data, first_byte_at=4_000, compression=zipfile.ZIP_DEFLATED))
    assert library.offset_bytes is None
    assert library.fits_large_pages


def test_32_bits_have_no_large_pages(tmp_path):
    (library,) = native_libraries(apk_with(tmp_path, elf((PT_LOAD, 4_096), bits=32), name="lib/armeabi-v7a/liba.so", first_byte_at=4_096))
    assert library.segment_alignments is None
    assert library.fits_large_pages


def test_what_is_no_library_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"lib/arm64-v8a/liba\.so: is no little-endian ELF file"):
        native_libraries(apk_with(tmp_path, b"MZ" + bytes(100)))
