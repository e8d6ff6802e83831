from __future__ import annotations

import numpy as np
import pytest

from simulation.rules.ownership import ATTRIBUTED, Kin, owned_with_family, owns_more_than

OWNER_BP = 6_300


@pytest.mark.parametrize("kin", list(Kin))
def test_the_family_that_counts_owns_what_the_owner_owns(kin: Kin) -> None:
    held = owned_with_family(np.array([OWNER_BP, 0]), np.array([1]), np.array([0]), [kin])
    counts = kin in {Kin.SPOUSE, Kin.CHILD, Kin.PARENT, Kin.GRANDPARENT}
    assert held.tolist() == [OWNER_BP, OWNER_BP if counts else 0]
    assert (kin in ATTRIBUTED) == counts


def test_shares_of_several_relatives_add_up_but_are_not_passed_on() -> None:
    mother, father, child, sibling = range(4)
    owned = np.array([300, 300, 0, 0])
    relatives = np.array([child, child, sibling, mother])
    owners = np.array([mother, father, child, father])
    kin = [Kin.CHILD, Kin.CHILD, Kin.PARENT, Kin.SPOUSE]
    assert owned_with_family(owned, relatives, owners, kin).tolist() == [600, 300, 600, 0]


def test_a_family_without_ties_owns_what_each_owns() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    assert owned_with_family(np.array([300, 0]), nobody, nobody, []).tolist() == [300, 0]


def test_trap_9_exactly_five_percent_is_not_more() -> None:
    assert owns_more_than(5, np.array([500, 501])).tolist() == [False, True]
    assert owns_more_than(5, np.array([50_000_000, 50_000_001]), 10**9).tolist() == [False, True]
