"""Shares of the employer that somebody owns, or is held to own through the family (IRC 318)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import numpy as np

from simulation.rules.exact import column
from simulation.rules.rounding import Truths, Whole, Wholes
from simulation.units import BP

PERCENT: Final = 100


class Kin(StrEnum):
    """What somebody is to an owner."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"
    SIBLING = "sibling"


ATTRIBUTED: Final = frozenset({Kin.SPOUSE, Kin.CHILD, Kin.PARENT, Kin.GRANDPARENT})
"""Who is held to own what an owner owns: IRC 318(a)(1)(A).

One owns what a spouse, a child, a grandchild or a parent owns: not what a grandparent or a sibling does.
"""


def owned_with_family(owned: Wholes, relatives: Whole, owners: Whole, kin: Sequence[Kin]) -> Whole:
    """Return what each person owns, what of the family's counts added, in the unit of ``owned``.

    Each tie is a relative's row, an owner's row and what the first is to the second. Only what an owner holds
    in person is passed on (IRC 318(a)(5)(B)).
    """
    direct = column(owned)
    counts = np.array([each in ATTRIBUTED for each in kin], dtype=np.bool_)
    held = direct.copy()
    np.add.at(held, column(relatives)[counts], direct[column(owners)[counts]])
    return held


def owns_more_than(percent: int, owned: Wholes, one: int = BP) -> Truths:
    """Return who owns more than so many percent; shares are in basis points unless ``one`` says otherwise."""
    return column(owned) * PERCENT > percent * one
