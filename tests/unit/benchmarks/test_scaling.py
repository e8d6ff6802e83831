"""The note on scaling shows what was measured last, and nothing else."""

from __future__ import annotations

from tests.benchmarks.scaling import FIGURE, NOTE, figure, kept, noted


def test_tables_and_figure_are_made_from_what_was_measured() -> None:
    note = NOTE.read_text(encoding="utf-8")
    assert noted(note, kept()) == note
    assert FIGURE.read_text(encoding="utf-8") == figure(kept())
