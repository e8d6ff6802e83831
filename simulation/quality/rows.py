"""Row counts and sums from layer to layer: census, log, state, snapshots, summary. No difference is allowed.

Half a per cent would do for pipelines that lose rows in joins; here each layer is a function of the one
before, so that a single row too many or too few is a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES
from simulation.dates import year_end
from simulation.quality.subjects import Kept, Taken
from simulation.state import employed, worked_in_year


def taken_in(taken: Taken) -> pl.DataFrame:
    """Return whether the census's rows are the events of genesis and the people of the opening state."""
    expected = taken.census.height * taken.seeds
    found = {"events of genesis": taken.events["census"].height, "people": taken.state.people.height}
    return _unequal("rows of the census", expected, found)


def snapshot_people(kept: Kept) -> pl.DataFrame:
    """Return who worked in the year and is not in its snapshot, or the other way round, active or not."""
    people = kept.state.people.select(
        "employee_id", "person", there=worked_in_year(), stays=employed() & worked_in_year()
    )
    shown, stays = (np.zeros(people.height, dtype=np.bool_) for _ in range(2))
    rows = kept.snapshot["person"].to_numpy()
    shown[rows] = True
    stays[rows] = (kept.snapshot["employment_status"] == "active").to_numpy()
    wrong = (shown != people["there"].to_numpy()) | (stays != people["stays"].to_numpy())
    return people[["employee_id"]][np.flatnonzero(wrong)]


def balance_people(kept: Kept) -> pl.DataFrame:
    """Return whose balances of 31 December are not those of the state, to the cent."""
    last = kept.balances.filter(pl.col("snapshot_date") == year_end(kept.year))
    left = np.zeros(kept.state.people.height, dtype=np.int64)
    for name in BALANCES:
        left += kept.state.people[name].to_numpy()
    np.subtract.at(left, last["person"].to_numpy(), last["total_balance_cents"].to_numpy())
    return kept.state.people[["employee_id"]][np.flatnonzero(left)]


def summary_counts(kept: Kept) -> pl.DataFrame:
    """Return numbers of the summary that are not those of the log and the snapshot."""
    told = dict(kept.summary.select("metric", "value").iter_rows())
    active = int((kept.snapshot["employment_status"] == "active").sum())
    events = {name: kept.events[name].height for name in _COUNTED if name in kept.events}
    counted = {
        "headcount_end": active,
        "hires": events.get("hire", 0) + events.get("rehire", 0),
        "terminations": events.get("termination", 0),
        "promotions": events.get("promotion", 0),
    }
    return pl.concat(_unequal(f"{name} of the log", counted[name], {name: told[name]}) for name in counted)


_COUNTED: Final = ("hire", "rehire", "termination", "promotion")


def status_counts(kept: Kept) -> pl.DataFrame:
    """Return whether the totals by status have as many people as the snapshot has rows."""
    heads = int(kept.totals.filter(pl.col("metric") == "headcount")["value"].sum())
    return _unequal("rows of the snapshot", kept.snapshot.height, {"people by status": heads})


def _unequal(what: str, expected: int, found: Mapping[str, int | Decimal | None]) -> pl.DataFrame:
    """Return a row for each number that is not the one expected."""
    said = [f"{expected:,} {what}, {count:,} {name}" for name, count in found.items() if count != expected]
    return pl.DataFrame({"found": said}, schema={"found": pl.String})
