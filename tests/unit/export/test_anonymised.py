"""Verdicts without people: nobody has a name, nobody is one of a few, and the key makes the same again."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from simulation.census import generate_census
from simulation.census.anonymise import anonymise
from simulation.compliance import Figure, Outcome, Unit, Verdict
from simulation.export.anonymised import SMALL_CELL, anonymised, withheld_if_small

IDS = [f"E{number:06}" for number in range(1, 301)]
ROWS = pl.DataFrame(
    {
        "employee_id": IDS,
        "termination_date": pl.date_range(date(2026, 1, 31), date(2026, 11, 26), "1d", eager=True),
        "pay_cents": range(300),
    }
)


def verdict(reason: str = "passed", *figures: Figure, rows: pl.DataFrame = ROWS) -> Verdict:
    return Verdict(
        "adp", "A test", "IRC 1", 2026, Outcome.PASS, reason, figures=figures, working=lambda: rows
    )


def hidden(one: Verdict, key: str | None = "a key") -> Verdict:
    return anonymised([one], key)[0]


def test_no_id_is_left_and_one_person_has_one_name_in_every_test_and_year() -> None:
    first, second = anonymised([verdict(), verdict(rows=ROWS.reverse())], "a key")
    names = first.rows["employee_id"]
    assert names.str.contains("^P[0-9a-f]{16}$").all()
    assert names.n_unique() == len(IDS)
    assert second.rows["employee_id"].reverse().to_list() == names.to_list()


def test_the_names_are_those_of_a_census_with_the_same_key() -> None:
    census = generate_census(20, seed=3)
    rows = census.frame.select("employee_id")
    known = set(anonymise(census, "a key").frame["employee_id"])
    assert set(hidden(verdict(rows=rows)).rows["employee_id"]) == known


def test_days_move_within_their_month_and_never_into_another() -> None:
    moved = hidden(verdict()).rows["termination_date"]
    assert (moved.dt.strftime("%Y-%m") == ROWS["termination_date"].dt.strftime("%Y-%m")).all()
    assert 0 < (moved == ROWS["termination_date"]).sum() < 30


def test_a_missing_day_stays_missing() -> None:
    rows = ROWS.with_columns(pl.lit(None, dtype=pl.Date).alias("termination_date"))
    assert hidden(verdict(rows=rows)).rows["termination_date"].null_count() == len(IDS)


def test_the_key_alone_decides() -> None:
    assert hidden(verdict()).rows.equals(hidden(verdict()).rows)
    assert not hidden(verdict()).rows.equals(hidden(verdict(), "another key").rows)
    assert not hidden(verdict(), None).rows.equals(hidden(verdict(), None).rows)


def test_amounts_and_outcomes_stay() -> None:
    assert hidden(verdict()).rows["pay_cents"].equals(ROWS["pay_cents"])
    assert hidden(verdict()).outcome is Outcome.PASS


@pytest.mark.parametrize("people", [1, 2, 3, 4])
def test_a_small_number_of_people_is_withheld(people: int) -> None:
    figure = withheld_if_small(Figure("Highly compensated", people, Unit.PEOPLE))
    assert (figure.value, figure.below) == (None, SMALL_CELL)


@pytest.mark.parametrize(
    "figure",
    [
        Figure("Nobody", 0, Unit.PEOPLE),
        Figure("Enough", 5, Unit.PEOPLE),
        Figure("Not counted", None, Unit.PEOPLE),
        Figure("Cents", 3, Unit.CENTS),
        Figure("A rate", Fraction(1, 50), Unit.RATE),
    ],
)
def test_everything_else_is_shown(figure: Figure) -> None:
    assert withheld_if_small(figure) == figure


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("3 participants deferred too much", "<5 participants deferred too much"),
        ("1 of the others get less than the gateway", "<5 of the others get less than the gateway"),
        ("presumed, and 4 of those affected do not own", "presumed, and <5 of those affected do not own"),
        ("14 participants deferred too much", "14 participants deferred too much"),
        ("a lookback of 3 years, 5 % of pay", "a lookback of 3 years, 5 % of pay"),
    ],
)
def test_a_reason_names_no_small_number_of_people(told: str, shown: str) -> None:
    assert hidden(verdict(told)).reason == shown


def test_a_verdict_without_people_stays_as_it_is() -> None:
    empty = verdict(rows=pl.DataFrame())
    assert hidden(empty).rows.is_empty()
