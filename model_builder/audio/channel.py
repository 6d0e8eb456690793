"""What stands between a mouth and the samples, as far as it is linear: room, microphone, distance."""

import numpy as np
import scipy.fft

from model_builder.audio.noise import DB_PER_FACTOR_OF_TWO, octaves_of
from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm


def room_response(reverberation_s: float, direct_to_reverberant_db: float, rng: np.random.Generator) -> Pcm:
    """The direct sound and exponentially decaying noise, 60 dB down after `reverberation_s` (Polack 1988's model).

    float32, shape (reverberation_s * 16000,); the first sample is 1.
    """
    taps = int(reverberation_s * SAMPLE_RATE_HZ)
    decay = np.exp(np.arange(taps, dtype=np.float32) * np.float32(-3 * np.log(10) / taps))
    tail: Pcm = rng.standard_normal(taps, dtype=np.float32) * decay
    tail *= np.float32(10 ** (-direct_to_reverberant_db / 20)) / np.sqrt(tail @ tail)
    tail[0] = 1.0
    return tail


def convolved(pcm: Pcm, response: Pcm, tilt_db_per_octave: float = 0.0) -> Pcm:
    """`pcm` through an impulse response and a tilt, which leaves 1 kHz and all phases as they are: float32, shape of `pcm`.

    One product of spectra for all of it, however many filters made the response. What rings on beyond the end of `pcm` is cut off.
    """
    size = scipy.fft.next_fast_len(len(pcm) + len(response) - 1, real=True)
    spectrum = scipy.fft.rfft(pcm, size)                                                       # (size / 2 + 1,)
    spectrum *= scipy.fft.rfft(response, size)
    if tilt_db_per_octave:
        spectrum *= np.exp2(octaves_of(size) * np.float32(tilt_db_per_octave / DB_PER_FACTOR_OF_TWO))
    return np.asarray(scipy.fft.irfft(spectrum, size)[: len(pcm)])
