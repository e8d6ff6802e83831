"""The faces of PlanWise: the command line and the dashboard. The model in `simulation` knows neither.

What libraries do unasked as they load is switched off here, before any of them is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

QUIET: Final[Mapping[str, str]] = {
    # Nothing here multiplies matrices: the threads that would do it only keep a core from others.
    "OPENBLAS_NUM_THREADS": "1",
    # Looking for plugins of Pydantic reads the metadata of every package that is installed.
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
}
"""Settings of libraries by environment variable; what a user has set stays."""

for _name, _value in QUIET.items():
    os.environ.setdefault(_name, _value)
