"""`layerviz report`: dive's numbers, findings with advice, and the gate for CI."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.made import REAL, image, needs_the_real_one
from tests.images.archives import File

Invoke = Callable[..., Result]
Call = Callable[..., "subprocess.CompletedProcess[str]"]


@needs_the_real_one
def test_the_real_archive_has_dives_numbers_and_its_four_findings_first(invoke: Invoke) -> None:
    told = invoke("report", str(REAL), "--json")
    assert told.exit_code == 0
    said = json.loads(told.stdout)
    assert (said["efficiency"], said["wasted_bytes"], said["size_bytes"]) == (0.9844212134184309, 32025, 1220598)
    assert [(one["title"], one["path"], one["layers"], one["wasted_bytes"]) for one in said["findings"][:4]] == [
        ("Mode changed later", "/root/saved.txt", [8, 14], 12810),
        ("Mode changed later", "/root/example/somefile1.txt", [4, 5], 12810),
        ("Moved later", "/root/example/somefile3.txt", [7, 8], 6405),
        ("Deleted later", "/root/example/somefile2.txt", [6, 10], 6405),
    ]
    assert all(one["why"] and one["advice"] for one in said["findings"])
    assert [one["layer"] for one in said["layers"]] == list(range(1, 15))


@needs_the_real_one
@pytest.mark.parametrize(
    ("least", "status"), [("0.9844212134184309", 0), ("0.98", 0), ("0.985", 1), ("1", 1), ("0", 0)]
)
def test_the_gate_closes_below_the_least_efficiency(invoke: Invoke, least: str, status: int) -> None:
    told = invoke("report", str(REAL), "--min-efficiency", least)
    assert told.exit_code == status
    assert "Efficiency 98.4 %" in told.stdout
    assert ("less than" in told.stderr) == bool(status)


@pytest.mark.parametrize("least", ["1.1", "-1", "much", "nan", "inf"])
def test_an_efficiency_that_is_none_is_wrong_usage(invoke: Invoke, least: str) -> None:
    assert invoke("report", "x.tar", "--min-efficiency", least).exit_code == 2


def test_the_page_for_people_tells_of_layers_and_findings(invoke: Invoke, tmp_path: Path) -> None:
    made = image(
        tmp_path,
        [File("app", bytes(2000)), File("keep", b"1")],
        [File("app", bytes(2000), mode=0o755)],
        created_by=("/bin/sh -c #(nop) COPY file:" + "a" * 64 + " in /app ", "/bin/sh -c chmod 755 /app"),
    )
    page = invoke("report", made).stdout
    assert page.startswith("made:latest   2 layers, 4,001 B\n")
    assert "4,000 of 4,001 bytes are wasted" in page
    assert "  2 RUN chmod 755 /app" in page
    assert "4,000 B  Mode changed later\n" in page
    assert "✓ COPY --chmod=755 in layer 1" in page
    assert not [line for line in page.splitlines() if line != line.rstrip()]


def test_an_image_without_waste_says_so(invoke: Invoke, tmp_path: Path) -> None:
    page = invoke("report", image(tmp_path, [File("a", b"1")])).stdout
    assert "Efficiency 100.0 %" in page
    assert "Nothing is stored twice or hidden here." in page


def test_a_narrow_terminal_still_shows_which_path(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    made = image(tmp_path, [File("etc/app.conf", b"1" * 2000)], [File("etc/app.conf", b"2")])
    assert "/etc/app.conf" in invoke("report", made).stdout


def test_an_image_without_layers_has_nothing_to_waste(invoke: Invoke, tmp_path: Path) -> None:
    told = invoke("report", image(tmp_path), "--json", "--min-efficiency", "1")
    assert (told.exit_code, json.loads(told.stdout)["efficiency"]) == (0, 1.0)


def test_instructions_of_strangers_do_not_reach_the_terminal(invoke: Invoke, tmp_path: Path) -> None:
    made = image(
        tmp_path, [File("a\x1b[31m", b"1" * 2000)], [File("a\x1b[31m", b"2")], created_by=("x\x1b]0;t\x07", "y")
    )
    assert "\x1b" not in invoke("report", made).stdout


def test_the_report_speaks_the_language_of_the_terminal(call: Call, tmp_path: Path) -> None:
    made = image(tmp_path, [File("a", b"1")], [File("a", b"22")])
    told = call("report", made, LAYERVIZ_LANG="zh_CN")
    assert "后来又写了一遍" in told.stdout
    assert "效率" in told.stdout
