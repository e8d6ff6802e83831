"""The column contracts of the frames that pass between rooms: census, people (state) and summary.

Checked at the doors (a census read, a state before sealing), trusted inside. The contracts of event frames
follow from the payload models; see ``simulation.events``.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

JOB_LEVELS = range(1, 6)


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
    deferral_bp = dy.Int32(nullable=True)
    roth_deferral_bp = dy.Int32(nullable=True)
    balance_pre_tax_cents = dy.Int64()
    balance_roth_cents = dy.Int64()
    balance_match_cents = dy.Int64()
    balance_nonelective_cents = dy.Int64()
    years_of_service = dy.Int32(min=0)
    was_rehired = dy.Bool()
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

    @dy.rule()
    def reason_with_date(cls) -> pl.Expr:  # noqa: N805
        """Who has left has a reason, and nobody else does."""
        return cls.termination_date.col.is_null() == cls.termination_reason.col.is_null()


class SummaryFrame(dy.Schema):
    """The year summary: one row a seed, year and metric; null where a ratio has nothing to divide by."""

    seed = dy.UInt64(primary_key=True)
    simulation_year = dy.Int32(primary_key=True)
    metric = dy.String(primary_key=True)
    value = dy.Decimal(precision=28, scale=8, nullable=True)
