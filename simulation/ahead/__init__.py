"""The years of a run, lived in a process of their own while this one tells and writes them.

To live a year and to tell one keep an interpreter busy each, and two threads of one interpreter would mostly
wait for its lock. The other process gets a scenario, a census and seeds, touches no file, and sends back what
``simulation.year.live`` would return here. Years that it does not send, whatever the reason, are lived here.
"""

from __future__ import annotations

from simulation.ahead.process import Ahead, start

__all__ = ["Ahead", "start"]
