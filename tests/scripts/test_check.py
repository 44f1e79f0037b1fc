"""`./run check` says which check failed, and fails with it."""

import sys

import pytest

from scripts import check

pytestmark = pytest.mark.process


def test_it_passes_when_each_check_passes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(check, "CHECKS", {"one": (sys.executable, "-c", "print('quiet')")})
    assert check.main() == 0
    assert capsys.readouterr().out.startswith("Passed  one (")


def test_a_failed_check_shows_its_output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    failing = (sys.executable, "-c", "print('on stdout'); raise SystemExit('on stderr')")
    monkeypatch.setattr(check, "CHECKS", {"one": (sys.executable, "-c", ""), "two": failing})
    assert check.main() == 1
    shown = capsys.readouterr().out
    assert "FAILED  two (" in shown
    assert "on stdout\non stderr\n" in shown
