"""The scenario: every parameter of a run, what set it, and the questions asked of it.

Knows where its values came from, but reads no file; ``resolve`` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import PrivateAttr

from simulation.parameters.canonical import digest_of
from simulation.parameters.compensation import Compensation
from simulation.parameters.form import Line, Name, Paragraph, Paths, Whole
from simulation.parameters.horizon import Horizon
from simulation.parameters.limits import LimitsRule
from simulation.parameters.output import Output
from simulation.parameters.payroll import Payroll
from simulation.parameters.plan import Plan
from simulation.parameters.provenance import Layer, Provenance
from simulation.parameters.quality import Quality
from simulation.parameters.record import Group, parameter
from simulation.parameters.workforce import Workforce

if TYPE_CHECKING:
    import polars as pl

    from simulation.errors import Problem
    from simulation.parameters.levers import Levers

OWN = "the analyst's own"


class Scenario(Group):
    """All that a run depends on besides the census, with its lineage and its levers file.

    ``Scenario()`` is the baseline's values without any file.
    """

    beside: ClassVar[frozenset[str]] = frozenset(
        {"name", "title", "description", "extends", "seed", "compensation.levers"}
    )
    """Keys that name, seed or locate: the digest is about the rest, with the levers by their content."""

    without_effect: ClassVar[tuple[str, ...]] = ("output.", "quality.")
    """How keys begin that change no event: what is kept, and what is said of a run."""

    name: Name = parameter(
        "baseline",
        title="Name",
        unit="text",
        description="Names the scenario in directories, tables and comparisons; by default the file's name.",
        source=OWN,
        identity=True,
    )
    title: Line = parameter(
        "",
        title="Title",
        unit="text",
        description="The scenario in a few words.",
        source=OWN,
        identity=True,
    )
    description: Paragraph = parameter(
        "",
        title="Description",
        unit="text",
        description="Why the scenario exists and what it changes.",
        source=OWN,
        identity=True,
    )
    extends: Paths | None = parameter(
        None,
        title="Extends",
        unit="path",
        description=(
            "The scenario that this one changes: a file relative to this one, or a shipped name; of a list, "
            "each is laid over those before it, such as a plan design over a workforce."
        ),
        source=OWN,
        identity=True,
    )
    plan_design_id: Name = parameter(
        "standard",
        title="Plan design",
        unit="text",
        description="Names the plan design in every event.",
        source=OWN,
    )
    seed: Whole = parameter(
        42,
        title="Seed",
        unit="number",
        description="Chooses the random draws where the command line names no seed.",
        source="own standardisation",
        ge=0,
        le=2**63 - 1,
    )
    horizon: Horizon = Horizon()
    workforce: Workforce = Workforce()
    compensation: Compensation = Compensation()
    plan: Plan = Plan()
    payroll: Payroll = Payroll()
    limits: LimitsRule = LimitsRule()
    output: Output = Output()
    quality: Quality = Quality()

    _provenance: Provenance = PrivateAttr(default_factory=Provenance)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of all that shapes a run besides census and seed, in hexadecimal."""
        values = {
            key: value
            for key, value in self.flat().items()
            if key not in self.beside and not key.startswith(self.without_effect)
        }
        return digest_of({"values": values, "levers": self.lever_rows.content(self.horizon.years)})

    @property
    def lineage(self) -> tuple[Layer, ...]:
        """Return the files and settings that made the scenario, the first one first."""
        return self._provenance.layers

    @property
    def lever_rows(self) -> Levers:
        """Return the rows of the levers file, sparse: none if there is no file."""
        from simulation.parameters.levers import Levers

        return self._provenance.levers or Levers()

    @property
    def levers(self) -> pl.DataFrame:
        """Return the values that vary by level: one row a year of the horizon and job level."""
        from simulation.parameters.effective import lever_frame

        return lever_frame(self)

    def flat(self) -> Mapping[str, Any]:
        """Return every value by dotted key; a table by level has a key for each level."""
        from simulation.parameters.overlay import flatten

        return flatten(self.model_dump())

    def origin_of(self, key: str) -> str:
        """Return what set a key: ``baseline``, ``overlay:NAME``, ``comp_levers``, ``--set``, ``--years``."""
        from simulation.parameters.levers import LEVERS

        for lever in LEVERS.values():
            if lever.governs(key) and self.lever_rows.within(self.horizon.years, lever.name):
                return "comp_levers"
        return self.stated_origin(key)

    def stated_origin(self, key: str) -> str:
        """Return what set the scenario's own value of a key, whatever the levers file says."""
        return self._provenance.origin_of(key)

    def notes(self) -> list[Problem]:
        """Return what is allowed but will surprise: values without effect, targets out of reach."""
        from simulation.parameters.notes import notes_of

        return notes_of(self)

    def changed(self, values: Mapping[str, Any], levers: Levers | None = None) -> Scenario:
        """Return a scenario with some dotted keys set anew, checked like ``--set``, and perhaps new levers.

        Raises:
            ScenarioError: A key is unknown or a value is not allowed; names every problem.
        """
        from simulation.parameters.resolve import change

        return change(self, values, levers)

    def with_levers(self, levers: Levers) -> Scenario:
        """Return the scenario with other lever rows above its values."""
        return self.changed({}, levers)
