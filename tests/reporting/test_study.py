"""Tables and pictures of studies."""

import xml.etree.ElementTree as ElementTree

import pytest

from model_builder.reporting.study_page import Section, write_study
from model_builder.reporting.study_plots import Estimate, Estimates, estimates_plot, folds_plot
from model_builder.reporting.tables import LATEX, Table, latex_text, table_as_latex

ROWS = (Estimate("UA", 0.6, 0.5, 0.7, 0.61), Estimate("WA", 0.5))


def test_a_picture_says_in_words_what_it_shows():
    plot = estimates_plot("a", Estimates(ROWS, "this run", "the paper"))
    assert plot.alternative == "this run, with intervals: UA 60.0% (50.0% to 70.0%), the paper 61.0%; WA 50.0%."
    plot = folds_plot("b", {"alone": [("1", 0.5), ("2", 0.25)], "both": [("1", 0.75), ("2", 0.5)]})
    assert plot.alternative == "UA of each fold. alone: 1 50.0%, 2 25.0%. both: 1 75.0%, 2 50.0%."
    for svg in (plot.light_svg, plot.dark_svg):
        ElementTree.fromstring(svg)


def test_every_letter_that_latex_reads_is_escaped():
    assert "".join(map(latex_text, LATEX)) == "".join(LATEX.values())
    table = table_as_latex(Table("a", "50 % of a_b", ("", "x"), (("{y}", "1 & 2"),)))
    assert r"\caption{50 \% of a\_b}" in table and r"\{y\} & 1 \& 2 \\" in table


def test_a_row_that_does_not_fit_its_heading_is_no_table():
    with pytest.raises(ValueError, match="table a: a row of 1 texts under 2 headings"):
        Table("a", "A", ("", "x"), (("y",),))


def test_a_study_is_the_same_bytes_each_time_and_escapes_what_it_is_given(tmp_path):
    table = Table("results", "A <b>", ("", "x"), (("<script>", "1"),))
    section = Section("One", ("a & b",), ("item",), (table,), (estimates_plot("a", Estimates(ROWS, "this run")),))
    for name in ("first", "second"):
        write_study(tmp_path / name, "Title", "careful", [section], {"a": 0.5})
    files = {path.relative_to(tmp_path / "first") for path in (tmp_path / "first").rglob("*") if path.is_file()}
    assert {str(path) for path in files} == {"report.html", "report.json", "tables/results.csv", "tables/results.tex"}
    assert all((tmp_path / "first" / path).read_bytes() == (tmp_path / "second" / path).read_bytes() for path in files)
    page = (tmp_path / "first" / "report.html").read_text()
    assert "&lt;script&gt;" in page and "<script>" not in page and "careful" in page and "<li>item</li>" in page
