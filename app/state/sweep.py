"""What every page about one sweep keeps in its link: which one it is."""

from __future__ import annotations

import param

from app.state.url import Linked


class OfSweep(Linked):
    """State of a page that looks at one sweep."""

    sweep = param.String(default="", doc="The sweep that is looked at; none: the newest that can be.")
