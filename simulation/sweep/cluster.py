"""A Ray to work on: one of our own for the length of a sweep, one that runs elsewhere, or one already joined.

Knows how Ray is started, reached and left; nothing of tasks. Everything here imports Ray inside functions.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import psutil

import simulation
from simulation.errors import ClusterError, Problem

REACH_SECONDS: Final = 5.0
JOIN_SECONDS: Final = 30.0
OBJECT_STORE_BYTES: Final = 256 * 2**20
"""The census and the parameters are tens of megabytes; Ray's default is a third of the machine's memory."""

_DIRECTORY_PREFIX: Final = "planwise-ray-"

ONE_THREAD: Final = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "PLANWISE_DUCKDB_THREADS": "1"}
"""A worker is one core's worth: its libraries must not each take the whole machine."""


@contextlib.contextmanager
def cluster(workers: int, address: str | None = None) -> Iterator[int]:
    """Yield how many runs fit at once on a Ray that this process has joined; leave it afterwards.

    A Ray that the process is part of already is used and not left: whoever joined it leaves it.

    Raises:
        ClusterError: Ray does not start, or nothing answers at the address.
    """
    if _joined_already():
        yield _capacity()
    elif address:
        with environment({}), _signals_kept(), _left_afterwards():
            _join(address)
            yield _capacity()
    else:
        with _own_directory() as directory, environment(_embedded_environment()), _left_afterwards():
            _start(workers, directory)
            yield workers


def _start(workers: int, directory: Path) -> None:
    """Start Ray on this machine, reachable from this machine only.

    Its processes end with the thread that started them, so that not even kill -9 leaves one behind.
    """
    ray = _quiet_ray()
    options: dict[str, Any] = {
        "num_cpus": workers,
        "include_dashboard": False,
        "log_to_driver": False,
        "configure_logging": False,
        "object_store_memory": OBJECT_STORE_BYTES,
        "runtime_env": {"env_vars": ONE_THREAD},
        "_temp_dir": str(directory),
    }
    try:
        with _signals_kept():
            ray.init(address="local", **options)
    except Exception as error:
        hint = "`planwise health` tries each part; `--workers 1` runs without Ray"
        problem = Problem("Ray", _first_line(error), hint=hint)
        raise ClusterError("Ray did not start on this machine", problems=[problem]) from error


def _join(address: str) -> None:
    """Join a cluster, but do not wait for one that is not there.

    Ray itself tries for minutes: so the port is knocked at first,
    and a cluster that accepts and never answers is left to a thread that nobody waits for.
    """
    if address != "auto":
        _knock(address)
    failure: list[BaseException] = []
    joined = threading.Event()
    threading.Thread(target=_try_to_join, args=(address, failure, joined), daemon=True).start()
    if not joined.wait(JOIN_SECONDS):
        raise _no_cluster(address, f"no answer within {JOIN_SECONDS:.0f} s")
    if failure:
        raise _no_cluster(address, _first_line(failure[0])) from failure[0]


def _try_to_join(address: str, failure: list[BaseException], joined: threading.Event) -> None:
    # A checkout that the machines of the cluster share needs no installation there.
    settings = {**ONE_THREAD, "PYTHONPATH": f"{_source()}{os.pathsep}${{PYTHONPATH}}"}
    try:
        _quiet_ray().init(
            address=address,
            log_to_driver=False,
            configure_logging=False,
            runtime_env={"env_vars": settings},
        )
    except BaseException as error:  # noqa: BLE001 (it is raised again in the thread that waits)
        failure.append(error)
    joined.set()


def _quiet_ray() -> Any:
    """Return Ray as the environment now wants it.

    Its remarks are for its developers: what matters comes back as errors. It reads how to authenticate when
    it is imported, and keeps that for the next cluster, which may have another key: it is told to read again.
    """
    import ray

    logging.getLogger("ray").setLevel(logging.CRITICAL)
    with contextlib.suppress(ImportError, AttributeError):  # no public way: Ray without it needs none
        from ray._raylet import AuthenticationTokenLoader, Config  # type: ignore[attr-defined]  # compiled

        Config.initialize("")
        AuthenticationTokenLoader.instance().reset_cache()
    return ray


def _source() -> Path:
    """Return where `import simulation` finds this program."""
    return Path(simulation.__file__).parents[1]


def _knock(address: str) -> None:
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        raise _no_cluster(address, "this is no host:port")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=REACH_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise _no_cluster(address, getattr(error, "strerror", None) or str(error)) from error


def _no_cluster(address: str, found: str) -> ClusterError:
    problem = Problem(
        address,
        found,
        allowed="the host:port of a running Ray head, or auto for one on this machine",
        hint="start one with `ray start --head`, or leave --address away to use this machine",
    )
    return ClusterError("no Ray cluster can be reached", problems=[problem])


def _joined_already() -> bool:
    """Return whether this process is on a Ray, without importing Ray: it reads its settings when imported."""
    ray = sys.modules.get("ray")
    return ray is not None and ray.is_initialized()


def cores() -> float:
    """Return how many cores the cluster that this process has joined offers to workers now."""
    import ray

    return float(ray.cluster_resources().get("CPU", 0.0))


def _capacity() -> int:
    return max(1, int(cores()))


@contextlib.contextmanager
def _left_afterwards() -> Iterator[None]:
    import ray

    try:
        yield
    finally:
        ray.shutdown()


@contextlib.contextmanager
def _own_directory() -> Iterator[Path]:
    """Yield a directory for Ray's sockets and logs: short, as a socket's path has at most 107 characters."""
    root = Path(tempfile.gettempdir())
    if len(str(root)) > len("/var/folders/xx"):
        root = Path("/tmp")  # noqa: S108 (mkdtemp makes a private directory in it)
    _remove_orphans(root)
    directory = Path(tempfile.mkdtemp(prefix=f"{_DIRECTORY_PREFIX}{os.getpid()}-", dir=root))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _remove_orphans(root: Path) -> None:
    """Remove the directories of processes that were killed before they could."""
    for directory in root.glob(f"{_DIRECTORY_PREFIX}*"):
        pid = directory.name.removeprefix(_DIRECTORY_PREFIX).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(directory, ignore_errors=True)


def _embedded_environment() -> Mapping[str, str]:
    """Return what Ray and its workers are to find in their environment.

    The token keeps other users of the machine from running code through our ports; the last variable is
    Ray's only way to listen on the loopback device alone.
    """
    return {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(_source()), os.environ.get("PYTHONPATH")])),
    }


@contextlib.contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables, and put all as it was: Ray adds some of its own, even another debugger."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


@contextlib.contextmanager
def _signals_kept() -> Iterator[None]:
    """Keep the handlers of whoever called: Ray takes SIGTERM for itself."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
