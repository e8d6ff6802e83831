"""Events and metrics in a person's words: what `history`, `simulate` and `compare` print on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from simulation.events.sources import SOURCES
from simulation.metrics import BY_NAME, Unit


def metric_text(metric: str, value: float | None) -> str:
    """Return a metric's value in its unit: whole people, dollars and cents, or per cent."""
    if value is None:
        return ""
    unit = BY_NAME[metric].unit if metric in BY_NAME else None
    if unit is Unit.DOLLARS:
        return f"{value:,.2f}"
    if unit is Unit.RATE:
        return f"{value:.2%}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def event_text(payload: str) -> str:
    """Return what an event says, in a line; an event type without words of its own says its fields."""
    fields: dict[str, Any] = json.loads(payload)
    kind = fields.pop("event_type", "")
    if kind in _WORDS:
        return _WORDS[kind](fields)
    return ", ".join(f"{name} {value}" for name, value in fields.items())


def cause_text(cause: str) -> str:
    """Return the rule behind an event, and for a stochastic one its draw against its chance."""
    fields = json.loads(cause)
    if fields["probability"] is None or fields["draw"] is None:
        return str(fields["rule"])
    return f"{fields['rule']} (drew {fields['draw']:.4f} of {fields['probability']:.4f})"


def _money(text: str) -> str:
    return f"{float(text):,.2f}"


def _terms(fields: Mapping[str, Any]) -> str:
    place = f"level {fields['job_level']}, {fields['department']}, {fields['scheduled_hours']:,} hours"
    return f"{place}, {_money(fields['annual_compensation'])} a year"


def _raise(fields: Mapping[str, Any]) -> str:
    before, after = _money(fields["previous_compensation"]), _money(fields["new_compensation"])
    return f"{fields['kind']}: {before} → {after} (asked {float(fields['rate']):.2%})"


def _rate(text: str) -> str:
    return f"{float(text):.2%}"


def _name(word: str) -> str:
    return word.replace("_", " ")


def _source(word: str) -> str:
    return _name(word.split("_", 1)[1])


def _election(fields: Mapping[str, Any]) -> str:
    return f"{_rate(fields['pre_tax_rate'])} pre-tax, {_rate(fields['roth_rate'])} Roth"


def _eligibility(fields: Mapping[str, Any]) -> str:
    shares = fields["employer_entry_date"]
    return f"entered {fields['entry_date']}, employer money " + (f"from {shares}" if shares else "not yet")


def _sources(fields: Mapping[str, Any]) -> str:
    """Return the sources that have an amount, each with it."""
    amounts = {source: fields[source] for source in SOURCES if float(fields[source])}
    return ", ".join(f"{_name(source)} {_money(amount)}" for source, amount in amounts.items()) or "nothing"


def _paid_out(fields: Mapping[str, Any]) -> str:
    return f"{_name(fields['reason'])}: {_sources(fields)}"


def _hce_status(fields: Mapping[str, Any]) -> str:
    status = "highly compensated" if fields["is_hce"] else "no longer highly compensated"
    pay, threshold = _money(fields["annualized_compensation"]), _money(fields["hce_threshold"])
    return f"{status}, {_name(fields['determination_method'])}: {pay} against {threshold}"


_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "census": lambda f: f"hired {f['hire_date']}, {_terms(f)}",
    "hire": _terms,
    "rehire": lambda f: f"{_money(f['annual_compensation'])} a year, service counts from {f['service_date']}",
    "termination": lambda f: str(f["reason"]),
    "promotion": lambda f: f"level {f['from_level']} → {f['to_level']}",
    "raise": _raise,
    "leave": lambda f: f"{f['days']} days, unpaid",
    "hours": lambda f: f"{f['hours']:,} hours" + (", a year of service" if f["year_of_service"] else ""),
    "eligibility": _eligibility,
    "enrollment": lambda f: f"{f['method']}, {_election(f)}",
    "opt_out": lambda _: "no automatic enrolment",
    "deferral_change": lambda f: f"{_name(f['reason'])}, {_election(f)}",
    "escalation": lambda f: "refused, for good" if f["refused"] else _election(f),
    "contribution": lambda f: (
        f"{_source(f['source'])}, {_name(f['kind'])}, period {f['pay_period']}, "
        f"on {_money(f['compensation'])}"
    ),
    "vesting": lambda f: (
        f"{f['credited_service']} years: match {_rate(f['vested_match'])}, "
        f"nonelective {_rate(f['vested_nonelective'])}, profit sharing {_rate(f['vested_profit_sharing'])}"
    ),
    "loan": lambda f: (
        f"loan {f['loan_number']} at {_rate(f['interest_rate'])}, {f['payments']} payments of "
        f"{_money(f['payment'])}; from {_sources(f)}"
    ),
    "loan_repayment": lambda f: (
        f"loan {f['loan_number']}: principal {_money(f['principal'])}, interest {_money(f['interest'])}"
    ),
    "loan_default": lambda f: f"loan {f['loan_number']}, {f['reason']}",
    "withdrawal": _paid_out,
    "distribution": _paid_out,
    "rollover": _paid_out,
    "investment_return": lambda f: f"{_rate(f['rate'])}: {_sources(f)}",
    "fee": _sources,
    "forfeiture": lambda f: (
        f"{_source(f['forfeited_from_source'])}, {_name(f['reason'])}, {_rate(f['vested_percentage'])} vested"
    ),
    "restoration": lambda f: _source(f["restored_to_source"]),
    "forfeiture_use": lambda f: _name(f["use"]),
    "hce_status": _hce_status,
    "compliance": lambda f: (
        f"{_name(f['compliance_type'])}: "
        f"{_money(f['current_amount'])} against {_money(f['applicable_limit'])}"
    ),
}
