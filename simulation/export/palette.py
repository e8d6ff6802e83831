"""The colours of scenarios, the same on screen and on paper. Knows no figure."""

from __future__ import annotations

from typing import Final

SERIES: Final = ("#2B7CC0", "#D55E00", "#009474", "#B4639B", "#A67A00", "#2592A8", "#7A6FD0", "#C4526B")
"""Colours of scenarios, in their order. Okabe and Ito (2008), shifted until each has a contrast of 3:1 with
the light and with the dark surface: a figure needs no second drawing when the theme changes."""
