"""The report for people who were not there: what was asked, what came out, how surely, how to do it again."""

from __future__ import annotations

from simulation.export.report.blocks import Document
from simulation.export.report.document import document
from simulation.export.report.facts import Asked
from simulation.export.report.html import html
from simulation.export.report.pdf import write_pdf

__all__ = ["Asked", "Document", "document", "html", "write_pdf"]
