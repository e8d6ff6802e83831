"""What is chosen on a page, apart from how it is shown; one class a page."""

from __future__ import annotations
