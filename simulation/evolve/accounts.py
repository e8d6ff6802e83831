"""How events change accounts: money by source that comes in, goes out, earns, is lent or forfeited.

A balance counts whole cents; ``cent_days`` is the sum over the days of the open year of the balance at each
day's end, so that a return can be earned on what was there, day by day. Every movement adds a term to both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from simulation.events.sources import EMPLOYER, SOURCES, Source
from simulation.evolve.beside import days_left, put, replaced, with_sums
from simulation.evolve.workforce import Apply, of_people
from simulation.rules.rounding import Whole
from simulation.state import LOAN_KEYS, State, rows_of


def _contribution(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Add contributions, each to its source; catch-up is counted once more by itself."""
    rows, amounts = rows_of(people, events), _amounts(events)
    sources = events["source"].cast(_SOURCE).to_physical().to_numpy()
    places = sources * np.int64(people.height) + rows
    paid = _by_source(places, amounts, people.height)
    days = _by_source(places, amounts * days_left(events, year), people.height)
    sums = {f"balance_{source}_cents": paid[source] for source in SOURCES}
    sums |= {f"year_{source}_cents": paid[source] for source in SOURCES}
    sums |= {f"cent_days_{source}": days[source] for source in SOURCES}
    added = replaced(people, (pl.Series(name, people[name].to_numpy() + sums[name]) for name in sums))
    catchup = np.flatnonzero(events["kind"] == "catch_up")
    return with_sums(added, rows[catchup], {"year_catchup_cents": amounts[catchup]})


def _by_source(places: Whole, amounts: Whole, people: int) -> dict[str, Whole]:
    """Return sums of amounts by source, one number a person each; person after person is a place."""
    sums = np.zeros(len(SOURCES) * people, dtype=np.int64)
    np.add.at(sums, places, amounts)
    return dict(zip(SOURCES, sums.reshape(len(SOURCES), people), strict=True))


_SOURCE: Final = pl.Enum([source.value for source in Source])


def _flowing(sign: int, flow: str) -> Apply:
    """Return how events with an amount a source move all of them, and which flow of the year they are."""

    def apply(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
        moved = {source: sign * events[f"{source}_cents"].to_numpy() for source in SOURCES}
        sums = _moved(moved, days_left(events, year)) | {flow: _amounts(events)}
        return with_sums(people, rows_of(people, events), sums)

    return of_people(apply)


def _loan(state: State, events: pl.DataFrame, year: int) -> State:
    """Take the money out of the account and enter the loan."""
    lent = _flowing(-1, "year_lent_cents")(state, events, year)
    people = with_sums(lent.people, rows_of(state.people, events), {"loans_taken": 1})
    loans = pl.concat([state.loans, events.select(_ENTERED)], rechunk=True).sort(LOAN_KEYS)
    return replace(lent, people=people, loans=loans)


_ENTERED: Final = (
    *(pl.col(key) for key in LOAN_KEYS),
    pl.col("effective_date").alias("start_date"),
    pl.col("interest_rate_bp").alias("rate_bp"),
    pl.col("payments"),
    pl.lit(0, dtype=pl.Int32).alias("payments_made"),
    pl.col("payment_cents"),
    pl.col("amount_cents").alias("principal_cents"),
    pl.col("amount_cents").alias("balance_cents"),
    pl.lit(None, dtype=pl.Date).alias("end_date"),
    *(pl.col(f"{source}_cents") for source in SOURCES),
)
"""A loan's row from the event that made it."""


def _loan_repayment(state: State, events: pl.DataFrame, year: int) -> State:
    """Put the money back into the account and take the principal off the loan; the last one ends it."""
    repaid = _flowing(1, "year_repaid_cents")(state, events, year)
    places = _loans_of(state, events)
    principal = -events["principal_cents"].to_numpy()
    loans = with_sums(state.loans, places, {"balance_cents": principal, "payments_made": 1})
    last = np.full(loans.height, np.datetime64(0, "D"))
    np.maximum.at(last, places, events["effective_date"].to_numpy())
    paying = np.unique(places)
    over = loans["balance_cents"].to_numpy()[paying] == 0
    over &= np.isnat(loans["end_date"].to_numpy()[paying])
    ended = paying[over]
    return replace(repaid, loans=put(loans, ended, {"end_date": pl.Series(last[ended])}))


def _loan_default(state: State, events: pl.DataFrame, year: int) -> State:
    """End the loan: nothing is owed any more, and no money moves."""
    del year
    gone = {
        "balance_cents": pl.Series(np.zeros(events.height, dtype=np.int64)),
        "end_date": events["effective_date"],
    }
    return replace(state, loans=put(state.loans, _loans_of(state, events), gone))


def _loans_of(state: State, events: pl.DataFrame) -> Whole:
    """Return the row of loans that each event is about: a person's stand together, numbered from one."""
    first = np.searchsorted(rows_of(state.people, state.loans), rows_of(state.people, events))
    return np.asarray(first + events["loan_number"].to_numpy() - 1, dtype=np.int64)


def _forfeiture(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Take employer money into the forfeiture account, remembering of leavers what a rehire may restore."""
    amount = _amounts(events)
    lost = _by_employer_source(events["forfeited_from_source"], amount)
    restorable = np.asarray(events["reason"] != "permissible_withdrawal")
    return with_sums(
        people,
        rows_of(people, events),
        _moved({name: -cents for name, cents in lost.items()}, days_left(events, year))
        | {f"forfeited_{name}_cents": cents * restorable for name, cents in lost.items()}
        | {"forfeiture_account_cents": amount, "year_forfeited_cents": amount},
    )


def _restoration(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    amount = _amounts(events)
    back = _by_employer_source(events["restored_to_source"], amount)
    return with_sums(
        people,
        rows_of(people, events),
        _moved(back, days_left(events, year))
        | {f"forfeited_{name}_cents": -cents for name, cents in back.items()}
        | {"forfeiture_account_cents": -amount, "year_restored_cents": amount},
    )


def _forfeiture_use(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Pay out of the forfeiture account: what is reallocated comes into an account, the rest saves money."""
    amount = _amounts(events)
    shared = amount * np.asarray(events["use"] == "reallocate")
    saved = amount * np.asarray(events["use"] == "reduce_contributions")
    return with_sums(
        people,
        rows_of(people, events),
        _moved({"profit_sharing": shared}, days_left(events, year))
        | {"year_reallocated_cents": shared, "year_forfeitures_used_cents": saved}
        | {"forfeiture_account_cents": -amount},
    )


def _amounts(events: pl.DataFrame) -> Whole:
    return events["amount_cents"].to_numpy()


def _by_employer_source(sources: pl.Series, amount: Whole) -> dict[str, Whole]:
    """Return amounts by employer source, nought where the event is about another."""
    return {name: amount * np.asarray(sources == Source[name.upper()].value) for name in EMPLOYER}


def _moved(amounts: Mapping[str, Whole], days: Whole) -> dict[str, Whole]:
    """Return what amounts by source add to balances, and for the days left to their cent-days."""
    balances = {f"balance_{source}_cents": amount for source, amount in amounts.items()}
    return balances | {f"cent_days_{source}": amount * days for source, amount in amounts.items()}


ACCOUNTS: Final[Mapping[str, Apply]] = MappingProxyType(
    {
        "contribution": of_people(_contribution),
        "loan": _loan,
        "loan_repayment": _loan_repayment,
        "loan_default": _loan_default,
        "withdrawal": _flowing(-1, "year_withdrawn_cents"),
        "distribution": _flowing(-1, "year_distributed_cents"),
        "rollover": _flowing(-1, "year_distributed_cents"),
        "investment_return": _flowing(1, "year_returns_cents"),
        "fee": _flowing(-1, "year_fees_cents"),
        "forfeiture": of_people(_forfeiture),
        "restoration": of_people(_restoration),
        "forfeiture_use": of_people(_forfeiture_use),
    }
)
"""By event type."""
