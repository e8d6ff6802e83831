"""A run on a day as markup: its key numbers, its people by group, its accounts, and what happened until then.

Everything stands beside what it was when the run began.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import polars as pl
from markupsafe import Markup

from app.components.markup import heading
from app.components.tables import table
from app.moments import BREAKDOWNS, Facts
from app.theme import colour, difference, number
from simulation.events.sources import SOURCES, Source
from simulation.metrics import Unit

GROUPS: Final = 12
"""Lines of a chart of groups: of more groups only the largest stand alone."""

SOURCE_TITLES: Final = {
    "pre_tax": "Pre-tax",
    "roth": "Roth",
    "match": "Match",
    "nonelective": "Nonelective",
    "profit_sharing": "Profit sharing",
}


class Flow(NamedTuple):
    """A line of what happened: its event types, the sources if only some, and whether money says more."""

    title: str
    events: tuple[str, ...]
    sources: tuple[Source, ...] = ()
    money: bool = True


class Group(NamedTuple):
    """Active people of one kind, and how many more they are than when the run began."""

    name: str
    people: int
    change: int


FLOWS: Final = (
    Flow("Hired", ("hire",), money=False),
    Flow("Came back", ("rehire",), money=False),
    Flow("Left", ("termination",), money=False),
    Flow("Promoted", ("promotion",), money=False),
    Flow("Raises, dollars a year", ("raise",)),
    Flow("Enrolled", ("enrollment",), money=False),
    Flow("Opted out", ("opt_out",), money=False),
    Flow("Put in by employees", ("contribution",), (Source.PRE_TAX, Source.ROTH)),
    Flow(
        "Put in by the employer", ("contribution",), (Source.MATCH, Source.NONELECTIVE, Source.PROFIT_SHARING)
    ),
    Flow("Returns", ("investment_return",)),
    Flow("Fees", ("fee",)),
    Flow("Lent", ("loan",)),
    Flow("Repaid", ("loan_repayment",)),
    Flow("Withdrawn at work", ("withdrawal",)),
    Flow("Paid out and rolled over", ("distribution", "rollover")),
    Flow("Forfeited", ("forfeiture",)),
)


def tiles(now: Facts, start: Facts, first: date) -> Markup:
    """Return the key numbers of a day, each with its difference to the first day."""
    shown = (
        ("Headcount", Unit.PEOPLE, now.headcount, start.headcount),
        ("Average pay", Unit.DOLLARS, now.average_pay, start.average_pay),
        ("Participation", Unit.RATE, now.participation, start.participation),
        ("Average deferral", Unit.RATE, now.deferral, start.deferral),
        ("Accounts", Unit.DOLLARS, now.money["total_balance"], start.money["total_balance"]),
        ("Loans", Unit.DOLLARS, now.money["loan_balance"], start.money["loan_balance"]),
    )
    parts = Markup("").join(_tile(*each, first=first) for each in shown)
    return Markup('<div class="tiles six">{}</div>').format(parts)


def _tile(title: str, unit: Unit, now: float | None, start: float | None, *, first: date) -> Markup:
    return Markup(
        '<section class="tile"><h3>{}</h3><div class="value">{}</div><ul><li>{}</li></ul></section>'
    ).format(title, number(now, unit), _since(now, start, unit, first))


def _since(now: float | None, start: float | None, unit: Unit, first: date) -> Markup:
    if now is None or start is None:
        return Markup('<span class="name muted">not known on {}</span>').format(first)
    return Markup('<span class="name">since {}</span><span class="number">{}</span>').format(
        first, difference(now - start, unit)
    )


def _change(now: float | None, start: float | None, unit: Unit) -> str:
    return "not known then" if now is None or start is None else difference(now - start, unit)


def people_by_group(now: Facts, start: Facts) -> Markup:
    """Return the active people of a day by level, department and age, with bars."""
    groups = Markup("").join(
        _bars(title, _largest(now.counts[column], dict(start.counts[column])))
        for column, title in BREAKDOWNS.items()
    )
    return Markup('{}<div class="groups">{}</div>').format(heading("Active people"), groups)


def _largest(counts: Sequence[tuple[str, int]], before: Mapping[str, int]) -> list[Group]:
    """Return the groups in their order; if they are too many the largest by size, and the rest as one."""
    groups = [Group(name, count, count - before.get(name, 0)) for name, count in counts]
    if len(groups) <= GROUPS:
        return groups
    groups.sort(key=lambda group: -group.people)
    shown, others = groups[: GROUPS - 1], groups[GROUPS - 1 :]
    people, change = sum(group.people for group in others), sum(group.change for group in others)
    return [*shown, Group(f"{len(others)} others", people, change)]


def _bars(title: str, groups: Sequence[Group]) -> Markup:
    most = max((group.people for group in groups), default=0) or 1
    rows = Markup("").join(
        Markup(
            '<tr><th scope="row" title="{0}">{0}</th>'
            '<td><span class="hbar" style="--share:{1:.4f}"></span></td>'
            '<td class="number">{2:,}</td><td class="number muted">{3}</td></tr>'
        ).format(group.name, group.people / most, group.people, difference(group.change, Unit.PEOPLE))
        for group in groups
    )
    return Markup(
        '<table class="bars"><caption>{}</caption><thead class="unseen"><tr><th>{}</th><th>Bar</th><th>People'
        "</th><th>Since the start</th></tr></thead><tbody>{}</tbody></table>"
    ).format(title, title, rows)


def accounts(now: Facts, start: Facts, first: date, credited: date) -> Markup:
    """Return what is in accounts by source, what of it is vested, and what is lent."""
    lines: list[tuple[Markup | str, str]] = [
        (source_swatch(source), f"balance_{source}") for source in SOURCES
    ]
    lines += [
        (Markup("<strong>All accounts</strong>"), "total_balance"),
        ("of which vested", "vested_balance"),
        ("Owed on loans, beside the accounts", "loan_balance"),
    ]
    rows = [
        (
            title,
            number(now.money[name], Unit.DOLLARS),
            _change(now.money[name], start.money[name], Unit.DOLLARS),
        )
        for title, name in lines
    ]
    head = (("Source", False), ("Balance", True), (f"Since {first}", True))
    note = "" if now.money["vested_balance"] is not None else f"Vesting is first credited on {credited}."
    return Markup('{}{}<p class="takeaway">{}</p>').format(
        heading("Accounts"), _dense(table("", head, rows)), note
    )


def source_swatch(source: str) -> Markup:
    """Return a source by name, with its colour in every figure."""
    return Markup('<span class="swatch" style="background:{}"></span>{}').format(
        colour(SOURCES.index(source)), SOURCE_TITLES[source]
    )


def flows(happened: pl.DataFrame, first: date, day: date) -> Markup:
    """Return how often what happened from the run's start to a day, and the dollars that it moved."""
    rows = [row for flow in FLOWS if (row := _flow(flow, happened))]
    if not rows:
        return Markup('{}<p class="takeaway">{}</p>').format(
            heading("What happened"), f"Nothing yet: {day} is the day of the census."
        )
    head = (("", False), ("Events", True), ("Dollars", True))
    return Markup("{}{}").format(heading("What happened"), _dense(table(f"{first} to {day}", head, rows)))


def _dense(rows: Markup) -> Markup:
    """Return a table whose lines stand close."""
    return Markup('<div class="dense">{}</div>').format(rows)


def _flow(flow: Flow, happened: pl.DataFrame) -> tuple[str, str, str] | None:
    meant = pl.col("event_type").is_in(flow.events)
    if flow.sources:
        meant &= pl.col("source").is_in([source.value for source in flow.sources])
    found = happened.filter(meant)
    if found.is_empty():
        return None
    money = number(float(found["amount"].sum()), Unit.DOLLARS) if flow.money else ""
    return flow.title, f"{int(found['events'].sum()):,}", money
