"""Tables of a study: once in text, then for pages, for LaTeX and as CSV."""

import csv
import io
import re
from dataclasses import dataclass

LATEX = {"\\": r"\textbackslash{}", "–": "--", "±": r"$\pm$", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
LATEX |= {letter: f"\\{letter}" for letter in "%&_#${}"}


@dataclass(frozen=True)
class Table:
    """name: of its files and of its label in LaTeX. rows: one text a column of `head`; the first column names the row."""

    name: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if wrong := [row for row in self.rows if len(row) != len(self.head)]:
            raise ValueError(f"table {self.name}: a row of {len(wrong[0])} texts under {len(self.head)} headings")


def table_as_csv(table: Table) -> str:
    """
    >>> print(table_as_csv(Table("a", "A", ("", "x"), (("y, z", "1"),))), end="")
    ,x
    "y, z",1
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([table.head, *table.rows])
    return text.getvalue()


def table_as_latex(table: Table) -> str:
    r"""A `table` environment with the rules of `booktabs`.

    >>> print(table_as_latex(Table("a", "A", ("", "x"), (("50 %", "1"),))), end="")
    \begin{table}
      \caption{A}\label{tab:a}
      \begin{tabular}{lr}
        \toprule
         & x \\
        \midrule
        50 \% & 1 \\
        \bottomrule
      \end{tabular}
    \end{table}
    """
    lines = [" & ".join(map(latex_text, row)) + r" \\" for row in (table.head, *table.rows)]
    columns = "l" + "r" * (len(table.head) - 1)
    body = "\n".join(f"    {line}" for line in (r"\toprule", lines[0], r"\midrule", *lines[1:], r"\bottomrule"))
    return (
        f"\\begin{{table}}\n  \\caption{{{latex_text(table.caption)}}}\\label{{tab:{table.name}}}\n"
        f"  \\begin{{tabular}}{{{columns}}}\n{body}\n  \\end{{tabular}}\n\\end{{table}}\n"
    )


def latex_text(text: str) -> str:
    r"""
    >>> latex_text("a_b & 5 %")
    'a\\_b \\& 5 \\%'
    """
    return re.sub(r"[\\–±~^%&_#${}]", lambda letter: LATEX[letter[0]], text)
