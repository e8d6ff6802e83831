"""The mapping file: which column is which field, and everything that a census file cannot say by itself.

    sheet: Staff                     # of a workbook with several
    columns:                         # field: name of the column in the file; blank leaves a field out
      employee_id: EMP_NO
      hire_date: Date of Hire
    dates: {order: dmy}              # or mdy, where 03/04/2020 could be either
    decimal: ","                     # where 1,234 could be either
    units:
      deferral_rate: percent         # or fraction, basis_points
      scheduled_hours: week          # or year, fte
    values:                          # field: text in the file: what it means
      scheduled_hours: {Full time: 2080, Part time: 1040}
    impute:                          # field: rule; without it nothing is imputed
      birth_date: {by: age_at_hire, low: 20, mode: 27, high: 60}
    former_employees: skip           # or reject (the default)
    seed: 42                         # of the draws of imputation

Columns that it does not name are suggested as without a mapping. Every value is read as the text that stands
there. Knows no data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from simulation.census.fields import BY_NAME
from simulation.census.impute import RULES, Rule, rules_for
from simulation.errors import CensusError, Problem, nearest

_BLANK: Final = ("", "~", "null")


class DateOptions(BaseModel):
    """How numeric dates are written."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    order: Literal["dmy", "mdy", "ymd"] | None = None


class Mapping(BaseModel):
    """A mapping file, checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sheet: str | None = None
    columns: dict[str, str | None] = Field(default_factory=dict)
    dates: DateOptions = DateOptions()
    decimal: Literal[".", ","] | None = None
    units: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    impute: dict[str, Rule] = Field(default_factory=dict)
    former_employees: Literal["reject", "skip"] = "reject"
    seed: int = Field(42, ge=0, lt=2**64)
    per_field: ClassVar[tuple[str, ...]] = ("columns", "units", "values", "impute")

    @field_validator("columns", mode="before")
    @classmethod
    def _left_out(cls, columns: Any) -> Any:
        if not isinstance(columns, dict):
            return columns
        return {field: None if name in _BLANK else name for field, name in columns.items()}

    @field_validator("impute", mode="before")
    @classmethod
    def _named_rules(cls, rules: Any) -> Any:
        """A rule without parameters may stand as its name alone."""
        if not isinstance(rules, dict):
            return rules
        return {field: {"by": rule} if isinstance(rule, str) else rule for field, rule in rules.items()}


def load_mapping(path: str | Path) -> Mapping:
    """Return the mapping of a YAML file.

    Raises:
        CensusError: Every key, field, unit and rule that does not exist, with the nearest that does.
    """
    file = Path(path)
    try:
        content = _TextLoader(file.read_text(encoding="utf-8-sig")).get_single_data()
    except OSError as error:
        problem = Problem(str(file), error.strerror or str(error))
        raise CensusError("the mapping cannot be opened", problems=[problem]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = Problem(str(file), " ".join(str(error).split()), "YAML in UTF-8")
        raise CensusError("the mapping is not YAML", problems=[problem]) from error
    return check_mapping({} if content is None else content, file.name)


def check_mapping(content: Any, name: str) -> Mapping:
    """Return a mapping's content checked; ``name`` says where it stands in messages.

    Raises:
        CensusError: As ``load_mapping``.
    """
    problems: list[Problem] = []
    mapping = None
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        problems += [_problem(dict(each), name) for each in error.errors()]
    if isinstance(content, dict):
        problems += _field_problems(content, name)
    if problems or mapping is None:
        raise CensusError("the mapping cannot be used", problems=problems)
    return mapping


class _TextLoader(yaml.SafeLoader):
    """Every value as the text that stands there (``No`` is a word, ``007`` an id); no key stands twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twins = {key for key in keys if keys.count(key) > 1}
        if twins:
            raise yaml.MarkedYAMLError(
                problem=f"key {min(twins)!r} stands twice", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


_TextLoader.yaml_implicit_resolvers = {}


def _problem(error: dict[str, Any], name: str) -> Problem:
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        key = str(error["loc"][-1])
        known = _keys_beside(error["loc"])
        return Problem(f"{name}: {where}", "unknown key", f"one of {', '.join(known)}", nearest(key, known))
    if error["type"].startswith("union_tag"):
        rules = list(RULES)
        given = error["input"].get("by") if isinstance(error["input"], dict) else error["input"]
        found = f"rule {given!r}" if given else "no rule (`by:`)"
        return Problem(f"{name}: {where}", found, f"one of {', '.join(rules)}", nearest(str(given), rules))
    return Problem(f"{name}: {where}" if where else name, f"{error['input']!r}: {error['msg']}")


def _keys_beside(location: Sequence[Any]) -> list[str]:
    """Return the keys that exist where an unknown one was found."""
    if len(location) == 1:
        return list(Mapping.model_fields)
    if location[0] == "dates":
        return list(DateOptions.model_fields)
    return list(RULES[location[-2]].model_fields)


def _field_problems(content: dict[str, Any], name: str) -> list[Problem]:
    problems = []
    for section in Mapping.per_field:
        entries = content.get(section)
        for field, value in entries.items() if isinstance(entries, dict) else ():
            if field not in BY_NAME:
                where = f"{name}: {section}.{field}"
                problems.append(Problem(where, "unknown field", f"one of {', '.join(BY_NAME)}", _near(field)))
            else:
                problems += _CHECKS.get(section, _nothing)(f"{name}: {section}.{field}", field, value)
    return problems


def _near(field: str) -> str:
    return nearest(field, list(BY_NAME))


def _nothing(_where: str, _field: str, _value: Any) -> Iterable[Problem]:
    return ()


def _unit_problem(where: str, field: str, value: Any) -> Iterable[Problem]:
    units = [unit.name for unit in BY_NAME[field].units]
    if not units:
        yield Problem(where, f"{field} has no unit")
    elif value not in units:
        yield Problem(where, f"unit {value!r}", f"one of {', '.join(units)}", nearest(str(value), units))


def _rule_problem(where: str, field: str, value: Any) -> Iterable[Problem]:
    given = value.get("by") if isinstance(value, dict) else value
    suited = rules_for(field)
    if given in RULES and given not in suited:
        allowed = ", ".join(suited) or f"none: {field} cannot be imputed"
        yield Problem(where, f"rule {given!r} does not suit {field}", allowed)
    if isinstance(value, dict):
        shares = value.get("shares")
        texts = [value.get("value"), *(shares if isinstance(shares, dict) else ())]
        for text in texts:
            if isinstance(text, str) and not _holds(field, text):
                yield Problem(where, f"{text!r} is no {field}", BY_NAME[field].meaning)


def _holds(field: str, text: str) -> bool:
    """Return whether a field's column can hold what a text says."""
    return pl.Series([text]).cast(BY_NAME[field].dtype, strict=False).null_count() == 0


_CHECKS: Final = {"units": _unit_problem, "impute": _rule_problem}
