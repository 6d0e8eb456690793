"""Links of the documents lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "model_builder/weights/README.md"])
LINK = re.compile(r"""\]\((?!https?:|\#)([^)\s#]+)|src="(?!https?:)([^"]+)\"""")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(document):
    targets = [first or second for first, second in LINK.findall(document.read_text(encoding="utf-8"))]
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_front_page_links_every_page_of_docs():
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in (ROOT / "docs").glob("*.md") if f"docs/{page.name}" not in front] == []


def code_blocks(document: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("language", "pattern"), [("kotlin", "src/main/kotlin/**/*.kt"), ("groovy", "build.gradle")])
def test_what_the_engines_page_shows_is_compiled_in_a_sample(language, pattern):
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "android/samples").glob(f"*/{pattern}")]
    blocks = code_blocks(ROOT / "docs/engine.md", language)
    assert blocks
    assert [block for block in blocks if not any(block in source for source in sources)] == []
