"""``planwise census import`` and ``planwise census generate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.verbs.options import Json, read_date
from app.verbs.printing import print_json, print_table, say, show, shown_path

if TYPE_CHECKING:
    from simulation.census import ImportReport

IMPORT_EXAMPLE: Final = (
    "Example: planwise census import payroll.csv --out census.parquet --map payroll_map.yaml"
)
GENERATE_EXAMPLE: Final = "Example: planwise census generate --employees 10000 --seed 7 --out census.parquet"

OutFile = Annotated[Path, typer.Option("--out", metavar="F.parquet", help="The canonical census to write.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The date of the census, as 2024-12-31.")
]


def import_(  # noqa: PLR0913 (each is an option)
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, Parquet or XLSX.")],
    *,
    out: OutFile,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="MAP.yaml", help="Which column is what, and what to impute."),
    ] = None,
    as_of: AsOf = None,
    anonymize: Annotated[bool, typer.Option("--anonymize", help="Replace ids, blur dates.")] = False,
    key: Annotated[
        str | None, typer.Option(help="With --anonymize: the same key gives the same ids again.")
    ] = None,
    accept_rejects: Annotated[
        bool, typer.Option("--accept-rejects", help="Use the good rows even if others are rejected.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(metavar="F.csv", help="Where rejected rows go; by default beside --out.")
    ] = None,
    json: Json = False,
) -> None:
    """Read a census, map its columns, check every row, impute only what the mapping asks for."""
    from simulation.census import import_census

    report = import_census(
        file,
        out=out,
        mapping=mapping,
        as_of=read_date(as_of),
        anonymize=anonymize,
        key=key,
        rejects=rejects,
        accept_rejects=accept_rejects,
    )
    if json:
        print_json(report.as_dict())
    else:
        _show(report)


def generate(
    *,
    employees: Annotated[int, typer.Option(min=1, help="How many people.")],
    out: OutFile,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other people.")] = 42,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Make a plausible census of people who do not exist."""
    from simulation.census import generate_census, write_census
    from simulation.census.generate import DEFAULT_AS_OF

    census = generate_census(employees, seed=seed, as_of=read_date(as_of) or DEFAULT_AS_OF)
    written = write_census(census, out)
    if json:
        print_json(
            {"out": written, "rows": census.frame.height, "as_of": census.as_of, "digest": census.digest}
        )
        return
    say(f"{census.frame.height:,} employees as of {census.as_of}")
    show(shown_path(written))


def _show(report: ImportReport) -> None:
    facts = report.as_dict()
    print_table(["field", "column", "score", "why"], [tuple(match.values()) for match in facts["mapping"]])
    if facts["imputations"]:
        print_table(list(facts["imputations"][0]), [tuple(one.values()) for one in facts["imputations"]])
    for note in report.notes:
        say(f"note: {note}")
    say(f"{report.rows_accepted:,} of {report.rows_read:,} rows used, {report.rows_rejected:,} rejected")
    say(f"as of {report.census.as_of}: {report.as_of_reason}")
    if report.out:
        show(shown_path(report.out))
