"""AMI meetings: people who talk to each other, for voices that act nothing (Carletta et al. 2005; CC BY 4.0).

Nobody labelled their emotions. What is said in these meetings is taken as neutral: a model that has only heard actors takes
everyday speech for angry or happy.
"""

from pathlib import Path

from model_builder.corpora.corpus import Corpus
from model_builder.corpora.rttm import read_rttm
from model_builder.corpora.utterance import Utterance, recordings
from model_builder.errors import UserError

NAME = "ami"
TURNS = "reference.rttm"
SHORTEST_TURN_S = 1.2
PIECE_S = 2.5


def load(folder: Path) -> Corpus:
    """Pieces of about 2.5 s out of the speaker turns in `reference.rttm`, of the recordings that lie beside it.

    Turns may overlap with others'. The speaker of a piece is who has the turn. Raises UserError for a table that is not RTTM, or
    without turns of these recordings.
    """
    table = folder / TURNS
    turns = read_rttm(table)
    files = {path.stem: path for path in recordings(folder)}
    utterances = []
    for name, turn in ((name, turn) for name, spoken in turns.items() if name in files for turn in spoken):
        length_s = turn.end_s - turn.start_s
        if length_s < SHORTEST_TURN_S:
            continue
        pieces = max(1, round(length_s / PIECE_S))
        for piece in range(pieces):
            bounds = (turn.start_s + length_s * piece / pieces, turn.start_s + length_s * (piece + 1) / pieces)
            speaker = f"{NAME}:{turn.speaker}"
            utterances.append(Utterance(files[name], NAME, speaker, "neutral", span_s=bounds, is_label_assumed=True))
    if not utterances:
        raise UserError(f"{table}: has no turn of {SHORTEST_TURN_S} s or more in a recording beside it; copy both again")
    warning = f"{NAME}: {len(utterances)} pieces of meetings are taken as neutral; nobody labelled them"
    return Corpus(NAME, tuple(utterances), warnings=(warning,))
