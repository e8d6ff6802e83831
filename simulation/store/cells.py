"""Coded rows as what event ids are computed from: one way for writing and for verifying."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from simulation.ledger import Cells, Lexicon
from simulation.store.relations import LEXICONS, Relation


def coded_cells(relation: Relation, coded: pl.DataFrame, lexicons: Mapping[str, Lexicon]) -> list[Cells]:
    """Return a relation's columns in canonical order, a text as the key that its code stands for."""
    keys = {name: lexicons[lexicon] for lexicon in LEXICONS for name in relation.coded_by(lexicon)}
    return [Cells.of(coded[name], keys.get(name)) for name in relation.columns]
