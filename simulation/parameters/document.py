"""A YAML file as plain values with the line of each, read so that nothing in it can surprise.

Only texts, whole numbers, exact decimals, true, false, null, lists and mappings come out; duplicate keys,
foreign tags and anything that unfolds beyond a bound are problems. Knows nothing of parameters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Final, NamedTuple

import yaml

from simulation.errors import Problem

LARGEST_FILE: Final = 1_000_000
"""Bytes. A scenario has a few thousand; aliases and nesting are bounded too."""

MOST_NODES: Final = 50_000
DEEPEST: Final = 24
LONGEST_NUMBER: Final = 40

TAG: Final = "tag:yaml.org,2002:"
COLLECTIONS: Final = (f"{TAG}map", f"{TAG}seq")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML 1.2's core reading: ``no`` and ``2025-01-01`` are texts, ``010`` is ten."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


_Loader.add_implicit_resolver(f"{TAG}null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver(
    f"{TAG}bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver(f"{TAG}int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    f"{TAG}float",
    re.compile(r"^(?:[-+]?(?:\.[0-9]+|[0-9]+\.?[0-9]*)(?:[eE][-+]?[0-9]{1,3})?|[-+]?\.inf|\.nan)$"),
    list("-+.0123456789"),
)

_SCALARS: Final[Mapping[str, Callable[[str], Any]]] = {
    f"{TAG}str": str,
    f"{TAG}null": lambda _: None,
    f"{TAG}bool": lambda text: text.lower() == "true",
    f"{TAG}int": int,
    f"{TAG}float": lambda text: Decimal(text.replace(".inf", "Infinity").replace(".nan", "NaN")),
}


class Document(NamedTuple):
    """A file's values, the line of each dotted key (lists from 0: ``tiers[1].rate``), and its problems."""

    source: str
    tree: Mapping[Any, Any]
    lines: Mapping[str, int]
    problems: tuple[Problem, ...]
    digest: str

    def where(self, key: str) -> str:
        """Return file, line and dotted key, with the line of the nearest key that encloses it."""
        line = next((self.lines[outer] for outer in _outward(key) if outer in self.lines), None)
        return f"{self.source}:{line} {key}" if line else f"{self.source} {key}".strip()


def _outward(key: str) -> list[str]:
    """Return a key and the keys around it, innermost first."""
    ends = [match.start() for match in re.finditer(r"[.\[]", key)]
    return [key, *(key[:end] for end in reversed(ends))]


class _Excess(Exception):  # noqa: N818 - it ends the reading and never leaves this module
    """The document unfolds beyond a bound."""


@dataclass
class _Reading:
    source: str
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0

    def complain(self, node: yaml.Node, key: str, found: str, allowed: str, hint: str = "") -> None:
        where = f"{self.source}:{node.start_mark.line + 1} {key}".strip()
        self.problems.append(Problem(where, found, allowed, hint))

    def value(self, node: yaml.Node, key: str, depth: int) -> Any:
        self.nodes += 1
        if depth > DEEPEST or self.nodes > MOST_NODES:
            raise _Excess
        self.lines.setdefault(key, node.start_mark.line + 1)
        if isinstance(node, yaml.CollectionNode) and node.tag not in COLLECTIONS:
            self.complain(node, key, f"the tag {node.tag}", "a plain value without a tag")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, key, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, f"{key}[{n}]", depth + 1) for n, item in enumerate(node.value)]
        return self.scalar(node, key)

    def scalar(self, node: yaml.Node, key: str) -> Any:
        read = _SCALARS.get(node.tag)
        if read is None:
            self.complain(node, key, f"the tag {node.tag}", "a plain value without a tag")
            return None
        if read is int and len(node.value) > LONGEST_NUMBER:
            self.complain(
                node, key, f"a number of {len(node.value)} digits", f"at most {LONGEST_NUMBER} digits"
            )
            return None
        try:
            return read(node.value)
        except (ValueError, ArithmeticError):
            self.complain(node, key, repr(node.value), f"a value of the kind {node.tag.removeprefix(TAG)}")
            return None

    def mapping(self, node: yaml.MappingNode, key: str, depth: int) -> dict[Any, Any]:
        tree: dict[Any, Any] = {}
        seen: dict[str, int] = {}
        for name_node, item in node.value:
            name = self.name(name_node, key)
            if name is None:
                continue
            dotted = f"{key}.{name}" if key else str(name)
            line = name_node.start_mark.line + 1
            if str(name) in seen:
                found = f"given twice, first on line {seen[str(name)]}"
                self.complain(name_node, dotted, found, "each key once")
                continue
            self.lines[dotted] = seen[str(name)] = line
            tree[name] = self.value(item, dotted, depth + 1)
        return tree

    def name(self, node: yaml.Node, key: str) -> str | int | None:
        name = self.scalar(node, key) if isinstance(node, yaml.ScalarNode) else None
        if isinstance(name, str | int) and not isinstance(name, bool):
            return name
        self.complain(
            node, key, "a key that is neither a text nor a whole number", "keys as in the reference"
        )
        return None


def read_document(content: bytes, source: str) -> Document:
    """Return a YAML file's values; what is wrong is in ``problems``, and then values may be missing."""
    reading = _Reading(source)
    tree = _tree(content, reading)
    digest = hashlib.sha256(content).hexdigest()
    return Document(source, tree, reading.lines, tuple(reading.problems), digest)


def _tree(content: bytes, reading: _Reading) -> Mapping[Any, Any]:
    node = _compose(content, reading)
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        reading.complain(node, "", "no mapping at the top", "keys such as `workforce:`, one a line")
        return {}
    try:
        return reading.mapping(node, "", 0)
    except (_Excess, RecursionError):
        bounds = f"at most {MOST_NODES} values, {DEEPEST} levels deep, aliases unfolded"
        reading.problems.append(Problem(reading.source, "too many values or levels", bounds))
        return {}


def _compose(content: bytes, reading: _Reading) -> yaml.Node | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x}, which is not UTF-8"
        problem = Problem(f"{reading.source}:{line}", found, "UTF-8", "save the file as UTF-8")
        reading.problems.append(problem)
        return None
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        found = f"no valid YAML: {error.problem or error.context or 'unreadable'}"
        reading.problems.append(Problem(f"{reading.source}:{line}", found, "YAML with spaces for indents"))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        found = f"no valid YAML: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
        reading.problems.append(Problem(reading.source, found, "YAML with spaces for indents"))
    return None


def read_value(text: str, source: str) -> tuple[Any, tuple[Problem, ...]]:
    """Return the value that a text stands for in YAML, and what is wrong with it."""
    reading = _Reading(source)
    node = _compose(text.encode(), reading)
    try:
        value = None if node is None else reading.value(node, "", 0)
    except (_Excess, RecursionError):
        value = None
        reading.problems.append(Problem(source, "too many values or levels", "a plain value"))
    return value, tuple(reading.problems)
