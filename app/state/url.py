"""A page's state as a query string and back.

A link is untrusted: what cannot be read falls back to the default, and the page says so. Nothing here knows
a browser.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, cast
from urllib.parse import parse_qs, urlencode

import param

LONGEST: int = 4_000
"""Characters of a query string that are read at all."""


class Linked(param.Parameterized):
    """State that can be kept in a link.

    A subclass names the parameters that belong there; those at their default are left out: links stay short.
    """

    in_link: ClassVar[tuple[str, ...]] = ()
    steps: ClassVar[frozenset[str]] = frozenset()
    """Those whose change the back button undoes; a change of the others rewrites the present address."""

    def __init__(self, **values: Any) -> None:
        """Take what is chosen, where it is not the default."""
        super().__init__(**values)  # type: ignore[no-untyped-call]

    def query(self) -> str:
        """Return the state as a query string, without the question mark."""
        pairs = [(name, getattr(self, name)) for name in self.in_link]
        return urlencode([(name, _text(value)) for name, value in pairs if value != self.param[name].default])

    def read(self, query: str) -> list[str]:
        """Take the state from a query string; return what could not be read, one sentence each.

        A parameter that the link does not name goes back to its default: a link is the whole state.
        """
        given = parse_qs(query[:LONGEST].lstrip("?"), keep_blank_values=True)
        complaints = [
            f"The link names {name!r}, which this page does not have."
            for name in given
            if name not in self.in_link
        ]
        values: dict[str, Any] = {}
        for name in self.in_link:
            values[name] = self.param[name].default
            if name in given:
                try:
                    values[name] = self._value(name, given[name][-1])
                except (ValueError, TypeError):
                    complaints.append(f"The link's {name} is not usable; the default is shown.")
        self.param.update(**values)
        return complaints

    def _value(self, name: str, text: str) -> Any:
        """Return a text as the value of a parameter, checked by the parameter itself."""
        parameter = self.param[name]
        value = _parsed(parameter, text)
        validate = getattr(parameter, "_validate", None)
        if validate is not None:
            validate(value)
        return value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return ",".join(str(item) for item in value)
    return json.dumps(value, separators=(",", ":"), sort_keys=True) if isinstance(value, dict) else str(value)


def _parsed(parameter: param.Parameter[Any], text: str) -> Any:
    """Return a text as what a kind of parameter holds."""
    if isinstance(parameter, param.Boolean):
        return _boolean(text)
    if isinstance(parameter, param.Integer):
        return int(text)
    if isinstance(parameter, param.Number):
        return float(text)
    if isinstance(parameter, param.List):
        item = cast("type", parameter.item_type or str)
        return [item(part) for part in text.split(",") if part]
    if isinstance(parameter, param.Dict):
        return _mapping(text)
    return text


def _boolean(text: str) -> bool:
    if text not in {"0", "1"}:
        msg = f"{text!r} is neither 0 nor 1"
        raise ValueError(msg)
    return text == "1"


def _mapping(text: str) -> Mapping[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        msg = "not a mapping"
        raise TypeError(msg)
    return value


def link(path: str, **values: str | Iterable[str]) -> str:
    """Return a link to a page with a state: ``/compare?sweep=demo``."""
    pairs = {name: value if isinstance(value, str) else ",".join(value) for name, value in values.items()}
    return f"{path}?{urlencode(pairs)}" if pairs else path
