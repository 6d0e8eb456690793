"""What arXiv 2512.23435 reports, by its abstract and by version 1's figures of RAVDESS."""

from dataclasses import dataclass

PAPER = "arXiv 2512.23435"
GAIN = "the abstract says percent, taken as points here"


@dataclass(frozen=True)
class PaperFigure:
    """One figure of the paper. value: a share in 0..1 or a difference of shares."""

    key: str
    title: str
    value: float
    note: str = ""


FIGURES = (
    PaperFigure("target_ua", "IEMOCAP with CREMA-D, UA", 0.614),
    PaperFigure("gain_wa", "gain of CREMA-D, WA", 0.012, GAIN),
    PaperFigure("gain_macro_f1", "gain of CREMA-D, macro F1", 0.014, GAIN),
    PaperFigure("gain_neutral_f1", "gain of CREMA-D, F1 of neutral", 0.054, GAIN),
    PaperFigure("variance_reduction", "variance of WA over folds that CREMA-D takes away", 0.32),
    PaperFigure("zero_shot_wa", "RAVDESS zero-shot, 864 clips, accuracy", 374 / 864, "version 1; the abstract of version 2 has 46.64 %"),
    PaperFigure("zero_shot_angry", "RAVDESS zero-shot, recall of angry", 0.97, "version 1; 99 % in version 2"),
    PaperFigure("zero_shot_sad", "RAVDESS zero-shot, recall of sad", 0.64, "version 1; 27 % in version 2"),
    PaperFigure("parameter_reduction", "parameters less than wav2vec 2.0 large", 0.92, "about, by the abstract"),
)

WAV2VEC2_PARAMETERS = {"wav2vec 2.0 base": 95_000_000, "wav2vec 2.0 large": 317_000_000}
"""Baevski et al. 2020, arXiv 2006.11477, section 4.2, in millions."""

OTHERS = (
    ("HuBERT base, frozen (EmoBox)", "IEMOCAP, UA", 0.6387),
    ("HuBERT base, frozen (EmoBox)", "RAVDESS, trained on IEMOCAP, UA", 0.42),
    ("wav2vec 2.0 base, frozen (SUPERB)", "IEMOCAP, WA", 0.6343),
    ("HuBERT base, frozen (SUPERB)", "IEMOCAP, WA", 0.6492),
)
"""Published figures of larger encoders on the same corpora: system, what, share in 0..1."""
