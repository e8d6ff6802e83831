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

_RULES: Final = {
    Source.PRE_TAX: "plan.deferral",
    Source.ROTH: "plan.deferral.roth_share",
    Source.MATCH: "plan.match",
    Source.NONELECTIVE: "plan.nonelective",
    Source.PROFIT_SHARING: "plan.profit_sharing",
}
"""The parameters that an amount follows from, by source."""

_SAME: Final[dict[str, pl.DataType]] = {
    "effective_date": pl.Date(),
    "pay_period": pl.Int32(),
    "source": pl.Enum([source.value for source in Source]),
    "rule": pl.Categorical(),
    "kind": pl.Enum([kind.value for kind in ContributionKind]),
}
"""What is the same for all rows of a posting."""

_CENTS: Final[dict[str, pl.DataType]] = {"amount_cents": pl.Int64(), "compensation_cents": pl.Int64()}


class Postings:
    """Amounts paid in for some people, whose rows the columns of every posting stand for."""

    def __init__(self, people: pl.DataFrame) -> None:
        """Take the people, one row each."""
        self._people = people[[*KEYS, "employee_id"]]
        self._rows: list[Whole] = []
        self._amounts: list[Whole] = []
        self._pay: list[Whole] = []
        self._same: list[tuple[date, int, str, str, str]] = []

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
            self._same.append((on, period, source.value, _RULES[source], kind.value))

    def frame(self) -> pl.DataFrame:
        """Return one row a contribution: the people's keys and the columns of the payload."""
        if not self._rows:
            return self._people.clear().hstack(pl.DataFrame(schema=_SAME | _CENTS))
        posting = np.repeat(np.arange(len(self._rows), dtype=np.uint32), [len(rows) for rows in self._rows])
        # Polars takes rows by their numbers as it keeps them itself, without counting from the end.
        same = pl.DataFrame(self._same, schema=_SAME, orient="row")[pl.Series(posting)]
        people = self._people[pl.Series(np.concatenate(self._rows).astype(np.uint32))]
        cents = zip(_CENTS, (self._amounts, self._pay), strict=True)
        return people.hstack(
            [*same.get_columns(), *(pl.Series(name, np.concatenate(parts)) for name, parts in cents)]
        )
