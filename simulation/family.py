"""Who owns how much of the employer, the family's shares counted in, as the census states families."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.rules.ownership import Kin, owned_with_family

if TYPE_CHECKING:
    from simulation.rules.rounding import Whole

FAMILY: Final = ("employee_id", "family_of", "ownership_bp")
"""What is read of the people, besides the seed."""


def owned_bp(people: pl.DataFrame) -> Whole:
    """Return what each person owns or is held to own, in basis points.

    ``people`` is one row a seed and person with ``FAMILY``. Who is stated as family of an owner is a spouse,
    child, parent or grandparent, so that the owner's share counts (IRC 318(a)(1)(A)). An owner who is not
    among the people passes nothing on.
    """
    owned = people["ownership_bp"].to_numpy()
    if people["family_of"].null_count() == people.height:
        return owned
    rows = people.select("seed", *FAMILY).with_row_index("row")
    ties = rows.filter(pl.col("family_of").is_not_null()).join(
        rows.select("seed", family_of="employee_id", owner="row"), on=("seed", "family_of")
    )
    return owned_with_family(owned, ties["row"].to_numpy(), ties["owner"].to_numpy(), [Kin.CHILD] * len(ties))
