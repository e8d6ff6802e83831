"""Writes the generated tables of docs/model.md anew: ``python -m tools.document_model``."""

from __future__ import annotations

import re
from pathlib import Path

from simulation import metrics, phases

MODEL = Path(__file__).parents[1] / "docs" / "model.md"
TABLES = {"phases": phases.as_markdown, "metrics": metrics.as_markdown}


def current(text: str) -> str:
    """Return the document with each marked table replaced by what the code says today."""
    for name, table in TABLES.items():
        between = re.compile(rf"(<!-- {name}: begin -->\n).*?(<!-- {name}: end -->)", re.DOTALL)
        text = between.sub(lambda found, table=table: f"{found[1]}{table()}\n{found[2]}", text)
    return text


if __name__ == "__main__":
    MODEL.write_text(current(MODEL.read_text(encoding="utf-8")), encoding="utf-8")
