"""Census: read, map, check, impute, anonymise, generate, and the canonical frame that the model starts from.

``Census`` is what everything above takes. The doors to foreign files load only when they are used, because
they bring YAML, spreadsheets and fuzzy matching with them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simulation.census.canonical import Census, canonical_record, read_canonical, write_census
from simulation.errors import CensusError
from simulation.homes import from_homes

if TYPE_CHECKING:
    from simulation.census.generate import generate_census
    from simulation.census.importer import ImportReport, import_census

__all__ = [
    "Census",
    "ImportReport",
    "generate_census",
    "import_census",
    "read_census",
    "write_census",
]

__getattr__ = from_homes(
    __name__, {"ImportReport": "importer", "generate_census": "generate", "import_census": "importer"}
)


def read_census(path: str | Path) -> Census:
    """Return the census of a file: the canonical Parquet, or a file that needs no decision to be read.

    Another CSV, Parquet or XLSX file is read too when every column maps without doubt, nothing has to be
    imputed and no row is bad; the census date is then inferred and noted.

    Raises:
        CensusError: Everything that stands in the way, and that `planwise census import` settles it.
    """
    file = Path(path)
    record = canonical_record(file)
    if record is not None:
        return read_canonical(file, record)
    from simulation.census.importer import import_census

    try:
        return import_census(file, out=None).census
    except CensusError as error:
        message = f"{error.message} (`planwise census import {file.name} --out census.parquet` settles it)"
        raise CensusError(message, problems=error.problems, **error.context) from error
