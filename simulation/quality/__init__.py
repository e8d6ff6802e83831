"""Data-quality gates: what every run promises of its data, looked at while the run is made.

``gates`` is the table; ``inspect`` puts a census, a year and a year's relations through it; ``warnings`` is
what every face shows. Nothing is imported here, for who only reads warnings needs no gate.
"""

from __future__ import annotations
