"""A link is the whole state, and a broken one is said to be broken."""

from __future__ import annotations

from typing import Any, ClassVar

import param
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.url import Linked, link


class Chosen(Linked):
    in_link: ClassVar[tuple[str, ...]] = ("called", "count", "share", "wide", "kind", "many", "levers")

    apart = param.String(default="not in the link")
    count = param.Integer(default=3, bounds=(1, 9))
    share = param.Number(default=0.5, bounds=(0, 1))
    wide = param.Boolean(default=False)
    kind: Any = param.Selector(default="all", objects=["all", "some"])
    many = param.List(default=[], item_type=str)
    levers = param.Dict(default={})
    called = param.String(default="")


def test_defaults_make_an_empty_link() -> None:
    assert Chosen().query() == ""


def test_a_state_comes_back_from_its_link() -> None:
    first = Chosen(
        count=7, share=0.25, wide=True, kind="some", many=["a b", "c&d"], levers={"cola": 0.02}, called="x=1"
    )
    second = Chosen()
    assert second.read(first.query()) == []
    assert second.query() == first.query()
    assert second.levers == {"cola": 0.02}
    assert second.many == ["a b", "c&d"]


def test_what_a_link_does_not_name_goes_back_to_its_default() -> None:
    state = Chosen(count=7, wide=True)
    state.read("wide=1")
    assert state.count == 3
    assert state.wide is True


@pytest.mark.parametrize(
    "query", ["count=99", "count=x", "share=2", "wide=yes", "kind=none", "levers=[1]", "levers={", "count="]
)
def test_what_cannot_be_read_falls_back_and_is_said(query: str) -> None:
    state = Chosen()
    (complaint,) = state.read(query)
    assert query.partition("=")[0] in complaint
    assert state.query() == ""


def test_a_name_that_the_page_does_not_have_is_said() -> None:
    (complaint,) = Chosen().read("cuont=3")
    assert "'cuont'" in complaint


@given(st.text(max_size=300))
def test_no_text_breaks_a_page(query: str) -> None:
    Chosen().read(query)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "/compare"),
        ({"sweep": "a b&c"}, "/compare?sweep=a+b%26c"),
        ({"scenarios": ["a", "b"]}, "/compare?scenarios=a%2Cb"),
    ],
)
def test_links_are_escaped(values: dict[str, str], expected: str) -> None:
    assert link("/compare", **values) == expected
