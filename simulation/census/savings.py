"""The plan side of a generated census: who defers how much, and what has been saved so far.

Knows the tables of ``population`` and the jobs that ``generate`` drew; no file format.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from simulation.census import population as table
from simulation.census.people import Draw, Mask, People, Whole, band, line, whole


def elections_and_balances(people: People, job: dict[str, Any]) -> dict[str, Any]:
    """Return elections and balances: what people defer, and what they have saved so far."""
    saving, stopped = _joined(people, job)
    means = np.array(table.DEFERRAL_MEANS_BP)[band(np.array(table.DEFERRAL_AGES)[1:], job["age"])]
    spread = line(table.DEFERRAL_SHARES, table.DEFERRAL_SPREAD, people.draw(Draw.DEFERRAL))
    rate_bp = np.clip(whole(means * spread / 100), 1, 40) * 100
    uses_roth = people.draw(Draw.ROTH) < line(table.ROTH_AGES, table.ROTH_CHANCE, job["age"])
    only_roth = people.draw(Draw.ROTH_ALL) < table.ROTH_ALL_SHARE
    roth_bp = np.where(uses_roth, np.where(only_roth, rate_bp, rate_bp // 200 * 100), 0)
    elected = pl.Series(saving | stopped)
    return {
        "deferral_bp": pl.Series(np.where(saving, rate_bp - roth_bp, 0)).set(~elected, None),
        "roth_deferral_bp": pl.Series(np.where(saving, roth_bp, 0)).set(~elected, None),
        **_balances(people, job, saving | stopped, rate_bp, roth_bp),
    }


def _joined(people: People, job: dict[str, Any]) -> tuple[Mask, Mask]:
    """Return who defers today, and who once did and stopped."""
    allowed = (job["age"] >= table.JOIN_AGE) & (job["class"] <= table.CLASSES.index("union"))
    by_pay = line(table.JOIN_PAY, table.JOIN_BY_PAY, job["pay"].astype(np.float64))
    by_service = line(table.JOIN_SERVICE_YEARS, table.JOIN_BY_SERVICE, job["service"])
    saving = allowed & (people.draw(Draw.JOIN) < by_pay * by_service)
    stopped = allowed & ~saving & (people.draw(Draw.STOPPED) < table.STOPPED_SHARE)
    return saving, stopped


def _balances(
    people: People, job: dict[str, Any], has_saved: Mask, rate_bp: Whole, roth_bp: Whole
) -> dict[str, Whole]:
    """Return balances in cents by source: years saved x pay x rate, with growth and luck."""
    part = line(table.YEARS_SAVED_SHARES, table.YEARS_SAVED, people.draw(Draw.YEARS_SAVED))
    years = job["service"] * part
    luck = line(table.LUCK_SHARES, table.LUCK, people.draw(Draw.LUCK))
    each_bp = job["pay"] * years * (1 + table.GROWTH_PER_YEAR * years) * luck * has_saved / 10_000
    matched_bp = np.minimum(rate_bp, 300) + np.clip(rate_bp - 300, 0, 200) // 2
    legacy = np.clip(job["service"] - table.LEGACY_YEARS, 0, None) * table.LEGACY_RATE * job["pay"] * luck
    return {
        "balance_pre_tax_cents": whole(each_bp * (rate_bp - roth_bp)) * 100,
        "balance_roth_cents": whole(each_bp * roth_bp) * 100,
        "balance_match_cents": whole(each_bp * matched_bp) * 100,
        "balance_nonelective_cents": whole(legacy) * 100,
    }
