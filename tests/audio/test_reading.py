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


@pytest.mark.parametrize("name", ["many.wav", "many.au"])
def test_more_channels_than_a_recorder_has_are_refused(tmp_path, name):
    soundfile.write(tmp_path / name, np.full((4_000, 512), 0.1), 16_000)
    with pytest.raises(AudioError, match="its header has 512 channels"):
        read_pcm(tmp_path / name)


def test_the_largest_floats_are_refused(tmp_path):
    largest = np.full((160, 2), np.finfo(np.float32).max)
    soundfile.write(tmp_path / "a.wav", largest, SAMPLE_RATE_HZ, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"a\.wav: its samples reach 3\.40282e\+38"):
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


def dither(samples: int, seed: int = 0) -> np.ndarray:
    """What 16-bit recorders write for silence: triangular dither of one step, rounded."""
    rng = np.random.default_rng(seed)
    return np.rint(rng.uniform(-0.5, 0.5, samples) + rng.uniform(-0.5, 0.5, samples)).astype(np.float32) / 32768


@pytest.mark.parametrize("offset", [0.0, 0.1, -0.5])
def test_nothing_but_dither_and_dc_is_silence(offset):
    for samples in (0, 1, 100, 1_600, 16_000, 16_001):
        assert is_silent(dither(samples) + np.float32(offset))
    assert is_silent(np.full(16_000, 1 / 32768, np.float32))


def test_the_faintest_voice_and_one_word_in_an_hour_of_silence_are_not():
    assert not is_silent(speech_like(1.0, level=0.001))
    sparse = dither(3_600 * SAMPLE_RATE_HZ)
    sparse[SAMPLE_RATE_HZ * 1_800 :][:4_000] += speech_like(0.25, level=0.001)
    assert 20 * np.log10(sparse.std()) < -80
    assert not is_silent(sparse)


@pytest.mark.parametrize(("subtype", "scale"), [("FLOAT", 32768), ("FLOAT", 100), ("DOUBLE", 2**31)])
def test_floats_on_another_scale_are_refused_with_a_sentence_that_says_so(tmp_path, subtype, scale):
    path = write_wav(tmp_path / "a.wav", speech_like(0.5).astype(np.float64) * scale, subtype=subtype)
    with pytest.raises(AudioError, match=r"a\.wav: its samples reach .*full scale is 1: they are on another scale"):
        read_pcm(path)


def test_floats_somewhat_over_full_scale_are_kept_as_they_are(tmp_path):
    pcm = speech_like(0.5) * np.float32(7.9 / np.abs(speech_like(0.5)).max())
    assert np.array_equal(read_pcm(write_wav(tmp_path / "a.wav", pcm, subtype="FLOAT")), pcm)


@pytest.mark.parametrize("others", [[-1.0], [-0.95], [-1.0, 0.0], [-0.5, -0.5]])
def test_channels_that_cancel_give_the_loudest_one(tmp_path, others):
    voice = speech_like(0.5)
    channels = np.stack([voice, *(share * voice for share in others)], axis=1) + np.float32(0.1)  # DC does not hide it
    soundfile.write(tmp_path / "a.wav", channels, SAMPLE_RATE_HZ, subtype="FLOAT")
    assert np.array_equal(read_pcm(tmp_path / "a.wav"), channels[:, 0])


@pytest.mark.parametrize("others", [[0.0], [0.0, 0.0, 0.0], [-0.7]])
def test_dead_and_partly_cancelling_channels_are_averaged_as_ever(tmp_path, others):
    voice = speech_like(0.5)
    channels = np.stack([voice, *(share * voice for share in others)], axis=1)
    soundfile.write(tmp_path / "a.wav", channels, SAMPLE_RATE_HZ, subtype="FLOAT")
    assert np.allclose(read_pcm(tmp_path / "a.wav"), channels.mean(axis=1), atol=1e-7)


def without_count(mp3: bytes) -> bytes:
    """An MP3 file without its first frame, which holds nothing but how many follow; as streams are written."""
    assert b"Xing" in mp3[:200] or b"Info" in mp3[:200]
    return mp3[next(at for at in range(40, len(mp3)) if mp3[at : at + 2] == mp3[:2] and mp3[at + 2] & 0x0C == mp3[2] & 0x0C) :]


@pytest.mark.parametrize("mode", ["CONSTANT", "VARIABLE"])
def test_an_mp3_that_does_not_count_its_frames_is_read_to_its_end(tmp_path, mode):
    path = tmp_path / "a.mp3"
    pcm = np.concatenate([0.001 * speech_like(3.0), speech_like(3.0)])  # a variable rate: the first frames say nothing of the others
    soundfile.write(path, pcm, SAMPLE_RATE_HZ, bitrate_mode=mode, compression_level=0.5)
    counted = read_pcm(path)
    path.write_bytes(without_count(path.read_bytes()))
    uncounted = read_pcm(path)
    assert abs(len(uncounted) - len(counted)) <= 3 * 1_152  # the count also says what the encoder added at both ends
    assert uncounted[-SAMPLE_RATE_HZ:].std() > 0.03


def test_an_mp3_stream_between_tags_of_several_programs_is_read_to_its_end(tmp_path):
    path = tmp_path / "a.mp3"
    soundfile.write(path, speech_like(1.0), SAMPLE_RATE_HZ)
    stream = without_count(path.read_bytes())
    path.write_bytes(stream)
    alone = read_pcm(path)
    id3v2, id3v1 = b"ID3\4\0\0\0\0\1\2" + bytes(130), b"TAG" + bytes(125)
    for before, after in ((id3v2, b""), (id3v2 * 2, b""), (id3v2 * 2, id3v1)):
        path.write_bytes(before + stream + after)
        assert np.array_equal(read_pcm(path), alone)


@pytest.mark.parametrize(("name", "format", "subtype"), [
    ("a.aifc", "AIFF", "ULAW"), ("a.sph", "NIST", "PCM_16"), ("a.snd", "AU", "PCM_16"), ("a.opus", "OGG", "OPUS"),
    ("a.wave", "WAV", "PCM_16"), ("a.caf", "CAF", "ALAC_16"), ("a.wav", "RF64", "PCM_24"), ("a.wav", "WAVEX", "PCM_16"),
    ("a.w64", "W64", "PCM_16"), ("a.voc", "VOC", "PCM_16"), ("a.wav", "WAV", "IMA_ADPCM"), ("a.wav", "WAV", "MS_ADPCM"),
])  # fmt: skip
def test_every_kind_of_file_that_libsndfile_writes_is_read(tmp_path, name, format, subtype):
    soundfile.write(tmp_path / name, speech_like(0.5), SAMPLE_RATE_HZ, format=format, subtype=subtype)
    read = read_pcm(tmp_path / name)
    assert abs(len(read) - 8_000) <= 1_024  # whole blocks
    assert abs(read.std() - speech_like(0.5).std()) < 0.02


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
