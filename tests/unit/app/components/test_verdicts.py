"""Tests of plans as the Compliance page draws them."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from app.components.verdicts import Section, overview, sections
from simulation.query import rates_of
from simulation.query.plan_tests import VERDICT_COLUMNS


def found(outcomes: list[str]) -> pl.DataFrame:
    """Return one test of one year, an outcome a seed."""
    row = {"year": 2026, "test": "adp", "title": "ADP", "section": "401(k)(3)", "group": "all"}
    rows = [
        {"scenario": "baseline", "seed": seed, **row, "outcome": outcome, "reason": "why", "refunds": 0}
        for seed, outcome in enumerate(outcomes, start=1)
    ]
    schema = {"scenario": pl.String(), "seed": pl.UInt64(), **VERDICT_COLUMNS}
    return pl.DataFrame(rows, schema=schema)


def drawn(outcomes: list[str]) -> tuple[list[Section], str]:
    """Return the sections of the first seed, and their markup."""
    tested = found(outcomes)
    shown = sections(tested, rates_of(tested), ["baseline"], year=2026, seed=1)
    links = {line.key: "?" for part in shown for line in part.lines}
    return shown, overview(shown, links, "", Markup(""))


def test_a_test_that_applies_to_no_seed_is_not_said_to_fail_in_none_of_them() -> None:
    ((part,), markup) = drawn(["not_applicable", "not_applicable"])
    assert part.lines[0].applies == 0
    assert "does not apply" in markup
    assert "0 %" not in markup


def test_a_test_that_applies_to_some_seeds_fails_in_a_share_of_all() -> None:
    ((part,), markup) = drawn(["not_applicable", "fail"])
    assert part.lines[0].applies == 1
    assert "50 %" in markup
    assert "1 of 2 seeds" in markup
