"""The pictures: nothing cut off, nothing on top of each other, everything readable, on ordinary and on odd findings."""

from dataclasses import replace
from functools import cache
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from model_builder.evaluation.evaluation_result import EvaluationResult, evaluate_answers
from model_builder.evaluation.system import System
from model_builder.reporting.plots import PICTURES, draw_plots, figure_of
from model_builder.reporting.theme import DARK, LIGHT, Theme, contrast, text_on
from tests.evaluation.generated import generated_answers

PICTURE = pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.title)
THEME = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@cache
def ordinary() -> EvaluationResult:
    return evaluate_answers(generated_answers(24, 36), System("s", 2.5, 0.45))


@cache
def always_sad() -> EvaluationResult:
    answers = generated_answers(strength=0.0)
    return evaluate_answers(replace(answers, logits=answers.logits * 0.01 + np.array([0, 0, 0, 0.2])), System("s", 1.0, 0.4))


@cache
def never_wrong() -> EvaluationResult:
    return evaluate_answers(generated_answers(10, 30, strength=40.0), System("s", 1.0, 0.4))


@cache
def one_speaker() -> EvaluationResult:
    return evaluate_answers(generated_answers(1), System("s", 0.5, 0.4))


@cache
def many_speakers() -> EvaluationResult:
    answers = generated_answers(120, 12)
    return evaluate_answers(replace(answers, sexes=(None,) * len(answers.true)), System("s", 2.0, 0.4))


@cache
def long_names() -> EvaluationResult:
    answers = generated_answers(10, 20)
    names = tuple(speaker.replace(":", ":Session1-") for speaker in answers.speakers)
    return evaluate_answers(replace(answers, speakers=names), System("s", 2.0, 0.4))


@cache
def most_named_speakers() -> EvaluationResult:
    return evaluate_answers(generated_answers(75, 12), System("s", 2.0, 0.4))


@cache
def no_happy_clip_and_no_answer() -> EvaluationResult:
    answers = generated_answers(4, 20)
    return evaluate_answers(replace(answers, true=np.where(answers.true == 1, 0, answers.true)), System("s", 20.0, 1.0))


FINDINGS = (
    ordinary,
    always_sad,
    never_wrong,
    one_speaker,
    many_speakers,
    long_names,
    most_named_speakers,
    no_happy_clip_and_no_answer,
)


def texts_of(figure: Figure) -> list[tuple[str, Bbox]]:
    """All that can be read, with its box in pixels; ticks outside of their axis are not drawn."""
    outside = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = axis.get_major_ticks()
            outside |= {label for tick in ticks if not low <= tick.get_loc() <= high for label in (tick.label1, tick.label2)}
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip() and text not in outside]
    return [(text.get_text(), text.get_window_extent()) for text in found]


@pytest.mark.parametrize("evaluation_result_of", FINDINGS)
@PICTURE
def test_no_text_is_cut_off_or_overlaps_another(evaluation_result_of, picture):
    figure = figure_of(picture, evaluation_result_of(), LIGHT)
    texts = texts_of(figure)
    assert len(texts) >= 6
    width, height = figure.bbox.size
    for text, box in texts:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, text
    for (first, box), (second, other) in combinations(texts, 2):
        common = Bbox.intersection(box, other)
        assert common is None or min(common.width, common.height) < 2, f"{first!r} and {second!r}"  # boxes have a rim of about 1 px


@THEME
def test_every_colour_can_be_read_on_its_page(theme: Theme):
    for colour in (theme.ink, theme.muted, theme.accent, theme.second, *theme.emotions.values()):
        assert contrast(colour, theme.surface) >= 4.5, colour


@THEME
def test_numbers_can_be_read_on_every_shade_of_a_confusion(theme: Theme):
    for share in np.linspace(0, 1, 101):
        shade = theme.share_scale(share)[:3]
        assert contrast(text_on(shade), shade) >= 4.5


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize("evaluation_result_of", FINDINGS)
def test_every_picture_is_sound_xml_in_both_themes_and_has_words_for_those_who_cannot_see_it(evaluation_result_of):
    findings = evaluation_result_of()
    for plot in draw_plots(findings):
        for drawn in (plot.light_svg, plot.dark_svg):
            assert ElementTree.fromstring(drawn).tag.endswith("svg")
        assert plot.light_svg != plot.dark_svg
        assert len(plot.alternative) > 40 and "nan" not in plot.alternative


def test_the_words_give_the_figures():
    words = {plot.title: plot.alternative for plot in draw_plots(always_sad())}
    assert words["Confusion"].startswith("Confusion of 480 clips: angry was taken for angry 0%, happy 0%, neutral 0%, sad 100%;")
    assert "sad recall 100%" in words["Recall and F1 of each class"] and "UA is 25%" in words["Recall and F1 of each class"]
    assert "temperature 1.00" in words["Reliability"]
    assert "the threshold 0.40 answers nothing" in words["Risk and coverage"]
    assert "UA of each of 12 speakers" in words["UA by speaker"]


def test_a_class_without_clips_is_not_described():
    words = {plot.title: plot.alternative for plot in draw_plots(no_happy_clip_and_no_answer())}
    assert "happy was heard" not in words["Confusion"]
    assert "happy recall" not in words["Recall and F1 of each class"]


def test_the_same_findings_give_the_same_bytes():
    assert draw_plots(one_speaker()) == draw_plots(one_speaker())
