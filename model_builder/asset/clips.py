"""Real recordings that measurements run on."""

from dataclasses import dataclass
from pathlib import Path

from model_builder.audio.finding import search
from model_builder.audio.reading import Pcm, is_silent, read_pcm
from model_builder.errors import AudioError, UserError
from model_builder.inference.asset_manifest import AssetManifest
from model_builder.inference.parity import select_evenly


@dataclass(frozen=True)
class RealClips:
    """Recordings of a folder.

    pcm: at least one; each float32, (samples,), 16 kHz. unusable: why each of the others cannot be entered or read or is too short, one
    sentence each that names it. silent: how many were left out for that.
    """

    pcm: tuple[Pcm, ...]
    unusable: tuple[str, ...]
    silent: int


def read_clips(folder: Path, most: int, longest_samples: int | None = None) -> RealClips:
    """At most `most` recordings of a folder, evenly selected, the first `longest_samples` of each; by default, the longest window.

    Raises UserError where none can be used.
    """
    window = AssetManifest(files=())
    shortest_s = window.shortest_window_samples / window.sample_rate_hz
    clips: list[Pcm] = []
    found = search([folder])
    unusable = list(found.problems)
    silent = 0
    for path in select_evenly(found.recordings, most):
        try:
            pcm = read_pcm(path)
        except AudioError as error:
            unusable.append(str(error))
            continue
        if len(pcm) < window.shortest_window_samples:
            unusable.append(f"{path}: lasts {len(pcm) / window.sample_rate_hz:.3f} s, shorter than {shortest_s:g} s; give a longer one")
        elif is_silent(pcm):
            silent += 1
        else:
            clips.append(pcm[: longest_samples or window.longest_window_samples])
    if not clips:
        first = f" (first: {unusable[0]})" if unusable else ""
        raise UserError(f"{folder}: holds no recording of at least {shortest_s:g} s that is not silent{first}; give another folder")
    return RealClips(tuple(clips), tuple(unusable), silent)
