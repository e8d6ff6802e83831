"""The parameters of the workforce: growth, exits, layoffs, rehires, hiring, promotion and hours."""

from __future__ import annotations

from simulation.parameters.record import Group, parameter
from simulation.parameters.workforce.growth import Growth
from simulation.parameters.workforce.hiring import Hiring
from simulation.parameters.workforce.hours import Hours
from simulation.parameters.workforce.promotion import Promotion
from simulation.parameters.workforce.reduction_in_force import Reductions
from simulation.parameters.workforce.rehire import Rehire
from simulation.parameters.workforce.termination import Termination


class Workforce(Group):
    """How the workforce changes."""

    growth: Growth = Growth()
    termination: Termination = Termination()
    reduction_in_force: Reductions = parameter(
        (),
        title="Reductions in force",
        unit="list of layoffs",
        description="Layoffs on given days; 20 % of participants or more presumes a partial termination.",
        source="the employer's own: none",
    )
    rehire: Rehire = Rehire()
    hiring: Hiring = Hiring()
    promotion: Promotion = Promotion()
    hours: Hours = Hours()


__all__ = ["Growth", "Hiring", "Hours", "Promotion", "Rehire", "Termination", "Workforce"]
