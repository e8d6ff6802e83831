"""What every payload shares."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    """What an event says beyond who, when and why; it cannot change, and takes no field it does not name."""

    # A run only asks for the fields: validators are built when a payload is made.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @property
    def implied_amount(self) -> Decimal | None:
        """Return the event's amount in dollars if it follows from the payload: here, if it is repeated."""
        repeated: Decimal | None = getattr(self, "amount", None)
        return repeated
