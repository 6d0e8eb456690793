"""Generated recordings: nothing here comes from a corpus."""

from pathlib import Path

import numpy as np
import soundfile

SAMPLE_RATE_HZ = 16_000


def speech_like(duration_s: float, seed: int = 0, level: float = 0.1) -> np.ndarray:
    """A buzz in syllables over noise: float32, (samples,)."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(int(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    buzz = sum(np.sin(2 * np.pi * 130 * k * time_s) / k for k in range(1, 20)) * (np.sin(2 * np.pi * 4 * time_s) > -0.3)
    return (level * (buzz + 0.05 * rng.standard_normal(len(time_s)))).astype(np.float32)


def write_wav(path: Path, pcm: np.ndarray, rate_hz: int = SAMPLE_RATE_HZ, subtype: str = "PCM_16") -> Path:
    # 16 bits are rounded here: libsndfile truncates to WAV and rounds to FLAC.
    samples = np.clip(np.rint(pcm * 32768), -32768, 32767).astype(np.int16) if subtype == "PCM_16" else pcm
    soundfile.write(path, samples, rate_hz, subtype=subtype)
    return path
