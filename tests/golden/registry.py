"""Topics of the worked examples and the adapters that answer them.

An adapter turns the decimal strings of one case into arguments of a product function and its result back into
decimal strings. It holds no formula. Each module of ``tests/golden/topics`` registers its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias

Inputs: TypeAlias = Mapping[str, Any]
Results: TypeAlias = dict[str, Any]
Adapter: TypeAlias = Callable[[Inputs], Results]

TOPICS: Final = Path(__file__).with_name("topics")
_ADAPTERS: Final[dict[str, Adapter]] = {}


class UnknownTopicError(LookupError):
    """No adapter answers this topic."""


def topic(name: str) -> Callable[[Adapter], Adapter]:
    """Register the decorated function as the one adapter of a topic.

    It is given the ``inputs`` of a case and may answer more than is ``expected``: what is not asked for is
    not compared. A topic registered twice raises ValueError.
    """

    def register(adapter: Adapter) -> Adapter:
        if name in _ADAPTERS:
            raise ValueError(f"topic {name} has two adapters")
        _ADAPTERS[name] = adapter
        return adapter

    return register


def adapter_of(name: str) -> Adapter:
    """Return the adapter of a topic, or raise UnknownTopicError with the nearest topics that have one."""
    if name in _ADAPTERS:
        return _ADAPTERS[name]
    near = get_close_matches(name, _ADAPTERS)
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise UnknownTopicError(f"unknown topic{hint}")


def load_topics() -> None:
    """Import every module of topics, so that all adapters are registered."""
    for module in sorted(TOPICS.glob("*.py")):
        import_module(f"tests.golden.topics.{module.stem}")
