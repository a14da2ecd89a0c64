"""10,000 commands of undo history: memory at most 100 MB, any jump within 50 ms.

A jump is what a window asks of the engine when it shows another moment: merge the directory on the stage, here one of
40, 300 or 5,000 names, and look up a path. Processor time is measured, so that a busy machine does not count.
The history is frozen (`gc.freeze`), as a program that keeps it should do: worlds are values and form no cycles, so the
collector looks through 300,000 objects for nothing.
"""

import gc
import random
import sys
import time
import tracemalloc
from collections.abc import Iterator

from benchmarks._limits import Row, told
from layerviz.engine import actions as do
from layerviz.engine import content
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.entry import Entry
from layerviz.engine.merge import children, lookup
from layerviz.engine.world import Config, HistoryLine, World

COMMANDS = 10_000
MAX_BYTES = 100_000_000
MAX_JUMP_MS = 50.0
JUMPS = 500
DIRECTORIES = ("/", "/d3", "/usr/lib")


def main() -> int:
    return told(measured())


def measured() -> Iterator[Row]:
    tracemalloc.start()
    worlds = [start()]
    before = tracemalloc.get_traced_memory()[0]
    for action in commands(worlds[0].containers[0].key):
        outcome = apply(worlds[-1], action)
        assert not outcome.error, (action, outcome.error)
        worlds.append(apply(outcome.world, do.Tick()).world)
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    gc.freeze()
    drawing = random.Random(1)
    times = sorted(jump(drawing.choice(worlds), drawing.choice(DIRECTORIES)) for _ in range(JUMPS))
    yield Row(f"engine: {COMMANDS:,} commands of undo", used / 1e6, MAX_BYTES / 1e6, "MB")
    yield Row("engine: slowest jump in them", times[-1], MAX_JUMP_MS, "ms", f"median {times[JUMPS // 2]:.1f} ms")


def start() -> World:
    files = tuple(Entry(f"/usr/lib/f{number}", content=content.of(b"x")) for number in range(2_000))
    toys = tuple(Entry(f"/file{number}", content=content.of(b"File\n")) for number in range(40))
    world = apply(empty_world(), do.AddImage(None, Config(), HistoryLine(0, ""), files)).world
    world = apply(world, do.AddImage(world.images[-1].key, Config(), HistoryLine(0, ""), toys)).world
    return apply(world, do.CreateContainer(world.images[-1].key, "base", "c1", ())).world


def commands(key: int) -> Iterator[do.Action]:
    """Files made, changed and removed in a few dozen directories, the widest ending with more than a thousand names."""
    yield from (do.Mkdir(key, f"/d{number}") for number in range(30))
    for number in range(COMMANDS - 30):
        name = f"/d{number % 30}/f{number}" if number % 3 else f"/usr/lib/new{number}"
        match number % 10:
            case 7:
                yield do.Write(key, f"/file{number % 40}", content.of(b"new\n"), append=True)
            case 8:
                yield do.Chmod(key, f"/usr/lib/f{number % 2000}", 0o600)
            case 9:
                yield do.Write(key, name, content.of(b"again\n"), append=True)
            case _:
                yield do.Write(key, name, content.of(b"File %d\n" % number))


def jump(world: World, directory: str) -> float:
    stack = world.containers[0].stack
    began = time.process_time()
    names = children(stack, directory)
    assert len(names) < 40 or lookup(stack, names[len(names) // 2].entry.path).found
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
