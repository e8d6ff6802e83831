from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulation.compliance import suite
from tests.tested_years import year_of
from tools.document_model import DOCS, TABLES, current

NOTES = sorted((DOCS / "method").glob("*.md"))
PARTS = ("What it does, in order", "Sources", "Worked example", "Known divergence")


@pytest.mark.parametrize("page", TABLES)
def test_a_document_prints_the_tables_of_the_code(page: str) -> None:
    assert current(page) == (DOCS / page).read_text(encoding="utf-8"), "run: python -m tools.document_model"


@pytest.mark.parametrize("page", TABLES)
def test_every_marked_table_is_filled(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert all(table() in text for table in TABLES[page].values())


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.stem)
def test_a_method_note_has_its_parts_in_order(note: Path) -> None:
    headings = re.findall(r"^## (.*)$", note.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [heading for heading in headings if heading in PARTS] == list(PARTS)


@pytest.mark.parametrize("page", [*DOCS.glob("*.md"), *NOTES], ids=lambda page: page.stem)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_page_for_analysts_explains_every_test() -> None:
    text = (DOCS / "compliance.md").read_text(encoding="utf-8")
    made = {verdict.test: verdict.title for verdict in suite.tested_plan([year_of({}, {"is_hce": True})])}
    assert made.keys() == suite.TESTS.keys()
    assert all(f"| {title}" in text for title in made.values())
