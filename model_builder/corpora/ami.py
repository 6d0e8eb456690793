"""AMI meetings: people who talk to each other, for voices that act nothing (Carletta et al. 2005; CC BY 4.0).

Nobody labelled their emotions. Their speech is taken as neutral: a model that was trained on actors alone takes everyday speech for
angry or happy.
"""

from pathlib import Path

from model_builder.corpora.corpus import Corpus, left_out_warning, search_corpus, unread_warnings
from model_builder.corpora.rttm import read_rttm, recordings_of
from model_builder.corpora.utterance import Utterance
from model_builder.errors import UserError

NAME = "ami"
TURNS = "reference.rttm"
SHORTEST_TURN_S = 1.2
PIECE_S = 2.5


def load(folder: Path) -> Corpus:
    """Pieces of about 2.5 s out of the speaker turns in `reference.rttm`, of the recordings that lie below the folder.

    Recordings have AMI's own names (`ES2002a.Mix-Headset.wav`) or those of the table (`ES2002a.wav`), as in `recordings_of`.
    Turns may overlap with others'. The speaker of a piece is who has the turn. Warns of recordings and turns that do not fit.
    Raises UserError for a table that is not RTTM, or without turns of these recordings.
    """
    table = folder / TURNS
    turns = read_rttm(table)
    inside = search_corpus(folder)
    files = recordings_of(turns, inside.recordings)
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
    warnings = [f"{NAME}: {len(utterances)} pieces of meetings are taken as neutral; nobody labelled them"]
    if absent := [name for name in turns if name not in files]:
        warnings.append(f"{NAME}: {len(absent)} recordings of {TURNS} are not below {folder} (first: {absent[0]})")
    used = set(files.values())
    warnings += left_out_warning(NAME, {f"without turns of their own in {TURNS}": [path for path in inside.recordings if path not in used]})
    return Corpus(NAME, tuple(utterances), (*warnings, *unread_warnings(NAME, inside)), problems=tuple(inside.problems))
