"""The report on disk, read as a browser and a JSON parser read it."""

import base64
import json
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest

from model_builder.errors import UserError
from model_builder.evaluation.evaluation_result import evaluate_answers
from model_builder.evaluation.system import System
from model_builder.reporting.report import prepare_folder, write_report
from tests.evaluation.generated import generated_answers

SYSTEM = System("int8 model <of the asset> & more", 2.5, 0.45, ("first:03", "elsewhere:01"))
VOID = {"meta", "img", "source", "link", "br", "input"}


class Page(HTMLParser):
    """Elements with their attributes, all text, and whether every element that opens also closes."""

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.open = "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def findings():
    return [
        evaluate_answers(generated_answers(corpus="first", left_out=2), SYSTEM),
        evaluate_answers(generated_answers(1, 8, corpus="second", seed=1), SYSTEM),
    ]


@pytest.fixture(scope="module")
def folder(findings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports") / "new" / "report"
    prepare_folder(folder)
    write_report(folder, SYSTEM, findings)
    return folder


@pytest.fixture(scope="module")
def page(folder) -> Page:
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_the_page_closes_what_it_opens_and_has_no_gaps(page):
    assert page.open == []
    assert "None" not in page.text and "nan" not in page.text and "Undefined" not in page.text


def test_the_page_loads_nothing(page):
    assert not page.all("script") and not page.all("link") and not page.all("iframe")
    for _, attributes in page.elements:
        for name in ("src", "srcset", "href"):
            if name in attributes:
                assert attributes[name].startswith(("data:", "#"))
    assert "url(" not in page.text and "@import" not in page.text


def test_every_picture_has_words_and_a_dark_twin_that_is_another_picture(page):
    pictures, twins = page.all("img"), page.all("source")
    assert len(pictures) == len(twins) == 10
    for picture, twin in zip(pictures, twins, strict=True):
        assert picture["alt"]
        assert twin["media"] == "(prefers-color-scheme: dark)"
        drawings = [base64.b64decode(data.partition("base64,")[2]) for data in (picture["src"], twin["srcset"])]
        assert all(ElementTree.fromstring(drawing).tag.endswith("svg") for drawing in drawings)
        assert drawings[0] != drawings[1]


def test_headings_tables_and_scrolling_regions_have_what_screen_readers_need(page):
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1 and page.all("main") and page.all("title")
    assert all(heading.get("scope") in ("row", "col") for heading in page.all("th"))
    regions = [attributes for _, attributes in page.elements if attributes.get("role") == "region"]
    assert regions and all(region["aria-label"] and region["tabindex"] == "0" for region in regions)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {f"#{name}" for name in ids} >= {link["href"] for link in page.all("a")}


def test_names_are_shown_as_text_and_never_as_markup(page):
    assert "int8 model <of the asset> & more" in page.text


def test_the_page_says_what_a_reader_must_know_before_trusting_it(page):
    assert "480 clips of 12 speakers" in page.text
    assert "2 more have no usable label" in page.text
    assert "trained on 1 of these 12 speakers: these are not figures of unknown voices" in page.text
    assert "no interval: one speaker" in page.text


def test_both_files_give_the_figures_that_were_measured(folder, page, findings):
    document = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert document["system"]["temperature"] == 2.5
    for written, found in zip(document["corpora"], findings, strict=True):
        assert written["overall"]["unweighted_accuracy"] == found.overall.unweighted_accuracy
        assert written["overall"]["confusion"] == found.overall.confusion.tolist()
        assert written["overall"]["recalls"]["sad"] == found.overall.recalls[3]
        assert written["arousal"]["recalls"] == dict(zip(("high", "low"), found.arousal.recalls, strict=True))
        assert list(written["speakers"]) == list(found.speakers)
        assert written["calibration"]["expected_calibration_error_after"] == found.calibration.error_after
        assert written["selective_risk"]["curve"]["risks"] == found.selectivity.curve.risks.tolist()
        assert f"{found.overall.unweighted_accuracy:.1%}" in page.text
        assert f"{found.calibration.error_after:.3f}" in page.text
    first, second = document["corpora"]
    assert first["left_out"] == 2 and first["speakers_of_training"] == ["first:03"]
    assert first["intervals"]["macro_f1"]["low"] < first["overall"]["macro_f1"] < first["intervals"]["macro_f1"]["high"]
    assert (first["sexes"]["female"]["clips"], first["speakers"]["first:01"]["sex"]) == (240, "male")
    assert second["intervals"] == {} and second["calibration"]["expected_calibration_error_cross_fitted"] is None


def test_classes_without_clips_and_empty_bins_are_null_in_json(tmp_path):
    answers = generated_answers(2, 3, strength=0.0)
    found = evaluate_answers(answers, SYSTEM)
    write_report(tmp_path, SYSTEM, [found])
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["corpora"][0]
    absent = sorted(set(range(4)) - set(answers.true.tolist()))
    speaker = written["speakers"]["generated:00"]
    assert [label for label, recall in speaker["recalls"].items() if recall is None] == [
        label for label, clips in zip(found.labels, found.speakers["generated:00"].class_clips, strict=True) if not clips
    ]
    assert [list(written["overall"]["recalls"].values())[index] for index in absent] == [None] * len(absent)
    bins = written["calibration"]["reliability_before"]
    assert [value is None for value in bins["accuracy"]] == [clips == 0 for clips in bins["clips"]]
    assert None in bins["accuracy"] and np.sum(bins["clips"]) == 6


def test_the_same_findings_give_the_same_files(folder, findings, tmp_path):
    write_report(tmp_path, SYSTEM, findings)
    for name in ("report.html", "report.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_folder_that_cannot_be_written_is_named_before_anything_is_computed(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(UserError, match=r"--report .*taken: cannot be written"):
        prepare_folder(tmp_path / "taken")
