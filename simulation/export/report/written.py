"""How a report writes numbers: people, dollars and shares, their differences and intervals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, TypeAlias

from simulation.metrics import Unit
from simulation.units import CENT

MISSING: Final = "–"
UNITS: Final[Mapping[Unit, str]] = {
    Unit.PEOPLE: "people",
    Unit.DOLLARS: "US dollars",
    Unit.RATE: "per cent",
}

Number: TypeAlias = float | Decimal


def number(value: Number | None, unit: Unit, step: Decimal = Decimal(1)) -> str:
    """Return a number in its unit, dollars rounded half-up to the step: ``9,412``, ``$1,234``, ``4.10 %``."""
    if value is None:
        return MISSING
    return f"{'−' if _is_below_nought(value, unit, step) else ''}{_size(value, unit, step)}"


def to_the_cent(value: Number | None, unit: Unit) -> str:
    """Return a number with all that is known of it: dollars with cents."""
    return number(value, unit, CENT)


def difference(value: Number | None, unit: Unit) -> str:
    """Return a difference with its sign; one between shares is in percentage points."""
    if value is None:
        return MISSING
    size = _size(value, unit, Decimal(1))
    size = size.replace(" %", " pts")
    if not any(digit in size for digit in "123456789"):
        return f"±{size}"
    return f"{'+' if value > 0 else '−'}{size}"


def interval(low: Number | None, high: Number | None, unit: Unit) -> str:
    """Return the two ends of an interval of differences."""
    return MISSING if low is None else f"{difference(low, unit)} to {difference(high, unit)}"


def share(part: float) -> str:
    """Return a share of one in whole per cent."""
    return f"{part * 100:.0f} %"


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number of things: ``1 run``, ``24 runs``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: list[str], most: int = 8) -> str:
    """Return names in a row; of very many the first, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _is_below_nought(value: Number, unit: Unit, step: Decimal) -> bool:
    return value < 0 and any(digit in "123456789" for digit in _size(value, unit, step))


def _size(value: Number, unit: Unit, step: Decimal) -> str:
    """Return a number without its sign."""
    exact = (value if isinstance(value, Decimal) else Decimal(repr(float(value)))).copy_abs()
    if unit is Unit.DOLLARS:
        return f"${exact.quantize(step, ROUND_HALF_UP):,}"
    if unit is Unit.RATE:
        return f"{(exact * 100).quantize(CENT, ROUND_HALF_UP):,} %"
    whole = exact == exact.to_integral_value()
    return f"{exact.quantize(Decimal(1) if whole else Decimal('0.1'), ROUND_HALF_UP):,}"
