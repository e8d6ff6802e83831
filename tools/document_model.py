"""Writes the generated tables of the documents anew: ``python -m tools.document_model``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from simulation import metrics, phases
from simulation.quality import gates
from simulation.store.promises import PROMISES

DOCS: Final = Path(__file__).parents[1] / "docs"


def _promises() -> str:
    return "\n".join(f"- {promise}" for promise in PROMISES)


TABLES: Final[Mapping[str, Mapping[str, Callable[[], str]]]] = {
    "model.md": {"phases": phases.as_markdown, "metrics": metrics.as_markdown},
    "data_quality.md": {"gates": gates.as_markdown, "promises": _promises},
}
"""What stands between marks, by page and mark."""


def current(page: str) -> str:
    """Return a document with each marked table replaced by what the code says today."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for name, table in TABLES[page].items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{table()}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    for page in TABLES:
        (DOCS / page).write_text(current(page), encoding="utf-8")
