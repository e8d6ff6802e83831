"""How events change accounts: money by source that comes in, goes out, earns, is lent or forfeited.

A balance counts whole cents; ``cent_days`` is the sum over the days of the open year of the balance at each
day's end, so that a return can be earned on what was there, day by day. Every movement adds a term to both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import polars as pl

from simulation.dates import days_from, year_end
from simulation.events.sources import EMPLOYER, SOURCES, Source
from simulation.evolve.beside import with_sums
from simulation.evolve.workforce import Apply, of_people
from simulation.state import LOAN_KEYS, State


def _contribution(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Add contributions, each to its source; catch-up is counted once more by itself."""
    for source in Source:
        paid = events.filter(pl.col("source") == source.value)
        flow = {f"year_{source.column}_cents": pl.col("amount_cents")}
        people = with_sums(people, paid, _moved({source.column: pl.col("amount_cents")}, year) | flow)
    catchup = events.filter(pl.col("kind") == "catch_up")
    return with_sums(people, catchup, {"year_catchup_cents": pl.col("amount_cents")})


def _by_source(sign: int, flow: str) -> Apply:
    """Return how events with an amount a source move all of them, and which flow of the year they are."""

    def apply(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
        amounts = {source: sign * pl.col(f"{source}_cents") for source in SOURCES}
        return with_sums(people, events, _moved(amounts, year) | {flow: pl.col("amount_cents")})

    return of_people(apply)


def _loan(state: State, events: pl.DataFrame, year: int) -> State:
    """Take the money out of the account and enter the loan."""
    entered = events.select(
        *LOAN_KEYS,
        start_date="effective_date",
        rate_bp="interest_rate_bp",
        payments="payments",
        payment_cents="payment_cents",
        principal_cents="amount_cents",
        balance_cents="amount_cents",
        payments_made=pl.lit(0, dtype=pl.Int32),
        end_date=pl.lit(None, dtype=pl.Date),
        **{f"{source}_cents": pl.col(f"{source}_cents") for source in SOURCES},
    ).select(state.loans.columns)
    lent = _by_source(-1, "year_lent_cents")(state, events, year)
    people = with_sums(lent.people, events, {"loans_taken": pl.lit(1, dtype=pl.Int32)})
    loans = pl.concat([state.loans, entered]).sort(LOAN_KEYS)
    return replace(lent, people=people, loans=loans)


def _loan_repayment(state: State, events: pl.DataFrame, year: int) -> State:
    """Put the money back into the account and take the principal off the loan; the last one ends it."""
    repaid = _by_source(1, "year_repaid_cents")(state, events, year)
    sums = events.group_by(LOAN_KEYS).agg(
        _principal=pl.col("principal_cents").sum(),
        _payments=pl.len().cast(pl.Int32),
        _last=pl.col("effective_date").max(),
    )
    loans = _joined(state.loans, sums).with_columns(
        balance_cents=pl.col("balance_cents") - pl.col("_principal").fill_null(0),
        payments_made=pl.col("payments_made") + pl.col("_payments").fill_null(0),
    )
    over = (pl.col("balance_cents") == 0) & pl.col("end_date").is_null()
    ended = loans.with_columns(end_date=pl.when(over).then("_last").otherwise("end_date"))
    return replace(repaid, loans=ended.select(state.loans.columns))


def _loan_default(state: State, events: pl.DataFrame, year: int) -> State:
    """End the loan: nothing is owed any more, and no money moves."""
    del year
    ends = events.select(*LOAN_KEYS, _end="effective_date")
    gone = pl.col("_end").is_not_null()
    loans = _joined(state.loans, ends).with_columns(
        balance_cents=pl.when(gone).then(0).otherwise("balance_cents"),
        end_date=pl.coalesce("_end", "end_date"),
    )
    return replace(state, loans=loans.select(state.loans.columns))


def _forfeiture(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Take employer money into the forfeiture account, remembering of leavers what a rehire may restore."""
    amount = pl.col("amount_cents")
    restorable = pl.when(pl.col("reason") == "permissible_withdrawal").then(0).otherwise(amount)
    for name in EMPLOYER:
        lost = events.filter(pl.col("forfeited_from_source") == Source[name.upper()].value)
        remembered = {f"forfeited_{name}_cents": restorable}
        people = with_sums(people, lost, _moved({name: -amount}, year) | remembered)
    return with_sums(people, events, {"forfeiture_account_cents": amount, "year_forfeited_cents": amount})


def _restoration(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    amount = pl.col("amount_cents")
    for name in EMPLOYER:
        back = events.filter(pl.col("restored_to_source") == Source[name.upper()].value)
        forgotten = {f"forfeited_{name}_cents": -amount}
        people = with_sums(people, back, _moved({name: amount}, year) | forgotten)
    return with_sums(people, events, {"forfeiture_account_cents": -amount, "year_restored_cents": amount})


def _forfeiture_use(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Pay out of the forfeiture account: what is reallocated comes into an account, the rest saves money."""
    amount = pl.col("amount_cents")
    shares = events.filter(pl.col("use") == "reallocate")
    into = _moved({"profit_sharing": amount}, year) | {"year_reallocated_cents": amount}
    saved = events.filter(pl.col("use") == "reduce_contributions")
    people = with_sums(people, shares, into)
    people = with_sums(people, saved, {"year_forfeitures_used_cents": amount})
    return with_sums(people, events, {"forfeiture_account_cents": -amount})


def _moved(amounts: Mapping[str, pl.Expr], year: int) -> dict[str, pl.Expr]:
    """Return what amounts by source add to balances, and for the days left to their cent-days."""
    days = days_from(pl.col("effective_date"), year_end(year))
    balances = {f"balance_{source}_cents": amount for source, amount in amounts.items()}
    return balances | {f"cent_days_{source}": amount * days for source, amount in amounts.items()}


def _joined(loans: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    return loans.join(changes, on=LOAN_KEYS, how="left", maintain_order="left")


ACCOUNTS: Final[Mapping[str, Apply]] = MappingProxyType(
    {
        "contribution": of_people(_contribution),
        "loan": _loan,
        "loan_repayment": _loan_repayment,
        "loan_default": _loan_default,
        "withdrawal": _by_source(-1, "year_withdrawn_cents"),
        "distribution": _by_source(-1, "year_distributed_cents"),
        "rollover": _by_source(-1, "year_distributed_cents"),
        "investment_return": _by_source(1, "year_returns_cents"),
        "fee": _by_source(-1, "year_fees_cents"),
        "forfeiture": of_people(_forfeiture),
        "restoration": of_people(_restoration),
        "forfeiture_use": of_people(_forfeiture_use),
    }
)
"""By event type."""
