"""What every payload shares."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    """What an event says beyond who, when and why; it cannot change, and takes no field it does not name."""

    # A run only asks for the fields: validators are built when a payload is made.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
