"""The metrics that pages offer: those of the year summary for everybody, and those of a group of people.

Names, titles and units only; formulas are `simulation.metrics`' and `simulation.query`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from simulation.metrics import METRICS, Unit

EVERYBODY: Final = "all"


class Shown(NamedTuple):
    """A metric as a page shows it."""

    name: str
    title: str
    unit: Unit
    definition: str


SUMMARY: Final[Mapping[str, Shown]] = {
    metric.name: Shown(metric.name, metric.title, metric.unit, metric.definition) for metric in METRICS
}
POPULATION: Final[Mapping[str, Shown]] = {
    shown.name: shown
    for shown in (
        Shown("headcount", "People", Unit.PEOPLE, "People of the chosen status when the year ends."),
        Shown("total_compensation", "Total compensation", Unit.DOLLARS, "Base pay paid to them in the year."),
        Shown("average_compensation", "Average pay", Unit.DOLLARS, "Their mean annual rate of pay."),
        Shown(
            "average_full_year_compensation",
            "Average full-year pay",
            Unit.DOLLARS,
            "Their mean pay, as if all had worked the whole year.",
        ),
    )
}
KEY_SUMMARY: Final = (
    "headcount_end",
    "total_compensation",
    "compensation_growth_full_year",
    "participation_rate",
    "employer_cost",
)
_SAME_QUESTION: Final = {"headcount_end": "headcount", "headcount": "headcount_end"}


def offered(status: str) -> Mapping[str, Shown]:
    """Return the metrics that there are for everybody, or for the people of one status."""
    return SUMMARY if status == EVERYBODY else POPULATION


def key_metrics(status: str) -> tuple[Shown, ...]:
    """Return the metrics of the tiles."""
    return tuple(SUMMARY[name] for name in KEY_SUMMARY) if status == EVERYBODY else tuple(POPULATION.values())


def chosen(name: str, status: str) -> Shown:
    """Return a metric for a status: itself, the one that asks the same of a group, or the first there is."""
    metrics = offered(status)
    return metrics.get(name) or metrics.get(_SAME_QUESTION.get(name, "")) or next(iter(metrics.values()))
