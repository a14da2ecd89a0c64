"""What the documents name is there: make targets, commands, dependencies; scripts can be read by their shell."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from layerviz.cli.root import COMMANDS
from layerviz.lessons import loading

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCRIPTS = [*sorted((ROOT / "tools").glob("*.sh")), ROOT / ".ci" / "run"]


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", "".join(re.findall(r"```\n(.*?)```", README, re.DOTALL))))
    assert {"run", "test", "check", "bench", "look"} <= named
    assert named <= targets


def test_every_command_of_the_readme_exists() -> None:
    lines = re.findall(r"^layerviz ([a-z0-9-]+)", README, re.MULTILINE)
    assert len(lines) > 4
    assert set(lines) <= {*COMMANDS, *(lesson.id for lesson in loading.lessons())}


def test_every_dependency_has_its_reason_written_down() -> None:
    listed = [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[\[<>=;~ ]", one)[0] for one in listed} - {"layerviz"}
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    # Type stubs are summed up as such.
    assert [name for name in sorted(names) if name not in reasons and not name.startswith("types-")] == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_can_be_read_by_its_shell(script: Path) -> None:
    assert subprocess.run(["bash", "-n", str(script)], capture_output=True, check=False).stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no mark for what may be run")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_may_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
