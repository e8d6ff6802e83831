"""Figures as pairs: a pure function computes what is shown, another draws it."""

from __future__ import annotations
