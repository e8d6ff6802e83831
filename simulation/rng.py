"""Randomness as a function: a draw is ``f(seed, purpose, year, person, k)``, never the next of a stream.

Philox 4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), vectorised over whole
populations. Because a draw depends on nobody else's draws, one more leaver in one department changes no
stranger's life, and the same person meets the same luck in every scenario that shares a seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, unique
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Words = npt.NDArray[np.uint64]
"""32-bit words, held in 64-bit lanes so that a product keeps its high half."""

_MASK: Final = np.array(0xFFFFFFFF, dtype=np.uint64)
_SHIFT: Final = np.array(32, dtype=np.uint64)
_MULTIPLIERS: Final = (np.array(0xD2511F53, dtype=np.uint64), np.array(0xCD9E8D57, dtype=np.uint64))
_WEYL: Final = (np.uint64(0x9E3779B9), np.uint64(0xBB67AE85))
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
    """Return four words a counter: Philox 4x32 with ten rounds; all arrays broadcast together.

    A word that all counters share is best given without a dimension: what follows of it is worked out once.
    """
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(_ROUNDS):
        product0, product1 = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c1, c2, c3 = (
            (product1 >> _SHIFT) ^ (c1 ^ k0),
            product1 & _MASK,
            (product0 >> _SHIFT) ^ (c3 ^ k1),
            product0 & _MASK,
        )
        k0, k1 = (k0 + _WEYL[0]) & _MASK, (k1 + _WEYL[1]) & _MASK
    return c0, c1, c2, c3


def uniform_array(
    seed: npt.ArrayLike, purpose: npt.ArrayLike, year: int, person_key: npt.ArrayLike, k: npt.ArrayLike = 0
) -> npt.NDArray[np.float64]:
    """Return one number in [0, 1) a person, with 53 random bits.

    ``seed``, ``purpose`` and ``person_key`` are unsigned 64-bit and broadcast together; ``k`` (below 65,536)
    tells apart several draws for one purpose in one year.
    """
    given = _words(seed), _words(purpose), _words(person_key), _words(k)
    result = np.empty(np.broadcast(*given).shape, dtype=np.float64)
    lanes = [words if words.ndim == 0 else np.broadcast_to(words, result.shape).ravel() for words in given]
    draws = result.reshape(-1)
    for first in range(0, len(draws), _BLOCK):
        block = slice(first, first + _BLOCK)
        draws[block] = _unit(year, *(lane[block] if lane.ndim else lane for lane in lanes))
    return result


_BLOCK: Final = 8_192
"""Draws made at a time: the working arrays stay in the processor's second-level cache, twice as fast."""


def _unit(year: int, seeds: Words, purposes: Words, people: Words, k: Words) -> npt.NDArray[np.float64]:
    seed = seeds.flat[0]
    key = seed if (seeds == seed).all() else seeds
    index = (k << np.uint64(16)) | np.uint64(year & 0xFFFF)
    counter = (people & _MASK, people >> _SHIFT, index, purposes)
    w0, w1, _, _ = philox(counter, (key & _MASK, key >> _SHIFT))
    bits = ((w0 >> np.uint64(5)) << np.uint64(26)) | (w1 >> np.uint64(6))
    return np.multiply(bits, 2.0**-53, dtype=np.float64)


def uniform(people: pl.DataFrame, purpose: Purpose, year: int, k: int = 0) -> pl.Series:
    """Return one number in [0, 1) a row of ``people``, which has ``seed`` and ``person_key``."""
    values = uniform_array(people["seed"].to_numpy(), purpose, year, people["person_key"].to_numpy(), k)
    return pl.Series(purpose.name.lower(), values, dtype=pl.Float64)


def uniforms(people: pl.DataFrame, purposes: Sequence[Purpose], year: int) -> npt.NDArray[np.float64]:
    """Return one row of draws a purpose, as ``uniform`` has them: several for few people cost little more."""
    wanted = np.array(purposes, dtype=np.uint64)[:, None]
    return uniform_array(people["seed"].to_numpy(), wanted, year, people["person_key"].to_numpy())


def _words(values: npt.ArrayLike) -> Words:
    return np.asarray(values, dtype=np.uint64)
