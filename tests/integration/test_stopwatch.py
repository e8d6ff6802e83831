"""The stopwatch that benchmarks start other processes with."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks.stopwatch import CommandError, timed


def test_a_command_is_timed_with_its_memory_and_output() -> None:
    spent = timed([sys.executable, "-c", "print('here', bytearray(200_000_000).count(1))"])
    assert spent.output == "here 0\n"
    assert spent.seconds > 0
    assert spent.peak_mib > 200_000_000 / 2**20


def test_the_memory_of_whoever_measures_is_not_counted() -> None:
    ballast = bytearray(200_000_000)
    assert timed([sys.executable, "-c", "pass"]).peak_mib < len(ballast) / 2**20


def test_a_command_that_fails_is_quoted() -> None:
    with pytest.raises(CommandError, match="so it ends"):
        timed([sys.executable, "-c", "raise SystemExit('so it ends')"])
