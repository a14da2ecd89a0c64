"""What the documents name is there: make targets, commands, dependencies; scripts can be read by their shell."""

import importlib
import importlib.util
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


def test_the_readme_shows_the_picture_first_and_then_the_two_commands() -> None:
    title, picture, *_ = [line for line in README.splitlines() if line]
    match = re.fullmatch(r"!\[(.+)\]\((docs/.+\.svg)\)", picture)
    assert title == "# layerviz" and match
    drawn = (ROOT / match[2]).read_text(encoding="utf-8")
    # What it shows is the newest example of the lessons: file5 of layer 3 over that of layer 2.
    assert 'id="tile.three.3._2ffile5"' in drawn and 'id="tile.three.2._2ffile5"' in drawn
    assert re.search(r"```\n(.*\n)make run\b", README)


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    blocks = "".join(re.findall(r"```\n(.*?)```", README, re.DOTALL))
    named = set(re.findall(r"(?<!layerviz lessons )\bmake ([a-z-]+)\b", blocks))
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


ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FLOORS = ("cli", "app", "export", "lessons", "picture", "images", "shell", "strings", "engine")


def test_every_module_of_the_architecture_exists() -> None:
    named = set(re.findall(rf"`((?:{'|'.join(FLOORS)})(?:[./]\w+)+)`", ARCHITECTURE))
    assert len(named) > 20
    assert [name for name in sorted(named) if not found(name.replace("/", "."))] == []


def test_every_floor_is_described_with_modules_that_it_has() -> None:
    table = ARCHITECTURE.partition("## Floors")[2].partition("## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.MULTILINE))
    assert set(rows) == set(FLOORS)
    for floor, row in rows.items():
        modules = re.findall(r"`([a-z_]+)`", row)
        assert [name for name in modules if not found(f"{floor}.{name}")] == []


def found(dotted: str) -> bool:
    """Whether there is such a module of layerviz, or such a name in one."""
    try:
        return importlib.util.find_spec(f"layerviz.{dotted}") is not None
    except ModuleNotFoundError:
        module, _, name = dotted.rpartition(".")
        return hasattr(importlib.import_module(f"layerviz.{module}"), name)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_can_be_read_by_its_shell(script: Path) -> None:
    assert subprocess.run(["bash", "-n", str(script)], capture_output=True, check=False).stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no mark for what may be run")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_may_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
