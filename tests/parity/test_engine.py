"""The Kotlin engine on the JVM against Python: the same samples give the same numbers."""

import json
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
import torch
from silero_vad import utils_vad

from model_builder.asset.golden import read_golden
from model_builder.audio.golden_voices import VOICES, generate
from model_builder.audio.reading import read_pcm
from model_builder.inference.asset_manifest import read_manifest
from model_builder.inference.predictor import EmotionPredictor, Recording, Rejected
from tests.audio.test_reading import without_count
from tests.bad_recordings import write_bad, write_good, write_unnoticed
from tests.parity.conftest import REPLAY
from tests.test_folders import GOOD_RECORDINGS

SAME_KERNELS = 1e-4
SAME_GATE = 1e-5
OTHER_RESAMPLER = 0.1  # soxr here, the engine's own filter there
OTHER_DECODER = 0.01  # two decoders round differently, of which 8 bits make 0.0015


def assert_same_estimates(replay, predictor: EmotionPredictor, files: list[Path], tolerance: float = SAME_KERNELS) -> None:
    """Whole files, one by one: duration, label, logits and probabilities."""
    segments = {segment["file"]: segment for segment in replay.heard(files, "--whole").of_type("segment")}
    assert len(segments) == len(files)
    for result in predictor.predict_files(files):
        assert isinstance(result, Recording), result
        segment, prediction = segments[str(result.path)], result.prediction
        assert segment["start_s"] == 0.0
        assert segment["end_s"] == pytest.approx(result.duration_s, abs=2e-4), result.path
        np.testing.assert_allclose(segment["logits"], prediction.logits, atol=tolerance, rtol=0, err_msg=str(result.path))
        assert segment["label"] == prediction.label, result.path
        assert list(segment["probabilities"]) == list(prediction.labels)
        np.testing.assert_allclose(list(segment["probabilities"].values()), prediction.probabilities, atol=tolerance, rtol=0)


def test_golden_files_have_the_logits_of_python_and_of_golden_json(replay, predictor, asset_folder, golden_files):
    assert_same_estimates(replay, predictor, golden_files)
    document = json.loads((asset_folder / "golden.json").read_text())
    segments = {segment["file"]: segment for segment in replay.heard(golden_files, "--whole").of_type("segment")}
    for case in document["cases"]:
        actual = segments[str(asset_folder / case["file"])]["logits"]
        np.testing.assert_allclose(actual, case["logits"], atol=document["tolerance"], rtol=0, err_msg=case["file"])


def test_golden_files_have_the_speech_probabilities_of_golden_json(replay, asset_folder):
    for case in read_golden(asset_folder):
        frames = replay.heard([asset_folder / case.file], "--whole", "--frames").of_type("frame")
        np.testing.assert_allclose([frame["time_s"] for frame in frames], np.arange(len(frames)) * 0.032, atol=1e-6)
        actual = [frame["speech_probability"] for frame in frames]
        np.testing.assert_allclose(actual, case.speech_probabilities, atol=SAME_GATE, rtol=0, err_msg=case.file)


def test_segments_of_the_gate_are_classified_as_python_classifies_the_same_samples(replay, predictor, golden_files):
    segments = replay.heard(golden_files).of_type("segment")
    assert {segment["file"] for segment in segments} == {str(path) for path in golden_files}
    assert sum(Path(segment["file"]).stem == "two_sentences" for segment in segments) == 2
    for segment in segments:
        prediction = predictor.predict_pcm(read_pcm(segment["file"])[segment["start_sample"] : segment["end_sample"]])
        np.testing.assert_allclose(segment["logits"], prediction.logits, atol=SAME_KERNELS, rtol=0, err_msg=str(segment))
        assert segment["label"] == prediction.label


def test_early_results_and_a_stream_in_real_time_are_classified_as_python_classifies_the_same_samples(replay, predictor, golden_files):
    recording = next(path for path in golden_files if path.stem == "two_sentences")
    pcm = read_pcm(recording)
    fast, live = replay.heard([recording]), replay.heard([recording], "--realtime")
    assert fast.of_type("early") and len(fast.of_type("segment")) == 2
    for answer in (fast, live):
        for result in answer.of_type("early") + answer.of_type("segment"):
            prediction = predictor.predict_pcm(pcm[result["start_sample"] : result["end_sample"]])
            np.testing.assert_allclose(result["logits"], prediction.logits, atol=SAME_KERNELS, rtol=0, err_msg=str(result))
    samples = [[(each["start_sample"], each["end_sample"]) for each in answer.of_type("segment")] for answer in (fast, live)]
    assert samples[0] == samples[1]


def test_a_recording_longer_than_the_window_is_averaged_alike(replay, predictor, asset_folder, tmp_path):
    speech = np.concatenate([generate(voice) for voice in VOICES] * 2)
    path = tmp_path / "long.wav"
    soundfile.write(path, speech[:600_001], 16_000)
    assert read_manifest(asset_folder).longest_window_samples * 2 < 600_001
    assert_same_estimates(replay, predictor, [path])


@pytest.fixture(scope="module")
def formats(tmp_path_factory) -> dict[str, Path]:
    """One sentence in the formats that people have."""
    folder = tmp_path_factory.mktemp("formats")
    mono = generate(VOICES[1]) / 32768
    stereo = np.stack([mono, np.roll(mono, 800) * 0.5], axis=1)
    written = {
        "8_bit": (mono, "PCM_U8", "wav"),
        "24_bit": (mono, "PCM_24", "wav"),
        "32_bit": (mono, "PCM_32", "wav"),
        "float": (mono, "FLOAT", "wav"),
        "stereo": (stereo, "PCM_16", "wav"),
        "flac": (mono, "PCM_16", "flac"),
        "stereo_flac": (stereo, "PCM_16", "flac"),
    }
    paths = {name: folder / f"{name}.{ending}" for name, (_, _, ending) in written.items()}
    for name, (pcm, subtype, _) in written.items():
        soundfile.write(paths[name], pcm, 16_000, subtype=subtype)
    return paths


def test_every_format_is_read_alike(replay, predictor, formats):
    assert_same_estimates(replay, predictor, list(formats.values()))


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000])
def test_other_rates_are_resampled_to_nearly_the_same(replay, predictor, tmp_path, rate_hz):
    path = tmp_path / f"{rate_hz}.wav"
    soundfile.write(path, soxr.resample(generate(VOICES[0]) / 32768, 16_000, rate_hz), rate_hz)
    assert_same_estimates(replay, predictor, [path], OTHER_RESAMPLER)


@pytest.fixture(scope="module")
def phone_formats(tmp_path_factory) -> dict[str, Path]:
    """One sentence as telephones, streams and recorders write it."""
    folder = tmp_path_factory.mktemp("phone_formats")
    mono = generate(VOICES[1]) / 32768
    for subtype in ("ULAW", "ALAW", "IMA_ADPCM", "MS_ADPCM"):
        soundfile.write(folder / f"{subtype}.wav", mono, 16_000, subtype=subtype)
    soundfile.write(folder / "GSM610.wav", mono[::2], 8_000, subtype="GSM610")
    for rate_hz in (16_000, 24_000, 44_100):
        for mode in ("CONSTANT", "VARIABLE"):
            resampled = soxr.resample(mono, 16_000, rate_hz)
            soundfile.write(folder / f"{rate_hz}_{mode}.mp3", resampled, rate_hz, bitrate_mode=mode, compression_level=0.5)
    for ending, subtype in (("aiff", "PCM_16"), ("aifc", "ULAW"), ("au", "PCM_24"), ("snd", "FLOAT")):
        container = "AU" if ending in ("au", "snd") else "AIFF"
        soundfile.write(folder / f"{container}_{subtype}.{ending}", mono, 16_000, format=container, subtype=subtype)
    soundfile.write(folder / "vorbis.ogg", mono, 16_000, format="OGG", subtype="VORBIS")
    for rate_hz in (16_000, 48_000):
        stereo = np.stack([soxr.resample(mono, 16_000, rate_hz)] * 2, axis=1)
        soundfile.write(folder / f"{rate_hz}.opus", stereo, rate_hz, format="OGG", subtype="OPUS")
    stream = folder / "stream.mp3"
    stream.write_bytes(without_count((folder / "24000_CONSTANT.mp3").read_bytes()))
    return {path.stem: path for path in sorted(folder.iterdir())}


SAME_SAMPLES = ["ULAW", "ALAW", "IMA_ADPCM", "MS_ADPCM", "AIFF_PCM_16", "AIFF_ULAW", "AU_PCM_24", "AU_FLOAT"]


@pytest.mark.parametrize("kind", SAME_SAMPLES)
def test_encodings_without_another_rate_are_read_to_the_last_digit(replay, predictor, phone_formats, kind):
    assert_same_estimates(replay, predictor, [phone_formats[kind]])


def test_vorbis_is_read_to_nearly_the_same(replay, predictor, phone_formats):
    assert_same_estimates(replay, predictor, [phone_formats["vorbis"]], OTHER_DECODER)


def test_gsm_mp3_and_opus_are_read_to_nearly_the_same(replay, predictor, phone_formats):
    others = [path for name, path in phone_formats.items() if name == "GSM610" or path.suffix in (".mp3", ".opus")]
    assert len(others) == 10
    assert_same_estimates(replay, predictor, others, OTHER_RESAMPLER)


def test_a_pipe_is_read_as_the_file_is(replay, phone_formats):
    file = phone_formats["GSM610"]
    with subprocess.Popen(["cat", str(file)], stdout=subprocess.PIPE) as pipe:
        command = [str(REPLAY), f"--asset={replay.asset}", "--whole", "/dev/stdin"]
        [line] = subprocess.run(command, stdin=pipe.stdout, capture_output=True, text=True, check=True).stdout.splitlines()
    assert json.loads(line)["logits"] == replay.heard([file], "--whole").records[0]["logits"]


def test_a_folder_of_good_recordings_and_one_of_each_bad_kind_gives_every_answer_and_a_line_for_each_bad_one(replay, tmp_path):
    good = write_good(tmp_path, GOOD_RECORDINGS)
    bad = write_bad(tmp_path)
    write_unnoticed(tmp_path)
    answer = replay([tmp_path], "--whole")
    assert answer.exit_code == 2
    files = [record["file"] for record in answer.records]
    assert sorted(files) == sorted(map(str, [*good, tmp_path / "inner" / "a.aifc", tmp_path / "inner" / "b.sph"]))
    for name in bad:
        assert sum(name in complaint for complaint in answer.complaints) == 1, name
    counted = f"replay: {tmp_path}: left out 1 .3gp, 1 .m4a, 1 .webm; convert them to WAV, FLAC or MP3"
    assert [complaint for complaint in answer.complaints if not any(name in complaint for name in bad)] == [counted]


@pytest.fixture(scope="module")
def unusable(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("unusable")
    speech = generate(VOICES[1]) / 32768
    for name, pcm in {"silent": np.zeros(16_000), "short": speech[:3_999], "no_samples": speech[:0], "good": speech}.items():
        soundfile.write(folder / f"{name}.wav", pcm, 16_000)
    soundfile.write(folder / "nan.wav", np.where(np.arange(len(speech)) == 99, np.nan, speech), 16_000, subtype="FLOAT")
    whole = (folder / "good.wav").read_bytes()
    (folder / "truncated.wav").write_bytes(whole[: len(whole) // 2])
    (folder / "header_only.wav").write_bytes(whole[:20])
    (folder / "empty.wav").write_bytes(b"")
    (folder / "text.wav").write_text("not a recording")
    names = ("silent", "short", "no_samples", "nan", "truncated", "header_only", "empty", "text", "missing")
    return [folder / f"{name}.wav" for name in names]


def test_both_halves_refuse_the_same_files_by_name_and_go_on(replay, predictor, unusable):
    good = unusable[0].with_name("good.wav")
    answer = replay([*unusable, good], "--whole")
    assert answer.exit_code == 2
    assert [segment["file"] for segment in answer.of_type("segment")] == [str(good)]
    assert len(answer.complaints) == len(unusable), answer.complaints
    for path, complaint in zip(unusable, answer.complaints, strict=True):
        assert str(path) in complaint
    results = list(predictor.predict_files([*unusable, good]))
    assert [type(result) for result in results] == [Rejected] * len(unusable) + [Recording]


def test_200_real_clips_have_the_logits_of_python(replay, predictor, real_clips):
    assert_same_estimates(replay, predictor, real_clips)


def test_real_meetings_have_the_speech_probabilities_of_the_silero_package(replay, data_folder):
    recordings = sorted((data_folder / "vad" / "ami").rglob("*.flac"))
    wrapper = utils_vad.OnnxWrapper(str(Path(utils_vad.__file__).parent / "data/silero_vad.onnx"), force_onnx_cpu=True)
    frames = replay.heard(recordings, "--whole", "--frames").of_type("frame")
    is_speech = []
    for recording in recordings:
        pcm = torch.from_numpy(read_pcm(recording))
        expected = wrapper.audio_forward(pcm[: len(pcm) // 512 * 512][None], sr=16_000).numpy()[0]
        actual = [frame["speech_probability"] for frame in frames if frame["file"] == str(recording)]
        np.testing.assert_allclose(actual, expected, atol=SAME_GATE, rtol=0, err_msg=str(recording))
        is_speech += [probability > 0.5 for probability in actual]
    assert 0.1 < np.mean(is_speech) < 0.9  # both sides of the threshold were met


def test_the_installed_engine_loads_onnx_runtime_from_its_own_folder_and_unpacks_nothing(replay, golden_files, tmp_path):
    environment = {**os.environ, "LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(tmp_path / "loader")}  # what glibc's loader opens
    subprocess.run([str(REPLAY), f"--asset={replay.asset}", str(golden_files[0])], env=environment, capture_output=True, check=True)
    lines = "\n".join(file.read_text(errors="replace") for file in tmp_path.glob("loader.*"))
    opened = set(re.findall(r"file=(\S*libonnxruntime\S*) \[0\];  generating link map", lines))
    assert {Path(file).name for file in opened} == {"libonnxruntime.so", "libonnxruntime4j_jni.so"}
    assert all(Path(file).is_relative_to(REPLAY.parent.parent / "lib" / "native") for file in opened)
