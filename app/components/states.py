"""What a page shows when there is nothing, not yet, or not possible: empty, waiting, refused."""

from __future__ import annotations

from typing import Final

import panel as pn
from markupsafe import Markup
from panel.viewable import Viewable

from app.components.markup import markup
from simulation.errors import PlanWiseError


def notice(text: str, *, severity: str = "info") -> Viewable:
    """Return one sentence above a page's content, which the reader can close."""
    close = "this.closest('.notice').remove()"
    return markup(
        Markup(
            '<div class="notice {}" role="status"><span>{}</span>'
            '<button aria-label="Close" onclick="{}">×</button></div>'
        ).format(severity, text, close)
    )


def failure(error: PlanWiseError) -> pn.pane.HTML:
    """Return a refusal: what was wrong, where, what to do."""
    return markup(refusal(error))


def refusal(error: PlanWiseError) -> Markup:
    """Return the markup of a refusal."""
    rows = Markup("").join(Markup("<li>{}</li>").format(str(problem)) for problem in error.problems)
    return Markup('<div class="refusal" role="alert"><strong>{}</strong><ul>{}</ul></div>').format(
        error.message[:1].upper() + error.message[1:], rows
    )


def empty(title: str, sentence: Markup | str) -> Markup:
    """Return an empty state: what would be here, and how it gets here."""
    return Markup('<div class="empty"><strong>{}</strong><p>{}</p></div>').format(title, sentence)


HOW_TO_BEGIN: Final = Markup(
    'Run the demo from the <a href="/">Overview</a>, or launch a sweep from <a href="tuning">Tuning</a>.'
)
