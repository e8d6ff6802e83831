"""A report as one page of HTML that needs nothing else: no script, no network, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import singledispatch
from itertools import groupby
from pathlib import Path
from typing import Final

from markupsafe import Markup

from simulation.export.report.blocks import (
    Block,
    Bullets,
    Column,
    Commands,
    Document,
    Facts,
    Figure,
    Notice,
    Section,
    Table,
    Text,
)
from simulation.export.report.digests import is_digest
from simulation.export.report.svg import svg

STYLE: Final = Path(__file__).with_name("report.css")

_PAGE: Final = Markup(
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="only light">\n'
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    '<header><h1>{title}</h1><p class="line">{line}</p>\n<nav aria-label="Contents"><ol>{contents}</ol></nav>'
    "</header>\n<main>\n{sections}</main>\n</body>\n</html>\n"
)


def html(document: Document) -> str:
    """Return the page."""
    contents = _joined(
        Markup('<li><a href="#{}">{}</a></li>').format(part.key, part.title) for part in document.sections
    )
    return _PAGE.format(
        title=document.title,
        style=Markup(STYLE.read_text(encoding="utf-8")),  # noqa: S704  our own file
        line=document.line,
        contents=contents,
        sections=_joined(map(_section, document.sections)),
    )


def _section(section: Section) -> Markup:
    kind = Markup(' class="new-page"') if section.new_page else ""
    return Markup('<section id="{}"{}>\n<h2>{}</h2>\n{}</section>\n').format(
        section.key, kind, section.title, _joined(map(_block, _keyed(section)))
    )


def _keyed(section: Section) -> Iterator[Block | Markup]:
    for number, block in enumerate(section.blocks):
        yield _figure(block, f"{section.key}-{number}") if isinstance(block, Figure) else block


@singledispatch
def _block(block: Block | Markup) -> Markup:
    raise TypeError(f"no way to write {block!r}")


@_block.register
def _(block: Markup) -> Markup:
    return block


@_block.register
def _(block: Text) -> Markup:
    return Markup("<p>{}</p>\n").format(block.text)


@_block.register
def _(block: Bullets) -> Markup:
    return Markup("<ul>{}</ul>\n").format(_joined(Markup("<li>{}</li>").format(item) for item in block.items))


@_block.register
def _(block: Notice) -> Markup:
    return Markup('<p class="notice" role="note"><strong>Note.</strong> {}</p>\n').format(block.text)


@_block.register
def _(block: Facts) -> Markup:
    rows = (Markup("<dt>{}</dt><dd>{}</dd>").format(name, _cell(value)) for name, value in block.rows)
    return Markup("<dl>{}</dl>\n").format(_joined(rows))


@_block.register
def _(block: Commands) -> Markup:
    return Markup("<pre>{}</pre>\n").format("\n".join(block.lines))


@_block.register
def _(block: Table) -> Markup:
    heads = _joined(
        Markup('<th scope="col"{}>{}</th>').format(_kind(column), column.title) for column in block.columns
    )
    groups = (list(rows) for _, rows in groupby(block.rows, key=lambda row: row[0]))
    body = _joined(_group(block.columns, rows) for rows in groups)
    return Markup(
        '<div class="scroll"><table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
        "</div>\n"
    ).format(block.caption, heads, body)


def _group(columns: tuple[Column, ...], rows: list[tuple[str, ...]]) -> Markup:
    """Return rows whose first cells are one: it stands once, over all of them."""
    return _joined(_row(columns, row, len(rows) if number == 0 else 0) for number, row in enumerate(rows))


def _row(columns: tuple[Column, ...], row: tuple[str, ...], spans: int) -> Markup:
    head = Markup('<th scope="{}"{}>{}</th>').format(
        "rowgroup" if spans > 1 else "row", Markup(' rowspan="{}"').format(spans) if spans > 1 else "", row[0]
    )
    cells = _joined(
        Markup("<td{}>{}</td>").format(_kind(column), _cell(cell))
        for column, cell in zip(columns[1:], row[1:], strict=True)
    )
    kind = Markup(' class="first"') if spans else ""
    return Markup("<tr{}>{}{}</tr>\n").format(kind, head if spans else "", cells)


def _figure(block: Figure, key: str) -> Markup:
    return Markup("<figure><h3>{}</h3>{}<figcaption>{}</figcaption></figure>\n").format(
        block.picture.title, svg(block.picture, key), block.caption
    )


def _cell(text: str) -> Markup | str:
    return Markup('<span class="digest">{}</span>').format(text) if is_digest(text) else text


def _kind(column: Column) -> Markup:
    return Markup(' class="number"') if column.is_number else Markup("")


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
