"""Events and metrics in a person's words: what `history`, `simulate` and `compare` print on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

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


_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "census": lambda f: f"hired {f['hire_date']}, {_terms(f)}",
    "hire": _terms,
    "rehire": lambda f: f"{_money(f['annual_compensation'])} a year, service counts from {f['service_date']}",
    "termination": lambda f: str(f["reason"]),
    "promotion": lambda f: f"level {f['from_level']} → {f['to_level']}",
    "raise": _raise,
    "leave": lambda f: f"{f['days']} days, unpaid",
    "hours": lambda f: f"{f['hours']:,} hours" + (", a year of service" if f["year_of_service"] else ""),
}
