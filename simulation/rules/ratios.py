"""Ratios of amounts to pay: their order, sums and averages, exact though there are a hundred thousand.

A sum of so many fractions has a denominator of millions of digits. It is therefore enclosed between two short
fractions 10^-24 a person apart, and what is decided or rounded is so at both ends. Only where the ends
disagree, which takes a tie, is the sum itself computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final, NamedTuple, TypeAlias, TypeVar

import numpy as np

from simulation.rules.exact import column
from simulation.rules.rounding import Truths, Whole, Wholes, quotient
from simulation.units import divide_half_up

GROUP: Final = 10**6
GROUPS: Final = 4
STEP: Final = Fraction(1, GROUP**GROUPS)
"""What ratios are known to before an exact sum is asked for: 24 decimals, in groups of six."""

WIDEST_PAY: Final = 10**12
"""Up to it, in cents, two ratios that differ do so by at least a step, so that steps order them exactly."""

Found = TypeVar("Found")


class Enclosed(NamedTuple):
    """A number between two ends, equal where it is known, and the number itself for who has to have it."""

    low: Fraction
    high: Fraction
    exact: Callable[[], Fraction]


Number: TypeAlias = Fraction | Enclosed


def low_of(number: Number) -> Fraction:
    """Return what a number is at least."""
    return number.low if isinstance(number, Enclosed) else number


def high_of(number: Number) -> Fraction:
    """Return what a number is at most."""
    return number.high if isinstance(number, Enclosed) else number


def exact_of(number: Number) -> Fraction:
    """Return a number itself, which may take seconds where it is an average over very many people."""
    if isinstance(number, Enclosed):
        return number.low if number.low == number.high else number.exact()
    return number


def settled(rule: Callable[..., Found], *numbers: Number) -> Found:
    """Return what a rule finds for numbers: true or false, or a rounded value.

    The rule is monotone in each of them, so that one answer at all ends is the answer in between.
    """
    ends = product(*map(_ends, numbers))
    first, *others = (rule(*corner) for corner in ends)
    return first if all(other == first for other in others) else rule(*map(exact_of, numbers))


def _ends(number: Number) -> tuple[Fraction, ...]:
    low, high = low_of(number), high_of(number)
    return (low,) if low == high else (low, high)


def increasing(rule: Callable[[Fraction], Fraction], number: Number) -> Number:
    """Return a rule that never falls, applied to a number."""
    if isinstance(number, Enclosed):
        return Enclosed(rule(number.low), rule(number.high), lambda: rule(exact_of(number)))
    return rule(number)


def rounded_to(places: int, number: Number) -> Fraction:
    """Return a number rounded half-up to so many decimals."""
    one: int = 10**places
    steps = settled(lambda exact: divide_half_up(exact.numerator * one, exact.denominator), number)
    return Fraction(steps, one)


@dataclass(frozen=True, slots=True)
class Ratios:
    """A column of ratios, one row a person; without pay the ratio is nought."""

    amounts: Whole
    pay: Whole
    groups: Whole
    """The whole part, then groups of six decimals cut off: ``GROUPS + 1`` rows."""
    cut: Truths
    """Whether decimals follow."""

    @classmethod
    def of(cls, amounts: Wholes, pay: Wholes) -> Ratios:
        """Return the ratios of amounts to pay, both in cents and not negative.

        Raises:
            OverflowError: A pay is above ``WIDEST_PAY``.
        """
        above, below = np.broadcast_arrays(column(amounts), column(pay))
        if below.max(initial=0) > WIDEST_PAY:
            raise OverflowError(f"ratios are exact up to a pay of {WIDEST_PAY} cents, not {below.max()}")
        above, below = np.where(below > 0, above, 0), np.maximum(below, 1)
        rest, groups = above, list[Whole]()
        for scale in (1, *[GROUP] * GROUPS):
            rest = rest * scale
            groups.append(quotient(rest, below))
            rest = rest - groups[-1] * below
        return cls(above, below, np.stack(groups), rest > 0)

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.amounts)

    def rows(self, chosen: Whole | Truths | slice) -> Ratios:
        """Return the ratios of some people, in the order chosen."""
        if isinstance(chosen, np.ndarray) and chosen.dtype == np.bool_:
            chosen = np.flatnonzero(chosen)
        return Ratios(self.amounts[chosen], self.pay[chosen], self.groups[:, chosen], self.cut[chosen])

    def descending(self) -> Ratios:
        """Return them from the highest, equal ones in the order of their rows."""
        return self.rows(np.lexsort(-self.groups[::-1]))

    def at(self, row: int) -> Fraction:
        """Return the ratio of one person, exactly."""
        return Fraction(int(self.amounts[row]), int(self.pay[row]))

    def highest(self) -> Fraction:
        """Return the highest ratio, exactly; nought of nobody."""
        return self.descending().at(0) if len(self) else Fraction(0)

    def sum(self) -> Enclosed:
        """Return the sum of all ratios."""
        low = in_steps(self.groups.sum(axis=1)) * STEP
        return Enclosed(low, low + int(self.cut.sum()) * STEP, self.exact_sum)

    def mean(self) -> Enclosed:
        """Return the average of the ratios, people without a contribution included; nought of nobody."""
        people = max(len(self), 1)
        whole = self.sum()
        return Enclosed(whole.low / people, whole.high / people, lambda: exact_of(whole) / people)

    def exact_sum(self) -> Fraction:
        """Return the sum of all ratios as one fraction: by equal denominators first, then two and two."""
        shared = np.gcd(self.amounts, self.pay)
        below, place = np.unique(self.pay // shared, return_inverse=True)
        above = np.zeros(len(below), dtype=np.int64)
        np.add.at(above, place, self.amounts // shared)
        parts: list[tuple[int, int]] = list(zip(above.tolist(), below.tolist(), strict=True)) or [(0, 1)]
        while len(parts) > 1:
            odd = parts[len(parts) // 2 * 2 :]
            pairs = zip(parts[::2], parts[1::2], strict=False)
            parts = [(a * d + c * b, b * d) for (a, b), (c, d) in pairs] + odd
        return Fraction(*parts[0])


def in_steps(groups: Whole) -> int:
    """Return a whole part and its groups of decimals as one number of steps."""
    steps = 0
    for group in groups.tolist():
        steps = steps * GROUP + group
    return steps
