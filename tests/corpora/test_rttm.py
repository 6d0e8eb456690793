"""RTTM files, good and bad."""

import pytest

from model_builder.corpora.rttm import Turn, read_rttm
from model_builder.errors import UserError


def test_turns_are_read_by_recording(tmp_path):
    path = tmp_path / "reference.rttm"
    path.write_text(
        "SPEAKER a 1 2.977 0.391 <NA> <NA> MÉO069 <NA> <NA>\n\nSPEAKER b 1 0 1.5 <NA> <NA> x <NA> <NA>\n"
        "SPEAKER a 1 3.0 1.0 <NA> <NA> y <NA> <NA>\n",
        encoding="utf-8",
    )
    assert read_rttm(path) == {
        "a": [Turn(2.977, pytest.approx(3.368), "MÉO069"), Turn(3.0, 4.0, "y")],
        "b": [Turn(0.0, 1.5, "x")],
    }


REST = "<NA> <NA> x <NA> <NA>"
NO_TURNS = [
    f"SPEAKER a 1 x 1 {REST}",
    f"LEXEME a 1 0 1 {REST}",
    f"SPEAKER a 1 -1 1 {REST}",
    f"SPEAKER a 1 0 nan {REST}",
    f"SPEAKER a 1 0 inf {REST}",
    f"SPEAKER a 1 0 1e12 {REST}",
    "SPEAKER a 1 0 1 <NA> <NA>",
    "SPEAKER",
]


@pytest.mark.parametrize("line", NO_TURNS)
def test_a_line_that_is_no_speaker_line_is_named(tmp_path, line):
    (tmp_path / "reference.rttm").write_text(f"SPEAKER a 1 0 1 {REST}\n{line}\n")
    with pytest.raises(UserError, match=r"reference\.rttm, line 2: no SPEAKER turn"):
        read_rttm(tmp_path / "reference.rttm")


def test_a_missing_file_is_named_with_what_to_give(tmp_path):
    with pytest.raises(UserError, match=r"reference\.rttm: cannot be read .*; give the folder with the recordings"):
        read_rttm(tmp_path / "reference.rttm")
