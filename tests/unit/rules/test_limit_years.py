from __future__ import annotations

from datetime import date

import pytest

from simulation.rules.limit_years import limit_years, short_period_limit


def test_a_fiscal_year_takes_pay_from_its_first_and_additions_from_its_last_year() -> None:
    years = limit_years(date(2024, 10, 1), date(2025, 9, 30))
    assert (years.compensation, years.additions) == (2024, 2025)


def test_the_calendar_year_takes_both_from_itself() -> None:
    years = limit_years(date(2026, 1, 1), date(2026, 12, 31))
    assert (years.compensation, years.additions) == (2026, 2026)


@pytest.mark.parametrize(("months", "limit"), [(12, 350_000_00), (7, 204_166_67), (1, 29_166_67)])
def test_a_short_period_has_its_months_of_the_limit(months: int, limit: int) -> None:
    assert short_period_limit(350_000_00, months).tolist() == [limit]


@pytest.mark.parametrize("months", [0, 13])
def test_a_period_of_no_or_too_many_months_is_refused(months: int) -> None:
    with pytest.raises(ValueError, match="1 to 12 months"):
        short_period_limit(350_000_00, months)
