"""A folder as people have them: good recordings, and one of each kind of file that cannot be used."""

import os
from pathlib import Path

import numpy as np
import soundfile

from tests.recordings import speech_like, write_wav

NOT_UTF8 = os.fsdecode(b"caf\xe9.wav")


def write_good(folder: Path, count: int) -> list[Path]:
    """Short clips; among their names brackets, an emoji and bytes that are no UTF-8."""
    names = [NOT_UTF8, "[red] take [1].wav", "\N{GRINNING FACE} :smile:.wav", *(f"good{index:04}.wav" for index in range(count - 3))]
    clips = [speech_like(0.3, seed=seed) for seed in range(5)]
    return [write_named(folder / name, clips[index % 5]) for index, name in enumerate(names)]


def write_named(path: Path, pcm: np.ndarray) -> Path:
    """soundfile writes no name that is not UTF-8."""
    return write_wav(path.with_name("unnamed.wav"), pcm).rename(path)


def write_bad(folder: Path) -> list[str]:
    """One of each kind; the names that are to be found in one line of stderr each."""
    whole = write_wav(folder / "truncated.wav", speech_like(1.0)).read_bytes()
    (folder / "truncated.wav").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.wav").write_bytes(b"")
    (folder / "text.wav").write_text("not audio")
    write_wav(folder / "short.wav", speech_like(0.1))
    write_wav(folder / "silent.wav", np.zeros(16_000))
    write_wav(folder / "dither.wav", np.random.default_rng(0).uniform(-1, 1, 16_000) / 32768)
    write_wav(folder / "scale.wav", speech_like(1.0) * 32768, subtype="FLOAT")
    write_wav(folder / "nan.wav", np.full(16_000, np.nan), subtype="FLOAT")
    write_wav(folder / "line\nbreak.wav", np.zeros(16_000))
    (folder / "gone.wav").symlink_to("nowhere.wav")
    (folder / "itself").symlink_to("itself")
    os.mkfifo(folder / "pipe.wav")
    for ending in ("m4a", "3gp", "webm"):
        (folder / f"phone.{ending}").write_bytes(b"\0\0\0\x18ftyp")
    return [
        "truncated.wav", "empty.wav", "text.wav", "short.wav", "silent.wav", "dither.wav", "scale.wav", "nan.wav", r"line\nbreak.wav",
        "gone.wav", "itself", "pipe.wav",
    ]  # fmt: skip


def write_unnoticed(folder: Path) -> None:
    """What nobody needs to be told of: hidden files, other files, links to folders that are entered anyway."""
    (folder / "._good0001.wav").write_bytes(b"\0\5\x16\7")
    (folder / ".Trashes").mkdir()
    write_wav(folder / ".Trashes" / "deleted.wav", speech_like(0.3))
    (folder / "notes.txt").write_text("notes")
    (folder / "inner").mkdir()
    soundfile.write(folder / "inner" / "a.aifc", speech_like(0.3), 16_000, format="AIFF", subtype="ULAW")
    soundfile.write(folder / "inner" / "b.sph", speech_like(0.3), 16_000, format="NIST", subtype="PCM_16")
    (folder / "linked").symlink_to("inner")
