"""Which words are digests: they are set in letters of one width, so that two can be compared by eye."""

from __future__ import annotations

import re
from typing import Final

_DIGEST: Final = re.compile(r"[0-9a-f]{64}(?:\b.*)?")


def is_digest(text: str) -> bool:
    """Say whether a text begins with a SHA-256."""
    return _DIGEST.fullmatch(text) is not None
