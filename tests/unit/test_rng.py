from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from simulation.rng import Purpose, philox, uniform, uniform_array

# Known answers of the Random123 distribution (kat_vectors), philox4x32 with 10 rounds.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def _words(text: str) -> list[np.ndarray]:
    return [np.array([int(word, 16)], dtype=np.uint64) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_known_answers(counter: str, key: str, answer: str) -> None:
    c0, c1, c2, c3 = _words(counter)
    k0, k1 = _words(key)
    assert [f"{int(word[0]):08x}" for word in philox((c0, c1, c2, c3), (k0, k1))] == answer.split()


def test_draws_are_even_over_the_unit_interval() -> None:
    draws = uniform_array(42, Purpose.TERMINATION, 2025, np.arange(100_000, dtype=np.uint64))
    assert draws.min() >= 0.0
    assert draws.max() < 1.0
    counts, _ = np.histogram(draws, bins=20, range=(0, 1))
    assert abs(draws.mean() - 0.5) < 0.005
    assert counts.min() > 4_700
    assert counts.max() < 5_300


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 43},
        {"purpose": Purpose.PROMOTION},
        {"year": 2026},
        {"k": 1},
    ],
    ids=["seed", "purpose", "year", "k"],
)
def test_each_part_of_the_key_changes_every_draw(other: dict[str, int]) -> None:
    people = np.arange(1_000, dtype=np.uint64)
    base = {"seed": 42, "purpose": Purpose.TERMINATION, "year": 2025, "person_key": people}
    assert not np.any(uniform_array(**base) == uniform_array(**{**base, **other}))  # type: ignore[arg-type]


def test_a_draw_does_not_depend_on_who_else_is_drawn_for() -> None:
    people = pl.DataFrame(
        {"seed": [7] * 5, "person_key": range(5)}, schema={"seed": pl.UInt64, "person_key": pl.UInt64}
    )
    alone = uniform(people[3:4], Purpose.LEAVE, 2030)
    assert uniform(people, Purpose.LEAVE, 2030)[3] == alone[0]


def test_the_largest_seed_and_key_are_drawn_for() -> None:
    largest = np.array([2**64 - 1], dtype=np.uint64)
    assert 0.0 <= uniform_array(largest, Purpose.LEAVE, 2050, largest)[0] < 1.0


def test_no_two_purposes_share_a_number() -> None:
    assert len({int(purpose) for purpose in Purpose}) == len(Purpose.__members__)
