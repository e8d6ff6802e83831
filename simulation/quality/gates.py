"""The gates, in one table: what is promised of every run's data, where, and how it is measured.

Each row points at the function that looks; no other place lists them. The documentation prints the table.
"""

from __future__ import annotations

from typing import Any, Final

from simulation import invariants, reconciliation
from simulation.quality import keys, limits, references, rows
from simulation.quality.drift import DRIFT_GATES
from simulation.quality.gate import Gate, Layer, Severity
from simulation.quality.subjects import Kept, Taken, Told

TAKEN_GATES: Final[tuple[Gate[Taken], ...]] = (
    Gate(
        "census_ids",
        Layer.CENSUS,
        "employee ids of the census are unique",
        "rows whose id is another's",
        keys.census_ids,
    ),
    Gate(
        "census_rows",
        Layer.CENSUS,
        "rows of the census = events of genesis = people of the opening state",
        "counts that differ",
        rows.taken_in,
    ),
)
"""Held when a census is taken in."""

TOLD_GATES: Final[tuple[Gate[Told], ...]] = (
    Gate(
        "state_contract",
        Layer.STATE,
        "the state keeps its contract: keys unique, columns within their bounds, null only where allowed",
        "people, by the contract of the frame",
        invariants.state_contract,
    ),
    Gate(
        "employee_ids",
        Layer.STATE,
        "employee ids are unique",
        "people whose id is another's",
        keys.employee_ids,
    ),
    Gate(
        "headcount",
        Layer.STATE,
        "opening + hires + rehires - terminations = closing",
        "runs in which people came or went without an event, or an event without people",
        invariants.headcount,
    ),
    Gate(
        "employed_days",
        Layer.STATE,
        "days on the payroll are first to last day",
        "people with another number of days",
        invariants.employed_days,
    ),
    Gate(
        "raise_chain",
        Layer.STATE,
        "pay is opening pay and the raises since",
        "people with other pay, to the cent",
        invariants.raise_chain,
    ),
    Gate(
        "event_numbers",
        Layer.EVENTS,
        "events are numbered on from the year before, each once and none left out",
        "events whose number is another's or outside the run of numbers",
        keys.event_numbers,
    ),
    Gate(
        "event_people",
        Layer.EVENTS,
        "every event and every loan is of somebody whom the state knows",
        "events and loans of nobody",
        references.of_somebody,
    ),
    Gate(
        "event_days",
        Layer.EVENTS,
        "every event is dated in its year",
        "events before 1 January or after 31 December",
        references.in_the_year,
    ),
    Gate(
        "after_hire",
        Layer.EVENTS,
        "no event of any kind before somebody's first hire",
        "events before the hire",
        references.after_hire,
    ),
    Gate(
        "inside_employment",
        Layer.EVENTS,
        "nothing that takes a job happens before somebody's first or after the last day",
        "comings, goings, pay, hours and elections outside",
        invariants.inside_employment,
    ),
    Gate(
        "one_exit",
        Layer.EVENTS,
        "nobody leaves twice in a year",
        "terminations of one person beyond the first, with it",
        invariants.one_exit,
    ),
    Gate(
        "after_entry",
        Layer.EVENTS,
        "nobody enrols, elects or contributes before entering the plan",
        "such events before the entry date, or without one",
        references.after_entry,
    ),
    Gate(
        "accounts",
        Layer.ACCOUNTS,
        "opening balance and what moved since are the closing balance, source by source",
        "people with another balance, to the cent",
        reconciliation.accounts,
    ),
    Gate(
        "loan_ledger",
        Layer.ACCOUNTS,
        "what is owed on a loan is what was lent less what was repaid",
        "loans with another balance, to the cent",
        reconciliation.loan_ledger,
    ),
    Gate(
        "forfeiture_account",
        Layer.ACCOUNTS,
        "forfeitures are in the forfeiture account until they are used",
        "people with another part of it, to the cent",
        reconciliation.forfeiture_account,
    ),
    Gate(
        "amounts_by_source",
        Layer.ACCOUNTS,
        "amounts by source add up to the event's",
        "events whose parts do not",
        reconciliation.amounts,
    ),
    Gate(
        "deferral_limit",
        Layer.LIMITS,
        "nobody defers more in a year than 402(g) and 414(v) allow",
        "people above the limit of their age",
        limits.deferrals,
    ),
    Gate(
        "additions_limit",
        Layer.LIMITS,
        "nobody is allotted more in a year than 415(c) allows, the top-heavy minimum left out",
        "people above the lower of pay and dollar limit",
        limits.additions,
    ),
    Gate(
        "election_limit",
        Layer.LIMITS,
        "elections lie between nought and all pay",
        "people with another election",
        limits.elections,
    ),
    Gate("loan_limit", Layer.LIMITS, "no loan is above 50,000 (72(p))", "loans above it", limits.loans),
)
"""Held when a year is told, before it is summed up."""

KEPT_GATES: Final[tuple[Gate[Kept], ...]] = (
    Gate(
        "snapshot_keys",
        Layer.RELATIONS,
        "an employee stands once in the year's workforce snapshot",
        "rows beyond the first, with it",
        keys.snapshot_keys,
    ),
    Gate(
        "snapshot_rows",
        Layer.RELATIONS,
        "who worked in the year is in the snapshot, and active there if still employed",
        "people of the state or of the snapshot alone",
        rows.snapshot_people,
    ),
    Gate(
        "status_rows",
        Layer.RELATIONS,
        "people by status = rows of the snapshot",
        "counts that differ",
        rows.status_counts,
    ),
    Gate(
        "balance_keys",
        Layer.RELATIONS,
        "an account stands once under a snapshot date",
        "rows beyond the first, with it",
        keys.balance_keys,
    ),
    Gate(
        "balance_rows",
        Layer.RELATIONS,
        "balances of 31 December are those of the state",
        "people with another balance, to the cent",
        rows.balance_people,
    ),
    Gate(
        "summary_contract",
        Layer.RELATIONS,
        "the summary keeps its contract: a metric once a year, exact decimals",
        "metrics, by the contract of the frame",
        keys.summary_contract,
    ),
    Gate(
        "summary_counts",
        Layer.RELATIONS,
        "headcount, hires, terminations and promotions of the summary are those of log and snapshot",
        "counts that differ",
        rows.summary_counts,
    ),
)
"""Held when a year is written, over what is written."""


HARD_GATES: Final[tuple[Gate[Any], ...]] = (*TAKEN_GATES, *TOLD_GATES, *KEPT_GATES)


def as_markdown() -> str:
    """Return the table of gates as the documentation prints it."""
    lines = [
        f"| `{gate.name}` | {gate.layer} | {Severity.HARD} | {gate.holds} | {gate.measures} | 0 |"
        for gate in HARD_GATES
    ]
    lines += [
        f"| `{gate.name}` | {Layer.DRIFT} | `quality.drift.severity` | {gate.holds} | {gate.statistic.title} "
        f"| `quality.drift.{gate.key}` |"
        for gate in DRIFT_GATES
    ]
    head = "| gate | layer | severity | what it holds | how it measures | threshold |"
    return "\n".join([head, "|---|---|---|---|---|---|", *lines])
