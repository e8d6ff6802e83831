"""Run worked examples: ``python -m tests.golden CASES.json``.

A line for each failing case with what was expected and what came out, then ``N passed, N failed``.
Exit 0 when all pass, 1 on any failure or unknown topic, 2 when the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from tests.golden.registry import adapter_of, load_topics


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases of a file and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description="Run worked examples.")
    parser.add_argument("cases", type=Path, help="JSON list of id, topic, inputs, expected")
    try:
        cases = read_cases(parser.parse_args(arguments).cases)
    except (OSError, ValueError) as error:
        print(f"No cases: {error}", file=sys.stderr)
        return 2
    load_topics()
    failures = [failure for case in cases if (failure := failure_of(case))]
    for failure in failures:
        print(failure)
    print(f"{len(cases) - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


def read_cases(path: Path) -> list[Mapping[str, Any]]:
    """Return the cases of a file; a file of another shape raises ValueError."""
    cases = json.loads(path.read_text(encoding="utf-8"))
    needed = {"id", "topic", "inputs", "expected"}
    if not isinstance(cases, list) or not all(
        isinstance(case, dict) and needed <= set(case) for case in cases
    ):
        raise ValueError(f"{path} is no list of cases with id, topic, inputs and expected")
    return cases


def failure_of(case: Mapping[str, Any]) -> str | None:
    """Return the line about a case that does not come out as expected, or nothing."""
    expected = case["expected"]
    try:
        answer = adapter_of(case["topic"])(case["inputs"])
        actual = {key: answer[key] for key in expected if key in answer}
        found = _json(actual)
    except Exception as error:  # noqa: BLE001  # a case that breaks its adapter fails, the others still run
        actual, found = {}, f"{type(error).__name__}: {error}"
    if expected and same(expected, actual):
        return None
    return f"{case['id']} {case['topic']}: expected {_json(expected)}, actual {found}"


def same(expected: object, actual: object) -> bool:
    """Tell whether two results agree: equal kinds, and decimal strings of equal value.

    A nested result may hold more than is expected of it, as a whole answer may.
    """
    if type(expected) is not type(actual):
        return False
    if isinstance(expected, dict) and isinstance(actual, dict):
        there = expected.keys() <= actual.keys() and bool(expected) == bool(actual)
        return there and all(same(expected[key], actual[key]) for key in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    return expected == actual or _equal_decimals(expected, actual)


def _equal_decimals(expected: object, actual: object) -> bool:
    try:
        return isinstance(expected, str) and Decimal(expected) == Decimal(str(actual))
    except InvalidOperation:
        return False


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=repr)


if __name__ == "__main__":
    sys.exit(main())
