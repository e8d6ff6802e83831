"""The pages: each turns its state into a layout, and answers the one question in its heading."""

from __future__ import annotations
