"""How a single value may be written: words for a message, JSON Schema for an editor, and a reader.

Every parameter type is a ``Form``, so that a wrong value is described in the same way everywhere. Nothing
here knows which parameters exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from simulation.errors import nearest

Json = Mapping[str, Any]

LARGEST: Final = Decimal(10) ** 12
"""No parameter is larger; a text like 1e999999 is refused before it is expanded."""

NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
PERCENT: Final = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*%")


PERCENT_JSON: Final[Json] = {"type": "string", "pattern": r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)\s*%$"}


def mistake(allowed: str, hint: str = "") -> PydanticCustomError:
    """Return the error for a value of a wrong form; Pydantic adds where it stands and what was found."""
    return PydanticCustomError("parameter", "allowed: {allowed}", {"allowed": allowed, "hint": hint})


@dataclass(frozen=True, eq=False)
class Form:
    """One way of writing a value.

    ``read`` turns what a file holds into the value, before Pydantic's own check; ``check`` sees the value
    after it; a ``plain`` form has no check by Pydantic between. ``keys`` names the entries of a table that
    overlays may replace one by one; ``row`` is the group that each entry of a table is, and ``json`` then
    takes that group's schema. ``step`` is the least distance between two numbers, also of a table's entries.
    """

    words: str
    json: Json | Callable[[Json], Json]
    read: Callable[[Any], Any] | None = None
    check: Callable[[Any], Any] | None = None
    keys: tuple[int, ...] = ()
    plain: bool = False
    row: type | None = None
    step: Decimal | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], CoreSchema]) -> CoreSchema:
        """Put the reader before and the check after what Pydantic does for the type."""
        schema = core_schema.any_schema() if self.plain else handler(source)
        if self.read is not None:
            schema = core_schema.no_info_before_validator_function(self.read, schema)
        if self.check is not None:
            schema = core_schema.no_info_after_validator_function(self.check, schema)
        return schema


def _as_decimal(value: Any, *, percent: bool) -> Decimal | None:
    """Return a number exactly as it is written, or nothing: a float counts by its shortest text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    text = repr(value) if isinstance(value, float) else value.strip() if isinstance(value, str) else ""
    if found := PERCENT.fullmatch(text):
        return Decimal(found[1]).scaleb(-2) if percent else None
    return Decimal(text) if NUMBER.fullmatch(text) or isinstance(value, float) else None


def decimal_reader(words: str, places: int, *, percent: bool = False) -> Callable[[Any], Decimal]:
    """Return the reader of an exact decimal with at most so many places, perhaps as a percentage."""
    step = Decimal(1).scaleb(-places)

    def read(value: Any) -> Decimal:
        number = _as_decimal(value, percent=percent)
        if number is None or not number.is_finite() or abs(number) >= LARGEST:
            raise mistake(words)
        exact = number.quantize(step)
        if exact != number:
            raise mistake(words, f"write {exact} or another value with at most {places} decimal places")
        return exact

    return read


def _read_whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise mistake("a whole number")
    return value


def _read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise mistake("true or false")
    return value


def _read_date(value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise mistake("a date YYYY-MM-DD") from None


def choice(*options: str) -> Form:
    """Return the form of one word out of a few."""
    words = "one of " + ", ".join(options)

    def read(value: Any) -> str:
        if isinstance(value, str) and value in options:
            return value
        raise mistake(words, nearest(value, options) if isinstance(value, str) else "")

    return Form(words, {"enum": list(options)}, read)


def text(words: str, pattern: str, limit: int) -> Form:
    """Return the form of a text that a pattern describes, at most so many characters long."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise mistake(words, "put a number in quotes" if isinstance(value, int | Decimal) else "")
        if len(value) > limit or not re.fullmatch(pattern, value):
            raise mistake(words)
        return value

    return Form(words, {"type": "string", "pattern": f"^{pattern}$", "maxLength": limit}, read)


RATE_WORDS: Final = "a rate with at most 4 decimal places, such as 0.015 or 1.5%"
MULTIPLIER_WORDS: Final = "a number with at most 4 decimal places, such as 1.25"
MONEY_WORDS: Final = "an amount in dollars and cents, such as 52000 or 52000.50"

BASIS_POINT: Final = Decimal("0.0001")
CENT: Final = Decimal("0.01")

read_rate = decimal_reader(RATE_WORDS, 4, percent=True)
read_multiplier = decimal_reader(MULTIPLIER_WORDS, 4)

NUMBER_JSON: Final[Json] = {"type": "number"}

Rate = Annotated[
    Decimal, Form(RATE_WORDS, {"anyOf": [NUMBER_JSON, PERCENT_JSON]}, read_rate, step=BASIS_POINT)
]
Multiplier = Annotated[Decimal, Form(MULTIPLIER_WORDS, NUMBER_JSON, read_multiplier, step=BASIS_POINT)]
Money = Annotated[Decimal, Form(MONEY_WORDS, NUMBER_JSON, decimal_reader(MONEY_WORDS, 2), step=CENT)]
Whole = Annotated[int, Form("a whole number", {"type": "integer"}, _read_whole, step=Decimal(1))]
Flag = Annotated[bool, Form("true or false", {"type": "boolean"}, _read_flag)]
Date = Annotated[date, Form("a date YYYY-MM-DD", {"type": "string", "format": "date"}, _read_date)]

LINE: Final = r"[^\x00-\x1f\x7f]*"
PARAGRAPH: Final = r"[^\x00-\x08\x0b-\x1f\x7f]*"
SLUG: Final = r"[a-z0-9][a-z0-9_-]*"

Name = Annotated[str, text("letters a-z, digits, _ and -, at most 64 of them", SLUG, 64)]
Line = Annotated[str, text("one line of text, at most 200 characters", LINE, 200)]
Paragraph = Annotated[str, text("text, at most 4000 characters", PARAGRAPH, 4000)]


def _read_path(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_PATH or not re.fullmatch(LINE, value):
        raise mistake(PATHS_WORDS)
    return value


def _read_paths(value: Any) -> str | tuple[str, ...]:
    if isinstance(value, list | tuple) and value:
        return tuple(_read_path(one) for one in value)
    return _read_path(value)


LONGEST_PATH: Final = 1000
PATHS_WORDS: Final = "the path of a file, or a list of such paths"
PATH_JSON: Final[Json] = {"type": "string", "pattern": f"^{LINE}$", "maxLength": LONGEST_PATH}
PATHS_JSON: Final[Json] = {"anyOf": [PATH_JSON, {"type": "array", "items": PATH_JSON, "minItems": 1}]}

Path = Annotated[str, text("the path of a file", LINE, LONGEST_PATH)]
Paths = Annotated[str | tuple[str, ...], Form(PATHS_WORDS, PATHS_JSON, _read_paths, plain=True)]
