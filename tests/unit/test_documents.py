from __future__ import annotations

from tools.document_model import MODEL, TABLES, current


def test_the_model_document_prints_the_tables_of_the_code() -> None:
    text = MODEL.read_text(encoding="utf-8")
    assert current(text) == text, "run: python -m tools.document_model"


def test_every_marked_table_is_filled() -> None:
    text = MODEL.read_text(encoding="utf-8")
    assert all(table() in text for table in TABLES.values())
