from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from simulation import stamp as module
from simulation.events import columns
from simulation.stamp import Batch, following, stamp

SEEDS = [2**64 - 1, 7]

NEXT = pl.DataFrame({"seed": pl.Series(SEEDS, dtype=pl.UInt64), "next": [11, 101]})


def events(event_type: str, rows: int, salt: int) -> pl.DataFrame:
    """Return events without any order; ``amount_cents`` says where each stood."""
    mixed = [(row + salt) * 7_919 % 1_009 for row in range(rows)]
    frame = pl.DataFrame(
        {
            "seed": pl.Series([SEEDS[number % 2] for number in mixed], dtype=pl.UInt64),
            "person": [number % 5 for number in mixed],
            "effective_date": [date(2025, 1, 1) + timedelta(days=number % 7) for number in mixed],
            "amount_cents": range(rows),
        }
    )
    absent = [pl.lit(None).alias(name) for name in columns(event_type) if name not in frame.columns]
    return frame.with_columns(absent).select(
        pl.col(name).cast(dtype) for name, dtype in columns(event_type).items()
    )


BATCHES: list[Batch] = [
    (20, {"raise": events("raise", 60, 1), "hire": events("hire", 50, 2)}),
    (10, {"raise": events("raise", 40, 3), "leave": events("leave", 0, 4)}),
]


def by_hand() -> dict[str, list[tuple[Any, ...]]]:
    """Return each type's rows with their numbers: phase, amount, seed and sequence."""
    laid: list[tuple[Any, ...]] = [
        (SEEDS.index(seed), day, phase, person, event_type, amount)
        for phase, frames in BATCHES
        for event_type, frame in frames.items()
        for seed, day, person, amount in frame.select(
            "seed", "effective_date", "person", "amount_cents"
        ).iter_rows()
    ]
    result: dict[str, list[tuple[Any, ...]]] = {"hire": [], "raise": []}
    following = [11, 101]
    for seed, _, phase, _, event_type, amount in sorted(laid):
        result[event_type].append((phase, amount, SEEDS[seed], following[seed]))
        following[seed] += 1
    return {event_type: sorted(rows, key=lambda row: row[2:]) for event_type, rows in result.items()}


@pytest.mark.parametrize("bits", [64, 18])
def test_events_stand_by_day_phase_person_type_and_as_they_came(
    monkeypatch: pytest.MonkeyPatch, bits: int
) -> None:
    monkeypatch.setattr(module, "_WORD", bits)
    stamped = stamp(BATCHES, 2025, NEXT)
    found = {
        event_type: frame.select("phase", "amount_cents", "seed", "event_sequence").rows()
        for event_type, frame in stamped.items()
    }
    assert found == by_hand()
    after = following(BATCHES, NEXT)
    assert after["seed"].to_list() == SEEDS
    assert sum(after["next"]) == 11 + 101 + 150


def test_every_event_says_its_year() -> None:
    stamped = stamp(BATCHES, 2025, NEXT)["raise"]
    assert set(stamped["simulation_year"]) == {2025}
    assert stamped.schema == {
        **columns("raise"),
        "simulation_year": pl.Int32(),
        "phase": pl.Int16(),
        "event_sequence": pl.Int64(),
    }


@pytest.mark.parametrize("batches", [[], [(10, {"raise": events("raise", 0, 1)})]])
def test_a_year_without_events_moves_no_number(batches: list[Batch]) -> None:
    assert stamp(batches, 2025, NEXT) == {}
    assert following(batches, NEXT).equals(NEXT)


def test_a_seed_without_events_keeps_its_number() -> None:
    alone = {"raise": events("raise", 60, 1).filter(pl.col("seed") == 7)}
    stamped = stamp([(10, alone)], 2025, NEXT)
    assert following([(10, alone)], NEXT)["next"].to_list() == [11, 101 + alone["raise"].height]
    assert stamped["raise"]["event_sequence"].to_list() == [*range(101, 101 + alone["raise"].height)]


def test_too_many_people_for_one_number_are_no_silent_disorder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WORD", 2)
    with pytest.raises(OverflowError, match="do not fit"):
        stamp(BATCHES, 2025, NEXT)
