"""Frames and texts written to files that people open: Parquet, CSV, Excel; no cell can become a formula.

Knows frames and suffixes; not what they are about.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulation.errors import InputError, Problem, WriteError

if TYPE_CHECKING:
    import polars as pl


def write_frame(frame: pl.DataFrame, path: Path, sheet: str) -> Path:
    """Write a frame in the format of the path's suffix, whole or not at all.

    Raises:
        InputError: the suffix is none of these.
        WriteError: the directory or the disk refused.
    """
    if path.suffix.lower() not in _WRITERS:
        problem = Problem(str(path), f"the suffix {path.suffix!r}", ", ".join(_WRITERS))
        raise InputError("this kind of file cannot be written", problems=[problem])
    return whole(path, lambda partial: _WRITERS[path.suffix.lower()](frame, partial, sheet))


def write_text(text: str, path: Path) -> Path:
    """Write a text, whole or not at all.

    Raises:
        WriteError: the directory or the disk refused.
    """
    return whole(path, lambda partial: partial.write_text(text, encoding="utf-8"))


def whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Have a file or a directory written aside and then put in its place, whole or not at all.

    Raises:
        WriteError: the directory or the disk refused.
    """
    partial = path.with_name(f".{path.name}.partial{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(partial)
            if partial.is_dir() and path.is_dir():
                shutil.rmtree(path)
            partial.replace(path)
        finally:
            if partial.is_dir():
                shutil.rmtree(partial)
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError("the file cannot be written", problems=[_refused(path, error)]) from error
    return path


def csv_text(frame: pl.DataFrame) -> str:
    """Return a frame as CSV in which no cell begins like a formula."""
    from simulation.inert import inert_texts

    return inert_texts(frame).write_csv()


def _refused(path: Path, error: OSError) -> Problem:
    return Problem(str(path), error.strerror or str(error), hint="choose a place that you may write to")


def _parquet(frame: pl.DataFrame, path: Path, _: str) -> None:
    frame.write_parquet(path)


def _csv(frame: pl.DataFrame, path: Path, _: str) -> None:
    path.write_text(csv_text(frame), encoding="utf-8")


def _excel(frame: pl.DataFrame, path: Path, sheet: str) -> None:
    from simulation.export.sheets import Sheet, workbook

    names = {name: name for name in frame.columns}
    plain = {name: "general" for name, kind in frame.schema.items() if kind.is_float()}
    with workbook(path) as book:
        book.add(Sheet(sheet, "", frame, headings=names, styles=plain))


_WRITERS: Final[Mapping[str, Callable[[pl.DataFrame, Path, str], None]]] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".xlsx": _excel,
}
