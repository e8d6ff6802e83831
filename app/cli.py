"""``planwise``: the command line. A table of verbs, and how every failure becomes a message and an exit code.

Starts fast: a verb imports what it needs when it is called.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

import typer
from typer.core import TyperCommand

from app.verbs import (
    census,
    checkpoints,
    compare,
    export,
    health,
    plan_tests,
    report,
    run_removal,
    run_retention,
    run_words,
    runs,
    schema,
    serve,
    simulate,
    status,
    sweep,
    time_machine,
    validate,
    verify,
)
from simulation.errors import INTERRUPTED, PlanWiseError


class Verb(NamedTuple):
    """A verb: its name, what it calls, its example, and the class that reads its arguments."""

    name: str
    call: Callable[..., Any]
    example: str
    command: type[TyperCommand] = TyperCommand


VERBS: Final = (
    Verb("health", health.health, health.EXAMPLE),
    Verb("validate", validate.validate, validate.EXAMPLE),
    Verb("simulate", simulate.simulate, simulate.EXAMPLE),
    Verb("sweep", sweep.sweep, sweep.EXAMPLE, sweep.Command),
    Verb("compare", compare.compare, compare.EXAMPLE, compare.Command),
    Verb("snapshot", time_machine.snapshot, time_machine.SNAPSHOT_EXAMPLE),
    Verb("history", time_machine.history, time_machine.HISTORY_EXAMPLE),
    Verb("test-plan", plan_tests.plan_tests, plan_tests.EXAMPLE),
    Verb("export", export.export, export.EXPORT_EXAMPLE),
    Verb("batch", export.batch, export.BATCH_EXAMPLE, export.BatchCommand),
    Verb("report", report.report, report.EXAMPLE),
    Verb("verify", verify.verify, verify.EXAMPLE),
    Verb("status", status.status, status.EXAMPLE),
    Verb("serve", serve.serve, serve.EXAMPLE),
)

CENSUS_VERBS: Final = (
    Verb("import", census.import_, census.IMPORT_EXAMPLE),
    Verb("generate", census.generate, census.GENERATE_EXAMPLE),
)

CHECKPOINT_VERBS: Final = (
    Verb("list", checkpoints.list_, checkpoints.LIST_EXAMPLE),
    Verb("remove", checkpoints.remove, checkpoints.REMOVE_EXAMPLE),
)

RUN_VERBS: Final = (
    Verb("list", runs.list_, runs.LIST_EXAMPLE),
    Verb("show", runs.show_run, runs.SHOW_EXAMPLE),
    Verb("tag", run_words.tag, run_words.TAG_EXAMPLE),
    Verb("untag", run_words.untag, run_words.UNTAG_EXAMPLE),
    Verb("note", run_words.note, run_words.NOTE_EXAMPLE),
    Verb("archive", run_words.archive, run_words.ARCHIVE_EXAMPLE),
    Verb("unarchive", run_words.unarchive, run_words.UNARCHIVE_EXAMPLE),
    Verb("keep", run_retention.keep, run_retention.KEEP_EXAMPLE),
    Verb("remake", run_retention.remake, run_retention.REMAKE_EXAMPLE),
    Verb("delete", run_removal.delete, run_removal.DELETE_EXAMPLE),
    Verb("rebuild", runs.rebuild, runs.REBUILD_EXAMPLE),
)

SCHEMA_VERBS: Final = (Verb("events", schema.events, schema.EVENTS_EXAMPLE),)

GROUPS: Final[Mapping[str, tuple[Sequence[Verb], str]]] = {
    "census": (CENSUS_VERBS, "Read a census from a file, or make one up."),
    "checkpoints": (CHECKPOINT_VERBS, "Half-done runs that can be resumed."),
    "runs": (RUN_VERBS, "What ran, when, by whom, from what; tags; how long it is kept."),
    "schema": (SCHEMA_VERBS, "Print what other programs check files against."),
}
"""Verbs that stand behind a word, and what is said of them."""

FAILED: Final = 1


def _group(verbs: Sequence[Verb], help_text: str) -> typer.Typer:
    # Plain help: Rich's takes longer to load than everything else together.
    group = typer.Typer(help=help_text, rich_markup_mode=None, add_completion=False, no_args_is_help=True)
    for verb in verbs:
        group.command(verb.name, epilog=verb.example, cls=verb.command)(verb.call)
    return group


def _app(first: str = "") -> typer.Typer:
    """Return the verb or group that the first word asks for, or all of them if it asks for none.

    To make a verb out of its function takes a millisecond and more: all are made for their help only.
    """
    known = {verb.name for verb in VERBS} | GROUPS.keys()
    wanted = {first} & known or known
    verbs = [verb for verb in VERBS if verb.name in wanted]
    group = _group(verbs, "A workforce time machine: census and scenarios in, compared futures out.")
    for name, (within, help_text) in GROUPS.items():
        if name in wanted:
            group.add_typer(_group(within, help_text), name=name)
    group.callback()(_main_options)
    return group


def _print_version(asked: bool) -> None:  # noqa: FBT001 (Typer calls it so)
    if asked:
        from simulation.version import code_version

        sys.stdout.write(f"planwise {code_version()}\n")
        raise typer.Exit


def _main_options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """A workforce time machine: census and scenarios in, compared futures out."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 bad input, 130 interrupted."""
    words = sys.argv[1:] if arguments is None else [*arguments]
    try:
        _app(words[0] if words else "")(words, prog_name="planwise")
    except SystemExit as end:
        code = _code(end.code)
        return _refuse("interrupted", code) if code == INTERRUPTED else code
    except PlanWiseError as error:
        return _refuse(str(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 (a fault of ours: said in a line, in full where it is asked for)
        return _refuse(_fault(error), FAILED)
    return 0


def _code(code: object) -> int:
    return code if isinstance(code, int) else 0 if code is None else FAILED


def _refuse(message: str, code: int) -> int:
    from app.verbs.printing import say

    if os.environ.get("PLANWISE_DEBUG"):
        import traceback

        traceback.print_exc()
    say(f"planwise: {message}")
    return code


def _fault(error: Exception) -> str:
    found = (str(error).strip() or "no message").splitlines()[0]
    return f"an unexpected error: {type(error).__name__}: {found}\n  set PLANWISE_DEBUG=1 for the details"
