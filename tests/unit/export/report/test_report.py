"""A report says what the stores hold, to the cent, claims no more than they show, and runs nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from simulation.errors import QueryError
from simulation.export.report import Asked, Document, document, html, write_pdf
from simulation.export.report.blocks import Column, Section, Table, Text
from simulation.export.report.facts import MOST_SCENARIOS
from simulation.export.report.fonts import legible
from simulation.export.report.pdf import SIZES
from simulation.export.report.written import difference, interval, number, to_the_cent
from simulation.metrics import BY_NAME, METRICS
from simulation.query import compare, open_sweep
from simulation.query.index import Index
from simulation.query.sweep import Sweep
from tests.unit.export.report.conftest import text_of

HOSTILE = "</title><script>alert('x')</script><b onmouseover=\"y()\">&amp; 人 <para>"


def tables(report: Document, key: str) -> list[Table]:
    section = next(part for part in report.sections if part.key == key)
    return [block for block in section.blocks if isinstance(block, Table)]


def words(report: Document, key: str = "") -> str:
    return " ".join(str(part.blocks) for part in report.sections if key in {"", part.key})


def one_seed(runs: Path, tmp_path: Path) -> Sweep:
    return open_sweep([runs / name / "seed_1.duckdb" for name in ("baseline", "high_growth")])


def test_every_value_is_the_mean_of_the_stores_to_the_cent(runs: Path, told: Asked) -> None:
    sweep = open_sweep(runs)
    shown = {
        (name, row[0], int(column.title)): cell
        for name, table in zip(
            ("baseline", "high_growth"), tables(document(sweep, told), "values"), strict=True
        )
        for row in table.rows
        for column, cell in zip(table.columns[1:], row[1:], strict=True)
    }
    expected: dict[tuple[str, str, int], list[Decimal | None]] = {}
    for scenario in ("baseline", "high_growth"):
        for seed in (1, 2, 3):
            with sweep.open(scenario, seed) as store:
                for year, metric, value in store.sql(
                    "SELECT simulation_year, metric, value FROM fct_year_summary"
                ).iter_rows():
                    expected.setdefault((scenario, metric, year), []).append(value)
    assert len(shown) == 2 * 2 * len(METRICS)
    for (scenario, name, year), values in expected.items():
        known = [value for value in values if value is not None]
        mean = sum(known, Decimal(0)) / len(known) if known else None
        metric = BY_NAME[name]
        assert shown[scenario, metric.title, year] == to_the_cent(mean, metric.unit)


def test_the_headline_has_the_differences_and_intervals_of_compare(runs: Path, told: Asked) -> None:
    sweep = open_sweep(runs)
    (table,) = tables(document(sweep, told), "headline")
    found = compare(sweep).filter(pl.col("year") == 2026)
    titles = [column.title for column in table.columns]
    for row in (dict(zip(titles, cells, strict=True)) for cells in table.rows if cells[1] == "high_growth"):
        metric = next(metric for metric in METRICS if metric.title == row["Metric"])
        said = found.filter(metric=metric.name).row(0, named=True)
        assert row["Mean"] == number(said["scenario_mean"], metric.unit)
        assert row["Difference"] == difference(said["difference_mean"], metric.unit)
        assert row["95 % interval"] == interval(said["ci_low"], said["ci_high"], metric.unit)
        assert row["Pairs"] == "3"


def test_it_says_who_asked_what_of_which_census_and_how_to_do_it_again(runs: Path, told: Asked) -> None:
    sweep = open_sweep(runs)
    report = document(sweep, told)
    with sweep.open("baseline", 1) as store:
        manifest = store.manifest
    said = words(report)
    for known in (manifest.census_digest, manifest.digest, manifest.scenario_digest, manifest.code_version,
                  f"{manifest.user} on {manifest.host}", "Ann Lee", "2026-03-04 05:06 UTC",
        "planwise sweep --seeds 1-3",
                  "workforce.growth.rate", "60 people", "IRC 401(k)(3)"):  # fmt: skip
        assert known in said
    assert set(sweep.runs["digest"]) <= set(re.findall(r"[0-9a-f]{64}", said))


def test_one_seed_claims_no_interval_in_any_section(runs: Path, told: Asked, tmp_path: Path) -> None:
    sweep = one_seed(runs, tmp_path)
    report = document(sweep, told)
    heads = {
        column.title
        for part in report.sections
        for table in tables(report, part.key)
        for column in table.columns
    }
    assert "95 % interval" not in heads
    assert "no interval is given" in words(report, "headline")
    assert "chance cannot be seen" in words(report, "figures")
    assert "(95 % interval" not in words(report)


def test_one_scenario_is_told_without_a_comparison(runs: Path, told: Asked) -> None:
    report = document(open_sweep(runs / "baseline"), told)
    assert "nothing to compare" in words(report, "headline")
    assert "Middle 80 % of seeds, 2026" in words(report, "headline")
    with pytest.raises(QueryError, match="there is no such scenario"):
        document(open_sweep(runs / "baseline"), told, baseline="high_growth")


def test_scenarios_without_a_common_seed_are_told_side_by_side(runs: Path, told: Asked) -> None:
    sweep = open_sweep([runs / "baseline" / "seed_1.duckdb", runs / "high_growth" / "seed_2.duckdb"])
    report = document(sweep, told)
    assert "shares a seed" in words(report, "headline")
    assert {row[1] for row in tables(report, "headline")[0].rows} == {"baseline", "high_growth"}


@pytest.mark.parametrize(("is_running", "said"), [(True, "still running"), (False, "not finished")])
def test_an_unfinished_sweep_says_so_and_what_is_missing(
    runs: Path, told: Asked, *, is_running: bool, said: str
) -> None:
    lacking = replace(
        told, runs_asked=8, is_running=is_running, missing=(("low", 1), ("low", 2)),
        failed={("low", 2): "the worker was killed"},
    )  # fmt: skip
    asked = words(document(open_sweep(runs), lacking), "asked")
    assert f"This sweep is {said}: 6 of 8 runs are done" in asked
    assert "low seed 1, low seed 2" in asked
    assert "low seed 2: the worker was killed" in asked


def test_what_was_not_tested_is_not_passed(runs: Path, told: Asked, tmp_path: Path) -> None:
    assert "were not asked for" in words(document(open_sweep(runs), told, with_tests=False), "verdicts")


def test_more_scenarios_than_anybody_reads_are_left_out_and_that_is_said(runs: Path, told: Asked) -> None:
    one = open_sweep(runs).index.frame.filter(scenario_id="high_growth")
    many = [one.with_columns(scenario_id=pl.lit(f"point_{at:02}")) for at in range(MOST_SCENARIOS)]
    frame = pl.concat([open_sweep(runs / "baseline").index.frame, *many])
    report = document(Sweep(Index(frame)), told, with_tests=False)
    said = words(report, "asked")
    assert "1 scenario more were run" in said
    assert f"{3 * (MOST_SCENARIOS + 1)} runs" in said
    assert len(tables(report, "values")) == MOST_SCENARIOS


class Page(HTMLParser):
    """What a browser makes of a page: its tags, its attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def hostile(runs: Path) -> Sweep:
    """Return the runs, one scenario with a name that no scenario file could have."""
    frame = open_sweep(runs / "baseline").index.frame
    mine = open_sweep(runs / "high_growth").index.frame.with_columns(scenario_id=pl.lit(HOSTILE))
    return Sweep(Index(pl.concat([frame, mine])))


def test_hostile_names_are_text_in_html(runs: Path, told: Asked) -> None:
    report = document(hostile(runs), replace(told, title=HOSTILE, made_by=HOSTILE, commands=(HOSTILE,)))
    page = Page(html(report))
    assert not page.tags & {"script", "b", "para", "link", "img", "iframe"}
    assert not [name for name in page.attributes if name.startswith("on")]
    assert sum(HOSTILE in said for said in page.said) > 10


def test_the_page_needs_nothing_from_elsewhere(runs: Path, told: Asked) -> None:
    text = html(document(open_sweep(runs), told))
    assert not re.search(r"https?:|//[a-z]|url\(|@import|src=", text)
    assert "default-src 'none'" in text
    assert text.count("<svg") == text.count('role="img"') == text.count("</desc>") == 4
    assert "@media print" in text


def test_hostile_names_are_text_in_pdf_and_missing_letters_are_named(
    runs: Path, told: Asked, tmp_path: Path
) -> None:
    path = tmp_path / "report.pdf"
    write_pdf(document(hostile(runs), replace(told, title=HOSTILE, commands=(HOSTILE,))), path)
    said = text_of(path)
    assert "<script>alert('x')</script>" in said
    assert "[U+4EBA]" in said
    assert "/JavaScript" not in str(PdfReader(path).trailer["/Root"])


def test_the_pdf_says_what_the_page_says(runs: Path, told: Asked, tmp_path: Path) -> None:
    sweep, path = open_sweep(runs), tmp_path / "report.pdf"
    report = document(sweep, told)
    write_pdf(report, path)
    said, page = text_of(path).replace(" ", ""), "".join(Page(html(report)).said).replace(" ", "")
    for part in report.sections:
        assert part.title.replace(" ", "") in said
        for table in tables(report, part.key):
            for row in table.rows:
                assert all(legible(cell).replace(" ", "") in said for cell in row)
                assert all(cell.replace(" ", "").replace(" ", "") in page.replace(" ", "") for cell in row)
    outline = [entry.title for entry in PdfReader(path).outline if isinstance(entry, Destination)]
    assert outline == [part.title for part in report.sections]


@pytest.mark.parametrize("paper", SIZES)
def test_pages_have_the_size_of_their_sheet_and_are_numbered(
    runs: Path, told: Asked, tmp_path: Path, paper: str
) -> None:
    path, again = tmp_path / "report.pdf", tmp_path / "again.pdf"
    report = document(open_sweep(runs), told)
    write_pdf(report, path, paper)
    write_pdf(report, again, paper)
    pages = PdfReader(path).pages
    for page in pages:
        assert [float(side) for side in page.mediabox[2:]] == pytest.approx(SIZES[paper], abs=0.01)
    assert all(
        f"{number} of {len(pages)}" in page.extract_text() for number, page in enumerate(pages, start=1)
    )
    assert path.read_bytes() == again.read_bytes()


def test_a_table_wider_and_longer_than_a_page_is_printed_whole(tmp_path: Path) -> None:
    columns = (Column("Name"), Column("Text"), *(Column(str(year), is_number=True) for year in range(8)))
    rows = tuple((f"row {at}", "word " * 60, *("$123,456,789.01",) * 8) for at in range(60))
    report = Document("T", "l", (Section("s", "S", (Text("x" * 5_000), Table("c", columns, rows))),))
    write_pdf(report, tmp_path / "r.pdf")
    said = text_of(tmp_path / "r.pdf").replace(" ", "")
    assert said.count("row59") == 1
    assert said.count("x" * 50) >= 90
