"""The process of a command: what it starts before all else, and how it ends."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import Final

from simulation.cycles import look_seldom
from simulation.errors import INTERRUPTED

WITHOUT_ANOTHER: Final = frozenset({"--help", "--resume"})
"""What lives no years, or goes on after years that only this process knows."""


def console() -> int:
    """Run the command of this process, then end it at once unless something is still at work.

    Taking down every module and object first would cost a seventh of a second for nothing.
    """
    look_seldom()
    try:
        code = _run()
    except KeyboardInterrupt:  # before a verb was at work, which is answered where it is called
        sys.stderr.write("planwise: interrupted\n")
        code = INTERRUPTED
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    if threading.active_count() == 1:
        os._exit(code)
    return code


def _run() -> int:
    """Read the words of the command and do what they say."""
    if sys.argv[1:2] == ["simulate"] and not WITHOUT_ANOTHER.intersection(sys.argv):
        from simulation import ahead

        ahead.start()  # it loads while the command line does

    from app.cli import main

    return main()


if __name__ == "__main__":
    sys.exit(console())
