"""The tables behind a generated census: levels, ages, service, departments, pay, plan behaviour.

Declarations only; ``generate`` draws from them. A table of knots is read as a broken line, so that a draw
needs nothing but sums and products and comes out the same on every machine. Sources: ``calibration`` means
the published facts of the domain notes (BLS January 2024 for tenure, Vanguard 2024 for the plan); ``own``
means a standardisation of this project.
"""

from __future__ import annotations

from typing import Final

from simulation.census.people import Knots

LEVEL_SHARES: Final[Knots] = (0.42, 0.28, 0.18, 0.09, 0.03)
"""Share of people in levels 1 to 5 (own)."""

AGE_SHARES: Final[Knots] = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
AGES: Final[tuple[Knots, ...]] = (
    (19.0, 23.0, 28.0, 37.0, 49.0, 58.0, 70.0),
    (21.0, 26.0, 31.0, 39.5, 50.0, 58.0, 70.0),
    (24.0, 31.0, 36.0, 43.5, 52.0, 59.0, 70.0),
    (29.0, 36.0, 41.0, 47.5, 54.0, 60.0, 70.0),
    (34.0, 42.0, 47.0, 53.0, 58.0, 63.0, 71.0),
)
"""Age in years at those shares of the people of a level (own; US median age at work is about 42)."""

SERVICE_SHARES: Final[Knots] = (0.0, 0.188, 0.285, 0.365, 0.425, 0.51, 0.605, 0.72, 0.84, 0.925, 0.975, 1.0)
SERVICE_YEARS: Final[Knots] = (0.0, 1.0, 2.0, 3.0, 4.0, 5.3, 7.2, 10.2, 15.0, 21.0, 28.0, 40.0)
"""Years of service at those shares before age has its say (calibration: median 3.9, 22 % under one year)."""

SERVICE_STRETCH_AGES: Final[Knots] = (18.0, 25.0, 35.0, 45.0, 55.0, 75.0)
SERVICE_STRETCH: Final[Knots] = (0.5, 0.65, 0.9, 1.1, 1.3, 1.45)
"""How much longer than the table people of an age stay (calibration: 2.7 years at 25–34, 9.6 at 55–64)."""

YOUNGEST_HIRE: Final = 18.0

DEPARTMENTS: Final[dict[str, tuple[Knots, float]]] = {
    "Customer Service": ((0.19, 0.11, 0.06, 0.05, 0.04), 0.95),
    "Engineering": ((0.03, 0.15, 0.26, 0.26, 0.18), 1.05),
    "Finance": ((0.04, 0.08, 0.10, 0.11, 0.14), 1.01),
    "Human Resources": ((0.03, 0.05, 0.05, 0.05, 0.06), 0.98),
    "Information Technology": ((0.04, 0.10, 0.13, 0.13, 0.10), 1.04),
    "Legal": ((0.01, 0.02, 0.03, 0.04, 0.08), 1.06),
    "Logistics": ((0.17, 0.08, 0.05, 0.04, 0.04), 0.94),
    "Marketing": ((0.02, 0.05, 0.06, 0.06, 0.07), 1.00),
    "Operations": ((0.33, 0.22, 0.12, 0.12, 0.14), 0.98),
    "Sales": ((0.14, 0.14, 0.14, 0.14, 0.15), 1.02),
}
"""Share of each level that works in a department, and what the department pays against the median (own)."""

PAY_MIDDLES: Final[Knots] = (48_800.0, 67_500.0, 92_600.0, 130_700.0, 202_600.0)
"""Full-time base pay in dollars in each level before spread, service and department have their say.

With them the medians are about 48,000, 68,000, 95,000, 135,000 and 210,000 (own).
"""

PAY_SHARES: Final[Knots] = (0.0, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 1.0)
PAY_SPREAD: Final[Knots] = (0.70, 0.76, 0.84, 0.91, 1.0, 1.10, 1.21, 1.37, 1.60)
"""Pay against the level's median at those shares: close to a lognormal with a spread of 14 % (own)."""

PAY_SERVICE_YEARS: Final[Knots] = (0.0, 2.0, 5.0, 10.0, 20.0, 45.0)
PAY_SERVICE: Final[Knots] = (0.95, 0.98, 1.01, 1.05, 1.10, 1.14)
"""Pay against the level's median by years of service (own)."""

PART_TIME_SHARES: Final[Knots] = (0.12, 0.12, 0.03, 0.02, 0.0)
PART_TIME_HOURS: Final = (1040, 1248, 1560)
PART_TIME_HOURS_SHARES: Final[Knots] = (0.5, 0.3, 0.2)
"""Share of each level that works part time, and the hours a year that they work (own)."""

CLASSES: Final = ("regular", "union", "temporary", "leased")
CLASS_SHARES: Final[Knots] = (0.97, 0.0, 0.02, 0.01)
CLASS_SHARES_ORGANISED: Final[Knots] = (0.80, 0.17, 0.02, 0.01)
ORGANISED_DEPARTMENTS: Final = ("Logistics", "Operations")
"""Employee classes of levels 1 and 2; everyone above is regular (own)."""

RATING_SHARES: Final[Knots] = (0.03, 0.12, 0.55, 0.24, 0.06)
RATED_AFTER_YEARS: Final = 0.25
"""Share of ratings 1 to 5, and the service that a first rating takes (own)."""

OFFICER_SHARE: Final = 0.25
"""Share of level 5 that are officers (own)."""

OWNERSHIP_BP: Final = (2500, 1000, 600)
"""Ownership of the founders: the first none to three people of a census (own)."""

RAISE_SHARES: Final[Knots] = (0.0, 0.2, 0.8, 1.0)
RAISE_RATIO: Final[Knots] = (1.0, 0.985, 0.96, 0.93)
"""Last year's pay against today's rate (calibration: budgets of about 3.5 %, part of the year)."""

JOIN_PAY: Final[Knots] = (0.0, 15_000.0, 25_000.0, 40_000.0, 62_000.0, 87_000.0, 125_000.0, 180_000.0)
JOIN_BY_PAY: Final[Knots] = (0.28, 0.38, 0.52, 0.74, 0.86, 0.90, 0.93, 0.96)
JOIN_SERVICE_YEARS: Final[Knots] = (0.0, 1.0, 2.0, 5.0, 45.0)
JOIN_BY_SERVICE: Final[Knots] = (0.85, 0.95, 1.0, 1.0, 1.02)
"""Chance of deferring by pay in dollars, times a factor by service (calibration: participation by income)."""

JOIN_AGE: Final = 21.0
STOPPED_SHARE: Final = 0.15
"""Share of those who do not defer that once did and stopped (own)."""

DEFERRAL_AGES: Final[Knots] = (18.0, 25.0, 35.0, 45.0, 55.0, 65.0)
DEFERRAL_MEANS_BP: Final[Knots] = (550.0, 680.0, 730.0, 790.0, 930.0, 1010.0)
"""Mean deferral from each age on (calibration: Vanguard 2024 by age band)."""

DEFERRAL_SHARES: Final[Knots] = (0.0, 0.1, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0)
DEFERRAL_SPREAD: Final[Knots] = (0.15, 0.40, 0.64, 0.85, 1.10, 1.55, 2.22, 3.3)
"""A person's deferral against the mean of that age (own; median 6 %, mean 7.7 %)."""

ROTH_AGES: Final[Knots] = (18.0, 30.0, 45.0, 60.0, 75.0)
ROTH_CHANCE: Final[Knots] = (0.26, 0.24, 0.16, 0.10, 0.06)
ROTH_ALL_SHARE: Final = 0.4
"""Chance that a saver uses Roth by age, and the share of those that use nothing else (own)."""

YEARS_SAVED_SHARES: Final[Knots] = (0.0, 1.0)
YEARS_SAVED: Final[Knots] = (0.55, 1.0)
LUCK_SHARES: Final[Knots] = (0.0, 0.1, 0.5, 0.9, 1.0)
LUCK: Final[Knots] = (0.6, 0.78, 1.0, 1.28, 1.6)
GROWTH_PER_YEAR: Final = 0.022
"""Part of service with savings, luck of returns, and what they add, net of pay growth, a year saved (own)."""

LEGACY_YEARS: Final = 12.0
LEGACY_RATE: Final = 0.02
"""A closed profit-sharing plan gave 2 % of pay for service before the last twelve years (own)."""
