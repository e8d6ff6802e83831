"""What the shell expects of a page, and what a page is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

import panel as pn
from markupsafe import Markup
from panel.viewable import Viewable

from app.components.address import Address
from app.components.cards import stack
from app.components.states import failure
from app.jobs import Snapshot
from app.services import Services
from app.state.url import Linked
from app.work import Newest
from simulation.errors import PlanWiseError

SKELETON: Final = Markup(
    '<div class="stack" role="status" aria-label="Loading"><div class="skeleton" style="height:84px"></div>'
    '<div class="skeleton" style="height:420px"></div></div>'
)


class Session:
    """One browser tab: its address bar, its notices, and the process's shared parts."""

    def __init__(self, services: Services, address: Address) -> None:
        """Take the shared parts and the tab's address bar."""
        self.services = services
        self.address = address
        self.notices = stack(gap=8)
        self.notices.visible = False
        self.seen_revision = 0
        self._document = pn.state.curdoc

    def notify(self, *notices: Viewable) -> None:
        """Show notices above the page's content, in place of those that are there."""
        self.notices.param.update(objects=list(notices), visible=bool(notices))

    def paint(self, work: Callable[[], None]) -> None:
        """Change what the tab shows from where an answer arrived: under its lock, in one message."""
        document = self._document
        if document is None or document.session_context is None:
            work()
            return

        def painted() -> None:
            with pn.io.hold(document):
                work()

        document.add_next_tick_callback(painted)

    def newest(self) -> Newest[Any]:
        """Return a way to ask in a thread whose older questions are dropped."""
        return Newest(self.services.pool)

    def attempt(self, action: Callable[[], Any]) -> bool:
        """Do something that may be refused; show the refusal above the page. Return whether it was done."""
        try:
            action()
        except PlanWiseError as error:
            self.notify(failure(error))
            return False
        self.notify()
        return True


class Screen(ABC):
    """One page: a question, a state, a layout, and what it does when the jobs change."""

    question: ClassVar[str]

    def __init__(self, session: Session) -> None:
        """Take the tab that the page is shown in."""
        self.session = session
        self.services = session.services

    @classmethod
    def has_widgets(cls, services: Services) -> bool:
        """Return whether it uses panel-material-ui's components, whose script is large."""
        del services
        return True

    @classmethod
    def glimpse(cls, services: Services) -> Markup:
        """Return what can be read before the session is there; it is called in a thread."""
        del services
        return SKELETON

    @property
    @abstractmethod
    def state(self) -> Linked:
        """What is chosen on the page."""

    @abstractmethod
    def body(self) -> Sequence[Viewable]:
        """Return the page's content, top to bottom; it is called once."""

    def actions(self) -> Sequence[Viewable]:
        """Return what stands at the right of the heading: the one primary action."""
        return ()

    def begin(self) -> None:
        """Start work once the frame is on the screen."""
        return

    def tick(self, snapshot: Snapshot) -> None:
        """Follow a change of the job table."""
        del snapshot
