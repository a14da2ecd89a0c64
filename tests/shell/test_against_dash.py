"""The same commands in dash with coreutils and in a container of the lab: what they print, their status, the files
left.

The lab's container stands on `FROM scratch`, so its programs are those the lab lends, in coreutils' manners.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from layerviz.engine import merge
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.world import World
from layerviz.shell import run_script
from tests.shell import chance, chance_programs
from tests.shell.playing import world_of

SETUP = (
    "mkdir d d/sub full; echo one > f; echo two > g; printf 'a\\nb\\nc\\n' > lines; echo x > full/x; echo s > d/sub/s; "
    "ln -s f link; echo 'echo hi' > script"
)
# Each was also compared by eye; those that name a directory of the machine, or that the lab lacks, are left out.
SNIPPETS = (Path(__file__).parent / "snippets.sh").read_text(encoding="utf-8").rstrip("\n").split("\n%%\n")


@dataclass(frozen=True)
class Ran:
    stdout: str
    stderr: str
    status: int
    files: dict[str, str]


def coreutils_version() -> str:
    if shutil.which("dash") is None or shutil.which("ls") is None:
        return ""
    found = subprocess.run(["ls", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"GNU coreutils\) (\d+)", found)
    return match.group(1) if match else ""


VERSION = coreutils_version()


@pytest.fixture(scope="module")
def box() -> World:
    return world_of(
        f"mkdir w\ncd w\n{SETUP}\ncd /\nprintf 'FROM scratch\\nCOPY w/ /w/\\n' > Dockerfile\n"
        "docker build -t box .\ndocker run -dit -w /w --name box box sh"
    )


@pytest.fixture(scope="module")
def own() -> World:
    """A container whose files are all in its own layer, where hard links last."""
    return world_of(
        "mkdir w; printf 'FROM scratch\\nCOPY w/ /w/\\n' > Dockerfile\ndocker build -t box .\n"
        f"docker run -dit -w /w --name box box sh\ndocker exec box sh -c {shlex.quote(chance.SETUP)}"
    )


def in_the_lab(snippet: str, world: World) -> Ran:
    (result,) = run_script(world, f"docker exec box sh -c {shlex.quote(snippet)}")
    stderr = "".join(line for line in result.stderr.splitlines(keepends=True) if not line.startswith("hint: "))
    (container,) = result.world.containers
    files = {
        found.entry.path.removeprefix("/w/"): shown(found.entry)
        for found in merge.walk(container.stack, "/w")
        if found.entry.path != "/w"
    }
    return Ran(result.stdout, stderr, result.status, files)


def shown(entry: Entry) -> str:
    if entry.kind is Kind.SYMLINK:
        return f"-> {entry.linkname}"
    return f"{entry.mode:o} " + (entry.content.read().decode() if entry.kind is Kind.FILE else "directory")


def said(output: bytes) -> str:
    return re.sub(r"^dash: ", "sh: ", output.decode("utf-8", "surrogateescape"), flags=re.MULTILINE)


def shown_here(file: Path) -> str:
    if file.is_symlink():
        return f"-> {os.readlink(file)}"
    return f"{file.stat().st_mode & 0o7777:o} " + (said(file.read_bytes()) if file.is_file() else "directory")


def on_this_machine(snippet: str, folder: Path, setup: str = SETUP) -> Ran:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/root"}

    def run(text: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["dash", "-c", text], cwd=folder, env=environment, capture_output=True, check=False)

    assert run(setup).returncode == 0
    found = run(snippet)
    files = {str(file.relative_to(folder)): shown_here(file) for file in folder.rglob("*")}
    return Ran(said(found.stdout), said(found.stderr), found.returncode, files)


@pytest.mark.skipif(not VERSION, reason="neither dash nor GNU coreutils is here: nothing to compare with")
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_command_does_and_prints_what_it_does_in_dash(snippet: str, box: World, tmp_path: Path) -> None:
    ours, theirs = in_the_lab(snippet, box), on_this_machine(snippet, tmp_path)
    assert (ours.stdout, ours.status) == (theirs.stdout, theirs.status)
    assert ours.files == theirs.files
    if VERSION == "9":
        # Wordings are those of coreutils 9; older ones differ here and there.
        assert ours.stderr == theirs.stderr


def compared(snippets: Iterable[tuple[str, Path]], own: World) -> None:
    """Plays each snippet here, and in a folder of its own there."""
    for snippet, folder in snippets:
        folder.mkdir()
        ours, theirs = in_the_lab(snippet, own), on_this_machine(snippet, folder, chance.SETUP)
        assert (ours.stdout, ours.status) == (theirs.stdout, theirs.status), snippet
        assert ours.files == theirs.files, snippet


@pytest.mark.skipif(not VERSION, reason="neither dash nor GNU coreutils is here: nothing to compare with")
@pytest.mark.parametrize("first", range(0, 200, 20))
def test_scripts_made_by_chance_do_and_print_what_they_do_in_dash(first: int, own: World, tmp_path: Path) -> None:
    compared(((chance.script(seed), tmp_path / str(seed)) for seed in range(first, first + 20)), own)


@pytest.mark.skipif(VERSION != "9", reason="dash and GNU coreutils 9 are not here: nothing to compare with")
@pytest.mark.parametrize("first", range(0, 200, 20))
def test_programs_called_by_chance_do_and_print_what_they_do_in_dash(first: int, own: World, tmp_path: Path) -> None:
    compared(((chance_programs.script(seed), tmp_path / str(seed)) for seed in range(first, first + 20)), own)
