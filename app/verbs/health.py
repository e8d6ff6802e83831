"""``planwise health``: tries each thing that an installation needs, and says what is missing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.verbs.options import DATA, Json
from app.verbs.printing import print_json, print_table

if TYPE_CHECKING:
    from simulation.sweep.survey import Machine

EXAMPLE: Final = "Example: planwise health --json"

_PACKAGES: Final = ("polars", "duckdb", "ray", "pydantic", "panel", "panel-material-ui", "holoviews", "bokeh")
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
_LEAST_MEMORY: Final = 2 * 2**30
_LEAST_DISK: Final = 1 * 2**30
_OLDEST_PYTHON: Final = (3, 11)


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found; an optional one fails nothing."""

    name: str
    ok: bool
    found: str
    hint: str = ""
    optional: bool = False


def health(
    *,
    data: Annotated[Path, typer.Option(metavar="DIR", help="The directory whose disk is checked.")] = DATA,
    address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="A running Ray cluster to ask machine by machine.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="How long Ray may take to answer.")] = 60.0,
    json: Json = False,
) -> None:
    """Check versions, cores, memory, disk, a run into DuckDB, Ray or a cluster, and (optional) a browser."""
    checks = [
        *_versions(),
        _cores(),
        _memory(),
        _disk(data),
        _timed("DuckDB write", _run_and_verify),
        *(
            _cluster(address, data, seconds)
            if address
            else [_timed("Ray start", lambda: _start_ray(seconds))]
        ),
        _browser(),
    ]
    ok = all(check.ok or check.optional for check in checks)
    if json:
        print_json({"ok": ok, "checks": [asdict(check) for check in checks]})
    else:
        rows = [
            (check.name, _verdict(check), check.found, "" if check.ok else check.hint) for check in checks
        ]
        print_table(["check", "", "found", "what to do"], rows)
    if not ok:
        raise typer.Exit(1)


def _verdict(check: Check) -> str:
    return "ok" if check.ok else "missing (optional)" if check.optional else "FAILED"


def _versions() -> list[Check]:
    import platform

    from simulation.version import DISTRIBUTION

    fits = sys.version_info >= _OLDEST_PYTHON
    python = Check("Python", fits, platform.python_version(), "" if fits else "install Python 3.11 or later")
    return [python, *(_package(name) for name in (DISTRIBUTION, *_PACKAGES))]


def _package(name: str) -> Check:
    from importlib.metadata import PackageNotFoundError, version

    from simulation.version import DISTRIBUTION

    try:
        return Check(name, ok=True, found=version(name))
    except PackageNotFoundError:
        # The program itself may run from a checkout; what it stands on has to be there.
        mine = name == DISTRIBUTION
        return Check(name, ok=False, found="not installed", hint="run `make install`", optional=mine)


def _cores() -> Check:
    from simulation.cores import cores

    return Check("cores", ok=True, found=str(cores()))


def _memory() -> Check:
    import psutil

    memory = psutil.virtual_memory()
    found = f"{memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GiB free"
    return Check("memory", memory.available >= _LEAST_MEMORY, found, "2 GiB should be free")


def _disk(data: Path) -> Check:
    import shutil

    there = _existing(data)
    free = shutil.disk_usage(there).free
    return Check(
        "disk", free >= _LEAST_DISK, f"{free / 2**30:.1f} GiB free at {there}", "1 GiB should be free"
    )


def _existing(data: Path) -> Path:
    """Return the directory, or the one above it that there is."""
    return next(path for path in [data.absolute(), *data.absolute().parents] if path.exists())


def _timed(name: str, trial: Callable[[], str]) -> Check:
    began = time.perf_counter()
    problem = trial()
    if problem:
        return Check(name, ok=False, found=problem.splitlines()[0], hint="set PLANWISE_DEBUG=1 for all of it")
    return Check(name, ok=True, found=f"{time.perf_counter() - began:.1f} s")


def _run_and_verify() -> str:
    """Simulate fifty people for a year, seal the store and verify it; return what went wrong."""
    import tempfile

    from simulation.census import generate_census
    from simulation.errors import PlanWiseError
    from simulation.parameters import load_scenario
    from simulation.sealing import simulate
    from simulation.store import verify

    try:
        with tempfile.TemporaryDirectory(prefix="planwise-health-") as directory:
            scenario = load_scenario("baseline", years=(2025, 2025))
            result = simulate(scenario, generate_census(50), seed=1, out=directory)
            return "" if verify(result.store).ok else "a store that was just written does not verify"
    except PlanWiseError as error:
        return str(error)


def _start_ray(seconds: float) -> str:
    """Start Ray and have a worker answer; return what went wrong."""
    return _apart("from simulation.sweep.trial import main; sys.exit(main())", [], seconds)[1]


def _cluster(address: str, data: Path, seconds: float) -> list[Check]:
    """Return what each machine of a cluster answers."""
    from simulation.sweep.survey import MACHINES

    code = "from simulation.sweep.survey import main; sys.exit(main(*sys.argv[1:]))"
    answer, problem = _apart(code, [address, str(_existing(data))], seconds)
    if problem:
        hint = "deploy/README.md says how a cluster is started"
        return [Check("Ray cluster", ok=False, found=problem.splitlines()[-1].strip(), hint=hint)]
    machines = MACHINES.validate_json(answer)
    cores = sum(machine.cores for machine in machines)
    whole = Check(
        "Ray cluster",
        ok=cores > 0,
        found=f"{len(machines)} machines with {cores} cores",
        hint="start machines with `ray start --address`",
    )
    hint = "install the same PlanWise on every machine of the cluster"
    return [whole, *(Check(f"machine {one.name}", not one.problem, _told(one), hint) for one in machines)]


def _told(machine: Machine) -> str:
    place = "sees the directory" if machine.sees_directory else "sends its stores back"
    return machine.problem or f"{machine.cores} cores, {place}"


def _apart(code: str, arguments: list[str], seconds: float) -> tuple[str, str]:
    """Run code in a process of its own, to be ended if Ray hangs; return output and what went wrong."""
    import subprocess

    command = [sys.executable, "-c", f"import sys; {code}", *arguments]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return "", f"no answer within {seconds:.0f} s"
    problem = ended.stderr.strip() or f"exit code {ended.returncode}"
    return ended.stdout, problem if ended.returncode else ""


def _browser() -> Check:
    import shutil

    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    hint = "" if found else "only the browser tests need Chromium"
    return Check("browser", found is not None, found or "no Chromium", hint, optional=True)
