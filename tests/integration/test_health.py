"""`planwise health` on this installation, with a real start of Ray."""

from __future__ import annotations

import json

import pytest

from tests.integration.conftest import Start


@pytest.mark.xdist_group("ray")
def test_everything_that_is_needed_is_tried_and_found(start: Start) -> None:
    process = start("health", "--json")
    out, error = process.communicate()
    document = json.loads(out)
    checks = {check["name"]: check for check in document["checks"]}
    assert {"Python", "cores", "memory", "disk", "DuckDB write", "Ray start", "browser"} <= set(checks)
    assert [check for check in document["checks"] if not check["ok"] and not check["optional"]] == []
    assert (process.returncode, document["ok"]) == (0, True), error


def test_a_ray_that_does_not_start_in_time_is_a_failure_that_says_so(start: Start) -> None:
    process = start("health", "--seconds", "1")
    out, _ = process.communicate()
    assert process.returncode == 1
    assert "no answer within 1 s" in out
