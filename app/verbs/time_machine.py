"""``planwise snapshot`` and ``planwise history``: the workforce of any day, and one employee's life."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.verbs.options import Json, StoreFile, parse_date
from app.verbs.printing import print_json, print_table, say, shown_path
from simulation.errors import Problem, QueryError

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

SNAPSHOT_EXAMPLE: Final = (
    "Example: planwise snapshot data/runs/baseline/seed_42.duckdb --as-of 2027-06-30 --out june.xlsx"
)
HISTORY_EXAMPLE: Final = "Example: planwise history data/runs/baseline/seed_42.duckdb E000017"

_SHOWN: Final = 20
"""Rows of a workforce that fit a screen."""


def snapshot(  # noqa: PLR0913 (each is an option)
    store: StoreFile,
    *,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The end of this day, as 2027-06-30.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all rows: .parquet, .csv or .xlsx.")
    ] = None,
    former: Annotated[bool, typer.Option("--former", help="People who had left by then, too.")] = False,
    accounts: Annotated[
        bool, typer.Option("--accounts", help="What was in accounts, by source, instead of the workforce.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Who is eligible, defers and is vested, instead of the workforce.")
    ] = False,
    beside: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="With --accounts: start from snapshots of this file, too."
        ),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(
            metavar="year_end|quarter_end|month_end|weekly",
            help="Write all accounts on many dates, as Parquet: to --out, or beside the store.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Show the workforce, the accounts, or who takes part in the plan, as of a date, from the events."""
    if every is not None and as_of is None:
        _write_series(store, every, out, json=json)
        return
    if as_of is None or every is not None:
        problem = Problem("options", "both" if as_of else "neither", "one of --as-of and --every")
        raise QueryError("a snapshot is of one date, or of many", problems=[problem])
    if accounts and plan:
        problem = Problem("options", "--accounts and --plan", "one of them")
        raise QueryError("a snapshot shows one thing", problems=[problem])
    if beside is not None and not accounts:
        problem = Problem("options", "--from without --accounts", "--accounts --from FILE")
        raise QueryError("only accounts have snapshots to start from", problems=[problem])
    day = parse_date(as_of)
    title, frame = _asked(store, day, former=former, accounts=accounts, plan=plan, beside=beside)
    if out is not None:
        from app.verbs.files import write_frame

        written = write_frame(frame, out, title)
        say(f"wrote {frame.height:,} rows to {shown_path(written)}")
    if json:
        print_json(frame.to_dicts())
    elif out is None:
        print_table(frame.columns, frame.head(_SHOWN).rows())
        say(f"{min(frame.height, _SHOWN):,} of {frame.height:,} rows; --out FILE writes all")


def _write_series(store: Path, every: str, out: Path | None, *, json: bool) -> None:
    """Write every account on many dates beside a store, and say where."""
    from simulation.query import write_balance_series

    written, rows = write_balance_series(store, every, out)
    say(f"wrote {rows:,} rows to {shown_path(written)}")
    if json:
        print_json({"file": str(written), "rows": rows})


def _asked(
    store: Path, day: date, *, former: bool, accounts: bool, plan: bool, beside: Path | None
) -> tuple[str, pl.DataFrame]:
    """Return what a snapshot is of, and its rows."""
    from simulation.query import balances, plan_status
    from simulation.query import snapshot as workforce

    if accounts:
        return "Accounts", balances(store, day, beside=beside)
    if plan:
        return "Plan", plan_status(store, day, former=former)
    return "Workforce", workforce(store, day, former=former)


def history(
    store: StoreFile,
    employee_id: Annotated[str, typer.Argument(metavar="EMPLOYEE_ID")],
    *,
    json: Json = False,
) -> None:
    """Show every event of one employee, oldest first, with its cause."""
    from simulation.query import history as life

    frame = life(store, employee_id)
    if json:
        print_json(frame.to_dicts())
    else:
        heads = ["date", "event", "amount", "what", "because of"]
        print_table(heads, [_line(row) for row in frame.to_dicts()])


def _line(event: Mapping[str, Any]) -> tuple[str, ...]:
    from app.verbs.telling import cause_text, event_text

    what, why = event_text(event["event_payload"]), cause_text(event["cause"])
    amount = "" if event["amount"] is None else f"{event['amount']:,.2f}"
    return str(event["effective_date"]), event["event_type"], amount, what, why
