"""Work that meets a fault: what real workers do, with one thing going wrong in them the first time."""

from __future__ import annotations

import os
import signal
from typing import Final
from unittest.mock import patch

from simulation.sweep.inputs import Inputs
from simulation.sweep.task import Block, Steps
from simulation.sweep.work import simulate_block

UNLUCKY: Final = 3
"""The seed that something happens to."""


def refused_for_one_seed(block: Block, inputs: Inputs) -> Steps:
    """Fails whenever the unlucky seed is among those asked for."""
    if any(task.seed == UNLUCKY for task in block):
        raise ValueError("no luck")
    yield from simulate_block(block, inputs)


def killed_with_rows(block: Block, inputs: Inputs) -> Steps:
    """Is killed when the tables of a file are made and its rows are due."""
    yield from _killed(block, inputs, "simulation.store.draft._insert_rows")


def killed_with_a_state(block: Block, inputs: Inputs) -> Steps:
    """Is killed when the file of a year's state is begun."""
    yield from _killed(block, inputs, "zipfile.ZipFile.writestr")


def killed_with_the_manifest(block: Block, inputs: Inputs) -> Steps:
    """Is killed when all years are in the file and the manifest is not."""
    yield from _killed(block, inputs, "simulation.store.draft._insert_row")


def killed_before_the_name(block: Block, inputs: Inputs) -> Steps:
    """Is killed when the file is whole and has no name yet."""
    yield from _killed(block, inputs, "simulation.store.draft.publish")


def killed_after_the_name(block: Block, inputs: Inputs) -> Steps:
    """Is killed when the store is sealed and nobody knows of it."""
    yield from _killed(block, inputs, "simulation.sealing._result")


def killed_every_time(block: Block, inputs: Inputs) -> Steps:
    """Takes its process along for one seed, as a run does that needs more memory than there is."""
    if any(task.seed == UNLUCKY for task in block):
        _kill()
    yield from simulate_block(block, inputs)


def _killed(block: Block, inputs: Inputs, at: str) -> Steps:
    if not any(task.seed == UNLUCKY for task in block) or not _first_time(block):
        yield from simulate_block(block, inputs)
        return
    with patch(at, _kill):
        yield from simulate_block(block, inputs)


def _first_time(block: Block) -> bool:
    mark = block[0].store.parents[1] / f"met_{UNLUCKY}"
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def _kill(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


MOMENTS: Final = (
    killed_with_rows,
    killed_with_a_state,
    killed_with_the_manifest,
    killed_before_the_name,
    killed_after_the_name,
)
