"""What the Time machine page says of a day: against what was sealed, or counted another way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from app.components.causes import RULES, cause_words, rule_words
from app.components.life import person_facts
from app.components.moment import FLOWS, accounts, flows, people_by_group, tiles
from app.components.people import SHOWN, page_of, pages_of, people_table
from app.figures.account import account_info, account_takeaway, year_of
from app.moments import MONEY, Facts, Moments, Span, Wanted
from app.state.time_machine import TimeMachineState
from simulation.census import generate_census
from simulation.errors import QueryError, StoreError
from simulation.events.sources import SOURCES
from simulation.parameters.overlay import parameters
from simulation.query import PlanRun
from simulation.store import Store, open_store
from tests.stores import make_stores

FIRST, LAST = date(2024, 12, 31), date(2026, 12, 31)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = make_stores(tmp_path_factory.mktemp("moments"), census=generate_census(150, seed=7))
    return open_store(made[0].store)


@pytest.fixture(scope="module")
def run(store: Store) -> PlanRun:
    return PlanRun("baseline", 1, str(store.path), store.manifest.manifest_digest, 0)


@pytest.fixture(scope="module")
def moments() -> Moments:
    return Moments()


@pytest.mark.parametrize("year", [2025, 2026])
def test_at_a_year_end_the_numbers_are_those_of_the_sealed_summary(
    moments: Moments, run: PlanRun, store: Store, year: int
) -> None:
    facts = moments.at(run, date(year, 12, 31)).facts
    rows = store.summary().filter(pl.col("simulation_year") == year)
    sealed = {name: float(value) for name, value in rows.select("metric", "value").iter_rows()}
    assert facts.headcount == sealed["headcount_end"]
    assert facts.eligible == sealed["eligible"]
    assert facts.participants == sealed["participants"]
    assert facts.participation == pytest.approx(sealed["participation_rate"], abs=1e-7)
    assert facts.deferral == pytest.approx(sealed["average_deferral_rate"], abs=1e-7)
    assert facts.average_pay == pytest.approx(sealed["average_compensation"], abs=1e-6)
    assert facts.money["total_balance"] == pytest.approx(sealed["total_balance"], abs=0.001)
    assert facts.money["loan_balance"] == pytest.approx(sealed["loans_outstanding"], abs=0.001)


@pytest.mark.parametrize("year", [2025, 2026])
def test_at_a_year_end_groups_and_accounts_are_those_of_the_sealed_snapshots(
    moments: Moments, run: PlanRun, store: Store, year: int
) -> None:
    facts = moments.at(run, date(year, 12, 31)).facts
    active = store.snapshot_rows(year).filter(pl.col("employment_status") == "active")
    for column, counts in facts.counts.items():
        sealed = {str(name): count for name, count in active.group_by(column).len().iter_rows()}
        assert {name: count for name, count in counts if count} == sealed, column
    held = store.sql(
        f"SELECT {', '.join(f'sum({name}) AS {name}' for name in MONEY)} "
        "FROM fct_participant_balance_snapshots WHERE snapshot_date = ?",
        [date(year, 12, 31)],
    )
    assert {name: float(held[name][0]) for name in MONEY} == pytest.approx(facts.money, abs=0.001)


def test_between_year_ends_headcount_is_the_census_and_who_came_less_who_left(
    moments: Moments, run: PlanRun, store: Store
) -> None:
    day = date(2026, 5, 17)
    moved = {
        kind: store.events(kind).filter(pl.col("effective_date") <= day).height
        for kind in ("census", "hire", "rehire", "termination")
    }
    expected = moved["census"] + moved["hire"] + moved["rehire"] - moved["termination"]
    moment = moments.at(run, day)
    assert moment.facts.headcount == expected
    assert moment.people.height == moved["census"] + moved["hire"]


def test_what_is_vested_is_not_told_before_service_is_credited(moments: Moments, run: PlanRun) -> None:
    span = moments.span(run)
    assert (span, span.credited) == (Span(FIRST, LAST), date(2025, 12, 31))
    assert moments.facts(run, date(2025, 12, 30)).money["vested_balance"] is None
    assert moments.facts(run, date(2025, 12, 31)).money["vested_balance"] is not None
    start = moments.facts(run, FIRST)
    assert "first credited on 2025-12-31" in accounts(start, start, FIRST, span.credited)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [(None, LAST), (date(2020, 1, 1), FIRST), (date(2040, 1, 1), LAST), (date(2025, 7, 1), date(2025, 7, 1))],
)
def test_a_day_outside_the_run_leads_to_the_nearest(asked: date | None, shown: date) -> None:
    assert Span(FIRST, LAST).within(asked) == shown


def test_a_day_is_folded_once(moments: Moments, run: PlanRun) -> None:
    assert moments.at(run, LAST) is moments.at(run, LAST)
    assert moments.facts(run, LAST) is moments.at(run, LAST).facts


def test_people_are_found_by_all_that_is_asked_and_a_pattern_is_only_text(
    moments: Moments, run: PlanRun
) -> None:
    people = moments.at(run, LAST).people
    sales = Wanted("e0000", "active", "Sales", 2).of(people)
    by_hand = [
        row["employee_id"]
        for row in people.iter_rows(named=True)
        if row["employee_id"].startswith("E0000")
        and (row["employment_status"], row["department"], row["job_level"]) == ("active", "Sales", 2)
    ]
    assert sales["employee_id"].to_list() == by_hand
    assert by_hand
    assert Wanted(".*").of(people).is_empty()
    assert Wanted().of(people).height == people.height


def test_a_page_has_so_many_people_and_the_last_one_the_rest(moments: Moments, run: PlanRun) -> None:
    people = moments.at(run, LAST).people
    pages = pages_of(people.height)
    assert page_of(people, 1).height == SHOWN
    rest = people.height - (pages - 1) * SHOWN
    assert page_of(people, pages).height == page_of(people, 10**6).height == rest
    shown = people_table(page_of(people, 2), people.height, 2, "", lambda who: f"time-machine?person={who}")
    assert shown.count("<tr") == SHOWN + 1
    assert f"16 to 30 of {people.height}, by id" in shown
    assert "Nobody fits" in people_table(people.head(0), 0, 1, "", str)


def test_texts_of_a_census_do_not_become_markup(moments: Moments, run: PlanRun) -> None:
    people = moments.at(run, LAST).people.head(1).with_columns(department=pl.lit("<script>alert(1)</script>"))
    assert "<script>" not in people_table(people, 1, 1, "", str)


def test_every_event_is_counted_in_what_happened(moments: Moments, run: PlanRun, store: Store) -> None:
    day = date(2026, 8, 31)
    happened = moments.happened(run, day)
    shown = flows(happened, FIRST, day)
    log = store.events().filter(pl.col("effective_date") <= day)
    hired = log.filter(pl.col("event_type") == "hire").height
    assert f'<td>Hired</td><td class="number">{hired:,}</td>' in shown
    money = log.filter(pl.col("event_type") == "contribution")["amount"].sum()
    put_in = [flow for flow in FLOWS if flow.events == ("contribution",)]
    sources = {source.value for flow in put_in for source in flow.sources}
    assert happened.filter(pl.col("source").is_in(sources))["amount"].sum() == money
    assert "Nothing yet" in flows(happened.head(0), FIRST, FIRST)


def test_a_tile_says_the_difference_to_the_start_or_that_it_was_not_known(
    moments: Moments, run: PlanRun
) -> None:
    start, now = moments.facts(run, FIRST), moments.facts(run, LAST)
    shown = tiles(now, start, FIRST)
    assert f'<span class="number">{now.headcount - start.headcount:+,}</span>'.replace("-", "−") in shown
    assert "not known on 2024-12-31" in shown
    assert shown.count('class="tile"') == 6
    assert people_by_group(now, start).count('class="bars"') == 3


def test_of_many_groups_the_largest_stand_alone_and_the_rest_together(moments: Moments, run: PlanRun) -> None:
    known = moments.facts(run, LAST)
    start = with_counts(known, department=[(f"Dept {size:02}", size) for size in range(1, 31)])
    now = with_counts(known, department=[(f"Dept {size:02}", size + 2) for size in range(1, 31)])
    shown = people_by_group(now, start)
    assert ("Dept 30" in shown, "Dept 20" in shown, "Dept 19" in shown) == (True, True, False)
    rest = sum(range(1, 20)) + 19 * 2
    assert "19 others" in shown
    assert f'<td class="number">{rest:,}</td><td class="number muted">+38</td>' in shown


def with_counts(facts: Facts, **counts: list[tuple[str, int]]) -> Facts:
    return facts._replace(counts={**facts.counts, **counts})


def test_service_is_counted_to_the_day_on_which_somebody_left() -> None:
    row = {
        "termination_date": date(2025, 3, 8), "termination_reason": "involuntary", "tenure_years": 11,
        "job_level": 3, "department": None, "age": 58, "service_date": date(2018, 1, 2),
        "annual_compensation": Decimal(107_427), "is_eligible": False, "is_enrolled": False,
        "total_balance": Decimal(0), "vested_balance": None, "loan_balance": None,
    }  # fmt: skip
    shown = person_facts("E000123", row, LAST)
    assert "58, 7 years of service" in shown
    assert "left 2025-03-08, involuntary" in shown
    assert "58, 11 years of service" in person_facts("E000123", {**row, "termination_date": None}, LAST)


def test_an_account_is_drawn_as_steps_to_the_end_of_the_run() -> None:
    zero = {source: [0, 0] for source in SOURCES}
    moved = {"effective_date": [date(2025, 3, 31), date(2025, 6, 30)], **zero, "pre_tax": [100_00, 250_00]}
    info = account_info(pl.DataFrame(moved), FIRST, LAST)
    assert info.select("effective_date", "total").rows() == [
        (FIRST, 0.0),
        (date(2025, 3, 30), 0.0),
        (date(2025, 3, 31), 100.0),
        (date(2025, 6, 29), 100.0),
        (date(2025, 6, 30), 250.0),
        (LAST, 250.0),
    ]
    assert account_takeaway(info, date(2025, 5, 1)) == "$100 on 2025-05-01; most, $250, on 2025-06-30."
    assert account_takeaway(info, FIRST) == "Nothing in the account on 2024-12-31."
    assert year_of(date(2025, 1, 1)) == 2025.0
    assert 2025.49 < year_of(date(2025, 7, 2)) < 2025.51


def test_a_life_is_every_event_and_the_account_that_they_make(
    moments: Moments, run: PlanRun, store: Store
) -> None:
    row = moments.at(run, LAST).people.sort("total_balance").row(-1, named=True)
    life = moments.life(run, row["employee_id"])
    assert life.events["event_id"].n_unique() == life.events.height
    last = sum(life.account.tail(1).select(SOURCES).row(0))
    assert Decimal(last) / 100 == row["total_balance"]
    with pytest.raises(QueryError, match="nearest ids are"):
        moments.life(run, "E00000x")


def test_every_rule_of_an_eventful_run_is_told_in_words(store: Store) -> None:
    causes = store.events().unique("cause")["cause"].to_list()
    rules = set(store.sql("SELECT DISTINCT cause ->> 'rule' AS rule FROM fct_yearly_events")["rule"])
    assert causes
    assert len(rules) > 30
    untold = {rule for rule in rules if rule not in RULES and rule not in parameters()}
    assert not untold


def test_a_cause_says_chance_and_draw_only_where_there_was_one() -> None:
    drawn = cause_words('{"rule":"workforce.termination.voluntary","probability":0.125,"draw":0.03}')
    assert drawn == "left for another place <small>chance 12.50 %, drew 3.00 %</small>"
    assert cause_words('{"rule":"census","probability":null,"draw":null}') == "the census"
    assert rule_words("a.rule.of_later") == "a, rule, of later"
    assert "<b>" not in cause_words('{"rule":"<b>","probability":null,"draw":null}')


def test_a_store_that_is_gone_is_refused_in_words(moments: Moments, run: PlanRun, tmp_path: Path) -> None:
    gone = run._replace(store=str(tmp_path / "seed_1.duckdb"), manifest_digest="gone")
    with pytest.raises(StoreError, match="cannot be read"):
        moments.at(gone, LAST)


def test_a_link_names_run_day_people_and_person_and_comes_back(run: PlanRun) -> None:
    state = TimeMachineState()
    query = "sweep=demo&scenario=baseline&seed=42&date=2027-06-30&text=E00&level=2&person=E000123"
    assert state.read(query) == []
    assert state.day == date(2027, 6, 30)
    again = TimeMachineState()
    again.read(state.query())
    assert again.query() == state.query() == query
    for unusable in ("date=soon", "status=retired", "page=0"):
        (complaint,) = state.read(unusable)
        assert "is not usable" in complaint
    state.read("date=2027-13-45")
    assert state.day is None
