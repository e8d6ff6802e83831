"""Tables with one value for each job level or performance rating.

Knows the levels and ratings that there are and what makes such a table whole, not what it is used for.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import Field

from simulation.parameters.form import BASIS_POINT, PERCENT_JSON, Form, Json, Multiplier, Rate, mistake

LEVELS: Final = (1, 2, 3, 4, 5)
"""Job levels, lowest first; nobody is promoted out of the last one."""

TOP_LEVEL: Final = LEVELS[-1]

RATINGS: Final = (1, 2, 3, 4, 5)
"""Performance ratings, worst first."""

Share = Annotated[Rate, Field(ge=0, le=1)]
Factor = Annotated[Multiplier, Field(ge=0, le=10)]
SHARE: Final[Json] = {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, PERCENT_JSON]}
FACTOR: Final[Json] = {"type": "number", "minimum": 0, "maximum": 10}


def keyed_json(item: Json, keys: Sequence[int]) -> Json:
    """Return the JSON Schema of a table with an entry for each of the keys."""
    return {"type": "object", "properties": {str(key): item for key in keys}, "additionalProperties": False}


def by_key(words: str, item: Json, keys: tuple[int, ...]) -> Form:
    """Return the form of a table with one value for each key, which overlays may change one by one."""

    def whole(table: dict[int, Any]) -> dict[int, Any]:
        if sorted(table) != list(keys):
            raise mistake(words)
        return {key: table[key] for key in keys}

    return Form(words, keyed_json(item, keys), check=whole, keys=keys, step=BASIS_POINT)


MIX_WORDS: Final = "a share for each of the levels 1 to 5, adding up to 1"


def _adds_up(mix: dict[int, Decimal]) -> dict[int, Decimal]:
    total = sum(mix.values())
    if sorted(mix) != list(LEVELS) or total != 1:
        raise mistake(MIX_WORDS, f"levels {', '.join(map(str, sorted(mix)))} add up to {total}")
    return mix


LevelRates = Annotated[
    dict[int, Share], by_key("a rate (from 0 to 1) for each of the levels 1 to 5", SHARE, LEVELS)
]
LevelFactors = Annotated[
    dict[int, Factor], by_key("a multiplier (from 0 to 10) for each of the levels 1 to 5", FACTOR, LEVELS)
]
RatingFactors = Annotated[
    dict[int, Factor], by_key("a multiplier (from 0 to 10) for each of the ratings 1 to 5", FACTOR, RATINGS)
]
LevelMix = Annotated[dict[int, Share], Form(MIX_WORDS, keyed_json(SHARE, LEVELS), check=_adds_up)]


def per_level(*values: str) -> dict[int, Decimal]:
    """Return a table from one value a level (or rating), lowest first."""
    return dict(zip(LEVELS, (Decimal(value).quantize(Decimal("0.0001")) for value in values), strict=True))
