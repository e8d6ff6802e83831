"""Vesting: schedules, years of service, balances by source."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl

from simulation.rules.service import break_in_service, year_of_service
from simulation.rules.vesting import (
    SCHEDULES,
    Schedule,
    cliff,
    forfeitable_cents,
    graded,
    schedule_of,
    vested_bp,
    vested_cents,
)
from simulation.units import BP
from tests.golden.days import numbers
from tests.golden.money import basis_points, money, rate_of_bp, row
from tests.golden.registry import Inputs, Results, topic

BALANCE = "balance"


@topic("vesting_schedule")
@topic("vesting_qaca")
def schedule(inputs: Inputs) -> Results:
    """Answer the vested share by years of service."""
    years = np.asarray(inputs["years"], dtype=np.int64)
    shares = vested_bp(_schedule(inputs["schedule"]), years.reshape(-1))
    vested = [rate_of_bp(share) for share in shares]
    return {"vested": vested if isinstance(inputs["years"], list) else vested[0]}


@topic("vesting_service_hours")
@topic("vesting_ltpt")
def service(inputs: Inputs) -> Results:
    """Answer which years count as service and which as breaks."""
    hours = inputs["hours_by_year"]
    frame = pl.DataFrame({"hours": list(hours.values()) if isinstance(hours, dict) else hours})
    long_term = pl.lit(value=bool(inputs.get("ltpt") or inputs.get("former_ltpt")))
    return frame.select(
        year_of_service=year_of_service(pl.col("hours"), long_term),
        break_in_service=break_in_service(pl.col("hours"), long_term),
    ).to_dict(as_series=False)


@topic("vesting_balance")
@topic("vesting_two_sources")
def balance(inputs: Inputs) -> Results:
    """Answer what is vested and what is not, over the balances given."""
    vested = forfeitable = 0
    for name, text in inputs.items():
        if name.endswith(BALANCE):
            source = name.removesuffix(BALANCE).removesuffix("_") or "match"
            share = _share(inputs, source)
            vested += int(vested_cents(row(text), share)[0])
            forfeitable += int(forfeitable_cents(row(text), share)[0])
    return {
        "vested": money(vested),
        "vested_total": money(vested),
        "forfeitable": money(forfeitable),
        "forfeited": money(forfeitable),
    }


def _share(inputs: Inputs, source: str) -> int:
    if "vested_pct" in inputs:
        plan: Schedule = (basis_points(inputs["vested_pct"]),)
    else:
        plan = _schedule(inputs["schedule"])
    years = np.array([inputs.get("years", 0)], dtype=np.int64)
    return int(vested_bp(schedule_of(source, plan), years)[0])


def _schedule(text: str) -> Schedule:
    """Return a schedule by name, or as described: ``cliff4``, ``graded 25%/yr from year 1``."""
    if text in SCHEDULES:
        return SCHEDULES[text]
    if years := numbers(r"cliff[ _]?(\d+)", text) or numbers(r"(\d+)[- _]?y(?:ea)?r[- _]cliff", text):
        return cliff(years[0])
    if span := numbers(r"graded[ _](\d+)[_-](\d+)", text):
        return graded(-(-BP // (span[1] - span[0] + 1)), span[0])
    words = text.split()
    step = next(word for word in words if "%" in word).split("%")[0]
    first = numbers(r"from year (\d+)", text) or (1,)
    return graded(basis_points(str(Decimal(step) / 100)), first[0])
