"""How sure a share of a few runs is: Wilson's interval, which is right for few runs and for none of them.

Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
"""

from __future__ import annotations

from typing import Final

import polars as pl

Z_95: Final = 1.959963984540054
"""Standard deviations either side of the mean within which 95 % of a normal distribution lie."""


def wilson(hits: pl.Expr, of: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the low and the high end of the 95 % interval of a probability, seen so often of so many."""
    share, spread = hits / of, Z_95**2 / of
    centre = (share + spread / 2) / (1 + spread)
    half = Z_95 * (share * (1 - share) / of + spread / of / 4).sqrt() / (1 + spread)
    return (centre - half).clip(0, 1), (centre + half).clip(0, 1)
