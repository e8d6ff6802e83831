"""Writes the generated tables of docs/model.md anew: ``python -m tools.document_model``."""

from __future__ import annotations

from pathlib import Path

from simulation import metrics, phases

MODEL = Path(__file__).parents[1] / "docs" / "model.md"
TABLES = {"phases": phases.as_markdown, "metrics": metrics.as_markdown}


def current(text: str) -> str:
    """Return the document with each marked table replaced by what the code says today."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{table()}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    MODEL.write_text(current(MODEL.read_text(encoding="utf-8")), encoding="utf-8")
