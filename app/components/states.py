"""What a page shows when there is nothing, not yet, or not possible: empty, waiting, refused."""

from __future__ import annotations

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


def failure(error: PlanWiseError | Exception) -> pn.pane.HTML:
    """Return a refusal: what was wrong, where, what to do."""
    problems = error.problems if isinstance(error, PlanWiseError) else ()
    head = error.message if isinstance(error, PlanWiseError) else f"Something went wrong here: {error}"
    rows = Markup("").join(Markup("<li>{}</li>").format(str(problem)) for problem in problems)
    return markup(
        Markup('<div class="refusal" role="alert"><strong>{}</strong><ul>{}</ul></div>').format(head, rows),
    )


def empty(title: str, sentence: str) -> pn.pane.HTML:
    """Return an empty state: what would be here, and how it gets here."""
    return markup(Markup('<div class="empty"><strong>{}</strong><p>{}</p></div>').format(title, sentence))
