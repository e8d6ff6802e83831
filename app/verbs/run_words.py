"""``planwise runs tag``, ``untag``, ``note``, ``archive``, ``unarchive``: what people say of runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.verbs.options import DATA, Json
from app.verbs.printing import print_json, show
from app.verbs.run_choice import Data, Runs, catalogue_of
from app.verbs.runs import as_dict

if TYPE_CHECKING:
    from simulation.catalogue import Action

TAG_EXAMPLE: Final = "Example: planwise runs tag board data/sweeps/demo"
UNTAG_EXAMPLE: Final = "Example: planwise runs untag board data/sweeps/demo"
NOTE_EXAMPLE: Final = "Example: planwise runs note 'checked against payroll' 3fa29c01"
ARCHIVE_EXAMPLE: Final = "Example: planwise runs archive data/sweeps/demo"
UNARCHIVE_EXAMPLE: Final = "Example: planwise runs unarchive data/sweeps/demo"

_TAG: Final = re.compile(r"\w(?:[\w.:-]{0,62}\w)?")
_LONGEST: Final = 2000
"""Characters of a note."""

Tag = Annotated[str, typer.Argument(metavar="TAG", help="A word: letters, digits, . : _ -")]


def tag(tag: Tag, runs: Runs, *, data: Data = DATA, json: Json = False) -> None:
    """Give runs a tag to find them by."""
    _say("tag", runs, data, _fit_tag(tag), json=json)


def untag(tag: Tag, runs: Runs, *, data: Data = DATA, json: Json = False) -> None:
    """Take a tag from runs."""
    _say("untag", runs, data, _fit_tag(tag), json=json)


def note(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="Instead of an earlier note; '' takes it away.")
    ],
    runs: Runs,
    *,
    data: Data = DATA,
    json: Json = False,
) -> None:
    """Write a note to runs."""
    if len(text) > _LONGEST:
        raise typer.BadParameter(f"{len(text):,} characters; allowed are {_LONGEST:,}", param_hint="TEXT")
    _say("note", runs, data, text.strip(), json=json)


def archive(runs: Runs, *, data: Data = DATA, json: Json = False) -> None:
    """Put runs away: lists leave them out, nothing is removed."""
    _say("archive", runs, data, json=json)


def unarchive(runs: Runs, *, data: Data = DATA, json: Json = False) -> None:
    """Have lists show runs again that were put away."""
    _say("unarchive", runs, data, json=json)


def _say(what: str, runs: list[str], data: Data, value: str = "", *, json: bool) -> None:
    """Write an action down and show how its runs stand after it.

    Raises:
        QueryError: a run has no manifest that could be read, so there is nothing to say it of.
    """
    from simulation.catalogue import Action
    from simulation.errors import Problem, QueryError
    from simulation.store.manifest import user_name

    catalogue = catalogue_of(data)
    chosen = catalogue.select(runs)
    unknown = [Problem(entry.store, entry.problem or entry.state) for entry in chosen if entry.key is None]
    if unknown:
        raise QueryError("nothing can be said of a run without a manifest", problems=unknown)
    action: Action = Action(what)
    catalogue.annotate(action, chosen, by=user_name(), value=value)
    stores = {entry.store for entry in chosen}
    after = [entry for entry in catalogue.entries if entry.store in stores]
    if json:
        print_json([as_dict(entry, catalogue.root) for entry in after])
        return
    for entry in after:
        said = [*entry.tags, *([f"note: {entry.note}"] if entry.note else []), *["put away"] * entry.archived]
        show(f"{entry.store}: {', '.join(said) or 'nothing said'}")


def _fit_tag(text: str) -> str:
    if not _TAG.fullmatch(text):
        allowed = (
            "1 to 64 letters, digits, dots, colons, dashes and underscores, a letter or digit at both ends"
        )
        raise typer.BadParameter(f"{text!r} is no tag; allowed are {allowed}", param_hint="TAG")
    return text
