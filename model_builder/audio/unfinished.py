"""Sound files whose header does not know how long they are: streamed, or by a recorder that was killed.

Sources: RIFF, Multimedia Programming Interface and Data Specifications 1.0 (IBM, Microsoft 1991); Apple Core Audio Format Specification 1.0
(2011); NIST's SPHERE 2.6, header of type NIST_1A; ID3v2.4.0 (2000), 3.1; the Xing and VBRI headers of MPEG audio.
"""

import re
import struct
from dataclasses import dataclass
from typing import BinaryIO

NEAR_BYTES = 2**16  # 0x7FFFF000, 0x7FFFFFFF, 0x7FFFFFFE, 0x80000000 and 0xFFFFFFFF are all in use, and less a header's size
LARGEST_SIZE = 2**32 - 1
LONGEST_HEADER_BYTES = 2**20  # what lies before the audio of a WAV or CAF file is copied
WAV_CHUNK = struct.Struct("<4sI")
CAF_CHUNK = struct.Struct(">4sq")
CAF_EDIT_BYTES = 4  # a number at the start of a CAF file's audio chunk
SPHERE_HEADER_BYTES = 1024  # as far as libsndfile looks for fields
LONGEST_SPHERE_SAMPLES = 2**29  # more than is ever read: a count above it was written before it was known
MP3_SEARCH_BYTES = 4096
ID3V1_BYTES = 128
MP3_RATE_RATIO = 40  # 8 to 320 kbit/s
MP3_COUNTS = (b"Xing", b"Info", b"VBRI")


@dataclass
class PatchedFile:
    """A file for libsndfile to read, its first bytes replaced by `head`: nothing of it is written or copied.

    size_bytes: of the file.
    is_whole: False where a plausible header promises more than there is.
    promised_samples: of each channel, where a header has a plausible count that libsndfile ignores; else 0.
    has_estimated_length: of an MP3 file that does not count its frames libsndfile reads as many samples as its size would give at the
        first frame's bit rate. At a variable rate that is too few, so this file says that it is as much longer as rates can differ.
    Nothing here raises: libsndfile calls it from C, where an exception would be printed and lost.
    """

    file: BinaryIO
    size_bytes: int
    head: bytes = b""
    is_whole: bool = True
    promised_samples: int = 0
    has_estimated_length: bool = False
    position: int = 0

    @property
    def is_patched(self) -> bool:
        return bool(self.head) or self.has_estimated_length

    @property
    def stated_bytes(self) -> int:
        return self.size_bytes * (MP3_RATE_RATIO if self.has_estimated_length else 1)

    def seek(self, offset: int, whence: int = 0) -> int:
        start = (0, self.position, self.stated_bytes)[whence]
        self.position = max(0, start + offset)
        return self.position

    def tell(self) -> int:
        return self.position

    def read(self, count: int) -> bytes:
        if self.has_estimated_length and self.position >= max(self.size_bytes, self.stated_bytes - ID3V1_BYTES):
            content = bytes(min(count, self.stated_bytes - self.position))  # no tag: to find nothing there would be an error
            self.position += len(content)
            return content
        content = self.head[self.position : self.position + count]
        rest = min(count - len(content), max(0, self.size_bytes - self.position - len(content)))
        if rest > 0:
            try:
                self.file.seek(self.position + len(content))
                content += self.file.read(rest)
            except OSError:  # the disk failed: libsndfile sees an end that comes too early
                self.is_whole = False
        self.position += len(content)
        return content


def patched(file: BinaryIO) -> PatchedFile:
    """`file` as libsndfile must see it to read it to its end. Raises OSError."""
    size_bytes = file.seek(0, 2)
    file.seek(0)
    magic = file.read(12)
    if magic[:4] == b"RIFF" and magic[8:] == b"WAVE":
        return _patched_wav(file, size_bytes)
    if magic[:4] == b"caff":
        return _patched_caf(file, size_bytes)
    if magic[:8] == b"NIST_1A\n":
        return PatchedFile(file, size_bytes, promised_samples=_sphere_samples(file))
    audio_start = 0
    while tag_bytes := _after_id3(magic):  # some programs put a tag of their own before that of another
        audio_start += tag_bytes
        file.seek(audio_start)
        magic = file.read(12)
    file.seek(audio_start)
    first_frame = file.read(MP3_SEARCH_BYTES)
    if _is_mpeg_frame(first_frame) and not any(name in first_frame[: _count_end(first_frame)] for name in MP3_COUNTS):
        return PatchedFile(file, size_bytes, has_estimated_length=True)
    return PatchedFile(file, size_bytes)


def _patched_wav(file: BinaryIO, size_bytes: int) -> PatchedFile:
    """With the true sizes in its header where those are not known: libsndfile takes a data size of 0 for no audio."""
    position = 12
    while position + 8 <= size_bytes:
        file.seek(position)
        name, length_bytes = WAV_CHUNK.unpack(file.read(8))
        position += 8
        if name == b"data":
            there_bytes = size_bytes - position
            if not _is_unknown(file, position, length_bytes, size_bytes):
                return PatchedFile(file, size_bytes, is_whole=length_bytes <= there_bytes)
            if there_bytes > LARGEST_SIZE or position > LONGEST_HEADER_BYTES:
                return PatchedFile(file, size_bytes)
            file.seek(0)
            head = bytearray(file.read(position))
            head[4:8] = struct.pack("<I", min(size_bytes - 8, LARGEST_SIZE))
            head[-4:] = struct.pack("<I", there_bytes)
            return PatchedFile(file, size_bytes, bytes(head))
        position += length_bytes + length_bytes % 2  # chunks are padded to even sizes
    return PatchedFile(file, size_bytes)


def _is_unknown(file: BinaryIO, audio_start: int, stated_bytes: int, size_bytes: int) -> bool:
    """Whether the size of a `data` chunk means "to the end of the file".

    So it does within 64 KiB of 2^31 or of 2^32 where the file is shorter, and 0 unless what follows is whole chunks up to the end.
    """
    if stated_bytes > 0:
        is_placeholder = min(abs(stated_bytes - 2**31), abs(stated_bytes - 2**32)) <= NEAR_BYTES
        return is_placeholder and audio_start + stated_bytes > size_bytes
    return not _ends_in_chunks(file, audio_start, size_bytes, WAV_CHUNK, alignment_bytes=2)


def _patched_caf(file: BinaryIO, size_bytes: int) -> PatchedFile:
    """With the true size of its audio where that is not known: libsndfile refuses -1, and takes a file that is cut by less than 4 KiB.

    Unknown are -1, and no audio (0 bytes, or those of the edit number) unless what follows is whole chunks up to the end.
    """
    position = 8
    while position + CAF_CHUNK.size <= size_bytes:
        file.seek(position)
        name, length_bytes = CAF_CHUNK.unpack(file.read(CAF_CHUNK.size))
        position += CAF_CHUNK.size
        if name == b"data":
            there_bytes = size_bytes - position
            is_unknown = length_bytes == -1 or (
                length_bytes in (0, CAF_EDIT_BYTES)
                and not any(_ends_in_chunks(file, position + edit_bytes, size_bytes, CAF_CHUNK) for edit_bytes in (0, CAF_EDIT_BYTES))
            )
            if not is_unknown:
                return PatchedFile(file, size_bytes, is_whole=length_bytes <= there_bytes)
            if position > LONGEST_HEADER_BYTES:
                return PatchedFile(file, size_bytes)
            file.seek(0)
            return PatchedFile(file, size_bytes, file.read(position - 8) + struct.pack(">q", there_bytes))
        if length_bytes < 0:
            break
        position += length_bytes
    return PatchedFile(file, size_bytes)


def _ends_in_chunks(file: BinaryIO, position: int, size_bytes: int, chunk: struct.Struct, alignment_bytes: int = 1) -> bool:
    """Whether a row of whole chunks, or nothing, lies between `position` and the end of the file. alignment_bytes: 1 or 2."""
    while position + chunk.size <= size_bytes:
        file.seek(position)
        name, length_bytes = chunk.unpack(file.read(chunk.size))
        if length_bytes < 0 or not all(0x20 <= letter < 0x7F for letter in name):
            return False
        position += chunk.size + length_bytes + length_bytes % alignment_bytes
    return size_bytes <= position < size_bytes + alignment_bytes  # the last byte of padding is often left out


def _sphere_samples(file: BinaryIO) -> int:
    """How many samples of each channel the header of a SPHERE file promises; 0 where it has no count or one that nobody records."""
    file.seek(0)
    header = file.read(SPHERE_HEADER_BYTES).partition(b"\nend_head")[0]
    count = re.search(rb"^\s*sample_count -i +(\d+)", header, re.MULTILINE)
    samples = int(count[1]) if count else 0
    return samples if samples <= LONGEST_SPHERE_SAMPLES else 0


def _after_id3(start: bytes) -> int:
    """Where the audio starts, in bytes, after an ID3v2 tag, whose size has seven bits a byte. start: the file's first 10 or more."""
    if len(start) < 10 or start[:3] != b"ID3":
        return 0
    size = 0
    for byte in start[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _is_mpeg_frame(start: bytes) -> bool:
    """Layers I to III of MPEG 1, 2 and 2.5 (ISO/IEC 11172-3, 2.4.1.3): eleven ones, then no value that is reserved."""
    if len(start) < 4 or start[0] != 0xFF or start[1] & 0xE0 != 0xE0:
        return False
    version, layer = start[1] >> 3 & 3, start[1] >> 1 & 3
    return version != 1 and layer != 0 and start[2] >> 4 != 15 and start[2] >> 2 & 3 != 3


def _count_end(frame: bytes) -> int:
    """Up to where a count's name can lie: after 4 bytes of header, 2 of CRC, and 32 of side information at most (VBRI: always 32)."""
    return min(len(frame), 4 + 2 + 32 + 4)
