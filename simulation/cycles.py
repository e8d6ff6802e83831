"""How often Python looks for cycles of objects: seldom, in a process that ends with its work."""

from __future__ import annotations

import gc
from typing import Final

_OBJECTS_BETWEEN_LOOKS: Final = 500_000
"""More new objects than a run makes. Python says 700."""


def look_seldom() -> None:
    """Have Python look for cycles once there are many more objects than modules make as they load.

    They make objects by the hundred thousand and hardly a cycle: to look again and again takes a fifth of the
    time in which they load.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
