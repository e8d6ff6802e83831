"""The other process: reads one order, lives its years and sends each one beside living the next.

What goes wrong is said by nobody here: the process that sent the order lives the missing years itself, and
meets the same reason.
"""

from __future__ import annotations

import os
import sys

from simulation.cycles import look_seldom


def main() -> None:
    """Answer the one order that comes by standard input, on standard output."""
    look_seldom()  # before all that takes long to load
    from simulation.ahead.order import ordered
    from simulation.ahead.wire import Message, write
    from simulation.ahead.years import result
    from simulation.background import Background
    from simulation.run import Reached, begun, lives

    scenario, census, seeds = ordered(Message.read(sys.stdin.buffer))
    genesis = Reached.by(begun(scenario, census, seeds))
    post = Background(waiting=1, alone=False)
    for year in lives(scenario, census, seeds, genesis):
        post.give(write, result(year).parts(), sys.stdout.buffer)
    post.finish()


if __name__ == "__main__":
    main()
    os._exit(0)  # nothing is left that an orderly end would be for
