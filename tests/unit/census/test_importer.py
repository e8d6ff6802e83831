"""The import as a whole: a good file comes in, a bad one is refused with everything that is wrong with it."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.census import generate_census, import_census, read_census
from simulation.census.mapping import check_mapping, load_mapping
from simulation.errors import CensusError
from tests.unit.census.conftest import Row, Write, as_csv, rows_of

FIVE_COLUMNS = {"employee_id", "birth_date", "hire_date", "job_level", "department"}


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(CensusError) as error:
        import_census(path, **({"out": None} | options))
    return str(error.value)


# ------------------------------------------------------------------------------------------ good files


def test_a_good_file_becomes_a_census(write: Write, tmp_path: Path) -> None:
    report = import_census(write(rows_of(3)), out=tmp_path / "census.parquet")
    row = report.census.frame.row(0, named=True)
    assert row["employee_id"] == "A001"
    assert row["birth_date"] == date(1980, 5, 17)
    assert (row["compensation_cents"], row["scheduled_hours"], row["job_level"]) == (6_800_000, 2080, 2)
    assert (row["employee_class"], row["ownership_bp"], row["deferral_bp"]) == ("regular", 0, None)
    assert read_census(tmp_path / "census.parquet").digest == report.census.digest
    assert sorted(path.name for path in tmp_path.iterdir()) == ["census.parquet", "staff.csv"]


def test_the_report_tells_everything_and_is_plain_json(write: Write, tmp_path: Path) -> None:
    told = import_census(write(rows_of(3)), out=tmp_path / "census.parquet").as_dict()
    assert json.loads(json.dumps(told)) == told
    assert (told["rows_read"], told["rows_accepted"], told["rows_rejected"], told["rows_skipped"]) == (
        3,
        3,
        0,
        0,
    )
    assert told["facts"] == {"format": "CSV", "encoding": "UTF-8", "separator": "comma"}
    assert (told["as_of"], told["as_of_reason"]) == (
        "2015-12-31",
        "the end of the year of the latest hire, 2015-03-01",
    )
    assert {match["field"]: match["score"] for match in told["mapping"]}["hire_date"] == 100
    assert "set to their defaults: employee_class, ownership" in told["notes"][-1]
    assert "no deferral elections: nobody starts as a participant" in told["notes"][-2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_change_nothing(write: Write, encoding: str, delimiter: str) -> None:
    rows = rows_of(3, department="Büro, Süd; «Zürich»")
    plain = import_census(write(rows, "plain.csv"), out=None)
    other = import_census(write(as_csv(rows, delimiter), encoding=encoding), out=None)
    assert other.census.digest == plain.census.digest


@pytest.mark.parametrize(
    ("birth", "hire"),
    [
        ("05/17/1980", "03/01/2015"),
        ("17/05/1980", "01/03/2015"),
        ("17.05.1980", "01.03.2015"),
        ("29358", "42064"),
        ("17-May-1980", "1 March 2015"),
    ],
)
def test_the_style_of_dates_changes_nothing(write: Write, birth: str, hire: str) -> None:
    plain = import_census(write(rows_of(3)), out=None)
    other = import_census(write(rows_of(3, birth_date=birth, hire_date=hire)), out=None)
    assert other.census.digest == plain.census.digest


@pytest.mark.parametrize("pay", ["68000", "$68,000.00", "68.000,00", "68 000,00", "68000,00 €", "USD 68,000"])
def test_the_dress_of_money_changes_nothing(write: Write, pay: str) -> None:
    plain = import_census(write(rows_of(3)), out=None)
    other = import_census(write(rows_of(3, compensation=pay)), out=None)
    assert other.census.digest == plain.census.digest


def test_a_workbook_with_real_dates_and_numbers_is_the_same_census(write: Write, write_xlsx: Write) -> None:
    plain = import_census(write(rows_of(3)), out=None)
    cells: list[list[Any]] = [
        [f"A{number:03d}", date(1980, 5, 17), 42064, 2, "Finance", 68000.0, 1.0] for number in (1, 2, 3)
    ]
    header = ["Emp No", "DOB", "Hire Date", "Grade", "Dept", "Base Salary", "FTE"]
    report = import_census(write_xlsx({"Notes": [["hello"]], "Staff": [[], header, *cells]}), out=None)
    assert report.census.digest == plain.census.digest
    assert report.facts == {"format": "XLSX", "sheet": "Staff"}


def test_a_workbook_that_mixes_dates_and_texts_is_warned_of_swapped_days(write_xlsx: Write) -> None:
    header = ["Emp No", "DOB", "Hired", "Grade", "Dept", "Salary", "FTE"]
    rows: list[list[Any]] = [
        ["A1", date(1980, 5, 17), date(2015, 3, 1), 2, "Finance", 68000, 1],
        ["A2", date(1980, 5, 17), "31/03/2015", 2, "Finance", 68000, 1],
    ]
    notes = import_census(write_xlsx({"Staff": [header, *rows]}), out=None).notes
    assert any("may have swapped day and month" in note for note in notes)


def test_two_hundred_columns_are_no_trouble(write: Write) -> None:
    rows = [row | {f"extra {number}": "x" for number in range(193)} for row in rows_of(3)]
    assert (
        import_census(write(rows), out=None).census.digest
        == import_census(write(rows_of(3), "b.csv"), out=None).census.digest
    )


@settings(max_examples=20)
@given(st.permutations(range(12)))
def test_the_order_of_rows_means_nothing(tmp_path_factory: pytest.TempPathFactory, order: list[int]) -> None:
    folder = tmp_path_factory.mktemp("order")
    rows = [row | {"compensation": str(50_000 + 777 * number)} for number, row in enumerate(rows_of(12))]
    del_columns = ("employee_id", "job_level", "birth_date")
    lean = [{name: cell for name, cell in row.items() if name not in del_columns} for row in rows]
    rules = check_mapping(
        {
            "impute": {
                "employee_id": "row_content",
                "birth_date": "age_at_hire",
                "job_level": {"by": "pay_quantile", "shares": ["0.4", "0.3", "0.2", "0.05", "0.05"]},
            }
        },
        "map",
    )
    digests = set()
    for name, each in (("one", lean), ("other", [lean[index] for index in order])):
        path = folder / f"{name}.csv"
        path.write_text(as_csv(each), encoding="utf-8")
        digests.add(import_census(path, out=None, mapping=rules).census.digest)
    assert len(digests) == 1


@pytest.mark.parametrize("suffix", ["parquet", "csv", "xlsx"])
def test_an_exported_census_comes_back_the_same(tmp_path: Path, suffix: str) -> None:
    census = generate_census(200, seed=9)
    path = tmp_path / f"export.{suffix}"
    write = {"parquet": "write_parquet", "csv": "write_csv", "xlsx": "write_excel"}[suffix]
    getattr(census.frame, write)(path)
    assert import_census(path, out=None, as_of=census.as_of).census.digest == census.digest


# ------------------------------------------------------------------------------------------- bad files


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the census file is empty"),
        (b"employee_id\nA1\nA2\n", "one column, 'employee_id'"),
        (b"a,b\n", "a header (2 columns) and no rows"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "bytes that are no text"),
    ],
)
def test_a_file_without_a_census_is_refused(write: Write, content: bytes, message: str) -> None:
    assert message in refused(write(content))


def test_every_missing_column_is_asked_for_at_once(write: Write) -> None:
    told = refused(write("gender,date_first_hired,pay\nF,2015-03-01,52000\nM,2016-03-01,0\n"))
    assert "the columns of staff.csv are: gender, date_first_hired, pay" in told
    for field in ("employee_id", "birth_date", "job_level", "department", "scheduled_hours"):
        assert f"staff.csv, {field}: no column for {field}" in told
    assert "row 3, compensation: pay is not above zero: '0'" in told
    assert "is missing" not in told


def test_several_questions_come_together(write: Write) -> None:
    rows = rows_of(3, hire_date="03/04/2015", deferral_rate="600", compensation="52.125")
    rows[0]["compensation"] = "61000"
    told = refused(write(rows))
    assert "hire_date: day/month or month/day?" in told
    assert "deferral_rate: percent, fraction or basis points? found '600'" in told
    assert "compensation: is '52.125' in thousands or with three decimals?" in told


@pytest.mark.parametrize("deferral", ["600", "600.0", "1200"])
def test_a_deferral_that_could_be_percent_or_basis_points_is_a_question(write: Write, deferral: str) -> None:
    rows = rows_of(3, deferral_rate="6")
    rows[1]["deferral_rate"] = deferral
    told = refused(write(rows))
    assert f"deferral_rate: percent, fraction or basis points? found {deferral!r}" in told
    assert "say it in the map: `units: {deferral_rate: percent}` (or fraction, basis_points)" in told


def test_a_mapping_to_complete_is_drafted_beside_the_output(write: Write, tmp_path: Path) -> None:
    rows = [{"Emp No": f"A{number}", "Born": "1980-05-17", "Began": "2015-03-01"} for number in range(3)]
    told = refused(write(rows), out=tmp_path / "census.parquet")
    assert "a mapping to complete and pass with --map is in" in told
    draft = tmp_path / "census.map.yaml"
    assert load_mapping(draft).columns == {
        "employee_id": "Emp No",
        "birth_date": "Born",
        "hire_date": None,
        "job_level": None,
        "department": None,
        "compensation": None,
        "scheduled_hours": None,
    }
    assert (
        "# staff.csv, hire_date: no column for hire_date (first day of work); perhaps 'Began'"
        in draft.read_text()
    )


def test_a_draft_overwrites_no_mapping_and_is_not_made_for_one(write: Write, tmp_path: Path) -> None:
    draft = tmp_path / "census.map.yaml"
    path = write("gender,pay\nF,52000\nM,61000\n")
    refused(path, out=tmp_path / "census.parquet", mapping=write("seed: 1\n", "my.yaml"))
    assert not draft.exists()
    draft.write_text("# mine\n")
    assert "mapping to complete" not in refused(path, out=tmp_path / "census.parquet")
    assert draft.read_text() == "# mine\n"


def test_a_file_without_its_header_is_recognised(write: Write) -> None:
    told = refused(write("A1,1980-01-01,2010-01-01,50000\nA2,1981-01-01,2011-01-01,60000\n"))
    assert (
        "the first row looks like data: A1, 1980-01-01, 2010-01-01 …; allowed: a row of column names" in told
    )
    assert "is the header missing?" in told


def test_columns_that_are_not_used_are_said(write: Write) -> None:
    notes = import_census(write(rows_of(2, Gender="F", Floor="3")), out=None).notes
    assert "columns not used: Gender, Floor" in notes


def test_answers_in_a_mapping_settle_the_questions(write: Write) -> None:
    rows = rows_of(3, hire_date="03/04/2015", deferral_rate="600", compensation="52000.125")
    mapping = write("dates: {order: dmy}\nunits: {deferral_rate: basis_points}\n", "map.yaml")
    frame = import_census(write(rows), out=None, mapping=mapping).census.frame
    assert (frame["hire_date"][0], frame["deferral_bp"][0]) == (date(2015, 4, 3), 600)
    assert frame["compensation_cents"][0] == 5_200_013


def bad_rows() -> list[Row]:
    """Return 30 rows of which seven are bad, one of them twice over."""
    rows = rows_of(30)
    rows[4]["compensation"] = "=1+1"
    rows[9]["hire_date"] = "1990-01-01"
    rows[9]["job_level"] = "9"
    rows[14]["employee_id"] = "A021"
    rows[24]["birth_date"] = "2020-01-01"
    rows[29]["department"] = ""
    return rows


def test_one_bad_row_is_enough_to_write_nothing_but_the_rejects(write: Write, tmp_path: Path) -> None:
    out = tmp_path / "census.parquet"
    told = refused(write(bad_rows()), out=out)
    assert told.startswith("6 of 30 rows cannot be used, and no census was written; all of them")
    assert "census.rejects.csv; correct them, or leave them out with --accept-rejects" in told
    assert "staff.csv, rows 16, 22, employee_id: duplicate employee_id: 'A021'" in told
    assert "staff.csv, row 11, hire_date: hired before age 14: '1990-01-01'" in told
    assert not out.exists()
    with (tmp_path / "census.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rejects = {line["row"]: line for line in csv.DictReader(file)}
    assert list(rejects) == ["6", "11", "16", "22", "26", "31"]
    assert rejects["11"]["reasons"] == "job_level cannot be read: 9; hired before age 14: 1990-01-01"
    assert rejects["6"]["compensation"] == "'=1+1"


def test_good_rows_are_used_when_the_loss_is_accepted(write: Write, tmp_path: Path) -> None:
    report = import_census(write(bad_rows()), out=tmp_path / "census.parquet", accept_rejects=True)
    assert (report.rows_read, report.rows_accepted, report.rows_rejected) == (30, 24, 6)
    assert report.rejects == tmp_path / "census.rejects.csv"
    assert len(report.problems) == 6
    assert "A021" not in report.census.frame["employee_id"]


def test_a_file_of_bad_rows_only_is_refused_even_then(write: Write, tmp_path: Path) -> None:
    told = refused(write(rows_of(2, job_level="x")), out=tmp_path / "c.parquet", accept_rejects=True)
    assert "2 of 2 rows cannot be used" in told
    assert "no row is left" in told


def test_the_reject_file_of_an_earlier_try_goes_with_the_success(write: Write, tmp_path: Path) -> None:
    out = tmp_path / "census.parquet"
    refused(write(bad_rows()), out=out)
    import_census(write(rows_of(3)), out=out)
    assert not (tmp_path / "census.rejects.csv").exists()


def test_rejects_go_where_they_are_asked_to(write: Write, tmp_path: Path) -> None:
    refused(write(bad_rows()), out=tmp_path / "c.parquet", rejects=tmp_path / "bad.csv")
    assert (tmp_path / "bad.csv").exists()


@pytest.mark.parametrize("option", ["out", "rejects"])
def test_the_imported_file_is_never_overwritten(write: Write, tmp_path: Path, option: str) -> None:
    path = write(bad_rows())
    before = path.read_bytes()
    assert "it is the file that is imported" in refused(
        path, **({"out": tmp_path / "c.parquet"} | {option: path})
    )
    assert path.read_bytes() == before


# --------------------------------------------------------------------------------- dates and departures


def test_a_given_date_is_kept_and_later_hires_are_bad_rows(write: Write) -> None:
    assert import_census(write(rows_of(3)), out=None, as_of=date(2020, 6, 30)).census.as_of == date(
        2020, 6, 30
    )
    told = refused(write(rows_of(3)), as_of=date(2014, 12, 31))
    assert "hired after 2014-12-31: '2015-03-01'; allowed: until 2014-12-31; or give another --as-of" in told


def test_a_census_date_is_not_inferred_from_a_slip(write: Write) -> None:
    rows = rows_of(3)
    rows[1]["hire_date"] = "2051-03-01"
    told = refused(write(rows))
    assert "row 3, hire_date: the latest hire, 2051-03-01, is more than a year after the one before" in told
    assert "give the census date (`--as-of`)" in told


@pytest.fixture
def with_leavers(write: Write) -> Path:
    rows = rows_of(6, employment_status="A", termination_date="")
    rows[0]["employment_status"] = "Terminated"
    rows[1]["termination_date"] = "2015-06-30"
    rows[2] |= {"termination_date": "2016-02-01"}
    rows[3] |= {"termination_date": "2015-07-01", "employee_id": "A005", "birth_date": ""}
    return write(rows)


def test_former_employees_are_bad_rows_unless_left_out_on_purpose(with_leavers: Path) -> None:
    assert "rows 2, 3, 5, termination_date: former employee" in refused(with_leavers)
    report = import_census(with_leavers, out=None, mapping=check_mapping({"former_employees": "skip"}, "map"))
    assert (report.rows_accepted, report.rows_skipped, report.rows_rejected) == (3, 3, 0)
    assert report.census.frame["employee_id"].to_list() == ["A003", "A005", "A006"]


# -------------------------------------------------------------------------------------------- anonymity


def test_an_anonymous_import_carries_no_cell_that_names_a_person(write: Write, tmp_path: Path) -> None:
    rows = [row | {"Name": f"Zoë {row['employee_id']}"} for row in rows_of(5)]
    path = write(rows, "Zoë.csv", encoding="cp1252")
    out = tmp_path / "census.parquet"
    report = import_census(path, out=out, anonymize=True, key="secret")
    assert report.census.digest == import_census(path, out=None, anonymize=True, key="secret").census.digest
    stored = read_census(out)
    text = " ".join(
        [stored.source, *stored.notes, *stored.frame.select(pl.col(pl.String)).write_csv().split()]
    )
    assert not any(word in text for word in ("Zoë", "A00", "2015-03-01", "secret"))


# -------------------------------------------------------------------------------- reading without import


def test_a_foreign_file_without_questions_is_read_as_it_is(write: Write) -> None:
    census = read_census(write(rows_of(3)))
    assert (census.headcount, census.as_of, census.source) == (3, date(2015, 12, 31), "staff.csv")
    assert any("as of 2015-12-31" in note for note in census.notes)


def test_a_foreign_file_with_questions_is_sent_to_the_import(write: Write) -> None:
    with pytest.raises(CensusError, match=r"planwise census import staff.csv --out census.parquet") as error:
        read_census(write("gender,pay\nF,52000\nM,61000\n"))
    assert len(error.value.problems) == 6


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.dates(date(1960, 1, 1), date(1990, 12, 31)),
            st.dates(date(2010, 1, 1), date(2024, 12, 31)),
            st.decimals("1000", "9000000", places=2),
            st.sampled_from(["Sales", 'R&D "east"', "=HR", "Ünit; 5", "two  words"]),
        ),
        min_size=2,
        max_size=12,
    )
)
def test_what_is_written_in_any_style_is_read_exactly(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[date, date, Decimal, str]]
) -> None:
    rows = [
        {
            "Emp No": f"X-{number}",
            "DOB": f"{birth:%d-%b-%Y}",
            "Hired": f"{hire:%Y%m%d}",
            "Grade": "L3",
            "Dept": department,
            "Salary": f"$ {pay:,}",
            "FTE": "0.5",
        }
        for number, (birth, hire, pay, department) in enumerate(people)
    ]
    path = tmp_path_factory.mktemp("any") / "staff.csv"
    path.write_text(as_csv(rows), encoding="utf-8", newline="")
    frame = import_census(path, out=None, as_of=date(2024, 12, 31)).census.frame
    found = {row["employee_id"]: row for row in frame.iter_rows(named=True)}
    for number, (birth, hire, pay, department) in enumerate(people):
        row = found[f"X-{number}"]
        assert (row["birth_date"], row["hire_date"]) == (birth, hire)
        assert row["department"] == " ".join(department.split())
        assert row["compensation_cents"] == int(pay * 100)
        assert row["scheduled_hours"] == 1040
