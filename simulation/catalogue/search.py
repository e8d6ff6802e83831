"""Which entries somebody means: by scenario, tag, date and digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from simulation.catalogue.entry import Entry


@dataclass(frozen=True, slots=True)
class Search:
    """Conditions that all have to hold; without any, all that is not archived.

    ``scenario`` may have ``*`` and ``?``. ``since`` and ``until`` are days in UTC, both included, on which a
    run was finished. ``digest`` is the beginning of that of the log, the scenario or the census.
    """

    scenario: str | None = None
    tags: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    digest: str = ""
    archived: bool | None = False
    """Nothing: the archived ones as well."""

    def finds(self, entry: Entry) -> bool:
        """Return whether an entry is meant."""
        return (
            (self.archived is None or entry.archived is self.archived)
            and (self.scenario is None or fnmatchcase(entry.scenario, self.scenario))
            and set(self.tags) <= set(entry.tags)
            and self._in_time(entry)
            and self._of_digest(entry)
        )

    def _in_time(self, entry: Entry) -> bool:
        if self.since is None and self.until is None:
            return True
        day = entry.finished.date() if entry.finished else None
        return (
            day is not None
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
        )

    def _of_digest(self, entry: Entry) -> bool:
        beginning = self.digest.lower()
        digests = (entry.digest, entry.scenario_digest, entry.census_digest)
        return not beginning or any(digest.startswith(beginning) for digest in digests)
