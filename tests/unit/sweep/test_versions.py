"""Machines of other versions are refused, and said which."""

from __future__ import annotations

import pytest

from simulation.errors import ClusterError
from simulation.sweep.versions import refuse_other, versions


def test_equal_versions_are_accepted() -> None:
    refuse_other(versions())


@pytest.mark.parametrize("name", sorted(versions()))
def test_any_other_version_is_refused_by_name(name: str) -> None:
    with pytest.raises(ClusterError, match=f"{name} .*, not 0.0.1") as caught:
        refuse_other({**versions(), name: "0.0.1"})
    assert "same PlanWise on every machine" in str(caught.value)
