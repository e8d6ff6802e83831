"""Pieces of pages: markup, states, tiles, tables. They know no page and read no store."""

from __future__ import annotations
