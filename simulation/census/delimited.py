"""Delimited text as a grid of cells: encoding, separator and quotes found out, and said.

Knows nothing of headers or of a census.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from simulation.errors import CensusError, Problem

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SAMPLE_BYTES: Final = 8_192
_SAMPLE_RECORDS: Final = 100
_SEPARATORS: Final = {"\t": "tab", ";": "semicolon", "|": "|", ",": "comma"}
"""From the rarest inside a value to the commonest: the first wins where two fit equally well."""

_SEPARATOR_LINE: Final = re.compile(r"^sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True)
class Grid:
    """Cells as they stand, and the number of each record's row in the file."""

    records: list[list[str]]
    rows: list[int]
    facts: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_delimited(content: bytes, name: str) -> Grid:
    """Return the records of delimited text that are not blank.

    Raises:
        CensusError: The bytes are no text, or a quotation mark is never closed.
    """
    text, encoding, notes = _decode(content, name)
    stated = _SEPARATOR_LINE.match(text)
    body = text[stated.end() :] if stated else text
    separator = stated.group(1) if stated else _separator(body)
    first = 2 if stated else 1
    records, rows = [], []
    for row, record in enumerate(_records(body, separator, name), start=first):
        if any(cell.strip() for cell in record):
            records.append(record)
            rows.append(row)
    if not records:
        raise CensusError("the census file is empty", problems=[Problem(name, "blank lines only")])
    facts = {
        "format": "CSV",
        "encoding": encoding,
        "separator": _SEPARATORS.get(separator, separator),
    }
    return Grid(records, rows, facts, notes)


def _decode(content: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    """Return the text, what its encoding is called, and what to say about it."""
    for mark, codec, title in _BOMS:
        if content.startswith(mark):
            return _strict(content, codec, title, name), title, ()
    wide = _utf16_without_mark(content)
    if wide:
        return _strict(content, wide, "UTF-16", name), "UTF-16 without byte order mark", ()
    if b"\0" in content:
        raise _not_text(name, "bytes that are no text")
    try:
        return content.decode("utf-8"), "UTF-8", ()
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(content, error, name)
    text = _strict(content, "cp1252", "Windows-1252", name)
    return text, "Windows-1252", (_windows_note(text),)


def _utf16_without_mark(content: bytes) -> str | None:
    sample = content[:_SAMPLE_BYTES]
    high = sample[1::2].count(0) / max(len(sample[1::2]), 1)
    low = sample[::2].count(0) / len(sample[::2])
    half = 0.5
    if high > half > low:
        return "utf-16-le"
    return "utf-16-be" if low > half > high else None


def _strict(content: bytes, codec: str, title: str, name: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _not_text(name, f"bytes in line {line} that are not {title}") from error


def _refuse_damaged_utf8(content: bytes, error: UnicodeDecodeError, name: str) -> None:
    """Refuse text that is mostly UTF-8: read as Windows-1252 every good letter in it would go wrong."""
    text = content.decode("utf-8", errors="replace")
    bad = text.count("�")
    good = sum(1 for letter in text if ord(letter) > 127) - bad  # noqa: PLR2004  beyond ASCII
    if good > bad:
        line = content[: error.start].count(b"\n") + 1
        raise _not_text(name, f"UTF-8 with {bad} damaged characters, the first in line {line}")


def _not_text(name: str, found: str) -> CensusError:
    problem = Problem(name, found, "UTF-8, UTF-16 or Windows-1252", "save the file again as CSV UTF-8")
    return CensusError("the census file cannot be read as text", problems=[problem])


def _windows_note(text: str) -> str:
    line, word = next(
        (row, found.group())
        for row, found in ((row, re.search(r"\S*[^\x00-\x7f]\S*", line)) for row, line in _lines(text))
        if found
    )
    return f"read as Windows-1252, because it is not UTF-8: line {line} has {word[:40]!r}"


def _lines(text: str) -> enumerate[str]:
    return enumerate(text.splitlines(), start=1)


def _separator(text: str) -> str:
    """Return the separator under which most of the first records have one and the same width."""
    scores = {separator: _fit(text, separator) for separator in _SEPARATORS}
    best = max(scores, key=lambda separator: scores[separator])
    return best if scores[best][1] > 1 else ","


def _fit(text: str, separator: str) -> tuple[float, int]:
    """Return the share of the first records that have the usual width, and that width."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        widths = [len(record) for record, _ in zip(reader, range(_SAMPLE_RECORDS), strict=False) if record]
    except csv.Error:
        return 0.0, 1
    (width, rows), *_ = Counter(widths).most_common(1) or [(1, 1)]
    return (rows / max(len(widths), 1), width) if width > 1 else (0.0, 1)


def _records(text: str, separator: str, name: str) -> Sequence[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records: list[list[str]] = []
    try:
        records.extend(reader)
    except csv.Error as error:
        problem = Problem(
            f"{name}, row {len(records) + 1} (line {reader.line_num})",
            f"a quotation mark that is not closed, or text after one ({error})",
            hint="double every quotation mark inside a quoted value",
        )
        raise CensusError("the census file cannot be split into cells", problems=[problem]) from error
    return records
