"""How events change who takes part in the plan, at which rate, and what of it is theirs.

A year's elections are kept with their days, because pay before a day is deferred at the rate before it. The
last of them by day is the one in force; those of one day count in the order of their rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from simulation.evolve.beside import put
from simulation.evolve.workforce import Apply, of_people
from simulation.rules.rounding import Whole
from simulation.state import KEYS, State, rows_of


def _kept(rank: int, election: pl.Expr, pre_tax: pl.Expr, roth: pl.Expr) -> tuple[pl.Expr, ...]:
    """Return an election's row from the event that made it; ``election`` is how it came about, or null."""
    return (
        *(pl.col(key) for key in KEYS),
        pl.col("effective_date"),
        pre_tax.alias("pre_tax_bp"),
        roth.alias("roth_bp"),
        election.cast(pl.String).alias("election"),
        pl.lit(rank, dtype=pl.Int8).alias("rank"),
    )


_ASKED: Final = (pl.col("pre_tax_rate_bp"), pl.col("roth_rate_bp"))
_NOTHING: Final = (pl.lit(0, dtype=pl.Int32), pl.lit(0, dtype=pl.Int32))
_KEPT: Final = MappingProxyType(
    {
        "enrollment": _kept(0, pl.col("method"), *_ASKED),
        "opt_out": _kept(1, pl.lit("opt_out"), *_NOTHING),
        "escalation": _kept(2, pl.lit(None), *_ASKED),
        "deferral_change": _kept(3, pl.col("reason"), *_ASKED),
    }
)
"""Elections by event type. Escalation leaves the election what it was: nobody chose."""


def _eligibility(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    rows, employer = rows_of(people, events), events["employer_entry_date"].to_numpy()
    entered = put(people, rows, {"entry_date": events["entry_date"]})
    known = ~np.isnat(employer)
    return put(entered, rows[known], {"employer_entry_date": pl.Series(employer[known])})


def _enrollment(state: State, events: pl.DataFrame, year: int) -> State:
    begun = {"enrollment_date": events["effective_date"]}
    people = put(state.people, rows_of(state.people, events), begun)
    return _elections("enrollment")(replace(state, people=people), events, year)


def _escalation(state: State, events: pl.DataFrame, year: int) -> State:
    """Raise the rate; who refuses keeps it."""
    refused = events["refused"].to_numpy()
    rows = rows_of(state.people, events)[refused]
    people = put(state.people, rows, {"escalation_refused": pl.Series(refused[refused])})
    raised = events[np.flatnonzero(~refused)]
    return _elections("escalation")(replace(state, people=people), raised, year)


def _elections(event_type: str) -> Apply:
    """Return how elections of one type are added to those of the year; ``settled`` gives them force."""

    def apply(state: State, events: pl.DataFrame, year: int) -> State:
        del year
        new = events.select(_KEPT[event_type])
        return replace(state, elections=pl.concat([state.elections, new]))

    return apply


def settled(state: State) -> State:
    """Return the state with its elections in order, and the last one of each person in force."""
    elections = state.elections.rechunk()
    rows = rows_of(state.people, elections)
    order = np.lexsort((elections["rank"].to_numpy(), elections["effective_date"].to_numpy(), rows))
    elections, rows = elections[order], rows[order]
    last = _last_of_each(rows)
    pre_tax, roth = (pl.Series(elections[name].to_numpy()[last]) for name in ("pre_tax_bp", "roth_bp"))
    people = put(state.people, rows[last], {"deferral_bp": pre_tax, "roth_deferral_bp": roth})
    chosen = np.flatnonzero(elections["election"].is_not_null())
    made = chosen[_last_of_each(rows[chosen])]
    people = put(people, rows[made], {"election": elections["election"][made]})
    return replace(state, people=people, elections=elections)


def _last_of_each(rows: Whole) -> Whole:
    """Return where the last of each run of equal rows stands."""
    return np.flatnonzero(np.append(rows[1:] != rows[:-1], True)[: len(rows)])


def _vesting(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    told = pl.repeat(True, events.height, eager=True)  # noqa: FBT003  the value of a column
    return put(people, rows_of(people, events), {"vesting_told": told, **{n: events[n] for n in _VESTED}})


_VESTED: Final = ("credited_service", "vested_match_bp", "vested_nonelective_bp", "vested_profit_sharing_bp")


PARTICIPATION: Final[Mapping[str, Apply]] = MappingProxyType(
    {
        "eligibility": of_people(_eligibility),
        "enrollment": _enrollment,
        "opt_out": _elections("opt_out"),
        "deferral_change": _elections("deferral_change"),
        "escalation": _escalation,
        "vesting": of_people(_vesting),
    }
)
"""By event type."""
