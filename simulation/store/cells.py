"""Coded rows as what event ids are computed from: one way for writing and for verifying."""

from __future__ import annotations

from collections.abc import Mapping

from simulation.ledger import Columns, Content
from simulation.lexicon import Lexicon
from simulation.store.relations import Relation


def content_of(
    relation: Relation, columns: Columns, lexicons: Mapping[str, Lexicon], first: int, end: int
) -> Content:
    """Return some rows of a relation, ``columns`` in its order, texts as the keys that codes stand for."""
    keys = [None if name is None else lexicons[name] for name in relation.lexicons]
    return Content([*columns.values()], keys, first, end)
