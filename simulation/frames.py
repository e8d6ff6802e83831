"""The column contracts of the frames that pass between rooms: census, people (state) and summary.

Checked at the doors (a census read, a state before sealing), trusted inside. The contracts of event frames
follow from the payload models; see ``simulation.events``.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

JOB_LEVELS = range(1, 6)


def types_of(contract: type[dy.Schema]) -> pl.Schema:
    """Return the columns of a contract with their types."""
    return pl.Schema({name: column.dtype for name, column in contract.columns().items()})


class CensusFrame(dy.Schema):
    """One row an employee, as of the census date."""

    employee_id = dy.String(primary_key=True, min_length=1)
    birth_date = dy.Date()
    hire_date = dy.Date()
    job_level = dy.Int8(min=1, max=5)
    department = dy.String(min_length=1)
    compensation_cents = dy.Int64(min=1)
    scheduled_hours = dy.Int32(min=1, max=8784)
    performance_rating = dy.Int8(min=1, max=5, nullable=True)
    employee_class = dy.String(regex="^(regular|union|temporary|leased)$")
    ownership_bp = dy.Int32(min=0, max=10_000)
    is_officer = dy.Bool()
    family_of = dy.String(nullable=True)
    prior_year_compensation_cents = dy.Int64(min=0, nullable=True)
    deferral_bp = dy.Int32(min=0, max=10_000, nullable=True)
    roth_deferral_bp = dy.Int32(min=0, max=10_000, nullable=True)
    balance_pre_tax_cents = dy.Int64(min=0)
    balance_roth_cents = dy.Int64(min=0)
    balance_match_cents = dy.Int64(min=0)
    balance_nonelective_cents = dy.Int64(min=0)

    @dy.rule()
    def born_before_hired(cls) -> pl.Expr:  # noqa: N805  dataframely passes the schema
        """Birth comes before the first day of work."""
        return cls.birth_date.col < cls.hire_date.col


class PeopleFrame(dy.Schema):
    """The state: one row an employee and seed, former employees included.

    The columns after ``termination_reason`` belong to the open year and are cleared when a year opens.
    """

    seed = dy.UInt64(primary_key=True)
    person = dy.Int32(primary_key=True, min=0)
    employee_id = dy.String()
    person_key = dy.UInt64()
    birth_date = dy.Date()
    hire_date = dy.Date()
    service_date = dy.Date()
    department = dy.String()
    job_level = dy.Int8(min=1, max=5)
    compensation_cents = dy.Int64(min=1)
    scheduled_hours = dy.Int32(min=0)
    performance_rating = dy.Int8(nullable=True)
    employee_class = dy.String()
    ownership_bp = dy.Int32()
    is_officer = dy.Bool()
    family_of = dy.String(nullable=True)
    prior_year_compensation_cents = dy.Int64(nullable=True)
    paid_last_year = dy.Bool()
    prior_full_year = dy.Bool()
    entry_date = dy.Date(nullable=True)
    employer_entry_date = dy.Date(nullable=True)
    enrollment_date = dy.Date(nullable=True)
    election = dy.String(nullable=True)
    deferral_bp = dy.Int32(nullable=True)
    roth_deferral_bp = dy.Int32(nullable=True)
    escalation_refused = dy.Bool()
    credited_service = dy.Int32(min=0)
    vesting_told = dy.Bool()
    vested_match_bp = dy.Int32(min=0, max=10_000)
    vested_nonelective_bp = dy.Int32(min=0, max=10_000)
    vested_profit_sharing_bp = dy.Int32(min=0, max=10_000)
    balance_pre_tax_cents = dy.Int64(min=0)
    balance_roth_cents = dy.Int64(min=0)
    balance_match_cents = dy.Int64(min=0)
    balance_nonelective_cents = dy.Int64(min=0)
    balance_profit_sharing_cents = dy.Int64(min=0)
    forfeited_match_cents = dy.Int64(min=0)
    forfeited_nonelective_cents = dy.Int64(min=0)
    forfeited_profit_sharing_cents = dy.Int64(min=0)
    forfeiture_account_cents = dy.Int64()
    loans_taken = dy.Int32(min=0)
    years_of_service = dy.Int32(min=0)
    part_time_years = dy.Int32(min=0)
    was_rehired = dy.Bool()
    is_hce = dy.Bool(nullable=True)
    was_hce = dy.Bool(nullable=True)
    is_key = dy.Bool()
    ever_key = dy.Bool()
    owed_before_cents = dy.Int64(min=0)
    distributed_before_cents = dy.Int64(min=0)
    withdrawn_1_ago_cents = dy.Int64(min=0)
    withdrawn_2_ago_cents = dy.Int64(min=0)
    withdrawn_3_ago_cents = dy.Int64(min=0)
    withdrawn_4_ago_cents = dy.Int64(min=0)
    withdrawn_5_ago_cents = dy.Int64(min=0)
    termination_date = dy.Date(nullable=True)
    termination_reason = dy.String(nullable=True)
    opened_year = dy.Bool()
    start_date = dy.Date(nullable=True)
    opening_compensation_cents = dy.Int64(nullable=True)
    day_cents = dy.Int64()
    employed_days = dy.Int64(min=0)
    leave_days = dy.Int32(min=0)
    hours = dy.Int32(min=0)
    promotion_date = dy.Date(nullable=True)
    promotion_raise_bp = dy.Int32(nullable=True)
    opening_pre_tax_cents = dy.Int64(min=0)
    opening_roth_cents = dy.Int64(min=0)
    opening_match_cents = dy.Int64(min=0)
    opening_nonelective_cents = dy.Int64(min=0)
    opening_profit_sharing_cents = dy.Int64(min=0)
    cent_days_pre_tax = dy.Int64()
    cent_days_roth = dy.Int64()
    cent_days_match = dy.Int64()
    cent_days_nonelective = dy.Int64()
    cent_days_profit_sharing = dy.Int64()
    year_pre_tax_cents = dy.Int64(min=0)
    year_roth_cents = dy.Int64(min=0)
    year_match_cents = dy.Int64(min=0)
    year_nonelective_cents = dy.Int64(min=0)
    year_profit_sharing_cents = dy.Int64(min=0)
    year_catchup_cents = dy.Int64(min=0)
    year_returns_cents = dy.Int64()
    year_fees_cents = dy.Int64(min=0)
    year_lent_cents = dy.Int64(min=0)
    year_repaid_cents = dy.Int64(min=0)
    year_withdrawn_cents = dy.Int64(min=0)
    year_distributed_cents = dy.Int64(min=0)
    year_forfeited_cents = dy.Int64(min=0)
    year_restored_cents = dy.Int64(min=0)
    year_forfeitures_used_cents = dy.Int64(min=0)
    year_reallocated_cents = dy.Int64(min=0)

    @dy.rule()
    def reason_with_date(cls) -> pl.Expr:  # noqa: N805
        """Who has left has a reason, and nobody else does."""
        return cls.termination_date.col.is_null() == cls.termination_reason.col.is_null()


class RaiseFrame(dy.Schema):
    """The raises of the open year, one row each: pay changes by so much from a day on."""

    seed = dy.UInt64()
    person = dy.Int32()
    effective_date = dy.Date()
    change_cents = dy.Int64()


class ElectionFrame(dy.Schema):
    """The deferral elections of the open year, one row each: in force from a day on.

    Those of earlier years stand on 1 January. ``election`` is how it came about, null if nobody chose;
    ``rank`` orders those of one day.
    """

    seed = dy.UInt64()
    person = dy.Int32()
    effective_date = dy.Date()
    pre_tax_bp = dy.Int32(min=0, max=10_000)
    roth_bp = dy.Int32(min=0, max=10_000)
    election = dy.String(nullable=True)
    rank = dy.Int8()


class LoanFrame(dy.Schema):
    """Loans, one row each, ended ones included; amounts by source say where the money came from."""

    seed = dy.UInt64(primary_key=True)
    person = dy.Int32(primary_key=True)
    loan_number = dy.Int32(primary_key=True, min=1)
    start_date = dy.Date()
    rate_bp = dy.Int32(min=0)
    payments = dy.Int32(min=1)
    payments_made = dy.Int32(min=0)
    payment_cents = dy.Int64(min=1)
    principal_cents = dy.Int64(min=1)
    balance_cents = dy.Int64(min=0)
    end_date = dy.Date(nullable=True)
    pre_tax_cents = dy.Int64(min=0)
    roth_cents = dy.Int64(min=0)
    match_cents = dy.Int64(min=0)
    nonelective_cents = dy.Int64(min=0)
    profit_sharing_cents = dy.Int64(min=0)


class SummaryFrame(dy.Schema):
    """The year summary: one row a seed, year and metric; null where a ratio has nothing to divide by."""

    seed = dy.UInt64(primary_key=True)
    simulation_year = dy.Int32(primary_key=True)
    metric = dy.String(primary_key=True)
    value = dy.Decimal(precision=28, scale=8, nullable=True)
