"""What is chosen on the Sweeps page."""

from __future__ import annotations

from typing import ClassVar

import param

from app.state.url import Linked


class SweepsState(Linked):
    """Which sweep is looked at, and how many are listed."""

    in_link: ClassVar[tuple[str, ...]] = ("sweep", "show")

    sweep = param.String(default="", doc="The sweep that stands first, if it exists; none: the newest.")
    show = param.Integer(default=15, bounds=(1, 200), doc="How many sweeps are listed.")
