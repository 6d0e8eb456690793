"""Undertone's model builder: recordings in, a verified speech emotion asset for the Android app out.

The library is what `__all__` lists; docs/library.md shows it. Its parts are imported when they are first used: some take seconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model_builder.audio.reading import find_recordings
    from model_builder.errors import AudioError, UserError
    from model_builder.inference.prediction import Prediction, Recording, Rejected
    from model_builder.inference.predictor import EmotionPredictor
    from model_builder.inference.stream import EmotionStream, StreamPrediction, predict_stream

__all__ = [
    "AudioError",
    "EmotionPredictor",
    "EmotionStream",
    "Prediction",
    "Recording",
    "Rejected",
    "StreamPrediction",
    "UserError",
    "find_recordings",
    "predict_stream",
]
_MODULES = {
    "audio.reading": ("find_recordings",),
    "errors": ("AudioError", "UserError"),
    "inference.prediction": ("Prediction", "Recording", "Rejected"),
    "inference.predictor": ("EmotionPredictor",),
    "inference.stream": ("EmotionStream", "StreamPrediction", "predict_stream"),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("undertone-model-builder")
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"model_builder.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
