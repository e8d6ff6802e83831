"""The phases of a year, in order: the order is the model, and this table is the only place that states it.

The number goes into the event log and orders events of one day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from simulation.context import YearContext
from simulation.engines import (
    catch_up,
    compensation,
    contribution,
    deferral_change,
    eligibility,
    enrollment,
    escalation,
    fee,
    forfeiture,
    forfeiture_use,
    highly_compensated,
    hire_exit,
    hiring,
    hours,
    investment_return,
    key_employee,
    leave,
    loan,
    loan_default,
    loan_repayment,
    payout,
    profit_sharing,
    promotion,
    reduction_in_force,
    rehire,
    restoration,
    termination,
    top_heavy,
    vesting,
    withdrawal,
)
from simulation.state import State

Decide = Callable[[YearContext, State], Mapping[str, pl.DataFrame]]

GENESIS: Final = 0
"""The phase of census events."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of the year: its number in the log, its engine, and why it stands where it does."""

    number: int
    name: str
    decide: Decide
    reason: str


PHASES: Final = (
    Phase(
        10,
        "reduction in force",
        reduction_in_force.decide,
        "Orders come before chance: who is laid off can no longer quit; turnover is asked of the rest.",
    ),
    Phase(
        20,
        "termination",
        termination.decide,
        "Exits are known before raises, so that a March leaver gets no July raise.",
    ),
    Phase(30, "rehire", rehire.decide, "Former employees fill places before strangers do."),
    Phase(
        40,
        "hiring",
        hiring.decide,
        "Requisitions cover the leavers of this year, so all exits of people present come first.",
    ),
    Phase(
        50,
        "exit in the year of hire",
        hire_exit.decide,
        "A hire's fate was part of how many slots were opened; now it happens.",
    ),
    Phase(
        60,
        "promotion",
        promotion.decide,
        "The level is settled before pay, for bands and the promotion raise depend on it.",
    ),
    Phase(
        70,
        "compensation",
        compensation.decide,
        "All raises of the year together, in the order of their dates, each on the pay the last one left.",
    ),
    Phase(80, "leave", leave.decide, "Unpaid leave prorates the pay that the year's raises have settled."),
    Phase(90, "hours", hours.decide, "Hours count what was worked, so exits and leave come first."),
    Phase(
        95,
        "highly compensated",
        highly_compensated.decide,
        "Pay and people of the year are settled; what the plan allows may depend on who is.",
    ),
    Phase(
        97,
        "key employee",
        key_employee.decide,
        "Told by last year's pay and ownership, before anything depends on who is key.",
    ),
    Phase(
        100,
        "eligibility",
        eligibility.decide,
        "Who may take part depends on service, which the year's hours may complete.",
    ),
    Phase(
        105,
        "restoration",
        restoration.decide,
        "What a rehire gets back is in the account before anything of the year is worked out on it.",
    ),
    Phase(110, "enrollment", enrollment.decide, "Only who is eligible can be enrolled, or can opt out."),
    Phase(
        115,
        "escalation",
        escalation.decide,
        "Rates rise by themselves before people change them, so that a change of one's own is the last word.",
    ),
    Phase(
        120,
        "deferral change",
        deferral_change.decide,
        "Own changes build on the rate that enrolment and escalation have left.",
    ),
    Phase(
        125,
        "catch-up",
        catch_up.decide,
        "Who may catch up has entered the plan; the contributions follow.",
    ),
    Phase(
        130,
        "contribution",
        contribution.decide,
        "Pay and elections of the whole year are settled, so each pay period can look at its own.",
    ),
    Phase(
        135,
        "profit sharing",
        profit_sharing.decide,
        "The pool takes what the match and nonelective money have left of 415(c).",
    ),
    Phase(
        150, "loan", loan.decide, "A loan is measured by the account of 1 January, then repaid by payroll."
    ),
    Phase(155, "loan repayment", loan_repayment.decide, "New loans are repaid from their first payday on."),
    Phase(
        160,
        "withdrawal",
        withdrawal.decide,
        "What was lent cannot be withdrawn; a permissible withdrawal takes what was contributed.",
    ),
    Phase(
        170,
        "vesting",
        vesting.decide,
        "Service of the year is complete, and how people left is known, before anything is paid out.",
    ),
    Phase(
        175,
        "loan default",
        loan_default.decide,
        "What was due was paid first; what is still owed at an exit is offset against the account.",
    ),
    Phase(
        180,
        "investment return",
        investment_return.decide,
        "Earned on each day's balance, so every movement of the year comes first but for the year-end's own.",
    ),
    Phase(
        185,
        "forfeiture use",
        forfeiture_use.decide,
        "Forfeitures of earlier years pay for this one, so those of this year come after.",
    ),
    Phase(
        186,
        "top-heavy minimum",
        top_heavy.decide,
        "Everything else that the employer gives counts towards it, reallocated forfeitures too.",
    ),
    Phase(187, "fee", fee.decide, "Fees that forfeitures have paid are not taken from accounts."),
    Phase(
        190,
        "payout",
        payout.decide,
        "Leavers are paid what is vested of an account that is whole: returns in, fees out.",
    ),
    Phase(
        195,
        "forfeiture",
        forfeiture.decide,
        "What is not vested is forfeited when the vested rest is paid out, or after five breaks.",
    ),
)


def as_markdown() -> str:
    """Return the table of phases as the documentation prints it."""
    rows = [f"| {phase.number} | {phase.name} | {phase.reason} |" for phase in PHASES]
    return "\n".join(["| phase | name | why it stands here |", "|---|---|---|", *rows])
