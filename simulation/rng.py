"""Randomness as a function: a draw is ``f(seed, purpose, year, person, k)``, never the next of a stream.

Philox 4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), vectorised over whole
populations. Because a draw depends on nobody else's draws, one more leaver in one department changes no
stranger's life, and the same person meets the same luck in every scenario that shares a seed.
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Words = npt.NDArray[np.uint64]
"""32-bit words, held in 64-bit lanes so that a product keeps its high half."""

_MASK: Final = np.uint64(0xFFFFFFFF)
_SHIFT: Final = np.uint64(32)
_MULTIPLIERS: Final = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL: Final = (0x9E3779B9, 0xBB67AE85)
_ROUNDS: Final = 10


@unique
class Purpose(IntEnum):
    """What a draw decides. The number is part of every draw: never reuse one, never renumber.

    ``unique`` refuses two purposes with one number, which would make two decisions share their luck.
    """

    LAYOFF = 1
    TERMINATION = 2
    TERMINATION_REASON = 3
    TERMINATION_DATE = 4
    REHIRE = 5
    REHIRE_DATE = 6
    HIRE_DATE = 7
    HIRE_AGE = 8
    HIRE_PAY = 9
    HIRE_DEPARTMENT = 10
    HIRE_PART_TIME = 11
    HIRE_EXIT = 12
    HIRE_EXIT_DATE = 13
    HIRE_EXIT_REASON = 14
    HIRE_COUNT = 15
    PROMOTION = 16
    PROMOTION_RAISE = 17
    PROMOTION_DATE = 18
    RAISE_DATE = 19
    LEAVE = 20
    LEAVE_DAYS = 21
    RATING = 22
    VOLUNTARY_ENROLLMENT = 30
    ENROLLMENT_DATE = 31
    OPT_OUT = 32
    ELECTED_RATE = 33
    ROTH_CHOICE = 34
    CHANGE_OF_MIND = 35
    PERMISSIBLE_WITHDRAWAL = 36
    OWN_CHANGE = 37
    OWN_CHANGE_DATE = 38
    ESCALATION_REFUSAL = 39
    MATCH_RESPONSE = 40
    LOAN = 41
    LOAN_AMOUNT = 42
    LOAN_DATE = 43
    LOAN_DEFAULT = 44
    HARDSHIP = 45
    HARDSHIP_DATE = 46
    IN_SERVICE_WITHDRAWAL = 47
    PAYOUT = 48
    MARKET_RETURN = 49
    CENSUS_IMPUTE = 100
    CENSUS_GENERATE = 101
    CENSUS_ANONYMISE = 102


def philox(counter: tuple[Words, Words, Words, Words], key: tuple[Words, Words]) -> tuple[Words, ...]:
    """Return four words a counter: Philox 4x32 with ten rounds; all arrays broadcast together."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for turn in range(_ROUNDS):
        product0, product1 = _MULTIPLIERS[0] * c0, _MULTIPLIERS[1] * c2
        round_key0 = (k0 + np.uint64(turn * _WEYL[0] & 0xFFFFFFFF)) & _MASK
        round_key1 = (k1 + np.uint64(turn * _WEYL[1] & 0xFFFFFFFF)) & _MASK
        c0, c1, c2, c3 = (
            (product1 >> _SHIFT) ^ c1 ^ round_key0,
            product1 & _MASK,
            (product0 >> _SHIFT) ^ c3 ^ round_key1,
            product0 & _MASK,
        )
    return c0, c1, c2, c3


def uniform_array(
    seed: npt.ArrayLike, purpose: Purpose, year: int, person_key: npt.ArrayLike, k: npt.ArrayLike = 0
) -> npt.NDArray[np.float64]:
    """Return one number in [0, 1) a person, with 53 random bits.

    ``seed`` and ``person_key`` are unsigned 64-bit and broadcast together; ``k`` (below 65,536) tells
    apart several draws for one purpose in one year.
    """
    lanes = np.broadcast_arrays(_words(seed), _words(person_key), _words(k))
    seeds, people, draws = (lane.reshape(-1) for lane in lanes)
    result = np.empty(len(people), dtype=np.float64)
    for first in range(0, len(people), _BLOCK):
        block = slice(first, first + _BLOCK)
        result[block] = _unit(seeds[block], purpose, year, people[block], draws[block])
    return result.reshape(lanes[0].shape)


_BLOCK: Final = 8_192
"""Draws made at a time: the working arrays stay in the processor's second-level cache, twice as fast."""


def _unit(seeds: Words, purpose: Purpose, year: int, people: Words, k: Words) -> npt.NDArray[np.float64]:
    index = (k << np.uint64(16)) | np.uint64(year & 0xFFFF)
    counter = (people & _MASK, people >> _SHIFT, index, np.full((), int(purpose), dtype=np.uint64))
    w0, w1, _, _ = philox(counter, (seeds & _MASK, seeds >> _SHIFT))
    high, low = w0 >> np.uint64(5), w1 >> np.uint64(6)
    result: npt.NDArray[np.float64] = (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    return result


def uniform(people: pl.DataFrame, purpose: Purpose, year: int, k: int = 0) -> pl.Series:
    """Return one number in [0, 1) a row of ``people``, which has ``seed`` and ``person_key``."""
    values = uniform_array(people["seed"].to_numpy(), purpose, year, people["person_key"].to_numpy(), k)
    return pl.Series(purpose.name.lower(), values, dtype=pl.Float64)


def _words(values: npt.ArrayLike) -> Words:
    return np.asarray(values, dtype=np.uint64)
