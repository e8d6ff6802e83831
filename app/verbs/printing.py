"""How verbs speak: one JSON document or a table on standard output, everything else on standard error.

Texts from files are shown as they are: no markup, no control characters.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final

_MANY: Final = 200
"""Rows that are written as wide as they are: a table that fits itself to a terminal takes 3 ms a row."""

_RATES_END: Final = 10
"""Numbers nearer to zero are rates and shares."""


def print_json(document: Any) -> None:
    """Write one JSON document on standard output; what is no number is null."""
    sys.stdout.write(json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def say(text: str) -> None:
    """Tell a person something that is not the result."""
    sys.stderr.write(clean(text, lines=True) + "\n")


def show(text: str) -> None:
    """Write a line of the result."""
    sys.stdout.write(clean(text, lines=True) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """Write a table on standard output; numbers stand right."""
    shown = [[_cell(value) for value in row] for row in rows]
    numeric = [bool(shown) and all(_is_number(row[at]) for row in shown) for at in range(len(columns))]
    if sys.stdout.isatty() and len(shown) <= _MANY:
        _draw(columns, shown, numeric, title)
    else:
        show("\n".join(_lines(columns, shown, numeric, title)))


def _draw(columns: Sequence[str], rows: list[list[str]], numeric: Sequence[bool], title: str) -> None:
    """Write a table as wide as the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left")
    for column, right in zip(columns, numeric, strict=True):
        table.add_column(Text(column), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(highlight=False, markup=False).print(table)


def _lines(
    columns: Sequence[str], rows: list[list[str]], numeric: Sequence[bool], title: str
) -> Iterator[str]:
    """Yield a table line by line, as wide as its cells: what Rich draws where there is room for all."""
    widths = [max(map(_width, column)) for column in zip(columns, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        gaps = [" " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
        padded = zip(cells, gaps, numeric, strict=True)
        return f"  {'   '.join(gap + cell if right else cell + gap for cell, gap, right in padded)}  "

    edge = line([""] * len(columns))
    yield from [title] if title else []
    yield edge
    yield line(columns)
    yield f" {'─' * (len(edge) - 2)} "
    yield from map(line, rows)
    yield edge


def _width(text: str) -> int:
    """Return how many places a text takes on a screen."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def plain(value: Any) -> Any:
    """Return a value as JSON knows it; what JSON has no word for, as text."""
    for kind, as_plain in _PLAIN:
        if isinstance(value, kind):
            return as_plain(value)
    return str(value)


def clean(text: str, *, lines: bool = False) -> str:
    """Return a text without what could steer a terminal."""
    kept = "\n" if lines else ""
    return "".join(one for one in text if one.isprintable() or one in kept)


def shown_path(path: Path) -> str:
    """Return a path as a person would type it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


_SIZES: Final = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


def sized(count: int) -> str:
    """Return how many bytes something has, in the unit that fits."""
    name, length = next((size for size in _SIZES if count >= size[1]), _SIZES[-1])
    return f"{count / length:.1f} {name}"


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


_PLAIN: Final[tuple[tuple[Any, Callable[[Any], Any]], ...]] = (
    (Enum, lambda value: value.value),
    (str | int | bool | None, lambda value: value),
    (Decimal, _number),
    (float, lambda value: value if math.isfinite(value) else None),
    (date | datetime, lambda value: value.isoformat()),
    (Mapping, lambda value: {str(key): plain(one) for key, one in value.items()}),
    (list | tuple | set | frozenset, lambda value: [plain(one) for one in value]),
)
"""How each kind of value is said in JSON; the first that fits counts."""


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return _shown_number(value if isinstance(value, int) else float(value))
    return clean(str(value))


def _shown_number(value: float) -> str:
    """Return thousands with commas, shares with four places, money with none."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:.4f}" if -_RATES_END < value < _RATES_END else f"{value:,.2f}"


def _is_number(cell: str) -> bool:
    return not cell or cell.replace(",", "").rstrip("%").lstrip("-+").replace(".", "", 1).isdigit()
