"""The algebra of overlays."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulation.parameters.overlay import branches, defaults, flatten, leaves, merge, nest, tables

values = st.one_of(st.none(), st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=2))
overlays = st.dictionaries(st.sampled_from(sorted(leaves())), values, max_size=12)


@given(overlays)
def test_the_empty_overlay_changes_nothing(overlay: dict[str, Any]) -> None:
    assert merge(overlay, {}) == merge({}, overlay) == overlay


@given(overlays, overlays, overlays)
def test_it_does_not_matter_which_are_laid_over_one_another_first(
    a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]
) -> None:
    assert merge(merge(a, b), c) == merge(a, merge(b, c)) == merge(a, b, c)


@given(overlays, overlays)
def test_laying_one_over_twice_is_laying_it_over_once(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert merge(a, b, b) == merge(a, b)


@given(overlays, overlays)
def test_the_last_one_wins_where_both_speak(a: dict[str, Any], b: dict[str, Any]) -> None:
    merged = merge(a, b)
    assert all(merged[key] == value for key, value in b.items())
    assert all(merged[key] == value for key, value in a.items() if key not in b)


@given(overlays)
def test_nesting_and_flattening_undo_one_another(overlay: dict[str, Any]) -> None:
    assert flatten(nest(overlay)) == overlay


@given(overlays, overlays)
def test_the_algebra_holds_for_nested_overlays_as_well(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert nest(merge(flatten(nest(a)), flatten(nest(b)))) == nest(merge(a, b))


def test_tables_by_level_merge_and_lists_are_replaced_whole() -> None:
    low = {"workforce": {"promotion": {"by_level": {1: "a", 2: "b"}, "age_multiplier": [1, 2]}}}
    over = {"workforce": {"promotion": {"by_level": {2: "c"}, "age_multiplier": [3]}}}
    merged = nest(merge(flatten(low), flatten(over)))["workforce"]["promotion"]
    assert merged == {"by_level": {1: "a", 2: "c"}, "age_multiplier": [3]}


def test_tables_that_may_be_null_are_replaced_whole() -> None:
    key = "workforce.hiring.level_mix"
    assert key in leaves()
    assert merge({key: {1: 1}}, {key: None}, {key: {2: 1}}) == {key: {2: 1}}


def test_every_key_is_a_leaf_or_a_branch_and_never_both() -> None:
    assert not set(leaves()) & set(branches())
    assert set(tables()) <= set(branches())
    assert set(defaults()) == set(leaves())
