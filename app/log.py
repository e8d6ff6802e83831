"""The log of a server process: a line of JSON an occasion, on standard error, that says what it belongs to.

It names jobs, scenarios, seeds and digests, never a row of a census; of an error it keeps where it came from,
not the values that stood there.
"""

from __future__ import annotations

import sys
from typing import Any, TextIO

import structlog


def begin(stream: TextIO | None = None) -> None:
    """Have the log written, to standard error unless to another stream."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def logger() -> Any:
    """Return the log of this process."""
    return structlog.get_logger()


bound = structlog.contextvars.bound_contextvars
"""Has every line that is written inside say what it belongs to."""
