"""What the shell expects of a page, and what a page is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import panel as pn
import panel_material_ui as pmui
from panel.viewable import Viewable

from app.components.address import Address
from app.components.states import failure
from app.jobs import Snapshot
from app.services import Services
from app.state.url import Linked
from app.work import Newest
from simulation.errors import PlanWiseError


class Session:
    """One browser tab: its address bar, its notices, and the process's shared parts."""

    def __init__(self, services: Services, address: Address) -> None:
        """Take the shared parts and the tab's address bar."""
        self.services = services
        self.address = address
        self.notices = pmui.Column(sizing_mode="stretch_width", margin=0)
        self.seen_revision = 0
        self._document = pn.state.curdoc

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
            self.notices.objects = [failure(error)]
            return False
        self.notices.objects = []
        return True

    def visit(self, address: str) -> None:
        """Take the browser to another page."""
        if pn.state.location is not None:
            pn.state.location.param.update(reload=True)
            path, _, query = address.partition("?")
            pn.state.location.param.update(pathname=path, search=f"?{query}" if query else "")


class Screen(ABC):
    """One page: a question, a state, a layout, and what it does when the jobs change."""

    question: ClassVar[str]

    def __init__(self, session: Session) -> None:
        """Take the tab that the page is shown in."""
        self.session = session
        self.services = session.services

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
