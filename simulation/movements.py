"""What events move in accounts and on loans, as lists of whole amounts: in or out, of which source.

Written once for those who recount what ``evolve`` did to the state; its formulas are not used here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from simulation.events.sources import SOURCES, Source

if TYPE_CHECKING:
    from simulation.rules.rounding import Whole, Wholes

Events = Mapping[str, pl.DataFrame]

BY_SOURCE: Final[Mapping[str, int]] = MappingProxyType(
    {
        "loan": -1,
        "loan_repayment": 1,
        "withdrawal": -1,
        "distribution": -1,
        "rollover": -1,
        "investment_return": 1,
        "fee": -1,
    }
)
"""Events that move an amount a source, and whether it comes in or goes out."""

OF_ONE_SOURCE: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "contribution": (1, "source"),
        "restoration": (1, "restored_to_source"),
        "forfeiture": (-1, "forfeited_from_source"),
    }
)
"""Events that move their amount in one source, whether in or out, and the column that names it."""

LOANS: Final[Mapping[str, Callable[[pl.DataFrame], Whole]]] = MappingProxyType(
    {
        "loan": lambda lent: cents_of(lent, "amount_cents"),
        "loan_repayment": lambda paid: -cents_of(paid, "principal_cents"),
        "loan_default": lambda lost: (
            cents_of(lost, "accrued_interest_cents") - cents_of(lost, "amount_cents")
        ),
    }
)
"""What events add to the debt on a loan."""

_SOURCES: Final = pl.Enum(Source)
_PROFIT_SHARING: Final = list(Source).index(Source.PROFIT_SHARING)


class Movement(NamedTuple):
    """Cents that events of one type move: of the n-th source, one for all or a number an event."""

    source: Wholes
    cents: Whole


def movements(events: Events) -> Iterator[tuple[pl.DataFrame, list[Movement]]]:
    """Yield events of a type that move accounts, and what each of them moves."""
    for kind, sign in BY_SOURCE.items():
        if kind in events:
            names = enumerate(f"{source}_cents" for source in SOURCES)
            yield (
                events[kind],
                [Movement(place, sign * cents_of(events[kind], name)) for place, name in names],
            )
    for kind, (sign, column) in OF_ONE_SOURCE.items():
        if kind in events:
            source = events[kind][column].cast(_SOURCES).to_physical().to_numpy()
            yield events[kind], [Movement(source, sign * cents_of(events[kind], "amount_cents"))]
    if "forfeiture_use" in events:
        shares = events["forfeiture_use"].filter(pl.col("use") == "reallocate")
        yield shares, [Movement(_PROFIT_SHARING, cents_of(shares, "amount_cents"))]


def cents_of(frame: pl.DataFrame, column: str) -> Whole:
    """Return a column of whole cents."""
    return frame[column].to_numpy()
