from __future__ import annotations

import hashlib
import struct
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest

from simulation import ledger
from simulation.events import EVENT_TYPES
from simulation.ledger import Cells, Content, Digest, chain, digest, identify, opening
from simulation.lexicon import Lexicon

RUN = b"0123456789abcdef"

FRAME = pl.DataFrame(
    {
        "employee_id": ["E1", "E2", "Zoë"],
        "effective_date": [date(2025, 1, 1), date(1969, 12, 31), None],
        "job_level": pl.Series([1, None, 5], dtype=pl.Int8),
        "amount_cents": [100, -1, 2**60],
        "cause_draw": [0.25, None, -0.0],
        "year_of_service": [True, None, False],
        "seed": pl.Series([0, 2**64 - 1, 1], dtype=pl.UInt64),
        "value": pl.Series([Decimal("1.5"), None, Decimal(-2)], dtype=pl.Decimal(28, 8)),
    }
)

KNOWN_DIGEST = "ffbe8eff2af327c729704334b91e78d515c8f99a490a8d28816713b8b5f491b8"

CHANGES: dict[str, Any] = {
    "employee_id": "E3",
    "effective_date": date(2025, 1, 2),
    "job_level": 2,
    "amount_cents": 101,
    "cause_draw": 0.2500000001,
    "year_of_service": False,
    "seed": 3,
    "value": Decimal("1.50000001"),
}


def by_hand(frame: pl.DataFrame) -> bytes:
    """Return the digest as the docstring of ``ledger.digest`` describes it, cell by cell."""
    kinds = {
        pl.String: ("text", None),
        pl.Date: ("date", "<i"),
        pl.Int8: ("int8", "<b"),
        pl.Int64: ("int64", "<q"),
        pl.UInt64: ("uint64", "<Q"),
        pl.Float64: ("float64", "<d"),
        pl.Boolean: ("bool", "<B"),
        pl.Decimal: ("decimal", None),
    }
    digester = hashlib.sha256()
    for column in frame.iter_columns():
        kind, layout = kinds[column.dtype.base_type()]
        cells = column.to_physical().to_list() if column.dtype == pl.Date else column.to_list()
        empty = sum(cell is None for cell in cells)
        digester.update(f"{column.name}:{kind}:{len(cells)}:{empty}\n".encode())
        if empty:
            bits = sum(1 << place for place, cell in enumerate(cells) if cell is None)
            if empty == len(cells):
                continue
            digester.update(bits.to_bytes((len(cells) + 7) // 8, "little"))
        if layout:
            for cell in cells:
                digester.update(struct.pack(layout, cell or 0 if cell is None else cell))
        else:
            places = ".8f" if kind == "decimal" else ""
            texts = ["" if cell is None else format(cell, places) for cell in cells]
            encoded = [text.encode() for text in texts]
            digester.update(b"".join(struct.pack("<I", len(text)) for text in encoded))
            digester.update(b"".join(encoded))
    return digester.digest()


def test_the_digest_is_what_its_description_says() -> None:
    assert digest(FRAME) == Digest(3, by_hand(FRAME))


def test_the_digest_is_the_same_forever() -> None:
    assert digest(FRAME).value.hex() == KNOWN_DIGEST


@pytest.mark.parametrize("column", FRAME.columns)
def test_a_changed_cell_changes_the_digest(column: str) -> None:
    changed = FRAME.with_columns(FRAME[column].scatter(0, CHANGES[column]))
    assert digest(changed).value != digest(FRAME).value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["ab", "c"], ["a", "bc"]),
        ([None, "a"], ["", "a"]),
        ([None, 1], [0, 1]),
        ([None, 0.5], [0.0, 0.5]),
        ([None, True], [False, True]),
        (pl.Series([None], dtype=pl.Int64), pl.Series([None], dtype=pl.Int32)),
        (pl.Series([None], dtype=pl.Int64), pl.Series([0])),
    ],
)
def test_cells_that_look_alike_have_other_digests(one: Any, other: Any) -> None:
    assert digest(pl.DataFrame({"x": one})) != digest(pl.DataFrame({"x": other}))


def test_a_renamed_column_changes_the_digest() -> None:
    assert digest(FRAME) != digest(FRAME.rename({"value": "worth"}))


def test_the_digest_does_not_depend_on_how_a_frame_lies_in_memory() -> None:
    pieces = pl.concat([FRAME[:1], FRAME[1:]], rechunk=False)
    sliced = pl.concat([FRAME, FRAME, FRAME])[3:6]
    assert digest(pieces) == digest(sliced) == digest(FRAME)


def test_a_frame_without_rows_has_a_digest() -> None:
    assert digest(FRAME.clear()).rows == 0
    assert digest(FRAME.clear()) != digest(FRAME.clear().rename({"value": "worth"}))


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_ids_and_digests_cover_every_column_but_the_seed(event_type: str) -> None:
    covered = ledger.canonical_columns(event_type)
    own = {column.name for column in EVENT_TYPES[event_type].columns}
    assert "seed" not in covered
    assert own | {"event_sequence", "phase", "simulation_year", "cause_draw", "amount_cents"} <= set(covered)


class TestChain:
    one, two = Digest(2, b"\x01" * 32), Digest(3, b"\x02" * 32)

    def test_depends_on_all_that_it_is_made_of(self) -> None:
        links = {
            chain(opening(RUN), 2025, {"hire": self.one, "raise": self.two}),
            chain(opening(RUN[::-1]), 2025, {"hire": self.one, "raise": self.two}),
            chain(opening(RUN), 2026, {"hire": self.one, "raise": self.two}),
            chain(opening(RUN), 2025, {"hire": self.two, "raise": self.one}),
            chain(opening(RUN), 2025, {"hire": self.one}),
        }
        assert len(links) == 5

    def test_does_not_depend_on_the_order_or_on_types_without_events(self) -> None:
        plain = chain(opening(RUN), 2025, {"hire": self.one, "raise": self.two})
        assert plain == chain(
            opening(RUN), 2025, {"raise": self.two, "loan": Digest(0, b"?"), "hire": self.one}
        )


def content_of(frame: pl.DataFrame) -> Content:
    cells, lexicons = [], []
    for column in frame.drop("value").iter_columns():
        lexicon = Lexicon() if column.dtype == pl.String else None
        cells.append(Cells.of(column if lexicon is None else lexicon.codes([column])[0]))
        lexicons.append(lexicon)
    return Content(cells, lexicons, 0, frame.height)


def ids_of(frame: pl.DataFrame, run: bytes = RUN) -> list[tuple[int, int]]:
    (ids,) = identify(run, [content_of(frame)])
    return [(int(high), int(low)) for high, low in ids]


class TestIds:
    def test_are_uuids_of_version_8(self) -> None:
        for high, low in ids_of(FRAME):
            assert high >> 12 & 0xF == 8
            assert low >> 62 == 0b10

    @pytest.mark.parametrize("column", [name for name in FRAME.columns if name != "value"])
    def test_a_changed_cell_changes_its_event_only(self, column: str) -> None:
        changed = ids_of(FRAME.with_columns(FRAME[column].scatter(0, CHANGES[column])))
        assert [new == old for new, old in zip(changed, ids_of(FRAME), strict=True)] == [False, True, True]

    def test_are_of_the_run(self) -> None:
        assert not set(ids_of(FRAME)) & set(ids_of(FRAME, RUN[::-1]))

    def test_do_not_depend_on_the_other_events(self) -> None:
        assert ids_of(FRAME[1:]) == ids_of(FRAME)[1:]

    @pytest.mark.parametrize("block", [1, 2, 4, 100])
    def test_do_not_depend_on_other_tables_or_on_blocks(
        self, block: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wide, narrow, part = content_of(FRAME), content_of(FRAME.select("seed", "value")), content_of(FRAME)
        alone = [identify(RUN, [table])[0] for table in (narrow, wide)]
        monkeypatch.setattr(ledger, "_BLOCK", block)
        found = identify(RUN, [narrow, wide, part._replace(first=1, end=2)])
        for one, other in zip(found, [*alone, alone[1][1:2]], strict=True):
            assert np.array_equal(one, other)

    def test_nothing_has_no_ids(self) -> None:
        assert identify(RUN, []) == []
        assert len(identify(RUN, [content_of(FRAME.clear())])[0]) == 0

    def test_null_is_no_value(self) -> None:
        words = Cells.of(pl.Series([None, 0])).words(slice(0, 2))
        assert words[0] != words[1]
