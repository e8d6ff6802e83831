"""The people of a day as a table, a page at a time: no more are ever sent to a browser at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import polars as pl
from markupsafe import Markup

from app.theme import MISSING, number
from simulation.metrics import Unit

SHOWN: Final = 15
"""People on one page."""

HEAD: Final = (
    ("Id", False),
    ("Status", False),
    ("Level", True),
    ("Department", False),
    ("Age", True),
    ("Annual pay", True),
    ("Defers", True),
    ("Account", True),
)


def pages_of(rows: int, shown: int = SHOWN) -> int:
    """Return on how many pages rows stand."""
    return max(1, -(-rows // shown))


def page_of(people: pl.DataFrame, page: int) -> pl.DataFrame:
    """Return the people of a page; of the last one if there are fewer."""
    return people.slice((min(page, pages_of(people.height)) - 1) * SHOWN, SHOWN)


def people_table(
    part: pl.DataFrame, found: int, page: int, person: str, address: Callable[[str], str]
) -> Markup:
    """Return one page of people.

    Args:
        part: the people of the page.
        found: how many were found on all pages.
        page: which page it is.
        person: whose life is open.
        address: the address at which somebody's life is open.
    """
    if not found:
        return Markup(
            '<p class="muted" role="status">Nobody fits. Search for less, or choose another day.</p>'
        )
    page = min(page, pages_of(found))
    first = (page - 1) * SHOWN
    heads = _joined(
        Markup('<th scope="col"{}>{}</th>').format(_kind(is_number), title) for title, is_number in HEAD
    )
    rows = _joined(_row(each, person, address) for each in part.iter_rows(named=True))
    said = f"{first + 1:,} to {first + part.height:,} of {found:,}, by id"
    return Markup(
        '<div class="scroll"><table class="lives"><caption>{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>{}"
    ).format(said, heads, rows, pager("page", page, pages_of(found)))


def _row(each: Mapping[str, Any], person: str, address: Callable[[str], str]) -> Markup:
    who = each["employee_id"]
    key = json.dumps(["person", who])
    name = Markup('<a href="{}" data-pick="{}"{}>{}</a>').format(
        address(who), key, Markup(' aria-current="true"') if who == person else "", who
    )
    values = (
        name,
        "active" if each["employment_status"] == "active" else f"left {each['termination_date']}",
        each["job_level"],
        each["department"] or MISSING,
        each["age"],
        number(float(each["annual_compensation"]), Unit.DOLLARS),
        MISSING if each["deferral_rate"] is None else f"{float(each['deferral_rate']) * 100:.1f} %",
        number(float(each["total_balance"]), Unit.DOLLARS),
    )
    cells = _joined(
        Markup("<td{}>{}</td>").format(_kind(is_number), value)
        for (_, is_number), value in zip(HEAD, values, strict=True)
    )
    return Markup('<tr class="{}" data-pick="{}">{}</tr>').format(
        "is-open" if who == person else "", key, cells
    )


def pager(name: str, page: int, pages: int) -> Markup:
    """Return the buttons that turn pages; picking one tells ``[name, page, title]``."""
    if pages == 1:
        return Markup("")
    steps = (("First", 1), ("Previous", page - 1), ("Next", page + 1), ("Last", pages))
    buttons = _joined(
        Markup('<button type="button" data-pick="{}"{}>{}</button>').format(
            json.dumps([name, to, title]),
            Markup(" disabled") if to == page or not 1 <= to <= pages else "",
            title,
        )
        for title, to in steps
    )
    return Markup('<div class="pager">{}<span class="muted">page {:,} of {:,}</span></div>').format(
        buttons, page, pages
    )


def _kind(is_number: bool) -> Markup:  # noqa: FBT001 (it is what the function is about)
    return Markup(' class="number"') if is_number else Markup("")


def _joined(parts: Any) -> Markup:
    return Markup("").join(parts)
