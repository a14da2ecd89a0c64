"""The same commands in dash with coreutils and in a container of the lab: what they print, their status, the files
left.

The lab's container stands on `FROM scratch`, so its programs are those the lab lends, in coreutils' manners.
"""

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from layerviz.engine import merge
from layerviz.engine.entry import Kind
from layerviz.engine.world import World
from layerviz.shell import run_script
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


def in_the_lab(snippet: str, world: World) -> Ran:
    (result,) = run_script(world, f"docker exec box sh -c {shlex.quote(snippet)}")
    stderr = "".join(line for line in result.stderr.splitlines(keepends=True) if not line.startswith("hint: "))
    (container,) = result.world.containers
    files = {
        found.entry.path.removeprefix("/w/"): found.entry.content.read().decode()
        for found in merge.walk(container.stack, "/w")
        if found.entry.kind is Kind.FILE
    }
    return Ran(result.stdout, stderr, result.status, files)


def on_this_machine(snippet: str, folder: Path) -> Ran:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/root"}

    def run(text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["dash", "-c", text], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    assert run(SETUP).returncode == 0
    found = run(snippet)
    files = {
        str(file.relative_to(folder)): file.read_text()
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink()
    }
    return Ran(found.stdout, re.sub(r"^dash: ", "sh: ", found.stderr, flags=re.MULTILINE), found.returncode, files)


@pytest.mark.skipif(not VERSION, reason="neither dash nor GNU coreutils is here: nothing to compare with")
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_command_does_and_prints_what_it_does_in_dash(snippet: str, box: World, tmp_path: Path) -> None:
    ours, theirs = in_the_lab(snippet, box), on_this_machine(snippet, tmp_path)
    assert (ours.stdout, ours.status) == (theirs.stdout, theirs.status)
    assert ours.files == theirs.files
    if VERSION == "9":
        # Wordings are those of coreutils 9; older ones differ here and there.
        assert ours.stderr == theirs.stderr
