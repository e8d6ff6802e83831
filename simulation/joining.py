"""Who joins of their own accord, and when: year of eligibility by year of eligibility.

    F(n) = long_run (1 - (1 - first_year / long_run)^n)

is the share that has joined after n years: the asked share in the first year, and of those still to come the
same share again in each later one. What else may happen to them before that day is the engine's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulation.dates import calendar_years, year_end, year_start
from simulation.elections import FOR_LIFE, Choosers
from simulation.rng import Purpose
from simulation.rules.days import ONE_DAY, Days, day_between, months_after
from simulation.rules.rounding import Truths, Whole

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.hazards import Floats
    from simulation.parameters.plan import Enrollment


class Eligible(NamedTuple):
    """Some people as columns: who they are, and the days between which they may join.

    From the ``entry`` into the plan and the ``start`` of their work in the year to the ``last`` day on the
    payroll.
    """

    who: Choosers
    entry: Days
    start: Days
    last: Days

    def at(self, rows: Whole) -> Eligible:
        """Return some of the people."""
        return Eligible(self.who.at(rows), self.entry[rows], self.start[rows], self.last[rows])


class Joined(NamedTuple):
    """Who joins, by row of those asked, in that order: on which day, by which chance and draw."""

    row: Whole
    on: Days
    chance: Floats
    draw: Floats
    first_year: Truths

    def at(self, places: Whole | Truths) -> Joined:
        """Return some of them."""
        return Joined._make(column[places] for column in self)


def joining(context: YearContext, people: Eligible, before: Days) -> Joined:
    """Return those of people who never chose who join this year, ``before`` a day where one is stated.

    Within a year of eligibility: one draw for life, on a day drawn for life, so that it is asked once. After
    it: the chance of the year that leads to the long-run share.
    """
    first = _in_first_year(context, people, before)
    later = _in_later_year(context, people, before)
    later = later.at(~np.isin(later.row, first.row))
    both = Joined._make(np.concatenate(pair) for pair in zip(first, later, strict=True))
    return both.at(np.argsort(both.row))


def _in_first_year(context: YearContext, people: Eligible, before: Days) -> Joined:
    """Return those who join within a year of entry, on a day that is the same whenever it is asked for."""
    rows = np.flatnonzero(people.entry >= np.datetime64(year_start(context.year - 1)))
    asked = people.at(rows)
    ends = months_after(asked.entry, 12) - ONE_DAY
    on = day_between(asked.entry, ends, asked.who.draw(Purpose.ENROLLMENT_DATE, FOR_LIFE))
    opens = np.maximum(asked.start, np.datetime64(year_start(context.year)))
    due = (on >= opens) & _in_time(on, asked.last, before[rows])
    return _joined(context, people, rows[due], on[due], first_year=True)


def _in_later_year(context: YearContext, people: Eligible, before: Days) -> Joined:
    """Return those who join on a day of the year after their first year of eligibility."""
    since = np.maximum(people.start, np.datetime64(year_start(context.year)))
    since = np.maximum(since, months_after(people.entry, 12))
    rows = np.flatnonzero(_in_time(since, people.last, before))
    draw = people.who.at(rows).draw(Purpose.ENROLLMENT_DATE, context.year)
    on = day_between(since[rows], year_end(context.year), draw)
    due = _in_time(on, people.last[rows], before[rows])
    return _joined(context, people, rows[due], on[due], first_year=False)


def _in_time(on: Days, last: Days, before: Days) -> Truths:
    """Return who is still there on a day, before another where one is stated."""
    return (on <= last) & ~(on >= before)


def _joined(context: YearContext, people: Eligible, rows: Whole, on: Days, *, first_year: bool) -> Joined:
    """Return those of some rows who join on the day that is theirs: by age on it and by pay.

    The second year of eligibility is the one that holds the first anniversary of entry.
    """
    asked, who = context.scenario.plan.enrollment, people.who.at(rows)
    nth = np.ones_like(rows) if first_year else context.year - calendar_years(people.entry[rows]) + 1
    multiplier = who.by_age(asked.age_multiplier, "multiplier", on) * who.by_pay(asked.income_multiplier)
    chance = chance_to_join(asked, nth, multiplier)
    draw = who.draw(Purpose.VOLUNTARY_ENROLLMENT, FOR_LIFE if first_year else context.year)
    return Joined(rows, on, chance, draw, np.full(len(rows), first_year)).at(draw < chance)


def joined_by(asked: Enrollment, years: Whole) -> Floats:
    """Return the share that has joined after so many years of eligibility, both multipliers 1.

    Powers by multiplication, year by year: a machine's own power function may differ in the last bit.
    """
    first, most = float(asked.first_year_rate), float(asked.long_run_rate)
    stays_out = 1.0 - first / most if most else 0.0
    still_to_come = np.multiply.accumulate([1.0, *[stays_out] * int(years.max(initial=0))])
    shares: Floats = most * (1.0 - still_to_come[np.maximum(years, 0)])
    return shares


def chance_to_join(asked: Enrollment, nth: Whole, multiplier: Floats) -> Floats:
    """Return the chance to join within the n-th year of eligibility of those who have not joined before.

    ``(m F(n) - m F(n-1)) / (1 - m F(n-1))``: the multiplier m makes the shares somebody's own.
    """
    before = np.minimum(multiplier * joined_by(asked, nth - 1), 1.0)
    after = np.minimum(multiplier * joined_by(asked, nth), 1.0)
    left = 1.0 - before
    chances: Floats = np.divide(after - before, left, out=np.zeros_like(left), where=left > 0.0)
    return chances
