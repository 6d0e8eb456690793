"""IEMOCAP is licensed; what is tested here is generated in the exact layout of its official archive."""

import time
from pathlib import Path

import pytest

from model_builder.corpora import load_corpus
from model_builder.corpora.iemocap import FOUR_CLASS_UTTERANCES
from model_builder.corpora.survey import survey
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from tests.official_layouts import IEMOCAP_HEADER, iemocap_block, write_dialog
from tests.recordings import speech_like, write_wav


@pytest.fixture
def iemocap(tmp_path) -> Path:
    """Two sessions: every label that the release knows, both voices, improvised and scripted dialogs."""
    root = tmp_path / "IEMOCAP_full_release"
    labels = ("ang", "hap", "exc", "neu", "sad", "fru", "fea", "sur", "dis", "oth", "xxx")
    write_dialog(root, "Ses01F_impro01", {f"F{index:03}": label for index, label in enumerate(labels)})
    write_dialog(root, "Ses01M_script01_1b", {"M000": "ang", "F000": "neu"})
    write_dialog(root, "Ses05M_impro05a", {"M000": "exc", "F000": "xxx"})
    return root


def test_labels_become_the_four_classes_and_the_corpuss_other_words(iemocap):
    emotions = {u.path.stem: u.emotion for u in load_corpus("iemocap", iemocap).utterances}
    assert [emotions[f"Ses01F_impro01_F{index:03}"] for index in range(11)] == [
        "angry", "happy", "happy", "neutral", "sad", "frustrated", "fearful", "surprised", "disgusted", "other", "undecided",
    ]  # fmt: skip
    assert emotions["Ses05M_impro05a_M000"] == "happy"
    assert len(emotions) == 15
    assert sum(emotion in LABELS for emotion in emotions.values()) == 8


def test_the_speaker_is_who_says_the_turn_and_not_who_wears_the_markers(iemocap):
    found = {u.path.stem: (u.speaker, u.sex, u.group) for u in load_corpus("iemocap", iemocap).utterances}
    assert found["Ses01M_script01_1b_F000"] == ("iemocap:Ses01F", "female", "iemocap:Session1")
    assert found["Ses01M_script01_1b_M000"] == ("iemocap:Ses01M", "male", "iemocap:Session1")
    assert found["Ses01F_impro01_F000"] == ("iemocap:Ses01F", "female", "iemocap:Session1")
    assert found["Ses05M_impro05a_M000"] == ("iemocap:Ses05M", "male", "iemocap:Session5")


def test_activation_is_arousal_and_values_are_the_listeners_means(tmp_path):
    table = write_dialog(tmp_path, "Ses02F_impro03", {"F000": "sad"})
    table.write_text(IEMOCAP_HEADER + iemocap_block("Ses02F_impro03_F000", "sad", "1.6667, 4.5000, 5.5"))  # means beyond 5 do occur
    [utterance] = load_corpus("iemocap", tmp_path).utterances
    assert (utterance.valence, utterance.arousal, utterance.dominance) == (1.6667, 4.5, 5.5)


def test_a_turns_recording_lies_in_the_folder_of_its_dialog(iemocap):
    found = {u.path.relative_to(iemocap).as_posix() for u in load_corpus("iemocap", iemocap).utterances}
    assert "Session1/sentences/wav/Ses01M_script01_1b/Ses01M_script01_1b_F000.wav" in found


def test_flac_is_taken_like_wav(tmp_path):
    write_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu"}, with_audio=False)
    write_wav(tmp_path / "Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.flac", speech_like(0.3))
    assert len(survey(load_corpus("iemocap", tmp_path)).usable) == 1


def test_a_label_without_a_recording_is_named_and_does_not_count(tmp_path):
    write_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu", "F001": "sad"}, with_audio=False)
    write_wav(tmp_path / "Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav", speech_like(0.3))
    found = survey(load_corpus("iemocap", tmp_path))
    assert "Ses01F_impro01_F001.wav: No such file" in str(found.unreadable[0])
    assert "Session1 1 of 1,085" in found.warnings[0]


def test_hidden_files_are_ignored_and_named(iemocap):
    labels = iemocap / "Session5/dialog/EmoEvaluation"
    (labels / "._Ses05M_impro05a.txt").write_bytes(b"\x00\x05\x16\x07[\xff\xfe\n[1.0 - 2.0]\tnonsense\n")
    (iemocap / "Session5/sentences/wav/Ses05M_impro05a/._Ses05M_impro05a_M000.wav").write_bytes(b"\x00\x05\x16\x07")
    corpus = load_corpus("iemocap", iemocap)
    assert len(corpus.utterances) == 15
    assert corpus.ignored == (labels / "._Ses05M_impro05a.txt",)


def test_remarks_in_another_encoding_do_not_matter(tmp_path):
    table = write_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu"})
    table.write_bytes(table.read_bytes().replace(b"mildly", "f\u00e2ch\u00e9".encode("latin-1")).replace(b"\n", b"\r\n"))
    assert len(load_corpus("iemocap", tmp_path).utterances) == 1


def rewritten(name: str, content: bytes) -> bytes:
    return {"CRLF": content.replace(b"\n", b"\r\n"), "CR": content.replace(b"\n", b"\r"), "BOM": b"\xef\xbb\xbf" + content}[name]


@pytest.mark.parametrize("form", ["CRLF", "CR", "BOM"])
@pytest.mark.parametrize("with_header", [True, False])
def test_line_ends_and_byte_order_marks_change_nothing(form, with_header, tmp_path):
    table = write_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu", "M001": "ang"})
    expected = load_corpus("iemocap", tmp_path)
    content = table.read_bytes() if with_header else table.read_bytes().partition(b"\n\n")[2]
    table.write_bytes(rewritten(form, content))
    assert load_corpus("iemocap", tmp_path) == expected


def test_a_tie_of_the_listeners_is_undecided_and_no_class(tmp_path):
    """Two for anger, two for frustration: the release's label is xxx, and no reading of the listeners' lines may change that."""
    table = write_dialog(tmp_path, "Ses01F_impro01", {"F000": "xxx", "F001": "ang"})
    listeners = "C-E2:\tAnger;\t()\nC-E3:\tFrustration;\t()\nC-E4:\tAnger; Frustration;\t()\n"
    table.write_text(f"{IEMOCAP_HEADER}\n{turn_line('F000', 'xxx')}{listeners}\n{turn_line('F001', 'ang')}{listeners}")
    emotions = {u.path.stem[-4:]: u.emotion for u in load_corpus("iemocap", tmp_path).utterances}
    assert emotions == {"F000": "undecided", "F001": "angry"}


def turn_line(turn: str, emotion: str) -> str:
    return f"[6.2901 - 8.2357]\tSes01F_impro01_{turn}\t{emotion}\t[2.5000, 2.5000, 2.5000]\n"


def test_what_a_minority_of_listeners_chose_is_no_label(tmp_path):
    table = write_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu"})
    listeners = "C-E2:\tNeutral;\t()\nC-E3:\tNeutral;\t()\nC-E4:\tSadness; Disgust; Other;\t(bored, [ang])\nC-F1:\tAnger;\t()\n"
    table.write_text(f"{IEMOCAP_HEADER}\n{turn_line('F000', 'neu')}{listeners}")
    assert [u.emotion for u in load_corpus("iemocap", tmp_path).utterances] == ["neutral"]


@pytest.mark.parametrize("place", ["Categorical", "Attribute", "Self-evaluation", "."])
def test_the_evaluators_own_files_label_nothing(place, tmp_path):
    """Each evaluator has a file a dialog in folders beside the tables; some copies of the release have them among the tables."""
    table = write_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu"})
    before = load_corpus("iemocap", tmp_path)
    folder = table.parent / place
    (folder / "Ses01F_impro01_e4_cat.txt").write_text("Ses01F_impro01_F000  :Anger; ()\nSes01F_impro01_F001  :Sadness; (tired)\n")
    (folder / "Ses01F_impro01_e4_atr.txt").write_text("Ses01F_impro01_F000  :act  5; :val  1; :dom  5; ()\n")
    assert load_corpus("iemocap", tmp_path) == before


def test_hidden_files_in_every_folder_change_nothing(iemocap):
    before = load_corpus("iemocap", iemocap)
    folders = [folder for folder in [iemocap, *iemocap.rglob("*")] if folder.is_dir()]
    for folder in folders:
        for name in ("._Session1", "._Ses01F_impro01", "._Ses01F_impro01_F000.wav", ".DS_Store", "._Ses01F_impro01.txt"):
            (folder / name).write_bytes(b"\x00\x05\x16\x07[1.0 - 2.0]\tSes01F_impro01_F000\tang\t[1.0, 1.0, 1.0]\n")
    after = load_corpus("iemocap", iemocap)
    assert (after.utterances, after.warnings) == (before.utterances, before.warnings)
    assert {path.name for path in after.ignored} == {"._Ses01F_impro01.txt"}


def test_a_copy_of_a_table_counts_once_and_another_label_is_refused(tmp_path):
    table = write_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu"})
    copy = table.with_name("Ses01F_impro01 (copy).txt")
    copy.write_text(table.read_text())
    corpus = load_corpus("iemocap", tmp_path)
    assert len(corpus.utterances) == 1
    assert corpus.warnings[-1] == "iemocap: left out 1 recording labelled twice alike, once (first: Ses01F_impro01_F000.wav)"
    copy.write_text(table.read_text().replace("\tneu\t", "\tsad\t"))
    with pytest.raises(UserError, match=r"Ses01F_impro01_F000 has another label in .*; keep one of these files"):
        load_corpus("iemocap", tmp_path)


def test_a_session_in_the_folder_of_another_one_is_refused(iemocap):
    """Else its speakers would be left out of the wrong fold."""
    (iemocap / "Session5").rename(iemocap / "Session2")
    with pytest.raises(UserError, match=r"line 3: Ses05M_impro05a_M000 is not of Session2; unpack the release again"):
        load_corpus("iemocap", iemocap)


def write_release(root: Path, counts: dict[str, int]) -> None:
    """Label files and empty recordings of as many four-class turns a session, and one undecided turn."""
    labels = ("ang", "hap", "exc", "neu", "sad")
    for number, count in enumerate(counts.values(), start=1):
        turns = {f"{'FM'[turn % 2]}{turn:04}": labels[turn % 5] for turn in range(count)}
        write_dialog(root, f"Ses0{number}F_script01_1", {**turns, "F9999": "xxx"})


def test_an_official_release_of_5531_turns_raises_no_warning(tmp_path):
    write_release(tmp_path, FOUR_CLASS_UTTERANCES)
    corpus = load_corpus("iemocap", tmp_path)
    assert sum(u.emotion in LABELS for u in corpus.utterances) == 5531
    assert len({u.speaker for u in corpus.utterances}) == 10
    assert not corpus.warnings


def test_other_counts_than_the_official_ones_are_told_session_by_session(tmp_path):
    write_release(tmp_path, FOUR_CLASS_UTTERANCES | {"Session2": 1020, "Session4": 1032})
    [warning] = load_corpus("iemocap", tmp_path).warnings
    assert warning.startswith("iemocap: 5,529 recordings of the four classes where the official release has 5,531")
    assert "(Session2 1,020 of 1,023, Session4 1,032 of 1,031)" in warning


@pytest.mark.parametrize(
    "line",
    [
        "[6.2901 - 8.2357]\tSes01F_impro01_F000\thapy\t[2.5000, 2.5000, 2.5000]",
        "[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000]",
        "[6.2901 - 8.2357]\tSes01F_impro01\tneu\t[2.5000, 2.5000, 2.5000]",
        "[6.2901 - 8.2357]\tneu",
    ],
)
def test_a_label_line_that_cannot_be_read_is_named_with_its_number(tmp_path, line):
    table = write_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu"})
    table.write_text(table.read_text() + line + "\n")
    with pytest.raises(UserError, match=r"iemocap: .*Ses01F_impro01\.txt, line 11: .* is not"):
        load_corpus("iemocap", tmp_path)


def test_the_wrong_folder_is_refused_with_the_right_one(iemocap):
    with pytest.raises(UserError, match=r"give the folder that holds Session1 to Session5 \(IEMOCAP_full_release\)"):
        load_corpus("iemocap", iemocap.parent)


def test_a_hostile_label_line_is_refused_at_once(tmp_path):
    """A pattern without bounds would try every way to share such a line between its parts: hours."""
    turn = "Ses01F_" + "_F" * 100_000
    table = write_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu"})
    table.write_text(f"[1.0 - 2.0]\t{turn}!\tneu\t[2.5, 2.5, 2.5]\n")
    start_s = time.process_time()
    with pytest.raises(UserError, match=r"line 1: .* is not") as refused:
        load_corpus("iemocap", tmp_path)
    assert time.process_time() - start_s < 2
    assert len(str(refused.value)) < 1_000


def test_numbers_beyond_any_recording_are_refused(tmp_path):
    table = write_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu"})
    table.write_text(table.read_text().replace("2.5000", "9" * 400))
    with pytest.raises(UserError, match=r"line .* is not"):
        load_corpus("iemocap", tmp_path)
