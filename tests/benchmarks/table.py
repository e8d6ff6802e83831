"""The table on the terminal: plain lines, so that it can be piped, pasted and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.benchmarks.benchmark import Measured
from tests.benchmarks.results import Row, change

HEADINGS = ("", "value", "target", "against the commit", "")


def lines(done: Sequence[Measured], before: Mapping[str, Row]) -> Iterator[str]:
    """Yield a heading and a line for each measurement; ``before`` has the committed rows by name."""
    cells = [HEADINGS, *(_cells(measured, before.get(measured.benchmark.name)) for measured in done)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for title, *numbers, remark in cells:
        right = (number.rjust(width) for number, width in zip(numbers, widths[1:], strict=False))
        yield "  ".join([title.ljust(widths[0]), *right, remark]).rstrip()


def _cells(measured: Measured, before: Row | None) -> tuple[str, ...]:
    """Return title, value, target, change and what is remarkable."""
    benchmark, target = measured.benchmark, measured.benchmark.target
    remarks = ["misses target"] if measured.misses else []
    changed = "new"
    if before is not None:
        found = change(measured, before)
        changed = f"{found.worse:+.0%} ± {found.noise:.0%}"
        remarks += ["worse than the commit"] if found.is_regression else []
    return (
        f"{benchmark.title} ({benchmark.name})",
        f"{measured.value:,.4g} {benchmark.unit}",
        f"{target.better.value} {target.value:,g} {benchmark.unit}" if target else "",
        changed,
        ", ".join(remarks),
    )
