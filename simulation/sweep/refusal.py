"""Problems on their way through Pydantic, which takes one message a validator: several travel as one error.

Knows problems and Pydantic's errors; nothing of plans.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic_core import PydanticCustomError

from simulation.errors import Problem

REFUSED: Final = "refused"


def refused(problems: Sequence[Problem]) -> PydanticCustomError:
    """Return the error that carries problems; their places are from the root of the plan."""
    summary = "; ".join(str(problem) for problem in problems)
    return PydanticCustomError(REFUSED, "{summary}", {"summary": summary, "problems": tuple(problems)})


def carried(finding: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return the problems that one of Pydantic's findings carries, if it does."""
    return finding["ctx"]["problems"] if finding["type"] == REFUSED else ()
