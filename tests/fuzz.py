"""Damaged and hostile files against everything that reads files: `python -m tests.fuzz --minutes 10`; the tests run a few cases.

A reader answers or raises UserError. Anything else is a finding: another error, a case of more than 10 s of CPU time, and one that asks
for more than 3 GiB. Case n of a target is always the same: `--target NAME --first n --minutes 0` shows it again.
"""

import argparse
import faulthandler
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

import numpy as np
import onnx
import soundfile
import torch
from onnx import TensorProto, helper, numpy_helper

from model_builder.asset.golden import read_golden
from model_builder.audio.reading import read_pcm
from model_builder.corpora import load_corpus
from model_builder.errors import UserError
from model_builder.export.quantize import quantize
from model_builder.fitting.trainer import FitPlan, keep, restore
from model_builder.inference.asset_manifest import AssetManifest, describe_files, read_manifest, verify_files, write_manifest
from model_builder.inference.predictor import inference_config_of, open_asset
from model_builder.models.checkpoint import load_weights, save_weights
from tests.generated import tiny_model
from tests.hostile import damaged_bytes, damaged_json, damaged_text
from tests.recordings import speech_like, write_wav

LARGEST_ALLOCATION_BYTES = 3 * 2**30
LONGEST_CASE_S = 10
IEMOCAP_TABLE = "Session1/dialog/EmoEvaluation/Ses01F_impro01.txt"
PLAN = FitPlan(epochs=2, batch_clips=4, peak_learning_rate=1e-3, crop_s=(0.5, 1.0), seed=0)
RUN = {"plan": asdict(PLAN), "clips": 8, "processes": 1}


@dataclass(frozen=True)
class Target:
    """One reader. write: a good input into an empty folder; damage: of `file` there; read: what is given the folder."""

    file: str
    write: Callable[[Path], None]
    damage: Callable[[bytes, random.Random], bytes]
    read: Callable[[Path], object]


@dataclass(frozen=True)
class Finding:
    target: str
    case: int
    error: BaseException


class Slow(BaseException):
    """None of those that a reader may catch."""


def write_audio(name: str, **settings: str) -> Callable[[Path], None]:
    stereo = np.stack([speech_like(0.2, seed=1), speech_like(0.2, seed=2)], axis=1)
    return lambda folder: soundfile.write(folder / name, stereo, 22_050, **settings)


def write_asset(folder: Path) -> None:
    """Its networks are a few bytes: nothing that is damaged here gets as far as them, but for the model."""
    doubling = helper.make_graph(
        [helper.make_node("Mul", ["pcm", "two"], ["logits"], "double")],
        "asset",
        [helper.make_tensor_value_info("pcm", TensorProto.FLOAT, [1, "samples"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 4])],
        [numpy_helper.from_array(np.full((1, 4), 2, np.float32), "two")],
    )
    onnx.save(helper.make_model(doubling, opset_imports=[helper.make_opsetid("", 20)], ir_version=10), folder / "model.onnx")
    (folder / "speech_gate.onnx").write_bytes(b"gate")
    (folder / "golden.json").write_text(
        '{"tolerance": 1e-4, "cases": [{"file": "golden/a.wav", "samples": 3, "logits": [0.5], "speech_probabilities": [0.5]}]}'
    )
    write_manifest(AssetManifest(describe_files(folder), training={"speakers": ["a:1"]}, results={"ua": 0.5}), folder)


def read_asset(folder: Path) -> None:
    verify_files(folder, read_manifest(folder))


def read_model(folder: Path) -> None:
    write_manifest(AssetManifest(describe_files(folder)), folder)  # so that the damaged model has the right hash
    open_asset(folder)


def read_exported(folder: Path) -> None:
    quantize(folder / "model.onnx", folder / "int8.onnx")


def write_meeting(folder: Path) -> None:
    write_wav(folder / "a.wav", speech_like(0.2))
    turns = (f"SPEAKER a 1 {start}.5 2.25 <NA> <NA> ANN <NA> <NA>\n" for start in range(4))
    (folder / "reference.rttm").write_text("".join(turns))


def write_iemocap(folder: Path) -> None:
    (folder / IEMOCAP_TABLE).parent.mkdir(parents=True)
    label = "[2.5000, 2.5000, 2.5000]\nC-E2:\tNeutral;\t()\n"
    turns = (f"[{turn}.2901 - {turn}.9]\tSes01F_impro01_F00{turn}\tneu\t{label}" for turn in range(4))
    (folder / IEMOCAP_TABLE).write_text("% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n" + "".join(turns))


def write_table(folder: Path) -> None:
    write_wav(folder / "a.wav", speech_like(0.2))
    (folder / "table.csv").write_text("file,emotion,speaker,group,valence\na.wav,angry,1,g,2.5\nb.wav,sad,2,g,\nc.wav,joy,3,h,4\n")


def write_meld(folder: Path) -> None:
    write_wav(folder / "dia1_utt1.wav", speech_like(0.2))
    (folder / "table.csv").write_text("Dialogue_ID,Utterance_ID,Emotion,Speaker\n1,1,joy,Ann\n1,2,anger,Bob\n")


def read_table(folder: Path) -> None:
    for utterance in load_corpus("manifest", folder / "table.csv").utterances:
        read_pcm(utterance.path)


def write_crema_d(folder: Path) -> None:
    write_wav(folder / "1001_DFA_ANG_XX.wav", speech_like(0.2))
    (folder / "VideoDemographics.csv").write_text("ActorID,Age,Sex\n1001,51,Male\n1002,21,Female\n")
    (folder / "tabulatedVotes.csv").write_text('"","A","D","F","H","N","S","fileName"\n"100001",7,2,0,0,0,0,"1001_DFA_ANG_XX"\n')


def network_state() -> dict[str, torch.nn.Module]:
    torch.manual_seed(0)
    return {"network": torch.nn.Linear(3, 3)}


def write_checkpoint(folder: Path) -> None:
    keep(folder / "whole.pt", network_state(), RUN, 1)


def write_weights(folder: Path) -> None:
    save_weights(tiny_model(), folder, {"temperature": 1.5, "uncertainty_threshold": 0.4, "training": {"speakers": ["a"]}, "results": {}})


def write_unfinished_wav(size: int) -> Callable[[Path], None]:
    """With the size of the audio that a program wrote before it knew it."""

    def write(folder: Path) -> None:
        write_audio("a.wav")(folder)
        content = bytearray((folder / "a.wav").read_bytes())
        at = content.index(b"data") + 4
        content[at : at + 4] = size.to_bytes(4, "little")
        (folder / "a.wav").write_bytes(content)

    return write


def write_streamed_flac(folder: Path) -> None:
    """As ffmpeg writes it to a pipe: of unknown length."""
    write_audio("a.flac")(folder)
    content = bytearray((folder / "a.flac").read_bytes())
    content[21:26] = bytes([content[21] & 0xF0, 0, 0, 0, 0])
    (folder / "a.flac").write_bytes(content)


def write_streamed_mp3(folder: Path) -> None:
    """Without the first frame, which counts the others."""
    write_audio("a.mp3")(folder)
    content = (folder / "a.mp3").read_bytes()
    (folder / "a.mp3").write_bytes(content[content.index(content[:2], 4) :])


def write_gsm(folder: Path) -> None:
    soundfile.write(folder / "a.wav", speech_like(0.2), 8_000, subtype="GSM610")


TARGETS: dict[str, Target] = {
    **{
        name: Target(f"a.{name}", write_audio(f"a.{name}"), damaged_bytes, lambda folder, name=name: read_pcm(folder / f"a.{name}"))
        for name in ("wav", "flac", "ogg", "aiff", "w64", "au", "caf", "mp3")
    },
    "aifc": Target(
        "a.aifc", write_audio("a.aifc", format="AIFF", subtype="ULAW"), damaged_bytes, lambda folder: read_pcm(folder / "a.aifc")
    ),
    "sph": Target("a.sph", write_audio("a.sph", format="NIST", subtype="PCM_16"), damaged_bytes, lambda folder: read_pcm(folder / "a.sph")),
    "gsm": Target("a.wav", write_gsm, damaged_bytes, lambda folder: read_pcm(folder / "a.wav")),
    **{
        name: Target("a.wav", write, damaged_bytes, lambda folder: read_pcm(folder / "a.wav"))
        for name, write in {
            "streamed wav": write_unfinished_wav(0x7FFFF000),  # espeak-ng to a pipe
            "wav without a size": write_unfinished_wav(0),  # a recorder that was killed
            "ima wav": write_audio("a.wav", subtype="IMA_ADPCM"),
            "microsoft wav": write_audio("a.wav", subtype="MS_ADPCM"),
            "a-law wav": write_audio("a.wav", subtype="ALAW"),
        }.items()
    },
    "streamed flac": Target("a.flac", write_streamed_flac, damaged_bytes, lambda folder: read_pcm(folder / "a.flac")),
    "streamed mp3": Target("a.mp3", write_streamed_mp3, damaged_bytes, lambda folder: read_pcm(folder / "a.mp3")),
    "float wav": Target("a.wav", write_audio("a.wav", subtype="FLOAT"), damaged_bytes, lambda folder: read_pcm(folder / "a.wav")),
    "asset manifest": Target("manifest.json", write_asset, damaged_json, read_asset),
    "golden": Target("golden.json", write_asset, damaged_json, read_golden),
    "onnx in an asset": Target("model.onnx", write_asset, damaged_bytes, read_model),
    "onnx to quantize": Target("model.onnx", write_asset, damaged_bytes, read_exported),
    "card": Target("card.json", write_weights, damaged_json, inference_config_of),
    "configuration": Target("config.json", write_weights, damaged_json, load_weights),
    "safetensors": Target("model.safetensors", write_weights, damaged_bytes, load_weights),
    "checkpoint": Target(
        "whole.pt", write_checkpoint, damaged_bytes,
        lambda folder: restore(folder / "whole.pt", network_state(), RUN, torch.device("cpu")),
    ),
    "ami": Target("reference.rttm", write_meeting, damaged_text, lambda folder: load_corpus("ami", folder)),
    "iemocap": Target(IEMOCAP_TABLE, write_iemocap, damaged_text, lambda folder: load_corpus("iemocap", folder)),
    "csv manifest": Target("table.csv", write_table, damaged_text, read_table),
    "meld": Target("table.csv", write_meld, damaged_text, read_table),
    "crema-d": Target("VideoDemographics.csv", write_crema_d, damaged_text, lambda folder: load_corpus("crema-d", folder)),
}  # fmt: skip


def stop(signal_number: int, frame: object) -> None:
    raise Slow(f"more than {LONGEST_CASE_S} s of CPU time")


def run_case(name: str, good: Path, case: int) -> Finding | None:
    target, rng = TARGETS[name], random.Random(f"{name} {case}")
    with tempfile.TemporaryDirectory(prefix="undertone-fuzz-") as scratch:
        folder = Path(shutil.copytree(good, Path(scratch) / "case"))
        file = folder / target.file
        file.write_bytes(target.damage(file.read_bytes(), rng))
        signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST_CASE_S)
        try:
            target.read(folder)
        except UserError:
            pass
        except (Exception, Slow) as error:
            return Finding(name, case, error)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return None


def fuzz(name: str, seconds: float, first: int, cases: int | None = None) -> tuple[int, list[Finding]]:
    """`cases` or, without a number, at least one; how many, and the first finding of each kind of error at each place."""
    found: dict[tuple[object, ...], Finding] = {}
    with tempfile.TemporaryDirectory(prefix="undertone-fuzz-good-") as good:
        TARGETS[name].write(Path(good))
        end = time.monotonic() + seconds
        for case in count(first):
            if finding := run_case(name, Path(good), case):
                place = traceback.extract_tb(finding.error.__traceback__)[-1]
                found.setdefault((type(finding.error), place.filename, place.lineno), finding)
            if case - first + 1 == cases or (cases is None and time.monotonic() >= end):
                return case - first + 1, list(found.values())
    raise AssertionError("unreachable")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0, help="for all targets together")
    parser.add_argument("--target", choices=TARGETS, action="append", help="only these; without it, all")
    parser.add_argument("--cases", type=int, help="so many of each target, however long they take")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    given = parser.parse_args()
    faulthandler.enable()
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGVTALRM, stop)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + LARGEST_ALLOCATION_BYTES,) * 2)
    names = given.target or list(TARGETS)
    findings = []
    for name in names:
        cases, found = fuzz(name, given.minutes * 60 / len(names), given.first, given.cases)
        print(f"{name}: {cases:,} cases, {len(found)} findings", flush=True)
        for finding in found:
            print(f"  case {finding.case}: {type(finding.error).__name__}: {str(finding.error)[:200]}", flush=True)
        findings += found
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
