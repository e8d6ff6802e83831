from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from simulation.census import Census, generate_census
from simulation.elections import total_bp
from simulation.engines import eligibility, enrollment
from simulation.evolve import evolve
from simulation.joining import chance_to_join, joined_by
from simulation.pay_periods import pay_dates
from simulation.permissible import taken_back
from simulation.run import contexts
from tests.participating import STILL, Lived, events_of, live, story
from tests.plan_years import Stated, hired, the_year
from tests.populations import census_of, scenario_of

AUTO = "plan.auto_enrollment."
TURNS_21_IN_MAY = {"birth_date": date(2004, 5, 10), "hire_date": date(2024, 2, 5)}
ENTRY, SWEPT = date(2025, 6, 1), date(2025, 7, 1)
EVEN_AGE = [{"from_age": 0, "multiplier": 1}]
EVEN_PAY = [{"from_pay": 0, "multiplier": 1}]
EVENLY = {"plan.enrollment.age_multiplier": EVEN_AGE, "plan.enrollment.income_multiplier": EVEN_PAY}
ALONE = {**STILL, **EVENLY, AUTO + "enabled": False}
"""No automatic enrolment, and the same chance for all."""

JUST_HIRED = {"hire_date": date(2024, 12, 30)}
"""Eligible on 1 January 2025."""


def _one(
    values: dict[str, Any], *stated: Stated, years: tuple[int, int] = (2025, 2026), **person: Any
) -> Any:
    census = census_of({**TURNS_21_IN_MAY, **person})
    told = story(live(census, {**STILL, **values}, years=years, stated=stated), "E1")
    return [row for row in told if row[0] != "eligibility"]


def _left(on: date) -> Stated:
    return "termination", "E1", on, {"reason": "voluntary"}


def _back(on: date) -> Stated:
    return "rehire", "E1", on, {"annual_compensation_cents": 6_000_000, "service_date": date(2025, 1, 1)}


def _share(one: Lived) -> float:
    in_plan = one.state.people.filter(pl.col("entry_date").is_not_null())
    return float(in_plan.select((total_bp() > 0).mean()).item())


def test_the_worked_example_of_the_method_note() -> None:
    # 21 on 10 May: entry on 1 June, 30 days to choose: enrolled on 1 July at 6 %.
    assert _one({}) == [("enrollment", SWEPT, 600, 0)]
    # F(1) = 0.42, F(2) = 0.64 x (1 - 0.34375^2) = 0.564375: (0.564375 - 0.42) / 0.58 = 0.248922.
    chance = chance_to_join(scenario_of().plan.enrollment, np.array([2]), np.array([1.0]))
    assert chance.tolist() == pytest.approx([0.248922], abs=1e-6)


def test_a_hire_of_the_autumn_enters_and_is_swept_in_the_same_year() -> None:
    terms = {
        "birth_date": date(1990, 1, 1),
        "hire_date": date(2025, 10, 15),
        "slot": 1,
        "job_level": 1,
        "department": "Plant",
        "scheduled_hours": 2080,
        "employee_class": "regular",
        "annual_compensation_cents": 5_000_000,
    }
    context, state = the_year(census_of({}), (), STILL)
    state = evolve(state, hired(state, "H1", date(2025, 10, 15), terms), 2025)
    for engine in (eligibility, enrollment):
        events = engine.decide(context, state)
        state = evolve(state, events, 2025)
    # Hired on 15 October, entry on 1 November, 30 days to choose.
    assert events["enrollment"].select("employee_id", "effective_date").rows() == [("H1", date(2025, 12, 1))]


def test_every_chance_in_the_log_is_above_its_draw() -> None:
    values = {AUTO + "scope": "all_eligible", AUTO + "withdrawal_rate": "30%"}
    lived = live(generate_census(1_000), values, years=(2025, 2027))
    for event_type in ("enrollment", "opt_out", "deferral_change", "escalation"):
        made = events_of(lived, event_type).filter(pl.col("cause_probability").is_not_null())
        assert made.height
        assert (made["cause_draw"] < made["cause_probability"]).all()


def test_who_opts_out_is_not_enrolled_then_or_later() -> None:
    told = _one({AUTO + "opt_out_rate": 1, AUTO + "opt_out_age_multiplier": EVEN_AGE}, years=(2025, 2029))
    assert told == [("opt_out", SWEPT, None, None)]


def test_who_leaves_before_the_window_ends_is_neither_enrolled_nor_opts_out() -> None:
    assert _one({}, _left(date(2025, 6, 30))) == []
    assert _one({}, _left(SWEPT)) == [("enrollment", SWEPT, 600, 0)]


def test_a_window_may_end_in_the_next_year() -> None:
    told = _one({AUTO + "window_days": 60}, birth_date=date(2004, 11, 15))
    assert told == [("enrollment", date(2026, 1, 30), 600, 0)]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [("new_hires", []), ("all_eligible", [("enrollment", date(2025, 1, 31), 600, 0)])],
)
def test_those_who_were_eligible_before_are_swept_once_if_all_are(
    scope: str, expected: list[tuple[Any, ...]]
) -> None:
    assert _one({AUTO + "scope": scope}, birth_date=date(1990, 1, 1)) == expected


def test_those_who_once_chose_nothing_are_not_swept() -> None:
    told = _one({AUTO + "scope": "all_eligible"}, deferral_bp=0, roth_deferral_bp=0)
    assert told == []


def test_who_would_join_before_the_window_ends_chooses_a_rate_and_the_others_are_swept() -> None:
    values = {**STILL, **EVENLY, "plan.enrollment.first_year_rate": 1, "plan.enrollment.long_run_rate": 1}
    enrolled = events_of(live(census_of(*[JUST_HIRED] * 600), values), "enrollment")
    early = enrolled.filter(pl.col("method") == "voluntary")
    assert enrolled.height == 600
    assert early["effective_date"].max() < date(2025, 1, 31)  # type: ignore[operator]
    # 30 of 365 days: 49 of 600, with a standard deviation of 7.
    assert 25 < early.height < 75


def test_joining_in_the_first_year_is_asked_once_and_spread_over_it() -> None:
    values = {**ALONE, "plan.enrollment.first_year_rate": "42%", "plan.enrollment.long_run_rate": "42%"}
    people = [{"birth_date": date(2003, 12, 1)}, TURNS_21_IN_MAY] * 1_000
    lived = live(census_of(*people), values, years=(2025, 2028))
    enrolled = events_of(lived, "enrollment").filter(pl.col("person").is_in(_entering(lived)))
    # 1,000 people enter on 1 June 2025; a standard deviation is 16.
    assert abs(enrolled.height - 420) < 60
    assert enrolled["person"].is_unique().all()
    days = enrolled["effective_date"]
    assert (days.min(), days.max()) >= (ENTRY, ENTRY)
    assert days.max() < date(2026, 6, 1)  # type: ignore[operator]
    assert days.dt.month().n_unique() == 12


def _entering(lived: list[Lived]) -> list[int]:
    return events_of(lived, "eligibility").filter(pl.col("entry_date") == ENTRY)["person"].to_list()


def test_the_share_that_has_joined_goes_from_the_first_year_to_the_long_run() -> None:
    asked = scenario_of().plan.enrollment
    shares = joined_by(asked, np.arange(6))
    assert shares.tolist() == pytest.approx([0, 0.42, 0.564375, 0.614004, 0.631064, 0.636928], abs=1e-6)
    left = np.prod([1 - chance_to_join(asked, np.array([n]), np.array([1.0]))[0] for n in range(1, 6)])
    assert 1 - left == pytest.approx(shares[5])


def test_a_population_of_new_people_follows_the_shares() -> None:
    values = {**ALONE, "plan.enrollment.first_year_rate": "42%", "plan.enrollment.long_run_rate": "64%"}
    lived = live(census_of(*[JUST_HIRED] * 4_000), values, years=(2025, 2029))
    # A standard deviation is 0.008.
    assert [_share(one) for one in lived] == pytest.approx([0.42, 0.564, 0.614, 0.631, 0.637], abs=0.025)


def test_people_who_have_not_joined_in_ten_years_do_not_rush_in() -> None:
    values = {**ALONE, "plan.enrollment.first_year_rate": "42%", "plan.enrollment.long_run_rate": "64%"}
    lived = live(census_of(*[{"hire_date": date(2014, 3, 1)}] * 1_000), values)
    assert _share(lived[0]) < 0.002


def test_without_a_first_year_rate_or_with_nobody_in_the_long_run_nobody_joins() -> None:
    assert _share(live(census_of(*[JUST_HIRED] * 50), ALONE)[0]) == 0


def test_younger_and_lower_paid_people_join_less_often() -> None:
    values = {**STILL, AUTO + "enabled": False, "plan.enrollment.first_year_rate": "42%"}
    values["plan.enrollment.long_run_rate"] = "64%"
    young = {**JUST_HIRED, "birth_date": date(2002, 1, 1), "compensation_cents": 2_000_000}
    lived = live(census_of(*[young] * 1_000, *[JUST_HIRED] * 1_000), values)
    joined = lived[0].state.people.with_columns(joined=total_bp() > 0)
    shares = joined.group_by("birth_date", maintain_order=True).agg(pl.col("joined").mean())["joined"]
    # 0.42 x 0.5 x 0.6 and 0.42 x 1.05 x 1.05.
    assert shares.to_list() == pytest.approx([0.126, 0.463], abs=0.05)


def test_who_said_no_may_change_their_mind_in_a_later_year_and_chooses_a_rate() -> None:
    values = {AUTO + "opt_out_rate": 1, AUTO + "opt_out_age_multiplier": EVEN_AGE}
    told = _one({**values, "plan.enrollment.change_of_mind_rate": 1}, years=(2025, 2027))
    assert [(kind, day.year) for kind, day, *_ in told] == [("opt_out", 2025), ("enrollment", 2026)]


@pytest.mark.parametrize(
    ("frequency", "first"),
    [
        ("weekly", SWEPT),
        ("biweekly", SWEPT),
        ("semi_monthly", date(2025, 7, 15)),
        ("monthly", date(2025, 7, 31)),
        ("quarterly", date(2025, 9, 30)),
        ("annual", date(2025, 12, 31)),
    ],
)
def test_default_contributions_are_taken_back_after_a_pay_date_in_the_window(
    frequency: str, first: date
) -> None:
    values = {**STILL, AUTO + "withdrawal_rate": 1, "payroll.frequency": frequency}
    lived = live(census_of(*[TURNS_21_IN_MAY] * 40), values, years=(2025, 2026))
    stops = events_of(lived, "deferral_change")
    paid = {on + timedelta(days=1) for year in (2025, 2026) for on in pay_dates(frequency, year)}
    assert (stops.height, stops["reason"].unique().to_list()) == (40, ["stop"])
    days = set(stops["effective_date"])
    assert days <= {day for day in paid if first < day <= first + timedelta(days=90)}


def test_the_same_people_take_them_back_whenever_it_is_asked() -> None:
    values = {**STILL, AUTO + "withdrawal_rate": "30%"}
    census, years = census_of(*[TURNS_21_IN_MAY] * 60), (2025, 2025)
    lived = live(census, values, years=years)
    stops = events_of(lived, "deferral_change").select("person", "effective_date")
    context = next(contexts(scenario_of(values, years=years), census, [42]))
    people = lived[0].state.people
    takers = taken_back(context, people)
    assert 5 < stops.height < 35
    told = people[["person"]][takers.row].with_columns(on=pl.Series(takers.on))
    assert told.sort("person").rows() == stops.sort("person").rows()


def test_the_basic_form_has_no_way_back_and_a_leaver_takes_a_distribution_instead() -> None:
    values = {AUTO + "withdrawal_rate": 1}
    assert len(_one({**values, AUTO + "form": "basic"})) == 1
    assert len(_one(values, _left(date(2025, 7, 31)))) == 1
    assert len(_one(values)) == 2


def test_a_rehire_who_was_deferring_goes_on_at_the_old_rates_from_the_first_day() -> None:
    stated = [_left(date(2025, 9, 30)), _back(date(2026, 5, 12))]
    assert _one({}, *stated) == [("enrollment", SWEPT, 600, 0), ("enrollment", date(2026, 5, 12), 600, 0)]
    lived = live(census_of(TURNS_21_IN_MAY), STILL, years=(2025, 2026), stated=stated)
    assert lived[-1].state.people["election"].to_list() == ["automatic"]


def test_a_rehire_who_never_chose_is_swept_after_the_window() -> None:
    told = _one({}, _left(date(2025, 6, 15)), _back(date(2026, 5, 12)))
    assert told == [("enrollment", date(2026, 6, 11), 600, 0)]


def _elected(values: dict[str, Any], *people: dict[str, Any]) -> pl.DataFrame:
    every = {"plan.enrollment.first_year_rate": 1, "plan.enrollment.long_run_rate": 1}
    return events_of(live(census_of(*people), {**ALONE, **every, **values}), "enrollment")


@pytest.mark.parametrize(
    ("birth", "pay", "mean"),
    [(2001, 6_000_000, 550), (1985, 6_000_000, 730), (1965, 12_000_000, 1023), (2001, 2_000_000, 440)],
)
def test_elected_rates_have_the_mean_of_the_age_and_pay_in_whole_steps(
    birth: int, pay: int, mean: int
) -> None:
    person = {**JUST_HIRED, "birth_date": date(birth, 1, 1), "compensation_cents": pay}
    rates = (
        _elected({}, *[person] * 3_000).select(pl.col("pre_tax_rate_bp") + pl.col("roth_rate_bp")).to_series()
    )
    # A standard deviation of the mean of 3,000 is 7 basis points; the least step lifts low means a little.
    assert abs(float(rates.mean()) - mean) < 25  # type: ignore[arg-type]
    assert (rates % 100 == 0).all()
    assert float(rates.median()) <= float(rates.mean())  # type: ignore[arg-type]


def test_elected_rates_stay_within_the_plan() -> None:
    rates = _elected({"plan.deferral.maximum_rate": "5.5%"}, *[JUST_HIRED] * 200)
    total = rates.select(pl.col("pre_tax_rate_bp") + pl.col("roth_rate_bp")).to_series()
    assert set(total) <= {100, 200, 300, 400, 500}
    assert total.max() == 500


def test_without_a_spread_everybody_elects_the_mean_to_the_step() -> None:
    rates = _elected({"plan.deferral.spread": 0}, *[JUST_HIRED] * 20)
    assert set(rates["pre_tax_rate_bp"] + rates["roth_rate_bp"]) == {700}


@pytest.mark.parametrize(("feature", "share"), [(True, 0.17), (False, 0.0)])
def test_a_share_of_those_who_join_defer_roth_where_there_is_such_a_feature(
    share: float, *, feature: bool
) -> None:
    rates = _elected({"plan.deferral.roth_feature": feature}, *[JUST_HIRED] * 2_000)
    assert abs((rates["roth_rate_bp"] > 0).mean() - share) < 0.03  # type: ignore[operator]
    assert ((rates["roth_rate_bp"] > 0) != (rates["pre_tax_rate_bp"] > 0)).all()


@pytest.fixture(scope="module")
def hires() -> Census:
    """People of the generated census as if hired on the census date, of age and never asked."""
    census = generate_census(3_000)
    never = pl.lit(None, dtype=pl.Int32)
    frame = census.frame.filter(pl.col("birth_date") < date(2004, 1, 1)).with_columns(
        hire_date=pl.lit(census.as_of), deferral_bp=never, roth_deferral_bp=never
    )
    return Census(frame=frame, as_of=census.as_of, source="new people")


def test_participation_of_new_people_with_automatic_enrolment_is_calibrated(hires: Census) -> None:
    # calibration.csv: participation_new_hires, Vanguard, 0.91 with automatic enrolment.
    lived = live(hires, seeds=range(4))
    assert abs(_share(lived[0]) - 0.91) < 0.02


def test_participation_of_new_people_without_automatic_enrolment_is_calibrated(hires: Census) -> None:
    # calibration.csv: participation_new_hires 0.42, participation 0.64 without automatic enrolment.
    lived = live(hires, {AUTO + "enabled": False}, years=(2025, 2029), seeds=range(4))
    assert abs(_share(lived[0]) - 0.42) < 0.02
    assert abs(_share(lived[-1]) - 0.64) < 0.03


def test_the_mean_deferral_after_five_years_is_calibrated(hires: Census) -> None:
    # calibration.csv: deferral_mean, Vanguard and PSCA, 0.077.
    lived = live(hires, years=(2025, 2029), seeds=range(4))
    rates = lived[-1].state.people.select(total=total_bp()).filter(pl.col("total") > 0)["total"]
    assert 700 < float(rates.mean()) < 800  # type: ignore[arg-type]


def test_one_more_person_changes_nobody_elses_choice() -> None:
    values = {AUTO + "enabled": False}
    people = [{**JUST_HIRED, "employee_id": f"P{n}"} for n in range(200)]
    few = events_of(live(census_of(*people[1:]), values), "enrollment")
    more = events_of(live(census_of(*people), values), "enrollment").filter(pl.col("employee_id") != "P0")
    columns = ("employee_id", "effective_date", "pre_tax_rate_bp", "roth_rate_bp")
    assert few.select(columns).equals(more.select(columns))


def test_a_batch_of_seeds_is_its_seeds_one_by_one(hires: Census) -> None:
    both = live(hires, years=(2025, 2027), seeds=(1, 2))
    for seed in (1, 2):
        alone = live(hires, years=(2025, 2027), seeds=(seed,))
        for event_type in ("enrollment", "opt_out", "escalation", "deferral_change"):
            mine = events_of(both, event_type).filter(pl.col("seed") == seed)
            assert mine.equals(events_of(alone, event_type))


def test_nobody_elects_twice_in_one_way_on_one_day() -> None:
    busy = {
        AUTO + "scope": "all_eligible",
        AUTO + "withdrawal_rate": "50%",
        "plan.enrollment.change_of_mind_rate": "50%",
        "plan.deferral.raise_rate": "40%",
        "plan.deferral.stop_rate": "30%",
        "plan.deferral.effective": "01-01",
        "plan.escalation.scope": "all",
        "plan.escalation.delay_years": 0,
        "plan.match.tiers": [{"up_to": "6%", "rate": "50%"}],
    }
    lived = live(generate_census(1_500), busy, years=(2025, 2029), seeds=(1, 2))
    for event_type in ("enrollment", "opt_out", "escalation", "deferral_change"):
        made = events_of(lived, event_type)
        assert made.height
        assert not made.select("seed", "person", "effective_date").is_duplicated().any()
    reasons = set(events_of(lived, "deferral_change")["reason"])
    assert reasons == {"increase", "decrease", "stop", "match_response"}
