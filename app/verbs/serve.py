"""``planwise serve``: the dashboard and its runner."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated, Final

import typer

from app.verbs.options import DATA

EXAMPLE: Final = "Example: planwise serve --port 5006 --data data"

_OBJECTS_BETWEEN_LOOKS: Final = 50_000
"""New objects after which Python looks for cycles among them: a server makes ever more, unlike a run."""


def serve(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 5006,
    data: Annotated[
        Path, typer.Option(metavar="DIR", help="Where sweeps, censuses and jobs are kept.")
    ] = DATA,
    address: Annotated[str, typer.Option(help="By default only this machine can reach it.")] = "127.0.0.1",
    runner: Annotated[
        bool, typer.Option("--runner/--no-runner", help="Start the process that runs sweeps.")
    ] = True,
    show: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
) -> None:
    """Serve the dashboard until Ctrl-C."""
    from app.main import serve as serve_dashboard

    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    serve_dashboard(port=port, data=data, address=address, runner=runner, show=show)
