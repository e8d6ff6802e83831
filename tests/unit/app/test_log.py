"""The log of a server process: one line of JSON an occasion, with what it belongs to, and no values."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from app.log import begin, bound, logger


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    begin(stream)
    yield stream
    structlog.reset_defaults()


def test_every_line_says_what_it_belongs_to_while_that_lasts(written: io.StringIO) -> None:
    with bound(job=7, sweep="autumn"):
        logger().info("run ended", scenario="baseline", seed=3)
    logger().warning("after it")
    inside, outside = (json.loads(line) for line in written.getvalue().splitlines())
    assert (inside["event"], inside["job"], inside["sweep"], inside["seed"]) == ("run ended", 7, "autumn", 3)
    assert inside["timestamp"].endswith("Z")
    assert (outside["level"], "job" in outside) == ("warning", False)


def test_an_unexpected_error_is_one_line_that_tells_where_it_came_from_and_not_what_stood_there(
    written: io.StringIO,
) -> None:
    secret = "E000123 earns 61,800"

    def fail(pay: str) -> int:
        return len(pay) // 0

    try:
        fail(secret)
    except ZeroDivisionError:
        logger().exception("unexpected")
    (line,) = written.getvalue().splitlines()
    said = json.loads(line)["exception"]
    assert "ZeroDivisionError" in said
    assert "in fail" in said
    assert "61,800" not in said
