"""The corpora that say everything in their file names."""

from pathlib import Path

import pytest

from model_builder.corpora import load_corpus
from model_builder.corpora.survey import survey
from model_builder.corpora.utterance import LABELS, Utterance, Votes
from model_builder.errors import UserError
from tests.recordings import speech_like, write_wav


def load_named(corpus: str, folder: Path, *names: str) -> list[Utterance]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_wav(folder / name, speech_like(0.1))
    return list(load_corpus(corpus, folder).utterances)


def test_crema_d_says_speaker_emotion_and_level(tmp_path):
    found = load_named(
        "crema-d",
        tmp_path,
        "AudioWAV/1001_IEO_ANG_LO.wav",
        "AudioWAV/1001_IEO_HAP_MD.flac",
        "AudioWAV/1040_ITH_SAD_X.wav",
        "AudioWAV/1091_IEO_DIS_HI.wav",
        "AudioWAV/1091_WSI_FEA_XX.wav",
        "AudioWAV/1091_WSI_NEU_XX.wav",
        "AudioWAV/1091_WSI_NEU_XX (copy).wav",
    )
    assert [(u.speaker, u.emotion, u.intensity) for u in found] == [
        ("crema-d:1001", "angry", "low"),
        ("crema-d:1001", "happy", "medium"),
        ("crema-d:1040", "sad", "unspecified"),
        ("crema-d:1091", "disgusted", "high"),
        ("crema-d:1091", "fearful", "unspecified"),
        ("crema-d:1091", "neutral", "unspecified"),
    ]
    assert all(u.group == u.speaker and u.sex is None and u.valence is None for u in found)


@pytest.mark.parametrize("given", [".", "AudioWAV"])
def test_crema_d_takes_the_actors_sex_from_its_demographics(tmp_path, given):
    load_named("crema-d", tmp_path, "AudioWAV/1001_DFA_ANG_XX.wav", "AudioWAV/1002_DFA_ANG_XX.wav", "AudioWAV/1091_DFA_ANG_XX.wav")
    (tmp_path / "VideoDemographics.csv").write_text(
        '"ActorID","Age","Sex","Race","Ethnicity"\n1001,51,"Male","Caucasian","Not Hispanic"\n1002,21,"Female","Caucasian","Not Hispanic"\n'
    )
    assert [u.sex for u in load_corpus("crema-d", tmp_path / given).utterances] == ["male", "female", None]


@pytest.mark.parametrize("text", ["ActorID;Sex\n1001;Male\n", "ActorID,Sex\n1001,m\n"])
def test_demographics_of_another_form_are_refused_by_name(tmp_path, text):
    (tmp_path / "VideoDemographics.csv").write_text(text)
    with pytest.raises(UserError, match=r"VideoDemographics\.csv: not CREMA-D's demographics"):
        load_named("crema-d", tmp_path, "1001_DFA_ANG_XX.wav")


VOTES = """"","A","D","F","H","N","S","fileName","numResponses"
"100001",3,0,0,0,1,0,"1001_DFA_ANG_XX",4
"200001",0,0,0,5,0,0,"1001_DFA_ANG_XX",5
"300001",5,0,0,0,0,0,"1001_DFA_ANG_XX",5
"100002",0,0,0,0,0,0,"1001_DFA_SAD_XX",0
"""


@pytest.mark.parametrize("given", [".", "AudioWAV"])
def test_crema_d_says_what_listeners_called_a_voice_but_not_what_they_called_a_silent_face(tmp_path, given):
    names = [f"AudioWAV/1001_DFA_{emotion}_XX.wav" for emotion in ("ANG", "HAP", "SAD")]
    load_named("crema-d", tmp_path, *names)
    (tmp_path / "tabulatedVotes.csv").write_text(VOTES)
    angry, happy, sad = load_corpus("crema-d", tmp_path / given).utterances
    assert angry.votes == Votes(voice=(0.75, 0, 0, 0, 0.25, 0), voice_and_face=(1, 0, 0, 0, 0, 0))
    assert happy.votes is sad.votes is None


@pytest.mark.parametrize("row", ["100001,3,0,0,0,1", "100001,3,0,0,0,1,x,1001_DFA_ANG_XX", "100001,3,0,0,0,1,-1,1001_DFA_ANG_XX"])
def test_votes_of_another_form_are_refused_by_name(tmp_path, row):
    (tmp_path / "tabulatedVotes.csv").write_text(f",A,D,F,H,N,S,fileName\n{row}\n")
    with pytest.raises(UserError, match=r"tabulatedVotes\.csv: not CREMA-D's votes"):
        load_named("crema-d", tmp_path, "1001_DFA_ANG_XX.wav")


RAVDESS = (
    "Actor_07/03-01-01-01-01-01-07.wav",
    "Actor_07/03-01-02-02-01-01-07.wav",
    "Actor_08/03-01-05-02-01-01-08.flac",
    "Actor_08/03-01-08-01-01-01-08.wav",
    "Actor_08/03-02-05-01-01-01-08.wav",  # a song
)


def test_ravdess_counts_calm_as_neutral_and_leaves_songs_out(tmp_path):
    found = load_named("ravdess", tmp_path, *RAVDESS)
    assert [(u.corpus, u.speaker, u.emotion, u.sex, u.intensity) for u in found] == [
        ("ravdess", "ravdess:07", "neutral", "male", "normal"),
        ("ravdess", "ravdess:07", "neutral", "male", "strong"),
        ("ravdess", "ravdess:08", "angry", "female", "strong"),
        ("ravdess", "ravdess:08", "surprised", "female", "normal"),
    ]


def test_ravdess_counts_what_it_leaves_out_in_one_line(tmp_path):
    """The sound of a film is that of the recording; archives are unpacked twice; notes and songs lie beside."""
    films = ("01-01-05-02-01-01-08", "02-01-05-02-01-01-08", "01-01-05-02-01-02-08")
    load_named("ravdess", tmp_path, *RAVDESS, *(f"film/{name}.wav" for name in films))
    load_named("ravdess", tmp_path, "again/Actor_07/03-01-01-01-01-01-07.wav", "notes.wav", "03-01-09-01-01-01-07.wav")
    corpus = load_corpus("ravdess", tmp_path)
    assert [u.path.stem for u in corpus.utterances if u.emotion == "angry"] == ["03-01-05-02-01-01-08", "01-01-05-02-01-02-08"]
    assert len(corpus.utterances) == 5
    assert corpus.warnings == (
        "ravdess: left out 1 recording of songs (channel 02) (first: 03-02-05-01-01-01-08.wav), 1 recording of films without sound "
        "(modality 02) (first: 02-01-05-02-01-01-08.wav), 2 recordings of the same performance as another (first: "
        "03-01-01-01-01-01-07.wav), 2 recordings with names that are not the corpus's (first: 03-01-09-01-01-01-07.wav)",
    )


@pytest.mark.parametrize(
    ("corpus", "names", "speakers"),
    [
        ("crema-d", ("AudioWAV/1001_DFA_ANG_XX.wav", "copy/1001_DFA_ANG_XX.wav"), 1),
        ("emo-db", ("wav/03a01Fa.wav", "wav/03a01Fa.flac"), 1),
        ("savee", ("DC/a01.wav", "JE/a01.wav"), 2),
        ("tess", ("OAF_angry/OAF_back_angry.wav", "TESS/OAF_angry/OAF_back_angry.wav"), 1),
    ],
)
def test_a_recording_that_lies_there_twice_counts_once(tmp_path, corpus, names, speakers):
    load_named(corpus, tmp_path, *names, "notes.wav")
    found = load_corpus(corpus, tmp_path)
    assert len(found.utterances) == speakers
    repeated = "" if speakers == 2 else "1 recording with the name of another (first: "
    assert repeated in found.warnings[-1]
    assert "1 recording with names that are not the corpus's (first: notes.wav)" in found.warnings[-1]


def test_a_recording_that_git_annex_did_not_fetch_is_one_unreadable_file(tmp_path):
    load_named("emo-db", tmp_path, "wav/03a01Fa.wav")
    (tmp_path / "wav/08a02Wb.wav").symlink_to("../.git/annex/objects/gone.wav")
    found = survey(load_corpus("emo-db", tmp_path))
    assert (found.clips, len(found.usable)) == (2, 1)
    assert "08a02Wb.wav: No such file" in str(found.unreadable[0])


@pytest.mark.parametrize("given", [".", "AudioWAV"])
def test_crema_d_finds_its_tables_where_the_official_repository_has_them(tmp_path, given):
    load_named("crema-d", tmp_path, "AudioWAV/1001_DFA_ANG_XX.wav")
    absent = load_corpus("crema-d", tmp_path / given)
    assert "no VideoDemographics.csv (sexes) and no tabulatedVotes.csv (votes) in " in absent.warnings[0]
    (tmp_path / "processedResults").mkdir()
    (tmp_path / "processedResults/tabulatedVotes.csv").write_text(VOTES)
    without_sexes = load_corpus("crema-d", tmp_path / given)
    assert without_sexes.utterances[0].votes == Votes(voice=(0.75, 0, 0, 0, 0.25, 0), voice_and_face=(1, 0, 0, 0, 0, 0))
    assert without_sexes.warnings[0].startswith("crema-d: no VideoDemographics.csv (sexes) in ")
    (tmp_path / "VideoDemographics.csv").write_text('"ActorID","Age","Sex"\n1001,51,"Male"\n')
    assert not load_corpus("crema-d", tmp_path / given).warnings


def test_ravdess_without_calm_keeps_calm_outside_the_four_classes(tmp_path):
    with_calm = load_named("ravdess", tmp_path, *RAVDESS)
    without = load_corpus("ravdess-without-calm", tmp_path).utterances
    assert [u.emotion for u in without] == ["neutral", "calm", "angry", "surprised"]
    assert [u.speaker for u in without] == [u.speaker for u in with_calm]
    assert {u.corpus for u in without} == {"ravdess-without-calm"}


def test_a_whole_ravdess_has_864_clips_with_calm_and_672_without(tmp_path):
    for actor in range(1, 25):
        for emotion in range(1, 9):
            for intensity in (1,) if emotion == 1 else (1, 2):
                for statement, repetition in ((1, 1), (1, 2), (2, 1), (2, 2)):
                    (tmp_path / f"03-01-{emotion:02}-{intensity:02}-{statement:02}-{repetition:02}-{actor:02}.wav").touch()
    counts = [
        sum(u.emotion in LABELS for u in load_corpus(name, tmp_path).utterances) for name in ("ravdess", "ravdess-without-calm")
    ]
    assert counts == [864, 672]


def test_real_ravdess_has_half_of_both_counts(data_folder):
    """12 of the 24 actors are to be had."""
    counts = [
        sum(u.emotion in LABELS for u in load_corpus(name, data_folder / "RAVDESS").utterances)
        for name in ("ravdess", "ravdess-without-calm")
    ]
    assert counts == [432, 336]


def test_emo_db_says_its_emotions_in_german(tmp_path):
    found = load_named(
        "emo-db", tmp_path, *(f"wav/{name}.wav" for name in ("03a01Fa", "08a02Wb", "09b10Nd", "13a05Ea", "14a07Ab", "15b03La", "16a04Tc"))
    )
    assert [(u.speaker, u.emotion, u.sex) for u in found] == [
        ("emo-db:03", "happy", "male"),
        ("emo-db:08", "angry", "female"),
        ("emo-db:09", "neutral", "female"),
        ("emo-db:13", "disgusted", "female"),
        ("emo-db:14", "fearful", "female"),
        ("emo-db:15", "bored", "male"),
        ("emo-db:16", "sad", "female"),
    ]


def test_tess_has_two_women_and_one_misspelt_name(tmp_path):
    found = load_named(
        "tess",
        tmp_path,
        "OAF_angry/OAF_back_angry.wav",
        "OAF_neutral/OA_bite_neutral.wav",
        "YAF_fear/YAF_youth_fear.wav",
        "YAF_ps/YAF_dog_ps.wav",
        "YAF_ps/YAF_dog_unknown.wav",
    )
    assert [(u.speaker, u.emotion, u.sex) for u in found] == [
        ("tess:OAF", "angry", "female"),
        ("tess:OAF", "neutral", "female"),
        ("tess:YAF", "fearful", "female"),
        ("tess:YAF", "surprised", "female"),
    ]


def test_savee_names_the_speaker_by_folder_or_in_the_file_name(tmp_path):
    found = load_named("savee", tmp_path, "DC/a01.wav", "DC/sa15.wav", "JE/n30.flac", "all/KL_su03.wav", "all/JK_d09.wav", "all/h01.wav")
    assert [(u.speaker, u.emotion, u.sex) for u in found] == [
        ("savee:DC", "angry", "male"),
        ("savee:DC", "sad", "male"),
        ("savee:JE", "neutral", "male"),
        ("savee:JK", "disgusted", "male"),
        ("savee:KL", "surprised", "male"),
    ]


def test_hidden_files_are_not_recordings(tmp_path):
    assert len(load_named("savee", tmp_path, "DC/a01.wav", "DC/._a01.wav", "DC/.a02.wav")) == 1


def test_an_unknown_corpus_names_the_known_ones(tmp_path):
    known = "ami, crema-d, emo-db, iemocap, manifest, ravdess, ravdess-without-calm, savee, tess"
    with pytest.raises(UserError, match=f"unknown corpus 'iemo'; known are {known}"):
        load_corpus("iemo", tmp_path)


@pytest.mark.parametrize("corpus", ["crema-d", "emo-db", "ravdess", "ravdess-without-calm", "savee", "tess"])
def test_a_missing_or_foreign_folder_is_named(tmp_path, corpus):
    with pytest.raises(UserError, match=f"{corpus}: .*nowhere is not a folder"):
        load_corpus(corpus, tmp_path / "nowhere")
    write_wav(tmp_path / "song.wav", speech_like(0.3))
    with pytest.raises(UserError, match=f"{corpus}: no recording with the corpus's file names under"):
        load_corpus(corpus, tmp_path)
