"""The forfeiture account of each seed, and how dues are paid out of it until it is empty.

What was forfeited up to last year is used this year, before this year's forfeitures come in: within twelve
months of the year in which they arose, as Prop. Reg. 1.401-7 asks, unless there is too little to pay for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from simulation.rng import Words
    from simulation.rules.rounding import Whole
    from simulation.state import State


def fund_cents(state: State) -> Whole:
    """Return what is in the account of each person's seed, in cents; a debt to restored people is nothing."""
    held = state.people["forfeiture_account_cents"].to_numpy()
    _, begins, counts = np.unique(state.people["seed"].to_numpy(), return_index=True, return_counts=True)
    return np.asarray(np.repeat(np.maximum(np.add.reduceat(held, begins), 0), counts), dtype=np.int64)


def paid_in_turn(seeds: Words, due: Whole, fund: Whole) -> Whole:
    """Return what the account pays of dues in the order of persons, who are sorted by seed.

    The last one who gets anything gets a part; ``fund`` is what is in the account of each person's seed.
    """
    _, begins, counts = np.unique(seeds, return_index=True, return_counts=True)
    running = np.cumsum(due)
    before = np.repeat(running[begins] - due[begins], counts)
    return np.asarray(np.clip(fund - (running - before) + due, 0, due), dtype=np.int64)
