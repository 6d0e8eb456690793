"""CAF and SPH files in the Kotlin engine on the JVM and in Python: the same samples, and the same files refused."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model_builder.audio.golden_voices import VOICES, generate
from model_builder.inference.predictor import Rejected
from tests.parity.conftest import REPLAY
from tests.parity.test_engine import assert_same_estimates

SUBTYPES = {
    "CAF": ["PCM_S8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"],
    "NIST": ["PCM_S8", "PCM_16", "PCM_24", "PCM_32", "ULAW", "ALAW"],
}


@pytest.fixture(scope="module")
def recordings(tmp_path_factory) -> dict[str, Path]:
    """A sentence, in stereo, in every encoding of both kinds that libsndfile writes but Apple Lossless."""
    folder = tmp_path_factory.mktemp("caf_and_sph")
    mono = generate(VOICES[1]) / 32768
    stereo = np.stack([mono, np.roll(mono, 800) * 0.5], axis=1)
    for container, ending in (("CAF", "caf"), ("NIST", "sph")):
        for subtype in SUBTYPES[container]:
            for endian in ("LITTLE", "BIG"):
                soundfile.write(folder / f"{container}_{subtype}_{endian}.{ending}", stereo, 16_000, subtype, endian, container)
    return {path.stem: path for path in sorted(folder.iterdir())}


def test_every_encoding_of_caf_and_sph_that_libsndfile_writes_is_read_to_the_last_digit(replay, predictor, recordings):
    assert_same_estimates(replay, predictor, list(recordings.values()))


def with_size(caf: bytes, size_bytes: int) -> bytes:
    """`caf` whose header says that its audio, with the four bytes before it, has this size."""
    at = caf.index(b"data") + 4
    return caf[:at] + size_bytes.to_bytes(8, "big", signed=True) + caf[at + 8 :]


def with_fields(sph: bytes, fields: dict[str, str]) -> bytes:
    """`sph` with other values, type included, in place of those of its header."""
    lines = [line for line in sph[:1024].decode().split("\n") if line.split(" ")[0] not in (*fields, "end_head") and line.strip("\0")]
    header = "\n".join([*lines, *(f"{name} {value}" for name, value in fields.items() if value), "end_head\n"])
    return header.encode().ljust(1024, b"\0") + sph[1024:]


def test_unfinished_caf_and_sph_are_read_to_the_end_of_the_file_by_both_halves(replay, predictor, recordings, tmp_path):
    caf, sph = (recordings[f"{name}_PCM_16_LITTLE"].read_bytes() for name in ("CAF", "NIST"))
    contents = {f"size{size}.caf": with_size(caf, size) for size in (-1, 0, 4)}
    contents["killed.caf"] = with_size(caf, -1)[:-30_001]
    contents |= {f"count{count}.sph": with_fields(sph, {"sample_count": count}) for count in ("", "-i 0", "-i 2147483647", "-i 999")}
    contents["killed.sph"] = contents["count.sph"][:-30_001]
    files = [tmp_path / name for name in contents]
    for file in files:
        file.write_bytes(contents[file.name])
    assert_same_estimates(replay, predictor, files)


def test_both_halves_refuse_caf_and_sph_that_are_cut_or_make_no_sense(replay, predictor, recordings, tmp_path):
    caf, sph = (recordings[f"{name}_PCM_16_LITTLE"].read_bytes() for name in ("CAF", "NIST"))
    contents = {f"cut{missing}.caf": caf[:-missing] for missing in (1, 4_000, 30_000, len(caf) - 4_085)}
    contents |= {f"cut{missing}.sph": sph[:-missing] for missing in (1, 30_000, len(sph) - 1_024, len(sph) - 500)}
    contents |= {f"{name.strip()}.caf": caf.replace(b"lpcm", name.encode(), 1) for name in ("aac ", "ima4", ".mp3", "ulaw", "mine")}
    contents |= {"size-2.caf": with_size(caf, -2), "size3.caf": with_size(caf, 3), "rate.caf": caf[:20] + bytes(8) + caf[28:]}
    contents["channels.caf"] = caf[:44] + bytes(4) + caf[48:]
    fields = {
        "shorten": {"sample_coding": "-s26 pcm,embedded-shorten-v2.00"},
        "other": {"sample_coding": "-s5 mulaw"},
        "no channels": {"channel_count": ""},
        "no rate": {"sample_rate": ""},
        "order": {"sample_byte_format": "-s2 11"},
        "planes": {"channels_interleaved": "-s5 FALSE"},
        "bytes": {"sample_n_bytes": "-i 5", "sample_byte_format": ""},
        "three bytes": {"sample_n_bytes": "-i 3"},
    }
    contents |= {f"{name}.sph": with_fields(sph, changed) for name, changed in fields.items()}
    contents["text.sph"] = sph.replace(b"\n", b"\r\n", 2)
    files = [tmp_path / name for name in contents]
    for file in files:
        file.write_bytes(contents[file.name])
    answer = replay(files, "--whole")
    assert (answer.exit_code, answer.records, len(answer.complaints)) == (2, [], len(files))
    results = list(predictor.predict_files(files))
    assert [type(result) for result in results] == [Rejected] * len(files)
    for name in ("cut1.caf", "cut4000.caf", "cut30000.caf", "cut1.sph", "cut30000.sph"):
        at = files.index(tmp_path / name)
        assert "truncated" in answer.complaints[at] and "truncated" in results[at].reason


@pytest.mark.parametrize("kind", ["CAF_PCM_24_BIG", "NIST_ALAW_LITTLE"])
def test_a_pipe_is_read_as_the_file_is(replay, recordings, kind):
    with subprocess.Popen(["cat", str(recordings[kind])], stdout=subprocess.PIPE) as pipe:
        command = [str(REPLAY), f"--asset={replay.asset}", "--whole", "/dev/stdin"]
        [line] = subprocess.run(command, stdin=pipe.stdout, capture_output=True, text=True, check=True).stdout.splitlines()
    assert json.loads(line)["logits"] == replay.heard([recordings[kind]], "--whole").records[0]["logits"]


def test_apple_lossless_is_read_by_python_and_refused_by_name_here(replay, predictor, recordings, tmp_path):
    pcm, rate_hz = soundfile.read(recordings["CAF_PCM_16_LITTLE"])
    soundfile.write(tmp_path / "a.caf", pcm, rate_hz, format="CAF", subtype="ALAC_16")
    complaint = f"replay: {tmp_path}/a.caf: CAF encoding alac (Apple Lossless) is not supported; convert it to 16-bit PCM"
    assert replay([tmp_path / "a.caf"], "--whole").complaints == [complaint]
    assert not isinstance(next(iter(predictor.predict_files([tmp_path / "a.caf"]))), Rejected)
