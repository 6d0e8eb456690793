from pathlib import Path

import pytest

from model_builder.cli.corpora import read_clips
from model_builder.corpora import load_corpus
from model_builder.corpora.survey import survey
from model_builder.errors import UserError
from tests.recordings import speech_like, write_wav

MELD_HEADER = "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,EndTime"


def write_table(folder: Path, *lines: str, name: str = "labels.csv", encoding: str = "utf-8") -> Path:
    (folder / name).write_bytes("\n".join([*lines, ""]).encode(encoding))
    return folder / name


@pytest.fixture
def recordings(tmp_path) -> Path:
    (tmp_path / "wav").mkdir()
    for index, name in enumerate(("a.wav", "b.flac", "c.ogg")):
        write_wav(tmp_path / "wav" / name, speech_like(0.2, seed=index), subtype="VORBIS" if name.endswith("ogg") else "PCM_16")
    return tmp_path


def test_a_manifest_says_file_emotion_and_speaker(recordings):
    rows = ("wav/a.wav,anger,Ada", f"{recordings}/wav/b.flac,Joy,Bea", "", "wav/c.ogg, fear ,Ada")
    table = write_table(recordings, "file,emotion,speaker", *rows)
    corpus = load_corpus("manifest", table)
    assert [(u.path.name, u.speaker, u.emotion, u.group) for u in corpus.utterances] == [
        ("a.wav", "manifest:Ada", "angry", "manifest:Ada"),
        ("b.flac", "manifest:Bea", "happy", "manifest:Bea"),
        ("c.ogg", "manifest:Ada", "fearful", "manifest:Ada"),
    ]
    assert not corpus.warnings
    assert len(survey(corpus).usable) == 3


def test_everyday_speech_that_nobody_labelled_is_told_apart(recordings):
    table = write_table(recordings, "file,emotion,speaker,assumed", "wav/a.wav,neutral,Ada,yes", "wav/b.flac,neutral,Bea,")
    assert [utterance.is_label_assumed for utterance in load_corpus("manifest", table).utterances] == [True, False]


def test_group_and_dimensions_are_read_where_they_are_given(recordings):
    table = write_table(
        recordings,
        "Dominance,Speaker,File,Emotion,Group,Valence,Arousal,notes",
        '5,Ada,wav/a.wav,angry,monday,1,4.5,"loud, close"',
        ",Bea,wav/b.flac,sad,,2.25,,",
        encoding="utf-8-sig",
    )
    first, second = load_corpus("manifest", table).utterances
    assert (first.group, first.valence, first.arousal, first.dominance) == ("manifest:group monday", 1.0, 4.5, 5.0)
    assert (second.group, second.valence, second.arousal, second.dominance) == ("manifest:Bea", 2.25, None, None)


def test_words_for_emotions_that_are_not_known_are_counted_in_a_warning(recordings):
    table = write_table(recordings, "file,emotion,speaker", "wav/a.wav,hapy,Ada", "wav/b.flac,bored,Ada", "wav/c.ogg,bored,Ada")
    corpus = load_corpus("manifest", table)
    assert [u.emotion for u in corpus.utterances] == ["hapy", "bored", "bored"]
    [warning] = corpus.warnings
    assert "3 recordings are left out of the four classes" in warning
    assert "bored (2), hapy (1)" in warning


def test_a_missing_recording_is_named_by_the_survey(recordings):
    table = write_table(recordings, "file,emotion,speaker", "wav/a.wav,angry,Ada", "wav/gone.wav,sad,Ada")
    found = survey(load_corpus("manifest", table))
    assert len(found.usable) == 1
    assert "gone.wav: No such file" in str(found.unreadable[0])


def write_meld(folder: Path, *suffixes: str) -> Path:
    """The dialogues 0 and 12 as MELD's train_sent_emo.csv has them, with a recording for each suffix."""
    places = ["dia0_utt0", "dia0_utt1", "dia12_utt0"]
    for index, (name, suffix) in enumerate(zip(places, suffixes, strict=False)):
        write_wav(folder / f"{name}{suffix}", speech_like(0.2, seed=index))
    return write_table(
        folder,
        MELD_HEADER,
        '1,"I was the point person on my company\x92s transition, right?",Chandler,neutral,neutral,0,0,8,21,"00:16:16,059","00:16:21,731"',
        '2,You mustve had your hands full.,The Interviewer,surprise,positive,0,1,8,21,"00:16:21,940","00:16:23,442"',
        '3,That I did!,Chandler,joy,positive,12,0,8,21,"00:16:23,442","00:16:26,389"',
        name="train_sent_emo.csv",
    )


def test_melds_own_table_finds_its_recordings_beside_it(tmp_path):
    table = write_meld(tmp_path, ".wav", ".flac", ".wav")
    write_wav(tmp_path / "._dia0_utt0.wav", speech_like(0.1))
    corpus = load_corpus("manifest", table)
    assert [(u.path.name, u.speaker, u.emotion) for u in corpus.utterances] == [
        ("dia0_utt0.wav", "manifest:Chandler", "neutral"),
        ("dia0_utt1.flac", "manifest:The Interviewer", "surprised"),
        ("dia12_utt0.wav", "manifest:Chandler", "happy"),
    ]
    assert not corpus.warnings


def test_a_recording_that_meld_lacks_is_named_by_the_survey(tmp_path):
    found = survey(load_corpus("manifest", write_meld(tmp_path, ".wav", ".wav")))
    assert len(found.usable) == 2
    assert "dia12_utt0.wav" in str(found.unreadable[0])


def test_melds_videos_must_be_turned_into_recordings_first(tmp_path):
    table = write_meld(tmp_path)
    (tmp_path / "dia0_utt1.mp4").touch()
    with pytest.raises(UserError, match=r"train_sent_emo\.csv: every recording is a video, such as .*; .*ffmpeg -i dia0_utt1\.mp4"):
        load_corpus("manifest", table)


@pytest.mark.parametrize("content", [b"", bytes(1000), b"\0\0\0\x20ftypisom\0\0\2\0" + b"\xff\xfb\x90\0" * 500])
def test_a_video_that_nothing_decodes_is_one_unreadable_file_beside_good_recordings(tmp_path, content):
    """As `dia125_utt3.mp4` of MELD's training part, of which ffmpeg makes no recording."""
    table = write_meld(tmp_path, ".wav")
    (tmp_path / "dia12_utt0.mp4").write_bytes(content)
    write_wav(tmp_path / "dia0_utt1.wav", speech_like(0.3))
    corpus = load_corpus("manifest", table)
    found = survey(corpus)
    assert [clip.utterance.path.name for clip in found.usable] == ["dia0_utt0.wav", "dia0_utt1.wav"]
    assert ["dia12_utt0.mp4" in str(error) for error in found.unreadable] == [True]
    assert "1 videos have no recording beside them (first: dia12_utt0.mp4)" in corpus.warnings[0]
    assert len(read_clips([f"manifest={table}"], skip_unreadable=True)[0]) == 1
    with pytest.raises(UserError, match=r"1 of 2 files cannot be read .*--skip-unreadable"):
        read_clips([f"manifest={table}"], skip_unreadable=False)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ([], r"line 1: no column file, emotion, speaker among none; the first line names the columns"),
        (["file,emotion,speaker"], "no line below the header"),
        (["file;emotion;speaker", "wav/a.wav;sad;Ada"], "line 1: no column file, emotion, speaker among file;emotion;speaker"),
        (["file,emotion", "wav/a.wav,sad"], "line 1: no column speaker among file, emotion"),
        (["Dialogue_ID,Emotion,Speaker", "1,sad,Ada"], "line 1: no column utterance_id"),
        (["file,emotion,speaker,File", "wav/a.wav,sad,Ada,"], "line 1: column file comes twice"),
        (["file,emotion,speaker", "wav/a.wav,sad,Ada", "wav/b.flac,,Ada"], "line 3: emotion is empty; fill it in"),
        (["file,emotion,speaker", "wav/a.wav,sad,"], "line 2: speaker is empty"),
        (["file,emotion,speaker", ",sad,Ada"], "line 2: file is empty"),
        (["file,emotion,speaker", "wav/a.wav,sad,Ada,Bea"], "line 2: 4 values for 3 columns; put values that hold commas in quotes"),
        (["file,emotion,speaker", "wav/a.wav,sad"], "line 2: 2 values for 3 columns"),
        (["file,emotion,speaker", 'wav/a.wav,sad,"Ada'], "line 2: unexpected end of data"),
        (["file,emotion,speaker,valence", "wav/a.wav,sad,Ada,low"], "line 2: valence is 'low'; write a number from 1 to 5"),
        (["file,emotion,speaker,arousal", "wav/a.wav,sad,Ada,7"], "line 2: arousal is '7'; write a number from 1 to 5"),
        (["file,emotion,speaker,dominance", "wav/a.wav,sad,Ada,nan"], "line 2: dominance is 'nan'"),
        (["file,emotion,speaker,assumed", "wav/a.wav,neutral,Ada,maybe"], "line 2: assumed is 'maybe'; write yes or no"),
        (["file,emotion,speaker", "a.wav,sad,Ada", "b.wav,sad,Ada"], "line 2: .*a.wav does not exist, nor does any other of the 2"),
        (["Dialogue_ID,Utterance_ID,Emotion,Speaker", "one,0,sad,Ada"], "line 2: Dialogue_ID 'one' or Utterance_ID '0' is no number"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_file_line_and_remedy(recordings, lines, complaint):
    table = write_table(recordings, *lines)
    with pytest.raises(UserError, match=rf"manifest: .*labels\.csv(: |, ){complaint}"):
        load_corpus("manifest", table)


def test_a_table_in_another_encoding_is_refused(recordings):
    table = write_table(recordings, "file,emotion,speaker", "wav/b.flac,sad,Ada", "wav/a.wav,sad,Zoë", encoding="latin-1")
    with pytest.raises(UserError, match=r"labels\.csv, line 3: not UTF-8 text; save it as CSV in UTF-8"):
        load_corpus("manifest", table)


def test_a_folder_or_a_missing_file_is_refused(recordings):
    write_table(recordings, "file,emotion,speaker")
    with pytest.raises(UserError, match=r"is a folder; give the CSV file itself, here labels\.csv"):
        load_corpus("manifest", recordings)
    with pytest.raises(UserError, match=r"nowhere\.csv: No such file or directory; give the CSV file"):
        load_corpus("manifest", recordings / "nowhere.csv")


@pytest.mark.parametrize("name", ["x" * 300 + ".wav", "a\0.wav", "../" * 50 + "etc/passwd", "/dev/zero"])
def test_a_hostile_name_of_a_recording_is_one_unreadable_file(recordings, name):
    [corpus] = [load_corpus("manifest", write_table(recordings, "file,emotion,speaker", "wav/a.wav,angry,1", f"{name},sad,2"))]
    assert len(survey(corpus).unreadable) == 1
