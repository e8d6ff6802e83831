"""Dates in every style that payrolls use, and the questions that their orders raise."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.census.parse_dates import Order, looks_like_date, orders, read_dates

DAY = date(2004, 3, 9)
ANY_DAY = st.dates(date(1930, 1, 1), date(2060, 12, 31))


def one(text: str, order: Order | None = None) -> date | None:
    value: date | None = read_dates(pl.Series([text]), order).values[0]
    return value


@pytest.mark.parametrize(
    "text",
    [
        "2004-03-09",
        "2004-3-9",
        "2004/03/09",
        "2004.03.09",
        "20040309",
        "2004-03-09 00:00:00",
        "2004-03-09T23:59:59.999Z",
        "2004-03-09 10:30:00+02:00",
        "9-Mar-2004",
        "09 MARCH 2004",
        "9. March 2004",
        "Mar 9, 2004",
        "March 09 2004",
        "38055",
        "38055.75",
    ],
)
def test_a_date_that_can_mean_one_day_only_needs_no_order(text: str) -> None:
    assert one(text) == DAY


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("9.3.2004", "dmy"),
        ("09/03/2004", "dmy"),
        ("09-03-2004", "dmy"),
        ("3/9/2004", "mdy"),
        ("03.09.2004", "mdy"),
    ],
)
def test_a_numeric_date_follows_the_order(text: str, order: Order) -> None:
    assert one(text, order) == DAY
    assert one(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2004-02-30",
        "31/04/2004",
        "9/3/04",
        "09-Mar-04",
        "1986",
        "3805",
        "380555",
        "20041309",
        "soon",
        "0/0/2004",
        "9 Foo 2004",
    ],
)
def test_what_is_no_date_is_null(text: str) -> None:
    assert one(text, "dmy") is None


def test_the_excel_serial_counts_its_29_february_1900() -> None:
    assert one("25569") == date(1970, 1, 1)
    assert one("45657") == date(2024, 12, 31)


@settings(max_examples=25)
@given(st.lists(ANY_DAY, min_size=1, max_size=50), st.sampled_from(["dmy", "mdy"]))
def test_every_day_reads_back_from_every_style(days: list[date], order: Order) -> None:
    numeric = {"dmy": "%d.%m.%Y", "mdy": "%m/%d/%Y"}[order]
    for style in ["%Y-%m-%d", "%Y%m%d", "%d-%b-%Y", "%B %d, %Y", numeric]:
        assert read_dates(pl.Series([f"{day:{style}}" for day in days]), order).values.to_list() == days
    serials = pl.Series([str((day - date(1899, 12, 30)).days) for day in days])
    assert read_dates(serials, order).values.to_list() == days


@settings(max_examples=50)
@given(st.lists(ANY_DAY, min_size=1, max_size=20), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_the_order_is_never_found_wrongly(days: list[date], style: str) -> None:
    texts = pl.Series([f"{day:{style}}" for day in days])
    found, _, problems = orders({"hire_date": texts}, "f")
    if not problems:
        assert read_dates(texts, found.get("hire_date")).values.to_list() == days


@settings(max_examples=25)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=50))
def test_no_text_makes_the_reader_fall(texts: list[str]) -> None:
    values = read_dates(pl.Series(texts), "mdy").values
    assert (values.is_null() | looks_like_date(pl.Series(texts))).all()


def test_a_value_that_fits_one_order_decides_for_the_column() -> None:
    found, notes, problems = orders({"hire_date": pl.Series(["01/02/2020", "25/02/2020"])}, "f")
    assert (found, notes, problems) == ({"hire_date": "dmy"}, [], [])


def test_a_column_without_evidence_follows_the_others_and_says_so() -> None:
    columns = {"birth_date": pl.Series(["12/31/1980"]), "hire_date": pl.Series(["01/02/2020"])}
    found, notes, problems = orders(columns, "f")
    assert found == {"birth_date": "mdy", "hire_date": "mdy"}
    assert notes == ["hire_date: month/day/year, as in birth_date (its own dates fit both orders)"]
    assert not problems


def test_dates_that_fit_both_orders_throughout_are_a_question() -> None:
    _, _, (problem,) = orders({"hire_date": pl.Series(["01/02/2020", "03/03/2020"])}, "staff.csv")
    assert str(problem) == (
        "staff.csv, hire_date: day/month or month/day? every date fits both, such as '01/02/2020'; "
        "say it in the map: `dates: {order: dmy}` or `dates: {order: mdy}`"
    )


@pytest.mark.parametrize(
    ("header", "order"),
    [
        ("Hire Date (DD/MM/YYYY)", "dmy"),
        ("hired mm-dd-yyyy", "mdy"),
        ("Start [d.m.y]", "dmy"),
        ("hired MMDDYYYY", None),
    ],
)
def test_the_name_of_a_column_may_state_its_order(header: str, order: Order | None) -> None:
    found, _, problems = orders({"hire_date": pl.Series(header, ["01/02/2020"])}, "f")
    assert (found.get("hire_date"), bool(problems)) == (order, order is None)


def test_the_dates_themselves_go_before_the_name() -> None:
    found, _, _ = orders({"hire_date": pl.Series("Hired (dd/mm)", ["01/22/2020"])}, "f")
    assert found == {"hire_date": "mdy"}


def test_a_column_that_contradicts_itself_is_a_question() -> None:
    _, _, (problem,) = orders({"hire_date": pl.Series(["25/02/2020", "02/25/2020", "02/26/2020"])}, "f")
    assert problem.found == "1 dates are day/month ('25/02/2020'), 2 are month/day ('02/25/2020')"


@pytest.mark.parametrize("texts", [["05/05/2020"], ["01.02.2020", "03.04.2020"]])
def test_equal_numbers_and_points_are_no_question(texts: list[str]) -> None:
    found, _, problems = orders({"hire_date": pl.Series(texts)}, "f")
    assert (found, problems) == ({"hire_date": "dmy"}, [])


def test_a_column_open_both_ways_does_not_teach_the_others() -> None:
    columns = {"birth_date": pl.Series(["05/05/1980"]), "hire_date": pl.Series(["01/02/2020"])}
    assert [problem.where for problem in orders(columns, "f")[2]] == ["f, hire_date"]


def test_the_styles_used_are_said() -> None:
    texts = pl.Series([str(DAY), "38055", None, str(DAY + timedelta(1))])
    assert read_dates(texts, None).style == "ISO and Excel serial"
