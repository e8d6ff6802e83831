"""Tests of plans as markup: an overview by test and scenario, and one test opened beneath its line.

`sections` picks what is shown, `overview` and `opened` draw it. An outcome has a sign and a word besides its
colour; a probability says how many seeds it rests on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl
from markupsafe import Markup

from app.components.tables import line_sample
from app.theme import MISSING, difference, number, seeds
from simulation.compliance import Figure, Unit, Verdict
from simulation.export.working import heading, most_affected_first
from simulation.metrics import Unit as Written

SIGNS: Final[Mapping[str, str]] = {"pass": "✓", "fail": "✕", "not_applicable": "○"}
NOT_RUN: Final = "no run with this seed"
NEVER_APPLIES: Final = "does not apply"

PEOPLE_SHOWN: Final = 25
"""People of a working on one page: no more are ever sent at once."""

HEAD: Final = (
    ("Scenario", False),
    ("Outcome", False),
    ("Margin to the limit", True),
    ("Refunds", True),
    ("Cost to the employer", True),
    ("Fails", True),
)

ALL: Final = "all"


class Line(NamedTuple):
    """One test of one scenario and group: what the chosen seed's run found, and how all seeds went."""

    test: str
    scenario: str
    order: int
    group: str
    outcome: str | None
    reason: str
    margin: float | None
    refunds: float
    cost: float
    failed: int
    runs: int
    applies: int
    low: float | None
    high: float | None
    mean_margin: float | None
    mean_refunds: float | None
    mean_cost: float | None

    @property
    def key(self) -> str:
        """What picking it tells."""
        return json.dumps([self.test, self.scenario, self.group])


class Section(NamedTuple):
    """One test: its name, where it is written, and its lines."""

    title: str
    section: str
    lines: tuple[Line, ...]


def sections(
    found: pl.DataFrame, rates: pl.DataFrame, scenarios: Sequence[str], *, year: int, seed: int
) -> list[Section]:
    """Return the tests of a year in their order, each with a line a scenario and group.

    Args:
        found: outcomes of `simulation.query.tested_portion`, of all runs.
        rates: what `simulation.query.rates_of` makes of them.
        scenarios: all scenarios in the order of their colours.
        year: the plan year.
        seed: whose run's outcomes stand.
    """
    order = {name: at for at, name in enumerate(scenarios)}
    of_seed = found.filter(pl.col("seed") == seed, pl.col("year") == year).select(
        "scenario", "test", "group", "outcome", "reason", "margin", "refunds", "cost"
    )
    rows = rates.filter(pl.col("year") == year).join(
        of_seed, on=["scenario", "test", "group"], how="left", maintain_order="left"
    )
    titles = {row["test"]: (row["title"], row["section"]) for row in rows.iter_rows(named=True)}
    lines = sorted((_line(row, order) for row in rows.iter_rows(named=True)), key=lambda line: line.order)
    return [
        Section(*named, tuple(line for line in lines if line.test == test)) for test, named in titles.items()
    ]


def _line(row: Mapping[str, Any], order: Mapping[str, int]) -> Line:
    return Line(
        row["test"],
        row["scenario"],
        order.get(row["scenario"], len(order)),
        row["group"],
        row["outcome"],
        row["reason"] or "",
        None if row["margin"] is None else float(row["margin"]),
        float(row["refunds"] or 0),
        float(row["cost"] or 0),
        row["failed"],
        row["runs"],
        row["applies"],
        row["probability_low"],
        row["probability_high"],
        row["mean_margin"],
        row["mean_refunds"],
        row["mean_cost"],
    )


def takeaway(shown: Sequence[Section], *, year: int, seed: int) -> str:
    """Return the overview in a sentence: what fails, and where."""
    failed = [(part.title, line) for part in shown for line in part.lines if line.outcome == "fail"]
    if not failed:
        return f"{year}, seed {seed}: no test fails."
    named = dict.fromkeys(f"{title} in {line.scenario}" for title, line in failed)
    return f"{year}, seed {seed}: fails {', '.join(named)}."


def overview(shown: Sequence[Section], links: Mapping[str, str], open_key: str, beneath: Markup) -> Markup:
    """Return the table.

    Args:
        shown: the tests.
        links: the address of each line by its key.
        open_key: the line that is open.
        beneath: what stands under it.
    """
    heads = _joined(
        Markup('<th scope="col"{}>{}</th>').format(_kind(is_number), title) for title, is_number in HEAD
    )
    bodies = _joined(_body(part, links, open_key, beneath) for part in shown)
    return Markup('<table class="tests"><thead><tr>{}</tr></thead>{}</table>').format(heads, bodies)


def _body(part: Section, links: Mapping[str, str], open_key: str, beneath: Markup) -> Markup:
    rows = _joined(
        _row(line, links[line.key], beneath if line.key == open_key else None) for line in part.lines
    )
    return Markup(
        '<tbody><tr class="test"><th scope="rowgroup" colspan="{}"><h3>{}</h3><small>{}</small></th></tr>'
        "{}</tbody>"
    ).format(len(HEAD), part.title, part.section, rows)


def _row(line: Line, address: str, beneath: Markup | None) -> Markup:
    group = "" if line.group == ALL else Markup(" <small>{}</small>").format(line.group)
    name = Markup('<a href="{}" data-pick="{}" aria-expanded="{}">{}{}</a>{}').format(
        address,
        line.key,
        "false" if beneath is None else "true",
        line_sample(line.order),
        line.scenario,
        group,
    )
    cells = _joined(
        Markup('<td class="{}" data-label="{}">{}</td>').format("number" if is_number else "", title, cell)
        for (title, is_number), cell in zip(HEAD[1:], _cells(line), strict=True)
    )
    row = Markup('<tr class="line {}" data-pick="{}"><td class="who">{}</td>{}</tr>').format(
        "" if beneath is None else "is-open", line.key, name, cells
    )
    if beneath is None:
        return row
    return Markup('{}<tr class="beneath"><td colspan="{}">{}</td></tr>').format(row, len(HEAD), beneath)


def _cells(line: Line) -> list[Markup | str]:
    fails = Markup("{} <small>{} of {}</small>").format(
        _share(line.failed / line.runs), line.failed, seeds(line.runs)
    )
    if not line.applies:
        fails = Markup('<span class="muted">{}</span>').format(NEVER_APPLIES)
    if line.outcome is None:
        return [Markup('<span class="muted">{}</span>').format(NOT_RUN), MISSING, MISSING, MISSING, fails]
    return [
        outcome_chip(line.outcome),
        difference(line.margin, Written.RATE),
        *(
            MISSING if line.outcome == "not_applicable" else _money(each)
            for each in (line.refunds, line.cost)
        ),
        fails,
    ]


def outcome_chip(outcome: str) -> Markup:
    """Return an outcome as a chip: sign, word and colour."""
    return Markup('<span class="chip {}"><span aria-hidden="true">{}</span><span>{}</span></span>').format(
        outcome, SIGNS[outcome], outcome.replace("_", " ")
    )


def _money(value: float) -> Markup | str:
    return number(value, Written.DOLLARS) if value else Markup('<span class="muted">$0</span>')


def _share(value: float) -> str:
    return f"{value * 100:.0f} %"


def opened(line: Line, verdict: Verdict, page: int, run: str) -> Markup:
    """Return what is behind a line: why, the figures, how the other seeds went, and a page of the people."""
    figures = _joined(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(figure.title, figure_text(figure))
        for figure in verdict.figures
    )
    return Markup(
        '<p class="why">{}{} <span class="muted">{} · {}</span></p>{}<p class="muted">{}</p>{}'
    ).format(
        verdict.reason[:1].upper(),
        verdict.reason[1:] + ".",
        verdict.section,
        run,
        Markup('<dl class="figures">{}</dl>').format(figures) if figures else "",
        _over_seeds(line),
        _people(verdict.rows, page),
    )


def _over_seeds(line: Line) -> str:
    if line.low is None or line.high is None or line.mean_refunds is None or line.mean_cost is None:
        return f"This test {NEVER_APPLIES}: over {seeds(line.runs)}, to none."
    if line.runs == 1:
        return "One seed was run: how often it fails is not known."
    often = f"Over {seeds(line.runs)}: fails in {line.failed}"
    between = f"95 % interval of the probability {_share(line.low)} to {_share(line.high)}"
    margin = f"mean margin {difference(line.mean_margin, Written.RATE)}"
    money = (
        f"mean refunds {number(line.mean_refunds, Written.DOLLARS)}, "
        f"mean cost {number(line.mean_cost, Written.DOLLARS)}"
    )
    return f"{often} ({between}); {margin}; {money}."


def figure_text(figure: Figure) -> str:
    """Return a figure's value with its unit; money to the cent."""
    if figure.below is not None:
        return f"<{figure.below}"
    if figure.value is None:
        return MISSING
    if figure.unit is Unit.CENTS:
        return _dollars(int(figure.value))
    return f"{float(figure.value) * 100:.2f} %" if figure.unit is Unit.RATE else f"{int(figure.value):,}"


def _people(rows: pl.DataFrame, page: int) -> Markup:
    """Return one page of a working, those whom the test hits first."""
    if rows.is_empty():
        return Markup('<p class="muted">Nobody stands behind this outcome.</p>')
    pages = pages_of(rows)
    first = (min(page, pages) - 1) * PEOPLE_SHOWN
    part = most_affected_first(rows).slice(first, PEOPLE_SHOWN)
    heads = _joined(
        Markup('<th scope="col"{}>{}</th>').format(_kind(_is_number(name)), heading(name).removesuffix(", $"))
        for name in part.columns
    )
    body = _joined(
        Markup("<tr>{}</tr>").format(
            _joined(
                Markup("<td{}>{}</td>").format(_kind(_is_number(name)), _cell(name, value))
                for name, value in zip(part.columns, row, strict=True)
            )
        )
        for row in part.iter_rows()
    )
    said = f"{first + 1:,} to {first + part.height:,} of {rows.height:,} people, those most affected first"
    return Markup(
        '<div class="scroll people"><table><caption>{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>{}"
    ).format(said, heads, body, _pager(min(page, pages), pages))


def pages_of(rows: pl.DataFrame) -> int:
    """Return how many pages a working has."""
    return max(1, -(-rows.height // PEOPLE_SHOWN))


def _pager(page: int, pages: int) -> Markup:
    if pages == 1:
        return Markup("")
    steps = (("First", 1), ("Previous", page - 1), ("Next", page + 1), ("Last", pages))
    buttons = _joined(
        Markup('<button type="button" data-pick="{}"{}>{}</button>').format(
            json.dumps(["page", to, title]),
            Markup(" disabled") if to == page or not 1 <= to <= pages else "",
            title,
        )
        for title, to in steps
    )
    return Markup('<div class="pager">{}<span class="muted">page {:,} of {:,}</span></div>').format(
        buttons, page, pages
    )


def _is_number(name: str) -> bool:
    return name.endswith(("_cents", "_bp"))


def _cell(name: str, value: Any) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else MISSING
    if name.endswith("_cents"):
        return _dollars(value)
    if name.endswith("_bp"):
        return f"{value / 100:.2f} %"
    return value.isoformat() if isinstance(value, date) else str(value)


def _dollars(cents: int) -> str:
    """Return whole cents to the cent: ``$1,234.56``."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}${whole:,}.{rest:02d}"


def _kind(is_number: bool) -> Markup:  # noqa: FBT001 (it is what the function is about)
    return Markup(' class="number"') if is_number else Markup("")


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
