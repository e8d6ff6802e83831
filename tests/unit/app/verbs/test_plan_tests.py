"""``planwise test-plan``: one run or many, as a table, as JSON, as a workbook, with and without names."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest

from simulation.census import generate_census
from simulation.compliance import TESTS
from tests.commands import Planwise, commands
from tests.stores import make_stores

YEARS = (2025, 2026)


@pytest.fixture
def test_plan(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Planwise:
    """Run the verb in a directory of its own."""
    monkeypatch.chdir(tmp_path)
    return commands(capsys, "test-plan")


@pytest.fixture(scope="session")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of two runs of one scenario."""
    out = tmp_path_factory.mktemp("tested")
    make_stores(out, seeds=[1, 2], years=YEARS, census=generate_census(120, seed=7))
    return out


@pytest.fixture
def store(tested: Path) -> Path:
    return tested / "baseline" / "seed_1.duckdb"


def test_the_table_has_every_test_of_every_year(test_plan: Planwise, store: Path) -> None:
    ended = test_plan(store)
    assert ended.code == 0
    for words in ("Actual deferral percentage", "Top-heavy", "2025", "2026", "pass", "margin", "why"):
        assert words in ended.out


def test_the_document_says_each_outcome_with_its_figures(test_plan: Planwise, store: Path) -> None:
    verdicts = test_plan(store, "--json").document
    assert {verdict["test"] for verdict in verdicts} == set(TESTS)
    assert {verdict["year"] for verdict in verdicts} == set(YEARS)
    assert all(verdict["outcome"] in {"pass", "fail", "not_applicable"} for verdict in verdicts)
    assert all(verdict["reason"] and verdict["section"] for verdict in verdicts)
    (limit,) = (one for one in verdicts if (one["test"], one["year"]) == ("402g", 2025))
    assert limit["figures"][0] == {"title": "Limit", "unit": "dollars", "value": 23_500}
    assert limit["figures"][1]["unit"] == "people"


def test_only_one_year_is_tested_as_it_would_be_among_all(test_plan: Planwise, store: Path) -> None:
    one, every = (test_plan(store, *year, "--json").document for year in (("--year", "2026"), ()))
    assert one == [verdict for verdict in every if verdict["year"] == 2026]


@pytest.mark.parametrize("place", ["baseline/seed_1.duckdb", "."], ids=["one run", "many"])
def test_a_year_outside_of_the_runs_is_refused(test_plan: Planwise, tested: Path, place: str) -> None:
    ended = test_plan(tested / place, "--year", "2031")
    assert ended.code == 2
    assert "2031" in ended.error
    assert "2025 to 2026" in ended.error


def test_many_runs_give_probabilities_with_their_intervals(test_plan: Planwise, tested: Path) -> None:
    rates = test_plan(tested, "--year", "2026", "--json").document
    assert {rate["test"] for rate in rates} == set(TESTS)
    for rate in rates:
        assert (rate["runs"], rate["year"]) == (2, 2026)
        if not rate["applies"]:
            continue
        assert 0 <= rate["probability_low"] <= rate["probability"] <= rate["probability_high"] <= 1
        assert rate["probability"] == rate["failed"] / rate["runs"]
    shown = test_plan(tested, "--year", "2026").out
    assert "P(fail)" in shown
    assert "2025" not in shown


def test_a_test_that_applies_to_no_run_has_no_probability_but_a_reason(
    test_plan: Planwise, tested: Path
) -> None:
    rates = test_plan(tested, "--year", "2026", "--json").document
    (never,) = (rate for rate in rates if rate["test"] == "automatic_enrollment")
    assert (never["runs"], never["applies"], never["failed"]) == (2, 0, 0)
    assert "established before 29 December 2022" in never["reason"]
    for name in ("probability", "probability_low", "probability_high", "mean_refunds", "mean_cost"):
        assert never[name] is None
    shown = test_plan(tested, "--year", "2026").out
    (line,) = (line for line in shown.splitlines() if "Mandatory automatic enrolment" in line)
    assert "does not apply" in line
    assert "%" not in line
    (always,) = (rate for rate in rates if rate["test"] == "402g")
    assert (always["applies"], always["reason"]) == (2, None)


def test_a_directory_without_stores_is_refused(test_plan: Planwise, tmp_path: Path) -> None:
    ended = test_plan(tmp_path)
    assert ended.code == 2
    assert "no sealed store of a run here" in ended.error


@pytest.mark.parametrize("keep", ["summary", "lifecycle"])
def test_a_store_that_kept_too_little_is_refused_with_what_to_do(
    test_plan: Planwise, tmp_path: Path, keep: str
) -> None:
    (run,) = make_stores(tmp_path, years=(2025, 2025), values={"output.keep": keep})
    for place in (run.store, tmp_path):
        ended = test_plan(place)
        assert ended.code == 2
        assert "run it again with output.keep: full" in ended.error


def test_a_scenario_without_a_plan_has_nothing_to_test(test_plan: Planwise, tmp_path: Path) -> None:
    (run,) = make_stores(tmp_path, years=(2025, 2025), values={"plan.enabled": False})
    ended = test_plan(run.store)
    assert ended.code == 0
    assert "no plan: there is nothing to test" in ended.error
    assert test_plan(run.store, "--json").document == []
    many = test_plan(tmp_path)
    assert (many.code, "baseline has no plan" in many.error) == (0, True)


def test_a_workbook_has_a_sheet_a_test_with_numbers_and_no_formula(
    test_plan: Planwise, store: Path, tmp_path: Path
) -> None:
    ended = test_plan(store, "--year", "2026", "--export", "new/tests.xlsx")
    assert ended.code == 0
    assert "wrote new/tests.xlsx" in ended.error
    path = tmp_path / "new" / "tests.xlsx"
    overview = pl.read_excel(path, sheet_name="Overview", read_options={"header_row": 2})
    assert overview["Year"].to_list() == [2026] * overview.height
    assert overview["Refunds, $"].dtype.is_numeric()
    assert set(overview["Test"]) < set(pl.read_excel(path, sheet_id=0, has_header=False)) | {""}
    with zipfile.ZipFile(path) as book:
        assert all(b"<f>" not in book.read(name) for name in book.namelist() if "worksheets" in name)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--export", "tests.csv"), "a path that ends in .xlsx"),
        (("--key", "secret"), "given without --anonymize"),
    ],
)
def test_what_would_not_be_done_is_refused(
    test_plan: Planwise, store: Path, tmp_path: Path, arguments: tuple[str, str], said: str
) -> None:
    ended = test_plan(store, *arguments)
    assert ended.code == 2
    assert said in ended.error
    assert list(tmp_path.iterdir()) == []


def test_a_directory_of_runs_has_no_one_workbook(test_plan: Planwise, tested: Path) -> None:
    ended = test_plan(tested, "--export", "tests.xlsx")
    assert ended.code == 2
    assert "name one run's store" in ended.error


def test_a_place_that_cannot_be_written_to_is_said(test_plan: Planwise, store: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = test_plan(store, "--export", "file/tests.xlsx")
    assert ended.code == 1
    assert "choose a place that you may write to" in ended.error


def people(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as book:
        texts = pl.Series([book.read("xl/sharedStrings.xml").decode()])
    return set(texts.str.extract_all(r"<t>[A-Z][0-9a-f]+(?:-L\d-\d+)?</t>").explode().drop_nulls())


def test_anonymised_tests_name_nobody_and_the_key_makes_the_same_names(
    test_plan: Planwise, store: Path, tmp_path: Path
) -> None:
    for name, key in (("a", "k"), ("b", "k"), ("c", "other")):
        assert test_plan(store, "--export", f"{name}.xlsx", "--anonymize", "--key", key).code == 0
    named, (first, same, other) = generate_census(120, seed=7).frame["employee_id"], (
        people(tmp_path / f"{name}.xlsx") for name in "abc"
    )  # fmt: skip
    assert all(person.startswith("<t>P") for person in first)
    assert not {f"<t>{person}</t>" for person in named} & first
    assert (first == same, len(first) == len(other), first & other) == (True, True, set())


def test_small_numbers_of_people_are_withheld_from_the_document(test_plan: Planwise, store: Path) -> None:
    plain = test_plan(store, "--json").document
    hidden = test_plan(store, "--json", "--anonymize").document
    pairs = [
        (before, after)
        for one, other in zip(plain, hidden, strict=True)
        for before, after in zip(one["figures"], other["figures"], strict=True)
        if before["unit"] == "people"
    ]
    small = [after for before, after in pairs if 0 < before["value"] < 5]
    assert small
    assert all((after["value"], after["below"]) == (None, 5) for after in small)
    assert all(before == after for before, after in pairs if not 0 < before["value"] < 5)
