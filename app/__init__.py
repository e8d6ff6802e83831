"""The faces of PlanWise: the command line and the dashboard. The model in `simulation` knows neither."""

from __future__ import annotations
