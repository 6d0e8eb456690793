"""Real recordings that measurements run on."""

from pathlib import Path

from model_builder.audio.reading import Pcm, find_recordings, is_silent, read_pcm
from model_builder.errors import AudioError, UserError
from model_builder.inference.asset_manifest import AssetManifest
from model_builder.inference.parity import select_evenly


def read_clips(folder: Path, most: int, longest_samples: int | None = None) -> list[Pcm]:
    """At most `most` recordings of a folder, evenly selected: float32, (samples,), 16 kHz, the first `longest_samples` of each.

    Without `longest_samples`, the longest window. Silent ones and those shorter than the shortest window are left out.
    Raises UserError for one that cannot be read, and where none is left.
    """
    window = AssetManifest(files=())
    clips = []
    for path in select_evenly(find_recordings([folder]), most):
        try:
            pcm = read_pcm(path)
        except AudioError as error:
            raise UserError(f"cannot measure on real recordings: {error}") from error
        if len(pcm) >= window.shortest_window_samples and not is_silent(pcm):
            clips.append(pcm[: longest_samples or window.longest_window_samples])
    if not clips:
        raise UserError(f"{folder}: holds no recording of at least 0.25 s that is not silent; give another folder")
    return clips
