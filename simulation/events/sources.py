"""The sources of money in an account: whose it was, and so how it is taxed, vested and paid out."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Source(StrEnum):
    """Where money in an account came from."""

    PRE_TAX = "employee_pre_tax"
    ROTH = "employee_roth"
    MATCH = "employer_match"
    NONELECTIVE = "employer_nonelective"
    PROFIT_SHARING = "employer_profit_sharing"

    @property
    def column(self) -> str:
        """Return what frames call the source: ``pre_tax``, ``match``."""
        return self.name.lower()


SOURCES: Final = tuple(source.column for source in Source)
"""Every source by its column, in the order in which they stand in frames."""

ELECTIVE: Final = ("pre_tax", "roth")
"""What participants put in: always their own."""

EMPLOYER: Final = ("match", "nonelective", "profit_sharing")
"""What the employer put in: it becomes the participant's own by service."""


class EmployerSource(StrEnum):
    """The sources that can be forfeited."""

    MATCH = "employer_match"
    NONELECTIVE = "employer_nonelective"
    PROFIT_SHARING = "employer_profit_sharing"
