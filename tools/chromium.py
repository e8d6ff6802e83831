"""Find the Chromium that the browser tests drive, or get one: ``python -m tools.chromium``.

``make test`` calls it before pytest, so that a missing browser stops the run with what to do instead of
skipping tests. Tests ask ``ready()`` for the path. Knows nothing of PlanWise itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VARIABLE: Final = "PLANWISE_CHROMIUM"
RECORD: Final = Path(sys.prefix) / "chromium-path"
"""Beside the environment that found it: ``.venv/chromium-path``."""
PROBE_SECONDS: Final = 60

WHAT_TO_DO: Final = f"""the browser tests need a Chromium, and none was found or could be installed.
  Debian:          apt install chromium
  Ubuntu:          .venv/bin/playwright install --with-deps chromium
  elsewhere:       .venv/bin/playwright install chromium
  one you have:    make test {VARIABLE}=/path/to/chrome
Tests without a browser: make test-fast"""


class NoChromiumError(Exception):
    """There is no Chromium that starts, and none could be installed."""


def works(candidate: str | Path) -> bool:
    """Tell whether the command opens a page without a screen; a stub or missing libraries fail here."""
    page = [str(candidate), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank"]
    try:
        done = subprocess.run(page, capture_output=True, timeout=PROBE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"<html" in done.stdout


def candidates(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Yield what may be a Chromium: the one named by the environment alone, else those on the PATH."""
    if named := environment.get(VARIABLE):
        yield named
        return
    for name in NAMES:
        if found := shutil.which(name, path=environment.get("PATH")):
            yield found
    if fetched := fetched_by_playwright():
        yield fetched


def fetched_by_playwright() -> str | None:
    """Return the path of the Chromium that Playwright downloaded, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_with_apt() -> None:
    """Install the distribution's Chromium where that can be done: as root, with apt."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("planwise: installing chromium for the browser tests (apt-get)")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    subprocess.run(install, check=False, env=quiet, stdout=subprocess.DEVNULL)


def install_with_playwright() -> None:
    """Let Playwright download its own Chromium, with the system's libraries where that can be done."""
    print("planwise: downloading a Chromium for the browser tests (playwright)")
    libraries = ["--with-deps"] if os.geteuid() == 0 else []
    subprocess.run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"], check=False)


INSTALLERS: Final[tuple[Callable[[], None], ...]] = (install_with_apt, install_with_playwright)


def find() -> str | None:
    """Return the first candidate that works."""
    return next((each for each in candidates() if works(each)), None)


def get() -> str:
    """Return a Chromium that works, installing one where none does.

    Raises:
        NoChromiumError: with what to do, when none works and none could be installed; also when the one
            that the environment names does not work, because nothing else was asked for.
    """
    if found := find():
        return found
    if named := os.environ.get(VARIABLE):
        raise NoChromiumError(f"{VARIABLE}={named} does not start or open a page")
    for install in INSTALLERS:
        install()
        if found := find():
            return found
    raise NoChromiumError(WHAT_TO_DO)


def ready() -> str:
    """Return the Chromium to drive: the recorded one while it is there, else one that is found now.

    This is what tests call. It never installs anything; ``make test`` has done that before.

    Raises:
        NoChromiumError: with what to do, when there is none.
    """
    if named := os.environ.get(VARIABLE):
        return named
    if RECORD.exists() and Path(recorded := RECORD.read_text(encoding="utf-8").strip()).exists():
        return recorded
    if found := find():
        return found
    raise NoChromiumError(WHAT_TO_DO)


def main() -> int:
    """Make sure of a Chromium and record where it is; return the exit code."""
    try:
        found = get()
    except NoChromiumError as error:
        print(f"planwise: {error}", file=sys.stderr)
        return 1
    RECORD.write_text(found + "\n", encoding="utf-8")
    print(f"planwise: browser tests use {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
