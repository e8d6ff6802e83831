"""Seeds as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import SweepError
from simulation.sweep.seeds import LARGEST_SEED, MOST_SEEDS, format_seeds, parse_seeds


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("42", (42,)),
        (42, (42,)),
        ("1-4", (1, 2, 3, 4)),
        ("1–3", (1, 2, 3)),
        ("7-7", (7,)),
        (" 1, 5 , 9 - 11 ", (1, 5, 9, 10, 11)),
        ("3,1,2", (3, 1, 2)),
        ("1-3,2,3-4", (1, 2, 3, 4)),
        ([1, "5-6", 9], (1, 5, 6, 9)),
        ((0,), (0,)),
        (str(LARGEST_SEED), (LARGEST_SEED,)),
    ],
)
def test_seeds_are_numbers_ranges_and_lists_of_both(given: object, expected: tuple[int, ...]) -> None:
    assert parse_seeds(given) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("x", "'x'"),
        ("1-", "'1-'"),
        ("-1", "'-1'"),
        ("1.5", "'1.5'"),
        ("5-1", "'5-1' runs backwards"),
        ("", "there is none"),
        (",", "there is none"),
        ([], "there is none"),
        (True, "'True'"),
        (str(LARGEST_SEED + 1), "seeds from 0"),
        (f"0-{MOST_SEEDS}", "more than 100,000 seeds"),
    ],
)
def test_what_is_no_seed_is_named_with_what_is_allowed(given: object, said: str) -> None:
    with pytest.raises(SweepError, match="seeds") as caught:
        parse_seeds(given)  # type: ignore[arg-type]
    assert said in str(caught.value)


def test_every_bad_part_is_named() -> None:
    with pytest.raises(SweepError) as caught:
        parse_seeds("1,a,3-2,b")
    assert len(caught.value.problems) == 3


@given(st.sets(st.integers(0, 200), min_size=1))
def test_what_is_formatted_is_read_back(seeds: set[int]) -> None:
    assert parse_seeds(format_seeds(seeds)) == tuple(sorted(seeds))


def test_neighbours_become_a_range() -> None:
    assert format_seeds([3, 1, 2, 9, 20, 21]) == "1-3,9,20-21"
