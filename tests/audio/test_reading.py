import struct

import numpy as np
import pytest
import soundfile

from model_builder.audio.reading import SAMPLE_RATE_HZ, is_silent, read_pcm
from model_builder.errors import AudioError
from tests.recordings import speech_like, write_wav


def test_16_bit_samples_become_x_over_32768_exactly(tmp_path):
    samples = np.array([-32768, -1, 0, 1, 12345, 32767], np.int16)
    soundfile.write(tmp_path / "a.wav", samples, SAMPLE_RATE_HZ)
    assert np.array_equal(read_pcm(tmp_path / "a.wav"), samples.astype(np.float32) / 32768)


def test_wav_and_flac_of_the_same_samples_read_alike(tmp_path):
    pcm = speech_like(1.0)
    wav, flac = write_wav(tmp_path / "a.wav", pcm), write_wav(tmp_path / "a.flac", pcm)
    assert np.array_equal(read_pcm(wav), read_pcm(flac))


def test_8_bit_files_read_within_their_own_step(tmp_path):
    pcm = speech_like(0.5)
    read = read_pcm(write_wav(tmp_path / "a.wav", pcm, subtype="PCM_U8"))
    assert np.abs(read - pcm).max() <= 1.5 / 128


def test_stereo_becomes_the_mean_of_its_channels(tmp_path):
    left, right = speech_like(0.5, seed=1), speech_like(0.5, seed=2)
    soundfile.write(tmp_path / "a.wav", np.stack([left, right], axis=1), SAMPLE_RATE_HZ, subtype="FLOAT")
    assert np.allclose(read_pcm(tmp_path / "a.wav"), (left + right) / 2, atol=1e-6)


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 48_000])
def test_other_rates_are_resampled_without_a_change_of_pitch_or_level(tmp_path, rate_hz):
    time_s = np.arange(rate_hz) / rate_hz
    pcm = read_pcm(write_wav(tmp_path / "a.wav", 0.5 * np.sin(2 * np.pi * 1000 * time_s), rate_hz, "FLOAT"))
    assert abs(len(pcm) - SAMPLE_RATE_HZ) <= 1
    expected = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(len(pcm)) / SAMPLE_RATE_HZ)
    assert np.abs(pcm - expected)[1000:-1000].max() < 1e-3  # away from the filter's edges


def damaged_files(folder):
    write_wav(folder / "whole.wav", speech_like(1.0))
    whole = (folder / "whole.wav").read_bytes()
    write_wav(folder / "whole.flac", speech_like(1.0))
    (folder / "empty.wav").write_bytes(b"")
    (folder / "text.wav").write_text("this is not a recording\n" * 100)
    (folder / "truncated.wav").write_bytes(whole[: len(whole) // 2])
    (folder / "truncated.flac").write_bytes((folder / "whole.flac").read_bytes()[:9_000])
    (folder / "header_only.wav").write_bytes(whole[:40] + struct.pack("<I", 0))
    nan = speech_like(1.0)
    nan[100] = np.nan
    write_wav(folder / "nan.wav", nan, subtype="FLOAT")
    (folder / "folder.wav").mkdir()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.wav", "no such file"),
        ("empty.wav", "the file is empty"),
        ("text.wav", "not a recording"),
        ("truncated.wav", "truncated"),
        ("truncated.flac", "truncated|not a recording"),
        ("header_only.wav", "no samples"),
        ("nan.wav", "NaN"),
        ("folder.wav", "is a folder"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_reason(tmp_path, name, reason):
    damaged_files(tmp_path)
    with pytest.raises(AudioError, match=rf"(?i){name}.*({reason})"):
        read_pcm(tmp_path / name)


def promising(path, samples: int, rate_hz: int, channels: int):
    """A FLAC file of a few bytes whose STREAMINFO block promises what is asked for."""
    write_wav(path, speech_like(0.1))
    content = bytearray(path.read_bytes())
    content[18:26] = (rate_hz << 44 | (channels - 1) << 41 | 15 << 36 | samples).to_bytes(8, "big")  # STREAMINFO
    path.write_bytes(bytes(content))
    return path


@pytest.mark.parametrize(
    ("samples", "rate_hz", "channels", "reason"),
    [
        (2**36 - 1, 16_000, 1, "header promises 68,719,476,735 samples"),
        (2**27, 16_000, 8, "header promises 134,217,728 samples of 8 channels"),
        (2**26, 1_000, 1, "header promises 67,108,864 samples"),  # 2^30 samples once they are resampled
        (1_600, 1, 1, "a rate of 1 Hz"),
    ],
)
def test_a_small_file_that_promises_more_than_memory_is_refused_before_it_is_unpacked(tmp_path, samples, rate_hz, channels, reason):
    with pytest.raises(AudioError, match=rf"a\.flac: .*{reason}"):
        read_pcm(promising(tmp_path / "a.flac", samples, rate_hz, channels))


def test_a_rate_that_no_recorder_has_is_refused(tmp_path):
    with pytest.raises(AudioError, match=r"a\.wav: has a rate of 2,000,000,000 Hz"):
        read_pcm(write_wav(tmp_path / "a.wav", speech_like(0.1), 2_000_000_000))


def test_finite_samples_whose_mean_overflows_are_refused(tmp_path):
    largest = np.full((160, 2), np.finfo(np.float32).max)
    soundfile.write(tmp_path / "a.wav", largest, SAMPLE_RATE_HZ, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"a\.wav: holds NaN or infinite samples"):
        read_pcm(tmp_path / "a.wav")


def test_a_name_with_a_zero_byte_is_refused(tmp_path):
    with pytest.raises(AudioError, match="embedded null byte"):
        read_pcm(tmp_path / "a\0.wav")


def test_a_file_called_raw_is_refused_as_its_rate_is_not_known(tmp_path):
    (tmp_path / "a.raw").write_bytes(bytes(3_200))
    with pytest.raises(AudioError, match=r"a\.raw: not a recording that can be read"):
        read_pcm(tmp_path / "a.raw")


def test_a_streamed_wav_that_never_learnt_its_length_is_read(tmp_path):
    pcm = speech_like(0.5)
    whole = bytearray(write_wav(tmp_path / "a.wav", pcm).read_bytes())
    position = whole.index(b"data") + 4
    whole[position : position + 4] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(bytes(whole))
    assert len(read_pcm(tmp_path / "a.wav")) == len(pcm)


def test_only_samples_below_one_16_bit_step_are_silence():
    assert is_silent(np.zeros(100, np.float32))
    assert is_silent(np.full(100, 0.9 / 32768, np.float32))
    assert not is_silent(np.full(100, 1 / 32768, np.float32))


@pytest.mark.parametrize("size", [0x7FFFF000, 0x7FFFFFFF, 0x7FFFFFFE, 0x80000000, 0xFFFFFFFF, 0])
def test_sizes_that_recorders_write_before_they_know_them_mean_to_the_end_of_the_file(tmp_path, size):
    pcm = speech_like(0.5)
    whole = bytearray(write_wav(tmp_path / "a.wav", pcm).read_bytes())
    for position in (4, whole.index(b"data") + 4):
        whole[position : position + 4] = struct.pack("<I", size)
    (tmp_path / "a.wav").write_bytes(bytes(whole))
    assert len(read_pcm(tmp_path / "a.wav")) == len(pcm)


def test_flac_of_unknown_length_is_read_to_its_end(tmp_path):
    path = write_wav(tmp_path / "a.flac", speech_like(0.5))
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0  # the upper 4 of 36 bits: STREAMINFO's samples, where 0 is unknown
    content[22:26] = bytes(4)
    path.write_bytes(bytes(content))
    assert len(read_pcm(path)) == 8_000


def test_gsm_is_read(tmp_path):
    soundfile.write(tmp_path / "a.wav", speech_like(1.0)[::2], 8_000, subtype="GSM610")
    assert abs(len(read_pcm(tmp_path / "a.wav")) - 16_000) <= 640  # whole blocks of 320 samples at 8 kHz


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3"])
def test_a_git_lfs_pointer_is_named_as_such(tmp_path, name):
    (tmp_path / name).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 73902\n")
    with pytest.raises(AudioError, match=rf"{name}: is a Git LFS pointer, not the recording; run git lfs pull"):
        read_pcm(tmp_path / name)
