"""Where the native libraries of an APK lie in it, and where they want to lie in memory."""

import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

LARGE_PAGE_BYTES = 16_384
PT_LOAD = 1
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
ELF_MAGIC, ELF_64_BITS, ELF_LITTLE_ENDIAN = b"\x7fELF", 2, 1


@dataclass(frozen=True)
class NativeLibrary:
    """One `.so`.

    offset_bytes: of its first byte in the APK; None where it is compressed, and unpacked when the app is installed.
    segment_alignments: p_align of each PT_LOAD segment, in bytes; None for 32 bits, of which no device has large pages.
    """

    name: str
    offset_bytes: int | None
    segment_alignments: tuple[int, ...] | None

    @property
    def fits_large_pages(self) -> bool:
        """Whether a kernel with pages of 16 KB can map it: in the APK where it is, and each segment on pages of its own."""
        if self.segment_alignments is None:
            return True
        is_in_place = self.offset_bytes is None or self.offset_bytes % LARGE_PAGE_BYTES == 0
        return is_in_place and all(alignment % LARGE_PAGE_BYTES == 0 for alignment in self.segment_alignments)


def native_libraries(apk: Path) -> tuple[NativeLibrary, ...]:
    """Every `lib/ABI/*.so` of `apk`. Raises ValueError for one that is no little-endian ELF file."""
    with zipfile.ZipFile(apk) as archive, apk.open("rb") as file:
        found = []
        for entry in archive.infolist():
            if not (entry.filename.startswith("lib/") and entry.filename.endswith(".so")):
                continue
            offset = None
            if entry.compress_type == zipfile.ZIP_STORED:
                # The lengths of the local header, whose extra field holds the padding, may differ from the directory's.
                file.seek(entry.header_offset)
                *_, name_bytes, extra_bytes = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
                offset = entry.header_offset + LOCAL_HEADER.size + name_bytes + extra_bytes
            found.append(NativeLibrary(entry.filename, offset, _segment_alignments(entry.filename, archive.read(entry))))
        return tuple(found)


def _segment_alignments(name: str, elf: bytes) -> tuple[int, ...] | None:
    """p_align of the PT_LOAD segments of a 64-bit ELF file; None for 32 bits. Source: ELF-64 Object File Format 1.5, figures 2 and 8."""
    if elf[:4] != ELF_MAGIC or elf[5] != ELF_LITTLE_ENDIAN:
        raise ValueError(f"{name}: is no little-endian ELF file")
    if elf[4] != ELF_64_BITS:
        return None
    (table,) = struct.unpack_from("<Q", elf, 32)
    entry_bytes, entries = struct.unpack_from("<HH", elf, 54)
    headers = [struct.unpack_from("<IIQQQQQQ", elf, table + index * entry_bytes) for index in range(entries)]
    return tuple(header[7] for header in headers if header[0] == PT_LOAD)
