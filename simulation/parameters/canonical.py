"""The one text of a value, for digests, comparisons, tables and messages. Equal values have equal text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: decimals as text without trailing zeros, keys as text."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def decimal_text(value: Decimal) -> str:
    """Return a decimal without exponent and without trailing zeros."""
    return format(value.normalize(), "f") if value else "0"


def text_of(value: Any) -> str:
    """Return the text of a value: a text or number as it is, anything else as compact JSON."""
    known = plain(value)
    return known if isinstance(known, str) else json.dumps(known, separators=(",", ":"), ensure_ascii=False)


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hexadecimal; the order of keys does not matter."""
    canonical = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


LONGEST: Final = 60
"""Characters of a found value that a message repeats."""


def described(value: Any) -> str:
    """Return a value as a message shows it."""
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    shown = repr(str(value)) if isinstance(value, str) else text_of(value)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}… ({len(shown)} characters)"
