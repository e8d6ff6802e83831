"""One person's life as markup: how they stood on a day, and every event with its cause in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from markupsafe import Markup

from app.components.causes import cause_words
from app.components.markup import heading
from app.components.moment import source_swatch
from app.components.people import pager, pages_of
from app.theme import MISSING, number
from app.verbs.telling import event_text
from simulation.events.sources import SOURCES
from simulation.metrics import Unit
from simulation.rules.days import completed_years

EVENTS_SHOWN: Final = 20
"""Events on one page."""


def person_facts(who: str, row: Mapping[str, Any] | None, day: date) -> Markup:
    """Return how somebody stood when a day ended; nothing is known of who came later."""
    title = Markup('<h2 class="section">{} <small>on {}</small></h2>').format(who, day)
    if row is None:
        return Markup('{}<p class="takeaway">Not there yet: hired later.</p>').format(title)
    left = row["termination_date"]
    pay = number(float(row["annual_compensation"]), Unit.DOLLARS)
    facts = (
        ("Status", f"left {left}, {row['termination_reason']}" if left else "active"),
        ("Place", f"level {row['job_level']}, {row['department'] or 'no department'}"),
        ("Age and service", f"{row['age']}, {_service(row)} of service"),
        ("Annual pay", f"{pay} before" if left else pay),
        ("Plan", "puts nothing in any more" if left else _plan(row)),
        ("Account", _account(row)),
    )
    items = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts)
    return Markup('{}<dl class="figures small">{}</dl>').format(title, items)


def _service(row: Mapping[str, Any]) -> str:
    """Return the years completed by the day, or by the day on which somebody left."""
    years = row["tenure_years"]
    if row["termination_date"] is not None:
        begun, left = (np.array([row[day]], "datetime64[D]") for day in ("service_date", "termination_date"))
        years = completed_years(begun, left)[0]
    return f"{years} year" if years == 1 else f"{years} years"


def _plan(row: Mapping[str, Any]) -> str:
    if not row["is_eligible"]:
        return "not eligible"
    return f"defers {_percent(row['deferral_rate'])}" if row["is_enrolled"] else "eligible, defers nothing"


def _account(row: Mapping[str, Any]) -> str:
    vested = "" if row["vested_balance"] is None else f", {_money(row['vested_balance'])} vested"
    loan = f", {_money(row['loan_balance'])} owed" if row["loan_balance"] else ""
    return f"{_money(row['total_balance'])}{vested}{loan}"


def _money(value: Any) -> str:
    return number(float(value), Unit.DOLLARS)


def _percent(value: Any) -> str:
    return MISSING if value is None else f"{float(value) * 100:.1f} %"


def account_legend(info: pl.DataFrame, said: str) -> Markup:
    """Return the key to the sources that ever held anything, and a sentence."""
    items = Markup("").join(
        Markup("<li>{}</li>").format(source_swatch(source)) for source in SOURCES if info[source].max()
    )
    return Markup('<ul class="legend">{}</ul><p class="takeaway">{}</p>').format(items, said)


def timeline(events: pl.DataFrame, page: int, day: date) -> Markup:
    """Return one page of somebody's events, oldest first; those after the day are marked as later."""
    pages = pages_of(events.height, EVENTS_SHOWN)
    page = min(page, pages)
    first = (page - 1) * EVENTS_SHOWN
    part = events.slice(first, EVENTS_SHOWN)
    rows = Markup("").join(
        _event(event, later=event["effective_date"] > day) for event in part.iter_rows(named=True)
    )
    said = f"{first + 1:,} to {first + part.height:,} of {events.height:,} events, oldest first"
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(
            Markup(' class="number"') if title == "Dollars" else "", title
        )
        for title in ("Date", "Event", "Dollars", "What", "Because of")
    )
    return Markup(
        '{}<div class="scroll"><table class="timeline"><caption>{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>{}"
    ).format(heading("Every event"), said, heads, rows, pager("events", page, pages))


def _event(event: Mapping[str, Any], *, later: bool) -> Markup:
    amount = "" if event["amount"] is None else f"{event['amount']:,.2f}"
    return Markup(
        '<tr class="{}"><td class="nowrap">{}</td><td><strong>{}</strong></td><td class="number">{}</td>'
        "<td>{}</td><td>{}</td></tr>"
    ).format(
        "later" if later else "",
        event["effective_date"],
        event["event_type"].replace("_", " "),
        amount,
        event_text(event["event_payload"]),
        cause_words(event["cause"]),
    )
