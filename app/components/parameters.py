"""What the scenarios of a comparison were given that the baseline was not, as a table."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from app.components.tables import nowrap, table
from simulation.export.assumptions import parameter_info, titled, value_text

__all__ = ["parameter_info", "parameter_table"]


def parameter_table(info: pl.DataFrame, baseline: str) -> Markup:
    """Return the table; without a row it says that nothing differs."""
    title = Markup('<h2 class="section">What was set differently</h2>')
    if info.is_empty():
        return title + Markup('<p class="muted">Nothing: only the seeds differ.</p>')
    head = (
        ("Scenario", False),
        ("Parameter", False),
        ("Levels", False),
        ("Years", False),
        (baseline, True),
        ("Scenario", True),
        ("Set by", False),
    )
    return title + table("", head, (_row(row) for row in info.iter_rows(named=True)))


def _row(row: dict[str, str]) -> list[str | Markup]:
    title, unit = titled(row["parameter"])
    name = Markup('{} <span class="muted">{}</span>').format(title, row["parameter"])
    values = [value_text(row[column], unit) for column in ("baseline_value", "scenario_value")]
    levels, years = (nowrap(text) for text in (row["levels"] or "all", row["years"]))
    return [nowrap(row["scenario"]), name, levels, years, *values, row["origin"] or ""]
