"""How events change who takes part in the plan, at which rate, and what of it is theirs.

A year's elections are kept with their days, because pay before a day is deferred at the rate before it. The
last of them by day is the one in force; those of one day count in the order of ``_RANK``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from simulation.evolve.beside import beside
from simulation.evolve.workforce import Apply, of_people
from simulation.rules.rounding import Whole
from simulation.state import KEYS, State, rows_of

_RANK: Final = {"enrollment": 0, "opt_out": 1, "escalation": 2, "deferral_change": 3}


def _eligibility(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    entries = events.select(*KEYS, _entry="entry_date", _employer="employer_entry_date")
    return beside(people, entries).with_columns(
        entry_date=pl.coalesce("_entry", "entry_date"),
        employer_entry_date=pl.coalesce("_employer", "employer_entry_date"),
    )[people.columns]


def _enrollment(state: State, events: pl.DataFrame, year: int) -> State:
    del year
    begun = beside(state.people, events.select(*KEYS, _begun="effective_date")).with_columns(
        enrollment_date=pl.coalesce("_begun", "enrollment_date")
    )
    joined = replace(state, people=begun[state.people.columns])
    return _elected(joined, events, "enrollment", pl.col("method"))


def _opt_out(state: State, events: pl.DataFrame, year: int) -> State:
    del year
    nothing = pl.lit(0, dtype=pl.Int32)
    out = events.with_columns(pre_tax_rate_bp=nothing, roth_rate_bp=nothing)
    return _elected(state, out, "opt_out", pl.lit("opt_out"))


def _deferral_change(state: State, events: pl.DataFrame, year: int) -> State:
    del year
    return _elected(state, events, "deferral_change", pl.col("reason"))


def _escalation(state: State, events: pl.DataFrame, year: int) -> State:
    """Raise the rate; who refuses keeps it. Escalation leaves the election what it was: nobody chose."""
    del year
    refusals = events.filter("refused").select(*KEYS, _refused="refused")
    people = beside(state.people, refusals).with_columns(
        escalation_refused=pl.col("escalation_refused") | pl.col("_refused").fill_null(value=False)
    )
    after = replace(state, people=people[state.people.columns])
    return _elected(after, events.filter(~pl.col("refused")), "escalation", pl.lit(None))


def _elected(state: State, events: pl.DataFrame, event_type: str, election: pl.Expr) -> State:
    """Return the state with elections of one type: kept with their days, the last one in force."""
    new = events.select(
        *KEYS,
        "effective_date",
        pre_tax_bp="pre_tax_rate_bp",
        roth_bp="roth_rate_bp",
        election=election.cast(pl.String),
        rank=pl.lit(_RANK[event_type], dtype=pl.Int8),
    )
    elections = pl.concat([state.elections, new])
    rows = rows_of(state.people, elections)
    order = np.lexsort((elections["rank"], elections["effective_date"].to_physical(), rows))
    elections, rows = elections[order], rows[order]
    chosen = elections["election"].is_not_null().to_numpy()
    last, made = elections[_last_of_each(rows)], elections.filter(chosen)[_last_of_each(rows[chosen])]
    people = beside(state.people, last.select(*KEYS, _pre_tax="pre_tax_bp", _roth="roth_bp"))
    people = beside(people, made.select(*KEYS, _election="election")).with_columns(
        deferral_bp=pl.coalesce("_pre_tax", "deferral_bp"),
        roth_deferral_bp=pl.coalesce("_roth", "roth_deferral_bp"),
        election=pl.coalesce("_election", "election"),
    )[state.people.columns]
    return replace(state, people=people, elections=elections)


def _last_of_each(rows: Whole) -> Whole:
    """Return where the last of each run of equal rows stands."""
    return np.flatnonzero(np.append(rows[1:] != rows[:-1], True)[: len(rows)])


def _vesting(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    now = events.select(
        *KEYS,
        _service="credited_service",
        _match="vested_match_bp",
        _nonelective="vested_nonelective_bp",
        _profit_sharing="vested_profit_sharing_bp",
    )
    return beside(people, now).with_columns(
        credited_service=pl.coalesce("_service", "credited_service"),
        vested_match_bp=pl.coalesce("_match", "vested_match_bp"),
        vested_nonelective_bp=pl.coalesce("_nonelective", "vested_nonelective_bp"),
        vested_profit_sharing_bp=pl.coalesce("_profit_sharing", "vested_profit_sharing_bp"),
    )[people.columns]


PARTICIPATION: Final[Mapping[str, Apply]] = MappingProxyType(
    {
        "eligibility": of_people(_eligibility),
        "enrollment": _enrollment,
        "opt_out": _opt_out,
        "deferral_change": _deferral_change,
        "escalation": _escalation,
        "vesting": of_people(_vesting),
    }
)
"""By event type."""
