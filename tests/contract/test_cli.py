"""What outside programs rely on: verbs, exit codes, one JSON document, no tracebacks."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import CENSUS_VERBS, CHECKPOINT_VERBS, RUN_VERBS, SCHEMA_VERBS, VERBS, main
from simulation.census import generate_census, write_census
from simulation.store import Batch
from simulation.year import YearRecord
from tests.commands import Planwise, commands

PROMISED = {
    "health", "validate", "simulate", "sweep", "batch", "compare", "snapshot", "history", "verify", "export",
    "report", "status", "serve",
}  # fmt: skip
GROUPS = {
    "census": CENSUS_VERBS, "checkpoints": CHECKPOINT_VERBS, "runs": RUN_VERBS, "schema": SCHEMA_VERBS,
}  # fmt: skip
HELP = [[verb.name] for verb in VERBS] + [
    [name, verb.name] for name, verbs in GROUPS.items() for verb in verbs
]
NO_RESULTS = (["serve"], ["schema", "events"])
"""What a server prints is no result, and a schema is JSON already."""


@pytest.fixture
def planwise(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planwise:
    """Return what runs a command in this process, in a directory of its own."""
    monkeypatch.chdir(tmp_path)
    return commands(capsys)


@pytest.fixture(scope="session")
def census(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_census(generate_census(60, seed=5), tmp_path_factory.mktemp("census") / "census.parquet")


@pytest.fixture(scope="session")
def swept(census: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a finished sweep of two scenarios and two seeds."""
    out = tmp_path_factory.mktemp("sweeps")
    arguments = [
        "--scenarios",
        "baseline",
        "high_growth",
        "--seeds",
        "1-2",
        "--years",
        "2025-2026",
        "--name",
        "s",
    ]
    assert main(["sweep", *arguments, "--census", str(census), "--out", str(out), "--workers", "1"]) == 0
    return out / "s"


def test_every_promised_verb_is_there() -> None:
    assert {verb.name for verb in VERBS} >= PROMISED
    assert {verb.name for verb in CENSUS_VERBS} == {"import", "generate"}


@pytest.mark.parametrize("verb", HELP, ids=" ".join)
def test_every_verb_has_help_with_an_example(planwise: Planwise, verb: list[str]) -> None:
    ended = planwise(*verb, "--help")
    assert ended.code == 0
    assert f"Example: planwise {' '.join(verb)}" in ended.out
    assert ended.error == ""


@pytest.mark.parametrize("verb", HELP, ids=" ".join)
def test_every_example_names_options_that_exist(planwise: Planwise, verb: list[str]) -> None:
    text = planwise(*verb, "--help").out
    description, _, example = text.partition("Example:")
    assert set(re.findall(r"--[a-z-]+", example)) <= set(re.findall(r"--[a-z-]+", description))


@pytest.mark.parametrize("verb", [verb for verb in HELP if verb not in NO_RESULTS], ids=" ".join)
def test_every_verb_that_prints_results_has_json(planwise: Planwise, verb: list[str]) -> None:
    assert "--json" in planwise(*verb, "--help").out


@pytest.mark.parametrize("verb", ["simulate", "sweep", "validate"])
def test_every_verb_that_takes_a_scenario_takes_settings(planwise: Planwise, verb: str) -> None:
    assert "--set KEY=VALUE" in planwise(verb, "--help").out


def test_schema_prints_one_document_or_writes_it(planwise: Planwise, tmp_path: Path) -> None:
    every, one = planwise("schema", "events"), planwise("schema", "events", "--type", "hire")
    assert every.code == one.code == 0
    assert set(one.document["$defs"]) == {"cause", "hire"} < set(every.document["$defs"])
    assert planwise("schema", "events", "--out", "new/events.json").code == 0
    assert json.loads((tmp_path / "new" / "events.json").read_text(encoding="utf-8")) == every.document


def test_schema_of_an_unknown_type_names_the_nearest(planwise: Planwise) -> None:
    ended = planwise("schema", "events", "--type", "enrolment")
    assert (ended.code, ended.out) == (2, "")
    assert "did you mean 'enrollment'?" in ended.error


def test_simulate_prints_one_document(planwise: Planwise, census: Path, tmp_path: Path) -> None:
    options = ["--census", census, "--years", "2025-2026", "--seed", "7", "--out", "out"]
    ended = planwise("simulate", "baseline", *options, "--json")
    assert ended.code == 0
    stated = ["store", "digest", "events", "seconds", "seed", "scenario", "summary", "warnings"]
    assert list(ended.document) == stated
    assert ended.document["store"] == str(tmp_path / "out" / "baseline" / "seed_7.duckdb")
    assert [year["year"] for year in ended.document["summary"]] == [2025, 2026]
    assert ended.document["summary"][0]["headcount_start"] == 60


def test_simulate_prints_the_path_of_the_store(planwise: Planwise, census: Path, tmp_path: Path) -> None:
    ended = planwise("simulate", "baseline", "--census", census, "--years", "2025", "--out", "out")
    assert ended.code == 0
    assert "headcount_end" in ended.out
    assert (tmp_path / ended.out.splitlines()[-1]).is_file()


def test_a_setting_changes_the_run_like_the_file_would(planwise: Planwise, census: Path) -> None:
    options = ["--census", census, "--years", "2025", "--json"]
    grown = planwise("simulate", "baseline", *options, "--set", "workforce.growth.rate=0.5").document
    assert grown["summary"][0]["headcount_end"] == 90


def test_sweep_prints_one_document_and_lines_of_progress(
    planwise: Planwise, census: Path, tmp_path: Path
) -> None:
    options = ["--seeds", "1-2", "--years", "2025", "--census", census, "--out", "out", "--workers", "1"]
    ended = planwise("sweep", "--scenarios", "baseline", "hiring_freeze", *options, "--json")
    assert ended.code == 0
    assert list(ended.document) == ["directory", "runs", "seconds", "startup_seconds"]
    assert ended.document["directory"] == str(tmp_path / "out" / "baseline_vs_hiring_freeze")
    runs = ended.document["runs"]
    assert [(run["scenario"], run["seed"], run["status"]) for run in runs] == [
        ("baseline", 1, "done"),
        ("baseline", 2, "done"),
        ("hiring_freeze", 1, "done"),
        ("hiring_freeze", 2, "done"),
    ]
    assert all(Path(run["store"]).is_file() and len(run["digest"]) == 64 for run in runs)
    assert [line.split()[0] for line in ended.error.splitlines()] == ["1/4", "2/4", "3/4", "4/4"]


def test_sweep_reads_a_file_and_the_command_line_wins(
    planwise: Planwise, census: Path, tmp_path: Path
) -> None:
    text = f"scenarios: [baseline]\nseeds: 1-9\nyears: 2025-2025\ncensus: {census}\n"
    (tmp_path / "night.yaml").write_text(text)
    ended = planwise("sweep", "night.yaml", "--seeds", "3", "--workers", "1", "--out", "out", "--json")
    assert [run["seed"] for run in ended.document["runs"]] == [3]
    again = planwise("sweep", "out/night", "--resume", "--seeds", "3-4", "--workers", "1", "--json")
    assert [(run["seed"], run["attempts"]) for run in again.document["runs"]] == [(3, 0), (4, 1)]


def test_sweep_goes_on_until_a_difference_is_known(planwise: Planwise, census: Path) -> None:
    options = ["--years", "2025", "--census", census, "--out", "out", "--workers", "1", "--max-seeds", "9"]
    wish = ["--until", "total_compensation", "--within", "99999999", "--between", "baseline", "high_growth"]
    ended = planwise(
        "sweep", "--scenarios", "baseline", "high_growth", "--name", "u", *wish, *options, "--json"
    )
    assert ended.code == 0
    (look,) = ended.document["looks"]
    assert (look["pairs"], look["decision"], look["needed"]) == (8, "known", 0)
    assert len(ended.document["runs"]) == 16
    assert "after 8 seeds" in ended.error.splitlines()[-1]
    assert "± 99,999,999.00 is reached" in ended.error.splitlines()[-1]
    assert "is reached" in planwise("status", "out").error


def test_a_dry_run_says_what_would_run_and_leaves_nothing(
    planwise: Planwise, census: Path, tmp_path: Path
) -> None:
    text = (
        f"scenarios: [baseline]\nseeds: 1-2\nyears: 2025-2025\ncensus: {census}\n"
        "design: {method: sobol, points: 16, levers: {workforce.growth.rate: {start: 0, stop: 6%}}}\n"
    )
    (tmp_path / "night.yaml").write_text(text)
    ended = planwise("sweep", "night.yaml", "--dry-run", "--out", "out")
    assert ended.code == 0
    assert "night: 16 scenarios × 2 seeds = 32 runs" in ended.out
    assert "and 6 more points" in ended.out
    assert "an estimate from baseline-p001, all 60 people" in ended.error
    document = planwise("sweep", "night.yaml", "--dry-run", "--out", "out", "--json").document
    assert (document["runs_total"], document["cost"]["runs"], len(document["points"])) == (32, 32, 16)
    assert document["disk_fits"] is True
    assert document["cost"]["seconds"] > 0
    assert [path.name for path in tmp_path.iterdir()] == ["night.yaml"]


def test_compare_prints_a_list_of_objects(planwise: Planwise, swept: Path) -> None:
    ended = planwise("compare", swept, "--metric", "hires", "headcount_end", "--json")
    assert ended.code == 0
    promised = {
        "metric", "year", "baseline", "scenario", "baseline_mean", "scenario_mean", "difference_mean",
        "difference_sd", "n", "ci_low", "ci_high", "p_greater",
    }  # fmt: skip
    assert all(promised <= set(row) for row in ended.document)
    assert {(row["metric"], row["year"], row["n"]) for row in ended.document} == {
        (metric, year, 2) for metric in ("hires", "headcount_end") for year in (2025, 2026)
    }


def test_compare_takes_stores_and_exports_a_workbook(planwise: Planwise, swept: Path, tmp_path: Path) -> None:
    stores = sorted(swept.rglob("seed_*.duckdb"))
    ended = planwise("compare", "--metric", "hires", *stores, "--export", "out/c.xlsx")
    assert ended.code == 0
    assert "high_growth" in ended.out
    assert (tmp_path / "out" / "c.xlsx").stat().st_size > 1000


def test_snapshot_shows_or_writes_the_workforce_of_a_day(
    planwise: Planwise, swept: Path, tmp_path: Path
) -> None:
    store = swept / "baseline" / "seed_1.duckdb"
    people = planwise("snapshot", store, "--as-of", "2025-06-30", "--json").document
    assert len({person["employee_id"] for person in people}) == len(people) > 30
    ended = planwise("snapshot", store, "--as-of", "2025-06-30", "--out", "june.csv")
    assert len((tmp_path / "june.csv").read_text().splitlines()) == len(people) + 1
    assert "june.csv" in ended.error


def test_snapshot_writes_all_accounts_on_many_dates_beside_the_store(
    planwise: Planwise, swept: Path, tmp_path: Path
) -> None:
    store = swept / "baseline" / "seed_1.duckdb"
    written = planwise(
        "snapshot", store, "--every", "month_end", "--out", "months.parquet", "--json"
    ).document
    assert Path(written["file"]).name == "months.parquet"
    assert written["rows"] > 24
    accounts = ("snapshot", store, "--as-of", "2026-05-17", "--accounts", "--json")
    assert planwise(*accounts, "--from", "months.parquet").document == planwise(*accounts).document


def test_history_tells_one_life_in_order(planwise: Planwise, swept: Path) -> None:
    store = swept / "baseline" / "seed_1.duckdb"
    someone = planwise("snapshot", store, "--as-of", "2026-12-31", "--json").document[0]["employee_id"]
    events = planwise("history", store, someone, "--json").document
    dates = [event["effective_date"] for event in events]
    assert events[0]["event_type"] in {"census", "hire"}
    assert dates == sorted(dates)


def test_verify_finds_a_sealed_store_as_it_was(planwise: Planwise, swept: Path) -> None:
    ended = planwise("verify", swept, "--json")
    assert ended.code == 0
    assert [report["ok"] for report in ended.document] == [True] * 4


def test_verify_goes_on_after_a_store_that_is_cut_in_half(
    planwise: Planwise, swept: Path, tmp_path: Path
) -> None:
    whole = swept / "baseline" / "seed_1.duckdb"
    content = whole.read_bytes()
    (tmp_path / "cut.duckdb").write_bytes(content[: len(content) // 2])
    ended = planwise("verify", "cut.duckdb", whole, "--json")
    assert ended.code == 2
    assert [report["ok"] for report in ended.document] == [False, True]
    assert "cut.duckdb" in ended.error


def test_status_lists_sweeps(planwise: Planwise, swept: Path) -> None:
    ended = planwise("status", swept.parent, "--json")
    assert [(one["name"], one["state"], one["runs_done"]) for one in ended.document] == [("s", "complete", 4)]
    assert "complete" in planwise("status", swept).out


@pytest.fixture
def half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planwise: Planwise, census: Path) -> list[str]:
    """Return the options of a run that was interrupted after its second year."""
    options = ["--years", "2025-2028", "--census", str(census), "--out", "data/runs", "--seed", "3"]
    monkeypatch.setenv("PLANWISE_DUCKDB_THREADS", "1")
    monkeypatch.setenv("PLANWISE_COMMIT_SECONDS", "0")

    def write(batch: Batch, telling: Callable[[], YearRecord]) -> None:
        record = telling()
        if record.year > 2026:
            raise KeyboardInterrupt
        usual(batch, lambda: record)

    with monkeypatch.context() as patch:
        usual = Batch.write_later
        patch.setattr(Batch, "write_later", write)
        ended = planwise("simulate", "baseline", *options)
    assert ended.code == 130
    assert "committed years stay for --resume" in ended.error
    return options


def test_half_done_runs_are_listed_with_what_resumes_them(
    planwise: Planwise, half_done: list[str], census: Path, tmp_path: Path
) -> None:
    (one,) = planwise("checkpoints", "list", "data", "--json").document
    assert (one["scenario"], one["seed"], one["year"], one["end_year"]) == ("baseline", 3, 2026, 2028)
    assert (one["resumable"], one["running"], one["obstacle"]) == (True, False, None)
    assert one["bytes"] > 0
    assert one["events"] > 60
    assert one["age_seconds"] >= 0
    assert str(tmp_path / "data" / "runs") in one["command"]
    assert half_done[1] in one["command"]

    ended = planwise("checkpoints", "list", "data")
    assert "2026 of 2025-2028" in ended.out
    assert ended.out.rstrip().endswith(f"{one['command']}")
    assert "can be resumed: 1" in planwise("status", "data").error

    _, *words = shlex.split(one["command"])
    resumed = planwise(*words, "--json")
    assert "going on after 2026" in resumed.error
    single = planwise("simulate", "baseline", *half_done[:4], "--out", "single", "--seed", "3", "--json")
    assert resumed.document["digest"] == single.document["digest"]
    assert resumed.document["summary"] == single.document["summary"]
    assert resumed.document["warnings"] == single.document["warnings"]
    assert planwise("checkpoints", "list", "data", "--json").document == []
    assert "no half-done runs in data" in planwise("checkpoints", "list", "data").error


@pytest.mark.usefixtures("half_done")
def test_a_half_done_run_of_another_census_cannot_be_resumed_and_says_why(
    planwise: Planwise, tmp_path: Path
) -> None:
    other = write_census(generate_census(61, seed=5), tmp_path / "other.parquet")
    (one,) = planwise("checkpoints", "list", "data", "--census", other, "--json").document
    assert not one["resumable"]
    assert one["obstacle"].startswith("another census (")
    ended = planwise("checkpoints", "list", "data", "--census", other)
    assert "no: another census" in ended.out
    assert "--resume" not in ended.out
    assert planwise("checkpoints", "list", "data", "--census", "gone.parquet").code == 2


def test_status_of_nothing_is_no_failure(planwise: Planwise) -> None:
    ended = planwise("status")
    assert (ended.code, ended.out) == (0, "")
    assert "no sweeps" in ended.error


def test_validate_says_all_there_is_to_say(planwise: Planwise, census: Path) -> None:
    settings = ("--set", "plan.deferral.roth_feature=false")
    ended = planwise("validate", "baseline", "plans/qaca", "--census", census, *settings, "--json")
    assert ended.code == 0
    assert ended.document["census"]["rows"] == 60
    assert [report["ok"] for report in ended.document["scenarios"]] == [True, True]
    assert any("IRC 414(v)(7)" in note for note in ended.document["scenarios"][1]["notes"])


def test_validate_refuses_an_unlawful_design_with_its_section(planwise: Planwise) -> None:
    ended = planwise("validate", "plans/qaca", "--set", "plan.vesting.match=cliff3", "--json")
    assert ended.code == 2
    (problem,) = ended.document["scenarios"][0]["problems"]
    assert "IRC 401(k)(13)(D)(iii)" in problem


def test_validate_counts_five_mistakes_as_five(planwise: Planwise, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(
        "extends: baseline\nworkforce:\n  growth: {rate: 9, mode: exactly}\n  promotoin: {}\n"
        "horizon: {start_year: soon}\ncompensation:\n  cola: {rate: lots}\n"
    )
    ended = planwise("validate", "bad.yaml", "--json")
    assert ended.code == 2
    assert len(ended.document["scenarios"][0]["problems"]) == 5


def test_validate_finds_what_only_shows_when_scenario_and_census_meet(
    planwise: Planwise, census: Path
) -> None:
    ended = planwise("validate", "baseline", "--census", census, "--years", "2020-2021")
    assert ended.code == 2
    assert "2025 or later" in ended.out


def test_a_census_is_made_and_read(planwise: Planwise, tmp_path: Path) -> None:
    made = planwise("census", "generate", "--employees", "30", "--out", "made.parquet", "--json").document
    assert (made["rows"], made["as_of"]) == (30, "2024-12-31")
    again = planwise("census", "generate", "--employees", "30", "--out", "again.parquet", "--json").document
    assert again["digest"] == made["digest"]
    text = (
        "employee_id,birth_date,hire_date,job_level,department,annual_pay,scheduled_hours\n"
        "A1,1980-01-31,2010-05-01,2,Sales,61000,2080\nA2,1990-07-04,2019-03-15,1,Sales,45000.50,1040\n"
    )
    (tmp_path / "payroll.csv").write_text(text)
    read = planwise(
        "census", "import", "payroll.csv", "--out", "read.parquet", "--as-of", "2024-12-31", "--json"
    )
    assert read.code == 0, read.error
    assert read.document["rows_accepted"] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("nonsense", "No such command"),
        ("simulate", "Missing argument"),
        ("simulate basline", "did you mean 'baseline'?"),
        ("simulate baseline --set workforce.growth.rat=1", "workforce.growth.rate"),
        ("simulate baseline --years 2029-2025", "2025-2029"),
        ("simulate baseline --census gone.parquet", "gone.parquet"),
        ("simulate baseline --seed -1", "--seed"),
        ("sweep", "--scenarios"),
        ("sweep --scenarios baseline --seeds 5-1", "runs backwards"),
        ("sweep gone.yaml", "gone.yaml"),
        ("sweep . ", "--resume"),
        ("sweep --scenarios baseline --name ../up", "letters, digits"),
        ("sweep --scenarios baseline --keep all", "keep"),
        ("sweep --scenarios baseline --seeds 5-1 --dry-run", "runs backwards"),
        ("sweep --scenarios baseline --within 5", "until.metric: is missing"),
        ("sweep --scenarios a b --until hirs --within 5", "did you mean 'hires'?"),
        ("sweep --scenarios baseline --until hires --within 5", "until.between: missing"),
        ("compare gone", "gone"),
        ("snapshot gone.duckdb --as-of 2025-12-31", "gone.duckdb"),
        ("snapshot gone.duckdb --as-of yesterday", "2025-12-31"),
        ("snapshot gone.duckdb", "one of --as-of and --every"),
        ("snapshot gone.duckdb --as-of 2025-12-31 --every weekly", "one of --as-of and --every"),
        ("snapshot gone.duckdb --every daily", "gone.duckdb"),
        ("snapshot gone.duckdb --as-of 2025-12-31 --from x.parquet", "--accounts --from FILE"),
        ("history gone.duckdb E1", "gone.duckdb"),
        ("verify gone.duckdb", "gone.duckdb"),
        ("validate gone", "gone"),
        ("census generate --employees 0 --out x.parquet", "--employees"),
        ("census import gone.csv --out x.parquet", "gone.csv"),
    ],
)
def test_bad_input_is_exit_code_2_and_says_what(planwise: Planwise, arguments: str, said: str) -> None:
    ended = planwise(*arguments.split())
    assert ended.code == 2
    assert said in ended.error + ended.out
    assert "Traceback" not in ended.error


def test_a_cluster_that_is_not_there_is_exit_code_1(planwise: Planwise, census: Path) -> None:
    options = ["--seeds", "1-2", "--census", census, "--address", "127.0.0.1:1"]
    ended = planwise("sweep", "--scenarios", "baseline", *options)
    assert ended.code == 1
    assert "ray start --head" in ended.error


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_of_ours_is_a_line_and_in_full_where_it_is_asked_for(
    planwise: Planwise, monkeypatch: pytest.MonkeyPatch, debug: bool
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("simulation.sweep.find_sweeps", broken)
    if debug:
        monkeypatch.setenv("PLANWISE_DEBUG", "1")
    ended = planwise("status")
    assert ended.code == 1
    assert "an unexpected error: ZeroDivisionError: a fault" in ended.error
    assert ("Traceback" in ended.error) is debug


def test_an_interrupt_is_said_and_exit_code_130(planwise: Planwise, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("simulation.sweep.find_sweeps", interrupted)
    ended = planwise("status")
    assert (ended.code, ended.error) == (130, "planwise: interrupted\n")


def test_serve_hands_its_options_on(planwise: Planwise, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: dict[str, object] = {}
    monkeypatch.setattr("app.main.serve", lambda **options: heard.update(options))
    assert planwise("serve", "--port", "0", "--data", "d", "--no-runner").code == 0
    assert heard == {"port": 0, "data": Path("d"), "address": "127.0.0.1", "runner": False, "show": False}


def test_the_command_starts_as_a_process_and_tells_its_version() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "app", "--version"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"planwise [\w.]+\+src\.[0-9a-f]{12}\n", ended.stdout)


INTERRUPTED_AS_IT_LOADS = """
import sys
class Impatient:
    def find_spec(self, name, *_):
        if name == "app.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
from app.__main__ import console
console()
"""


def test_a_command_that_is_interrupted_as_it_loads_says_so() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AS_IT_LOADS], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (130, "planwise: interrupted\n")


def test_a_run_says_nothing_but_its_own_words(census: Path, tmp_path: Path) -> None:
    asked = ["simulate", "baseline", "--years", "2025-2025", "--census", str(census), "--out", str(tmp_path)]
    ended = subprocess.run(
        [Path(sys.executable).with_name("planwise"), *asked, "--json"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.stderr == ""
    assert json.loads(ended.stdout)["scenario"] == "baseline"


def test_a_reader_that_has_seen_enough_is_no_failure(census: Path) -> None:
    asked = f"{Path(sys.executable).with_name('planwise')} validate baseline --census {census} | true"
    ended = subprocess.run(asked, shell=True, check=True, capture_output=True, text=True)
    assert "Traceback" not in ended.stderr
    assert "BrokenPipe" not in ended.stderr


def test_export_writes_a_workbook_or_files_and_replaces_its_own(
    planwise: Planwise, swept: Path, tmp_path: Path
) -> None:
    store = swept / "baseline" / "seed_1.duckdb"
    assert planwise("export", store, "--out", tmp_path / "run.xlsx").code == 0
    assert (tmp_path / "run.xlsx").stat().st_size > 0
    for _ in range(2):
        assert planwise("export", store, "--format", "csv", "--out", tmp_path / "files").code == 0
    assert (tmp_path / "files" / "fct_year_summary.csv").exists()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("kind", "out", "said"),
    [("excel", "run.xls", "a path that ends in .xlsx"), ("csv", ".", "holds something else")],
)
def test_export_refuses_a_place_that_is_not_its_own(
    planwise: Planwise, swept: Path, tmp_path: Path, kind: str, out: str, said: str
) -> None:
    store = swept / "baseline" / "seed_1.duckdb"
    ended = planwise("export", store, "--format", kind, "--out", tmp_path / out)
    assert ended.code == 2
    assert said in ended.error


def test_batch_makes_a_folder_a_scenario_and_a_report(
    planwise: Planwise, census: Path, tmp_path: Path
) -> None:
    asked = ["--scenarios", "baseline", "high_growth", "--years", "2025-2026", "--seed", "7"]
    ended = planwise("batch", *asked, "--census", census, "--out", tmp_path / "out", "--json")
    assert ended.code == 0
    for name in ("baseline", "high_growth"):
        assert {path.name for path in (tmp_path / "out" / name).iterdir()} == {
            "seed_7.duckdb",
            f"{name}.xlsx",
        }
    assert ended.document["report"] == str(tmp_path / "out" / "comparison_report.xlsx")
    assert (tmp_path / "out" / "comparison_report.xlsx").exists()


def test_batch_refuses_one_folder_for_two(planwise: Planwise, census: Path) -> None:
    ended = planwise("batch", "--scenarios", "baseline", "baseline", "--census", census)
    assert ended.code == 2
    assert "'baseline' more than once" in ended.error


def test_warnings_are_told_in_words_as_json_and_by_verify(planwise: Planwise, census: Path) -> None:
    strict = ["--set", "quality.drift.deferral_psi=0", "--set", "workforce.termination.total_rate=60%"]
    run = ["simulate", "baseline", "--census", census, "--years", "2025-2025", *strict]
    told = planwise(*run).error
    ended = planwise(*run, "--json")
    found = ended.document["warnings"]
    assert found
    assert {"year", "gate", "value", "threshold", "detail"} <= set(found[0])
    assert all(f"warning: data quality, {row['year']}: {row['gate']} " in told for row in found)
    (verdict,) = planwise("verify", ended.document["store"], "--json").document
    assert (verdict["ok"], len(verdict["warnings"])) == (True, len(found))
