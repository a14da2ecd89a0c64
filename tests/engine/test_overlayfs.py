"""The engine against the kernel: the same random file operations on both, the same errors, upper directory and view."""

import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from layerviz.engine import actions as do
from layerviz.engine import content
from layerviz.engine.apply import apply
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.merge import walk
from layerviz.engine.upper import Upper
from layerviz.engine.world import Container
from tests.engine.drawn import LONG_AGO, c1, entries, world_of

SCENARIOS, STEPS = 400, 12
STACKS = (
    ("a=one b=two@4755 d/ d/x=1 d/s/@700 d/s/y=2 l->a m->d",),
    ("a=one h=>a d/ d/x=1 d/i=>d/x", "d/ d/z=3 -a b=two"),
    ("a=1 d/ d/x=1 d/s/ d/s/y=2 e/ e/f=1", "-d/x d/ d/s/! d/s/w=5 l->d/s", "e/@2775 m->/e p|"),
    ("d/ d/x=1", "d=now-a-file a/ a/x=2", "a/! a/b=4 b->a"),
    ("d/ d/x=1 d/s/ d/s/y=2", "-d a=1", "d/! d/x=3"),
)
NAMES = ("a", "b", "d", "d/x", "d/s", "d/s/y", "d/n", "e", "e/f", "h", "l", "l/x", "m", "m/x", "n", "n/k", "n/k/j", "p")
KERNEL_STEPS = {
    do.Read: lambda a: [a.path],
    do.List: lambda a: [a.path],
    do.Write: lambda a: [a.path, a.content.read().decode(), a.append],
    do.WriteAt: lambda a: [a.path, a.offset, a.content.read().decode()],
    do.Truncate: lambda a: [a.path, a.size_bytes],
    do.Touch: lambda a: [a.path],
    do.Mkdir: lambda a: [a.path, a.mode],
    do.Unlink: lambda a: [a.path],
    do.Rmdir: lambda a: [a.path],
    do.RemoveTree: lambda a: [a.path],
    do.Rename: lambda a: [a.old, a.new],
    do.Chmod: lambda a: [a.path, a.mode],
    do.Chown: lambda a: [a.path, a.uid, a.gid],
    do.Symlink: lambda a: [a.linkname, a.path],
    do.Link: lambda a: [a.old, a.new],
}


@dataclass(frozen=True)
class Scenario:
    layers: tuple[str, ...]
    steps: tuple[do.Action, ...]

    def for_the_kernel(self) -> dict[str, Any]:
        return {
            "layers": [[described(entry) for entry in entries(layer)] for layer in self.layers],
            "steps": [[type(step).__name__, *KERNEL_STEPS[type(step)](step)] for step in self.steps],
        }


def test_engine_does_what_the_kernel_s_overlayfs_does() -> None:
    drawing = random.Random(20210201)
    scenarios = [scenario(drawing) for _ in range(SCENARIOS)]
    for wanted, answer in zip(scenarios, kernel(scenarios), strict=True):
        world = world_of(*wanted.layers)
        errors = []
        for step in wanted.steps:
            outcome = apply(world, step)
            world = outcome.world
            errors.append(outcome.error)
        spoken = "\n".join(map(str, (wanted.layers, *zip(wanted.steps, answer["errors"], strict=True))))
        assert errors == answer["errors"], spoken
        own, theirs = upper_of(c1(world)), answer["upper"]
        if any(isinstance(s, do.Rename) and e == "ENOTEMPTY" for s, e in zip(wanted.steps, errors, strict=True)):
            # The kernel marks a new directory opaque before it finds that it cannot move it, and leaves the mark.
            own, theirs = without_marks(own), without_marks(theirs)
        assert own == theirs, spoken
        assert view_of(c1(world)) == [row[:7] for row in answer["view"]], spoken


def kernel(scenarios: list[Scenario]) -> list[dict[str, Any]]:
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("needs root on Linux: the kernel's overlayfs cannot be mounted here, so the engine is NOT compared")
    played = subprocess.run(
        ["unshare", "-m", sys.executable, str(Path(__file__).with_name("overlay_player.py"))],
        input=json.dumps([scenario.for_the_kernel() for scenario in scenarios]),
        capture_output=True,
        text=True,
        check=False,
    )
    if "mount" in played.stderr:
        pytest.skip(f"overlayfs cannot be mounted here, so the engine is NOT compared: {played.stderr.splitlines()[0]}")
    assert played.returncode == 0, played.stderr
    answers: list[dict[str, Any]] = json.loads(played.stdout)
    return answers


def scenario(drawing: random.Random) -> Scenario:
    layers = drawing.choice(STACKS)
    key = c1(world_of(*layers)).key
    near = drawing.choice(NAMES).split("/")[0]
    names = [name for name in NAMES if name.split("/")[0] == near]
    return Scenario(layers, tuple(step(drawing, key, names) for _ in range(STEPS)))


def step(drawing: random.Random, key: int, near: list[str]) -> do.Action:
    def path() -> str:
        """Half of the steps happen in one corner, so that they build on each other."""
        return "/" + drawing.choice(drawing.choice((NAMES, near)))

    text = content.of(drawing.choice("uvw").encode())
    made: list[do.Action] = [
        do.Read(key, path()),
        do.List(key, path()),
        do.Write(key, path(), text),
        do.Write(key, path(), text, append=True),
        do.WriteAt(key, path(), drawing.randrange(4), text),
        do.Truncate(key, path(), drawing.randrange(4)),
        do.Touch(key, path()),
        do.Mkdir(key, path(), drawing.choice((0o755, 0o700))),
        do.Unlink(key, path()),
        do.Rmdir(key, path()),
        do.RemoveTree(key, path()),
        do.Rename(key, path(), path()),
        do.Rename(key, path(), path()),
        do.Chmod(key, path(), drawing.choice((0o644, 0o4755, 0o755, 0o2755))),
        do.Chown(key, path(), drawing.randrange(2), drawing.randrange(2)),
        do.Symlink(key, drawing.choice(("a", "/d", "../d", "nowhere", "d/x")), path()),
        do.Link(key, path(), path()),
    ]
    return drawing.choice(made)


def described(entry: Entry) -> dict[str, Any]:
    return {
        "path": entry.path,
        "kind": str(entry.kind),
        "mode": entry.mode,
        "text": entry.content.read().decode(),
        "linkname": entry.linkname,
        "opaque": entry.opaque,
    }


def upper_of(container: Container) -> list[list[Any]]:
    own = container.layer.entries
    assert isinstance(own, Upper)
    linked = {name: sorted(names) for names in own.linked.values() if len(names) > 1 for name in names}
    return [[*row, linked.get(row[0], [])] for row in sorted(map(told, own))]


def without_marks(rows: list[list[Any]]) -> list[list[Any]]:
    return [[*row[:7], *row[8:]] for row in rows]


def view_of(container: Container) -> list[list[Any]]:
    return sorted(told(found.entry)[:7] for found in walk(container.stack))


def told(entry: Entry) -> list[Any]:
    if entry.kind is Kind.WHITEOUT:
        return [entry.path, "whiteout", 0, 0, 0, "", False, False]
    holds = entry.linkname if entry.kind is Kind.SYMLINK else entry.content.read().decode()
    old = entry.mtime_ns == LONG_AGO
    return [entry.path, str(entry.kind), entry.mode, entry.uid, entry.gid, holds, old, entry.opaque]
