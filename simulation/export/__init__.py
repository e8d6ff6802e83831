"""What leaves the house: workbooks and files of results, made so that no cell can become a formula."""

from __future__ import annotations
