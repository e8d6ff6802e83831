"""A sweep file: YAML with the fields of a plan, paths relative to itself; or the directory of a begun sweep.

Knows files and fields; what a scenario or a census holds is for ``inputs``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from simulation.errors import Problem, SweepError
from simulation.sweep.plan import SweepPlan

_LARGEST: Final = 1_000_000


def read_plan(path: str | Path, overrides: Mapping[str, Any] | None = None) -> SweepPlan:
    """Return the plan of a sweep file, or of a sweep's directory; overrides that are not none win.

    Raises:
        SweepError: it cannot be read, is no mapping, or has fields that are wrong or unknown.
    """
    file = Path(path).expanduser()
    fields = _of_directory(file) if file.is_dir() else _of_yaml(file)
    chosen = {key: value for key, value in (overrides or {}).items() if value is not None}
    return SweepPlan.of({**fields, **chosen}, source=str(path))


def _of_yaml(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(_text(file))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file}:{mark.line + 1}" if mark else str(file)
        raise _unusable(place, f"no YAML: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(content, dict):
        raise _unusable(str(file), "no fields", "a mapping with scenarios and seeds")
    fields = {str(key): value for key, value in content.items()}
    fields.setdefault("name", _stem(file))
    if isinstance(fields.get("census"), str):
        fields["census"] = _near(fields["census"], file.parent)
    if isinstance(fields.get("scenarios"), list):
        fields["scenarios"] = [_placed(one, file.parent) for one in fields["scenarios"]]
    return fields


def _of_directory(directory: Path) -> dict[str, Any]:
    try:
        record = json.loads(_text(directory / "sweep.json"))
    except ValueError as error:
        raise _unusable(str(directory / "sweep.json"), "damaged") from error
    plan = record.get("plan") if isinstance(record, dict) else None
    if not isinstance(plan, dict):
        hint = "run it again from where it was begun, with resume"
        raise _unusable(str(directory), "this sweep was begun from Python with objects", hint=hint)
    return plan


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8-sig") as opened:
            text = opened.read(_LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(str(file), getattr(error, "strerror", None) or "not UTF-8 text") from error
    if len(text) > _LARGEST:
        raise _unusable(str(file), "larger than 1 MB", "a sweep file")
    return text


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
