"""One account over the years: what each source held, one on top of another, and the day that is looked at.

`account_info` makes steps of the days on which something moved, `AccountChart` draws them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl
from bokeh.models import ColumnDataSource, HoverTool
from bokeh.models.annotations import Span

from app.figures.canvas import canvas, label
from app.theme import axis, colour, number
from simulation.dates import days_in_year
from simulation.events.sources import SOURCES
from simulation.metrics import Unit
from simulation.units import CENTS_PER_DOLLAR

DAY: Final = timedelta(days=1)


def account_info(account: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Return the corners of a stepped line over the days of a run: date, each source and total, in dollars.

    Args:
        account: what `simulation.query.account` says of one person.
        first: the first day of the run; nothing before it is drawn.
        last: the last one, to which the balance stays what it was.
    """
    held = account.select("effective_date", *(pl.col(source) / CENTS_PER_DOLLAR for source in SOURCES))
    empty = pl.DataFrame({"effective_date": [first], **{source: [0.0] for source in SOURCES}})
    known = held if held.height and held["effective_date"][0] <= first else pl.concat([empty, held])
    before = known[:-1].with_columns(effective_date=known["effective_date"][1:] - DAY)
    end = known.tail(1).with_columns(effective_date=pl.lit(last))
    corners = pl.concat([known, before, end]).unique("effective_date", keep="first").sort("effective_date")
    return corners.with_columns(total=pl.sum_horizontal(SOURCES))


def account_takeaway(info: pl.DataFrame, day: date) -> str:
    """Return what the chart says about the day, in one sentence."""
    held = info.filter(pl.col("effective_date") <= day).tail(1)
    if held.is_empty() or not held["total"][0]:
        return f"Nothing in the account on {day}."
    peak = info.filter(pl.col("total") == pl.col("total").max()).head(1)
    return (
        f"{number(held['total'][0], Unit.DOLLARS)} on {day}; "
        f"most, {number(peak['total'][0], Unit.DOLLARS)}, on {peak['effective_date'][0]}."
    )


def year_of(day: date) -> float:
    """Return a day as a place on an axis of years: 2025.5 is the middle of 2025."""
    return day.year + (day.timetuple().tm_yday - 1) / days_in_year(day.year)


class AccountChart:
    """The drawing of an account; `show` gives it another."""

    def __init__(self, *, height: int = 250) -> None:
        """Draw the empty chart."""
        self.source = ColumnDataSource()
        self.figure = canvas(height=height)
        self.figure.varea_stack(
            [*SOURCES],
            x="x",
            source=self.source,
            color=[colour(at) for at in range(len(SOURCES))],
            alpha=0.75,
        )
        total = self.figure.line("x", "total", source=self.source, line_width=1.5, line_color="#8792A0")
        tips = [
            ("", "@day"),
            *((title, f"@{source}_said") for source, title in _TITLES),
            ("all", "@total_said"),
        ]
        self.figure.add_tools(HoverTool(renderers=[total], tooltips=tips, mode="vline"))
        self.now = Span(
            location=0, dimension="height", line_width=1.5, line_dash="dashed", line_color="#8792A0"
        )
        self.figure.add_layout(self.now)
        self.show(account_info(_NOTHING, date(2025, 1, 1), date(2025, 12, 31)), date(2025, 12, 31))

    def show(self, info: pl.DataFrame, day: date) -> None:
        """Draw an account, and a line at a day."""
        scale = axis(Unit.DOLLARS, float(info["total"].to_numpy().max()))
        days: Sequence[date] = info["effective_date"].to_list()
        self.source.data = {
            "x": [year_of(each) for each in days],
            "day": [each.isoformat() for each in days],
            **{name: (info[name] / scale.divisor).to_list() for name in (*SOURCES, "total")},
            **{
                f"{name}_said": [number(value, Unit.DOLLARS) for value in info[name]]
                for name in (*SOURCES, "total")
            },
        }
        self.now.location = year_of(day)
        label(
            self.figure, scale, range(days[0].year + 1, days[-1].year + 1), [0.0, *self.source.data["total"]]
        )
        self.figure.x_range.update(start=year_of(days[0]), end=year_of(days[-1]))


_TITLES: Final = tuple((source, source.replace("_", " ")) for source in SOURCES)
_NOTHING: Final = pl.DataFrame(schema={"effective_date": pl.Date, **dict.fromkeys(SOURCES, pl.Int64)})
