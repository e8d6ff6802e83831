"""What a case says about ownership: shares, and relatives in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from simulation.rules.ownership import Kin, owned_with_family
from simulation.rules.rounding import Whole
from tests.golden.money import fraction

ONE: Final = 10**9
"""Parts in which the cases' shares are whole numbers."""

WORDS: Final[Mapping[str, Kin]] = {
    **dict.fromkeys(("spouse", "husband", "wife"), Kin.SPOUSE),
    **dict.fromkeys(("child", "son", "daughter", "adopted child"), Kin.CHILD),
    **dict.fromkeys(("parent", "father", "mother"), Kin.PARENT),
    **dict.fromkeys(("grandparent", "grandfather", "grandmother"), Kin.GRANDPARENT),
    **dict.fromkeys(("grandchild", "grandson", "granddaughter"), Kin.GRANDCHILD),
    **dict.fromkeys(("sibling", "brother", "sister"), Kin.SIBLING),
}
RELATIVE: Final = re.compile(
    r"(?P<kin>.+?) of (?:an? |the )?(?:(?P<percent>[\d.]+) ?(?:%|percent)[- ]?)?(?:sole )?(?:\w+ )?owner"
)
"""``father of 63% owner``; an owner without a percentage has all."""


def owned(person: Mapping[str, Any]) -> Whole:
    """Return the highest share that a case names for a person, what the family has added."""
    shares = [
        fraction(str(share)) for key, share in person.items() if "ownership" in key and share is not None
    ]
    own = int(max(shares, default=fraction("0")) * ONE)
    tie = RELATIVE.match(str(person.get("relative") or "").lower())
    if tie is None or tie["kin"] not in WORDS:
        return np.array([own], dtype=np.int64)
    theirs = int(fraction(tie["percent"] or "100") * ONE / 100)
    held = np.array([own, theirs], dtype=np.int64)
    return owned_with_family(held, np.array([0]), np.array([1]), [WORDS[tie["kin"]]])[:1]


def owned_by_all(people: Sequence[Mapping[str, Any]]) -> Whole:
    """Return what each person owns, one row a person."""
    return np.concatenate([owned(person) for person in people])
