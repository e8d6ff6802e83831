from __future__ import annotations

import numpy as np
import polars as pl

from simulation.roll import Roll

PEOPLE = pl.DataFrame(
    {"seed": [7, 7, 9], "person": [0, 1, 0], "employee_id": ["A", "B", "A"]},
    schema={"seed": pl.UInt64, "person": pl.Int32, "employee_id": pl.String},
)
ASKED = pl.DataFrame(
    {"seed": [9, 7, 9, 8, 2**64 - 1, 7], "person": [0, 1, 1, 0, 0, -1]},
    schema={"seed": pl.UInt64, "person": pl.Int32},
)


def test_everybody_stands_at_a_row_and_strangers_behind_all() -> None:
    roll = Roll.of(PEOPLE)
    assert roll.seeds_of(ASKED).tolist() == [1, 0, 1, 2, 2, 0]
    assert roll.rows_of(ASKED).tolist() == [2, 1, 3, 3, 3, 3]


def test_rows_in_the_order_of_seeds_stand_where_they_would_in_any_other() -> None:
    roll, ordered = Roll.of(PEOPLE), ASKED.sort("seed")
    assert roll.seeds_of(ordered.filter(pl.col("seed").is_in([7, 9]))).tolist() == [0, 0, 1, 1]
    assert roll.seeds_of(ordered).tolist() == [0, 0, 2, 1, 1, 2]
    known = ordered.filter(pl.col("seed").is_in([7, 9]))
    assert roll.rows_of(known).tolist() == [1, 3, 2, 3]
    assert roll.rows_of(known.filter(pl.col("person") == pl.col("seed") % 9 // 7)).tolist() == [1, 2]
    assert roll.rows_of(ordered.clear()).tolist() == []


def test_one_seed_alone_is_looked_up_alike() -> None:
    roll = Roll.of(PEOPLE[:2])
    assert roll.rows_of(ASKED).tolist() == [2, 1, 2, 2, 2, 2]


def test_an_empty_roll_knows_nobody() -> None:
    assert Roll.of(PEOPLE.clear()).rows_of(ASKED).tolist() == [0] * ASKED.height


def test_nobody_has_no_name() -> None:
    named = Roll.of(PEOPLE).named(np.array([1, 3]))
    assert named.rows() == [(7, 1, "B"), (None, None, None)]
    assert Roll.of(PEOPLE).named(np.array([], dtype=np.int64)).is_empty()
