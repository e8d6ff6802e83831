from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from simulation.errors import QueryError
from simulation.events.sources import SOURCES
from simulation.query import account, happened, history, open_sweep, plan_status, snapshot
from simulation.store import Store, open_store
from tests.stores import make_stores, small_census

FIRST, LAST = date(2024, 12, 31), date(2026, 12, 31)


@pytest.fixture(scope="module")
def path(directory: Path) -> Path:
    return directory / "growth" / "seed_3.duckdb"


@pytest.fixture(scope="module")
def store(path: Path) -> Store:
    return open_store(path)


class TestSnapshot:
    @pytest.mark.parametrize("year", [2025, 2026])
    def test_at_a_year_end_is_what_the_engines_say(self, store: Store, year: int) -> None:
        sealed = store.snapshot_rows(year).filter(pl.col("employment_status") == "active")
        folded = snapshot(store, date(year, 12, 31))
        for column in ("employee_id", "job_level", "department", "age", "tenure_years", "hire_date"):
            assert folded[column].to_list() == sealed[column].to_list(), column
        cents = (folded["annual_compensation"] * 100).cast(pl.Int64)
        assert cents.to_list() == sealed["current_compensation_cents"].to_list()

    def test_at_the_census_date_is_the_census(self, store: Store) -> None:
        folded = snapshot(store, FIRST)
        census = store.events("census")
        assert folded["employee_id"].to_list() == census["employee_id"].to_list()
        assert folded["service_date"].to_list() == census["hire_date"].to_list()

    @pytest.mark.parametrize("month", range(1, 13))
    def test_between_year_ends_counts_comings_and_goings(self, store: Store, month: int) -> None:
        day = date(2026, month, 15)
        came = sum(_until(store, kind, day) for kind in ("census", "hire", "rehire"))
        assert snapshot(store, day).height == came - _until(store, "termination", day)

    def test_a_raise_counts_from_its_day(self, store: Store) -> None:
        event = store.events("raise", 2025).row(-1, named=True)
        before, after = (
            snapshot(store, day).row(by_predicate=pl.col("employee_id") == event["employee_id"], named=True)
            for day in (event["effective_date"] - timedelta(days=1), event["effective_date"])
        )
        assert before["annual_compensation"] * 100 == event["previous_compensation_cents"]
        assert after["annual_compensation"] * 100 == event["new_compensation_cents"]

    def test_the_last_day_of_work_is_not_after_work(self, store: Store) -> None:
        event = store.events("termination", 2025).row(0, named=True)
        day, who = event["effective_date"], event["employee_id"]
        assert who in snapshot(store, day - timedelta(days=1))["employee_id"].to_list()
        assert who not in snapshot(store, day)["employee_id"].to_list()
        gone = snapshot(store, day, former=True).row(by_predicate=pl.col("employee_id") == who, named=True)
        assert (gone["employment_status"], gone["termination_date"]) == ("terminated", day)
        assert gone["termination_reason"] == event["reason"]

    def test_somebody_who_came_back_is_there_with_the_service_restored(self, store: Store) -> None:
        event = store.events("rehire", 2026).row(0, named=True)
        row = snapshot(store, event["effective_date"]).row(
            by_predicate=pl.col("employee_id") == event["employee_id"], named=True
        )
        assert row["service_date"] == event["service_date"] > row["hire_date"]
        assert row["termination_date"] is None

    @pytest.mark.parametrize("day", [FIRST - timedelta(days=1), LAST + timedelta(days=1)])
    def test_a_day_outside_the_run_is_refused(self, path: Path, day: date) -> None:
        with pytest.raises(QueryError, match="the date lies outside the run"):
            snapshot(path, day)


class TestHistory:
    def test_is_every_event_of_one_employee_in_order(self, store: Store) -> None:
        who = store.events("rehire", 2026)["employee_id"][0]
        events = history(store, who)
        everything = store.events().filter(pl.col("employee_id") == who)
        assert events["event_sequence"].to_list() == everything["event_sequence"].to_list()
        assert events["event_payload"].to_list() == everything["event_payload"].to_list()
        assert events["cause"].to_list() == everything["cause"].to_list()
        assert {"census", "termination", "rehire"} <= set(events["event_type"])

    def test_of_the_most_eventful_lives_is_the_log_text_by_text(self, store: Store) -> None:
        everything = store.events().partition_by("employee_id")
        lives = sorted(everything, key=lambda life: -life["event_type"].n_unique())[:25]
        for life in lives:
            told = history(store, life["employee_id"][0])
            assert told.equals(life.select(told.columns))
        assert pl.concat(lives)["event_type"].n_unique() > 20

    def test_texts_stand_in_json_as_duckdb_writes_them(self, tmp_path: Path) -> None:
        department = 'R&D "north" \\ Köln/日本 👍'
        census = small_census()
        named = census.frame.with_columns(department=pl.lit(department))
        made = make_stores(tmp_path, census=replace(census, frame=named), years=(2025, 2025))[0]
        with open_store(made.store) as opened:
            genesis = opened.events().row(0, named=True)
            told = history(opened, genesis["employee_id"])
        assert told["event_payload"][0] == genesis["event_payload"]
        assert json.loads(told["event_payload"][0])["department"] == department

    def test_a_cause_says_rule_probability_and_draw(self, store: Store) -> None:
        who = store.events("termination", 2025)["employee_id"][0]
        leaving = history(store, who).filter(pl.col("event_type") == "termination")
        cause = json.loads(leaving["cause"][0])
        assert set(cause) == {"rule", "probability", "draw"}

    def test_may_be_asked_by_path(self, path: Path) -> None:
        assert history(str(path), "E000001")["event_type"][0] == "census"

    @pytest.mark.parametrize("asked", ["e000001", "E00001", "E0000011", "' OR 1=1 --", ""])
    def test_an_unknown_employee_names_the_nearest(self, store: Store, asked: str) -> None:
        with pytest.raises(QueryError, match="nearest ids are") as caught:
            history(store, asked)
        if asked.lower().startswith("e"):
            assert "E000001" in str(caught.value)


class TestPlanStatus:
    def test_an_election_holds_from_its_day(self, store: Store) -> None:
        event = store.events("deferral_change", 2026).row(-1, named=True)
        asked, day = event["employee_id"], event["effective_date"]
        rates = {
            when: plan_status(store, when, former=True).row(
                by_predicate=pl.col("employee_id") == asked, named=True
            )
            for when in (day - timedelta(days=1), day)
        }
        assert rates[day]["pre_tax_rate"] * 10_000 == event["pre_tax_rate_bp"]
        assert rates[day]["roth_rate"] * 10_000 == event["roth_rate_bp"]
        assert rates[day]["deferral_rate"] != rates[day - timedelta(days=1)]["deferral_rate"]

    def test_at_the_census_nobody_has_entered_and_elections_are_those_of_the_census(
        self, store: Store
    ) -> None:
        status, census = plan_status(store, FIRST), store.events("census")
        assert not status["is_eligible"].any()
        assert (status["pre_tax_rate"] * 10_000).cast(pl.Int32).fill_null(0).to_list() == (
            census["deferral_bp"].fill_null(0).to_list()
        )

    def test_a_day_outside_the_run_is_refused(self, path: Path) -> None:
        with pytest.raises(QueryError, match="the date lies outside the run"):
            plan_status(path, LAST + timedelta(days=1))


class TestHappened:
    def test_is_as_many_events_and_dollars_as_the_log_has(self, store: Store) -> None:
        day = date(2026, 6, 30)
        log = store.events().filter(pl.col("effective_date") <= day, pl.col("event_type") != "census")
        found = happened(store, day).group_by("event_type").agg(pl.col("events", "amount").sum())
        expected = log.group_by("event_type").agg(events=pl.len(), amount=pl.col("amount").fill_null(0).sum())
        assert sorted(found.rows()) == sorted(expected.rows())

    def test_contributions_are_told_apart_by_source(self, store: Store) -> None:
        rows = happened(store, LAST).filter(pl.col("event_type") == "contribution")
        assert {"employee_pre_tax", "employer_match"} <= set(rows["source"])


class TestAccount:
    def test_at_each_year_end_is_what_was_sealed(self, store: Store) -> None:
        sealed = store.sql("FROM fct_participant_balance_snapshots ORDER BY employee_id").partition_by(
            "employee_id", as_dict=True
        )
        for (who,), rows in sorted(sealed.items())[:20]:
            held = account(history(store, str(who)))
            for row in rows.iter_rows(named=True):
                last = held.filter(pl.col("effective_date") <= row["snapshot_date"]).tail(1)
                for source in SOURCES:
                    expected = int(row[f"balance_{source}"] * 100)
                    assert (last[source][0] if last.height else 0) == expected, (who, source)


@pytest.mark.parametrize("keep", ["lifecycle", "summary"])
def test_what_was_not_kept_cannot_be_asked(tmp_path: Path, keep: str) -> None:
    make_stores(tmp_path, values={"output.keep": keep})
    with open_sweep(tmp_path).open("baseline", 1) as store:
        with pytest.raises(QueryError, match=r"output\.keep"):
            snapshot(store, LAST)
        with pytest.raises(QueryError, match=r"output\.keep"):
            history(store, "E000001")


def _until(store: Store, event_type: str, day: date) -> int:
    return store.events(event_type).filter(pl.col("effective_date") <= day).height
