"""`layerviz doctor` says what is there and names what is missing, with what to do."""

import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner

from layerviz.cli import doctor as doctor_module
from layerviz.cli import system_libraries
from layerviz.cli.doctor import doctor, findings


def test_this_machine_runs_layerviz() -> None:
    assert [finding for finding in findings() if finding.grade == "bad"] == []


def test_qt_says_its_version_and_platform() -> None:
    (qt,) = (finding for finding in findings() if finding.subject == "Qt")
    assert qt.text.split()[0].rstrip(",，").count(".") == 2
    assert "offscreen" in qt.text


def test_a_missing_library_is_named_with_the_package_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "PACKAGES", {"libno-such.so.1": "libno-such1"})
    monkeypatch.setattr("sys.platform", "linux")
    result = CliRunner().invoke(doctor)
    assert result.exit_code == 1
    assert "libno-such.so.1" in result.output
    assert "libno-such1" in result.output


def test_a_missing_font_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_module, "FONTS", ("No-such-font.ttf",))
    result = CliRunner().invoke(doctor)
    assert result.exit_code == 1
    assert "No-such-font.ttf" in result.output


def test_the_extra_fast_is_found_or_told_how_to_get(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec

    def said(has_it: bool) -> tuple[str, str]:
        known = {"numpy": found("json") if has_it else None}
        monkeypatch.setattr("importlib.util.find_spec", lambda name: known[name] if name in known else found(name))
        monkeypatch.setattr("importlib.metadata.version", lambda name: "2.9.1")
        return next((one.grade, one.text) for one in findings() if "numpy" in one.text)

    grade, text = said(True)
    assert (grade, "2.9.1" in text) == ("ok", True)
    grade, text = said(False)
    assert (grade, "pip install 'layerviz[fast]'" in text) == ("note", True)


def test_the_cache_is_named_with_its_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path))
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "one").write_bytes(b"x" * 1_500_000)
    assert any(str(tmp_path) in finding.text and "1.5MB" in finding.text for finding in findings())
