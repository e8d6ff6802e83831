"""Contributions gathered period by period as columns, and handed over as events once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.events.dc_plan import ContributionKind
from simulation.events.sources import Source
from simulation.state import KEYS

if TYPE_CHECKING:
    from simulation.rules.rounding import Whole

_SOURCES: Final = [source.value for source in Source]
_KINDS: Final = [kind.value for kind in ContributionKind]


class Postings:
    """Amounts paid in for some people, whose rows the columns of every posting stand for."""

    def __init__(self, people: pl.DataFrame) -> None:
        """Take the people, one row each."""
        self._people = people[[*KEYS, "employee_id"]]
        self._rows: list[Whole] = []
        self._amounts: list[Whole] = []
        self._pay: list[Whole] = []
        self._same: list[tuple[date, int, int, int]] = []

    def post(
        self, on: date, period: int, source: Source, kind: ContributionKind, amount: Whole, pay: Whole
    ) -> None:
        """Take amounts in cents, one a person; those of nothing are no contribution.

        ``pay`` is that of the period on which they were worked out.
        """
        rows = np.flatnonzero(amount > 0)
        if len(rows):
            self._rows.append(rows)
            self._amounts.append(amount[rows])
            self._pay.append(pay[rows])
            self._same.append((on, period, _SOURCES.index(source.value), _KINDS.index(kind.value)))

    def frame(self) -> pl.DataFrame:
        """Return one row a contribution: the people's keys and the columns of the payload."""
        if not self._rows:
            return self._people.clear().with_columns(**_EMPTY)
        lengths = [len(rows) for rows in self._rows]
        dates, periods, sources, kinds = zip(*self._same, strict=True)
        of_source = pl.Series(np.repeat(np.array(sources, dtype=np.uint32), lengths))
        of_kind = pl.Series(np.repeat(np.array(kinds, dtype=np.uint32), lengths))
        # Polars takes rows by their numbers as it keeps them itself, without counting from the end.
        people = self._people[pl.Series(np.concatenate(self._rows).astype(np.uint32))]
        return people.with_columns(
            effective_date=pl.Series(np.repeat(np.array(dates, dtype="datetime64[D]"), lengths)),
            pay_period=pl.Series(np.repeat(np.array(periods, dtype=np.int32), lengths)),
            source=pl.Series(_SOURCES, dtype=pl.Enum(_SOURCES)).gather(of_source),
            rule=pl.Series(_RULES, dtype=pl.Categorical()).gather(of_source),
            kind=pl.Series(_KINDS, dtype=pl.Enum(_KINDS)).gather(of_kind),
            amount_cents=pl.Series(np.concatenate(self._amounts)),
            compensation_cents=pl.Series(np.concatenate(self._pay)),
        )


_RULES: Final = [
    "plan.deferral",
    "plan.deferral.roth_share",
    "plan.match",
    "plan.nonelective",
    "plan.profit_sharing",
]
"""The parameters that an amount follows from, by source."""

_EMPTY: Final = {
    "effective_date": pl.lit(None, dtype=pl.Date),
    "pay_period": pl.lit(None, dtype=pl.Int32),
    "source": pl.lit(None, dtype=pl.Enum(_SOURCES)),
    "rule": pl.lit(None, dtype=pl.Categorical()),
    "kind": pl.lit(None, dtype=pl.Enum(_KINDS)),
    "amount_cents": pl.lit(None, dtype=pl.Int64),
    "compensation_cents": pl.lit(None, dtype=pl.Int64),
}
