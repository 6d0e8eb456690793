"""AMI meetings: people who talk to each other, for voices that act nothing (Carletta et al. 2005; CC BY 4.0).

Nobody labelled their emotions. What is said in these meetings is taken as neutral: a model that has only heard actors takes
everyday speech for angry or happy.
"""

from pathlib import Path

from model_builder.corpora.corpus import Corpus
from model_builder.corpora.utterance import Utterance, recordings
from model_builder.errors import UserError

NAME = "ami"
TURNS = "reference.rttm"
SHORTEST_TURN_S = 1.2
PIECE_S = 2.5


def load(folder: Path) -> Corpus:
    """Pieces of about 2.5 s out of the speaker turns in `reference.rttm`, of the recordings that lie beside it.

    Turns may overlap with others'. The speaker of a piece is who has the turn. Raises UserError for a table that is not RTTM (NIST,
    2009), or without turns of these recordings.
    """
    table = folder / TURNS
    files = {path.stem: path for path in recordings(folder)}
    utterances = []
    try:
        lines = table.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{table}: cannot be read ({error}); give the folder with the recordings and their {TURNS}") from error
    for number, line in enumerate(lines, start=1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER" or fields[1] not in files:
            continue
        try:
            start_s, length_s, speaker = float(fields[3]), float(fields[4]), fields[7]
        except (IndexError, ValueError) as error:
            raise UserError(f"{table}, line {number}: not a turn as RTTM has it; copy the file again") from error
        if length_s < SHORTEST_TURN_S:
            continue
        pieces = max(1, round(length_s / PIECE_S))
        for piece in range(pieces):
            bounds = (start_s + length_s * piece / pieces, start_s + length_s * (piece + 1) / pieces)
            utterances.append(Utterance(files[fields[1]], NAME, f"{NAME}:{speaker}", "neutral", span_s=bounds))
    if not utterances:
        raise UserError(f"{table}: has no turn of {SHORTEST_TURN_S} s or more in a recording beside it; copy both again")
    warning = f"{NAME}: {len(utterances)} pieces of meetings are taken as neutral; nobody labelled them"
    return Corpus(NAME, tuple(utterances), warnings=(warning,))
