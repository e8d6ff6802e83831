"""A Chromium is found, installed or asked for: never silently missing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import chromium

OPENS_PAGES = "#!/bin/sh\necho '<html><head></head><body></body></html>'\n"
STUB = "#!/bin/sh\necho 'this command needs a snap to be installed' >&2\nexit 1\n"


@pytest.fixture
def give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Make a machine without a browser; the returned function puts a command on its PATH."""
    folder = tmp_path / "commands"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    monkeypatch.setattr(chromium, "fetched_by_playwright", lambda: None)
    monkeypatch.setattr(chromium, "INSTALLERS", ())
    monkeypatch.setattr(chromium, "RECORD", tmp_path / "chromium-path")

    def put(name: str, source: str) -> str:
        command = folder / name
        command.write_text(source, encoding="utf-8")
        command.chmod(0o755)
        return str(command)

    return put


@pytest.mark.parametrize("name", chromium.NAMES)
def test_a_browser_on_the_path_is_found(give: Callable[[str, str], str], name: str) -> None:
    found = give(name, OPENS_PAGES)
    assert chromium.get() == found


def test_a_stub_that_only_has_the_name_is_passed_over(give: Callable[[str, str], str]) -> None:
    give("chromium-browser", STUB)
    found = give("google-chrome", OPENS_PAGES)
    assert chromium.get() == found


def test_the_named_browser_goes_before_all_others(
    give: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give("chromium", OPENS_PAGES)
    monkeypatch.setenv(chromium.VARIABLE, own := give("mine", OPENS_PAGES))
    assert chromium.get() == chromium.ready() == own


def test_a_named_browser_that_does_not_work_is_an_error(
    give: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give("chromium", OPENS_PAGES)
    monkeypatch.setenv(chromium.VARIABLE, give("mine", STUB))
    with pytest.raises(chromium.NoChromiumError, match="mine does not start"):
        chromium.get()


def test_the_installers_are_tried_in_turn_until_one_helps(
    give: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def in_vain() -> None:
        tried.append("in vain")

    def helps() -> None:
        tried.append("helps")
        give("chromium", OPENS_PAGES)

    monkeypatch.setattr(chromium, "INSTALLERS", (in_vain, helps, in_vain))
    assert chromium.get().endswith("/chromium")
    assert tried == ["in vain", "helps"]


@pytest.mark.usefixtures("give")
@pytest.mark.parametrize("ask", [chromium.get, chromium.ready])
def test_without_any_browser_the_error_says_what_to_do(ask: Callable[[], str]) -> None:
    with pytest.raises(chromium.NoChromiumError, match="apt install chromium"):
        ask()


def test_make_test_stops_without_a_browser(
    give: Callable[[str, str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    give("chromium", STUB)
    assert chromium.main() == 1
    assert "make test-fast" in capsys.readouterr().err


def test_the_browser_is_recorded_for_the_tests(give: Callable[[str, str], str]) -> None:
    found = give("google-chrome", OPENS_PAGES)
    assert chromium.main() == 0
    assert chromium.ready() == found


def test_a_recorded_browser_that_is_gone_is_looked_for_again(
    give: Callable[[str, str], str], tmp_path: Path
) -> None:
    (tmp_path / "chromium-path").write_text("/gone/chromium\n", encoding="utf-8")
    found = give("chromium", OPENS_PAGES)
    assert chromium.ready() == found


@pytest.mark.parametrize(("user", "calls"), [(0, ["update -qq", "install -y -qq"]), (1000, [])])
def test_apt_is_used_by_root_alone(
    give: Callable[[str, str], str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    user: int,
    calls: list[str],
) -> None:
    give("apt-get", f'#!/bin/sh\necho "$*" >>{tmp_path}/calls\n')
    monkeypatch.setattr(os, "geteuid", lambda: user)
    chromium.install_with_apt()
    asked = (tmp_path / "calls").read_text(encoding="utf-8").splitlines() if calls else []
    assert [line[: len(call)] for line, call in zip(asked, calls, strict=True)] == calls
    assert (tmp_path / "calls").exists() == bool(calls)
