"""A sweep file: YAML with the fields of a plan, paths relative to itself; or the directory of a begun sweep.

Knows files and fields; what a scenario or a census holds is for ``inputs``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from simulation.errors import Problem, SweepError
from simulation.parameters.document import read_document
from simulation.sweep.plan import SweepPlan

LARGEST: Final = 1_000_000
"""Bytes of a sweep file; the record of a begun sweep may be larger, for it keeps every point."""


class _Read(NamedTuple):
    """The fields of a plan, where each stands, and what is wrong with the file itself."""

    fields: Mapping[str, Any]
    where: Callable[[str], str]
    problems: tuple[Problem, ...] = ()


def read_plan(path: str | Path, overrides: Mapping[str, Any] | None = None) -> SweepPlan:
    """Return the plan of a sweep file, or of a sweep's directory; overrides that are not none win.

    Of ``until`` single fields may be overridden.

    Raises:
        SweepError: it cannot be read, is no mapping, or has fields that are wrong or unknown.
    """
    file = Path(path).expanduser()
    read = _of_directory(file) if file.is_dir() else _of_yaml(file)
    chosen = {key: value for key, value in (overrides or {}).items() if value is not None}
    if isinstance(until := read.fields.get("until"), Mapping) and "until" in chosen:
        chosen["until"] = {**until, **chosen["until"]}
    plan, problems = SweepPlan.checked({**read.fields, **chosen}, read.where)
    if plan is None or read.problems:
        raise SweepError("the sweep file cannot be used", problems=[*read.problems, *problems])
    return plan


def _of_yaml(file: Path) -> _Read:
    content = _content(file, LARGEST + 1)
    if len(content) > LARGEST:
        raise _unusable(str(file), "larger than 1 MB", "a sweep file")
    document = read_document(content, str(file))
    if not document.tree:
        if document.problems:
            raise SweepError("the sweep file cannot be used", problems=document.problems)
        raise _unusable(str(file), "no fields", "a mapping with scenarios and seeds")
    fields = {str(key): value for key, value in document.tree.items()}
    fields.setdefault("name", _stem(file))
    if isinstance(fields.get("census"), str):
        fields["census"] = _near(fields["census"], file.parent)
    if isinstance(fields.get("scenarios"), list):
        fields["scenarios"] = [_placed(one, file.parent) for one in fields["scenarios"]]
    return _Read(fields, document.where, document.problems)


def _of_directory(directory: Path) -> _Read:
    try:
        record = json.loads(_content(directory / "sweep.json"))
    except ValueError as error:
        raise _unusable(str(directory / "sweep.json"), "damaged") from error
    plan = record.get("plan") if isinstance(record, dict) else None
    if not isinstance(plan, dict):
        hint = "run it again from where it was begun, with resume"
        raise _unusable(str(directory), "this sweep was begun from Python with objects", hint=hint)
    return _Read(plan, lambda key: f"{directory / 'sweep.json'} {key}")


def _content(file: Path, most: int = -1) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise _unusable(str(file), error.strerror or str(error)) from error


def _placed(scenario: Any, base: Path) -> Any:
    if isinstance(scenario, str):
        return str(_near(scenario, base))
    if isinstance(scenario, dict) and isinstance(scenario.get("scenario"), str):
        return {**scenario, "scenario": str(_near(scenario["scenario"], base))}
    return scenario


def _near(reference: str, base: Path) -> str | Path:
    """Return the file next to the sweep file, if there is one; else the reference as it is."""
    beside = base / Path(reference).expanduser()
    return beside.resolve() if beside.is_file() else reference


def _stem(file: Path) -> str:
    return file.name.removesuffix(file.suffix)


def _unusable(where: str, found: str, allowed: str = "", hint: str = "") -> SweepError:
    return SweepError("the sweep file cannot be used", problems=[Problem(where, found, allowed, hint)])
