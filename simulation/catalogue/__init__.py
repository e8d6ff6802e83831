"""What ran, when, by whom, from what, with what result: the runs of a data directory, to list and to search.

``RunCatalogue`` is the door, for the command line as for a page. Light to import: stores are opened, and
Polars and DuckDB loaded, only when one is not in the index yet.
"""

from __future__ import annotations

from simulation.catalogue.annotations import Action, Annotation
from simulation.catalogue.entry import Entry, State
from simulation.catalogue.runs import RunCatalogue
from simulation.catalogue.search import Search

__all__ = ["Action", "Annotation", "Entry", "RunCatalogue", "Search", "State"]
