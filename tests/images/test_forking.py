"""Children that are copies of their parent, tried in processes of one thread: that of the tests may have more."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from layerviz.images.forking import can_fork
from tests.images import archives
from tests.images.archives import File

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")


def said(program: str, *arguments: str, **environment: str) -> str:
    """What a process that runs `program` prints; what it says beside that is a failure."""
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_child_hears_answers_and_ends_with_its_input() -> None:
    program = """
from layerviz.images.forking import Fork, can_fork
def work(hearing, saying):
    for line in hearing:
        saying.write(line.upper()); saying.flush()
assert can_fork()
print("before", end=" ")
one, two = Fork(work), Fork(work)
for child, text in ((two, b"b\\n"), (one, b"a\\n")):
    child.stdin.write(text); child.stdin.flush()
    print(child.stdout.readline().decode().strip(), end=" ")
one.stdin.close(); print(one.wait(), end=" ")
two.kill(); print(two.wait(), two.returncode, one.wait())
"""
    assert said(program) == "before B A 0 -9 -9 0\n"


def test_a_child_that_fails_says_nothing_and_never_goes_on_as_its_parent() -> None:
    program = """
import sys
from layerviz.images.forking import Fork
def work(hearing, saying):
    print("lost", file=sys.stderr); raise KeyboardInterrupt
try:
    child = Fork(work)
finally:
    print("parent")
print(child.stdout.read(), child.wait())
"""
    assert said(program) == "parent\nb'' 1\n"


def test_a_process_of_several_threads_is_not_copied() -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert not can_fork()
    finally:
        done.set()
        other.join()


READ = """
import os
import sys
from layerviz.images import forking, index_view, indexing, layers, tree
layers.WORTH_A_CHILD_BYTES = index_view.WORTH_A_CHILD_BYTES = 0
tree._WORTH_A_CHILD = index_view._WORTH_A_CHILD = 1
forking.cores = indexing.cores = lambda: 2
assert forking.can_fork()
forked = []
start = forking.Fork.__init__
def counted(self, work):
    forked.append(work); start(self, work)
forking.Fork.__init__ = counted
if sys.argv[2] == "without":
    indexing.can_fork = forking.can_fork = lambda: False
if sys.argv[2] == "dying":
    tree._BLOCK, blocks, parent = 150, tree._blocks, os.getpid()
    def dying(listed):
        for number, block in enumerate(blocks(listed)):
            if number == int(sys.argv[4]) and os.getpid() != parent:
                os._exit(1)
            yield block
    tree._blocks = dying
from layerviz.images.opening import image_of
for block in tree.lines(image_of(sys.argv[1]).image.layers, as_json=True):
    print(block, end="")
print(len(forked), file=open(sys.argv[3], "w"))
"""


@pytest.mark.parametrize(
    ("names", "lists"),
    [
        ([f"d/{number}" for number in range(50)], 1),
        # Nowhere here do paths by their letters come in the order of the directories.
        (["a/b/c", "a-", "a/b-", "a/b/c-", "a/b/c-/d"], 0),
        # Here they do, but for bytes that are no UTF-8: the text that stands for them sorts before that of the others.
        (["d/a", "d/\udcfe", "d/\udcff", "d/\ue000", "d/\ue001", "d/\ue002"], 1),
    ],
)
def test_what_copies_read_and_list_is_what_is_read_and_listed_without(
    tmp_path: Path, names: list[str], lists: int
) -> None:
    first = archives.layer([File(name, b"x") for name in names])
    second = archives.layer([File(".wh.nothing"), File("e/f", b"1"), File(names[0], b"other")])
    file = str(archives.written(tmp_path, archives.old([first, second])))
    said_by = [said(READ, file, way, str(tmp_path / f"{way}.n"), LAYERVIZ_CACHE=str(tmp_path / way)) for way in WAYS]
    assert said_by[0] == said_by[1]
    assert '"/e/f"' in said_by[0]
    forked = [int((tmp_path / f"{way}.n").read_text()) for way in WAYS]
    assert forked == [2 + 1 + lists, 0]


@pytest.mark.parametrize("after_blocks", [0, 1])
def test_what_a_copy_does_not_come_to_say_is_said_without_it(tmp_path: Path, after_blocks: int) -> None:
    layer = archives.layer([File(f"directory/{number:0100}", b"x") for number in range(600)])
    file = str(archives.written(tmp_path, archives.old([layer])))
    alone = said(READ, file, "without", str(tmp_path / "n"), LAYERVIZ_CACHE=str(tmp_path / "a"))
    dying = said(READ, file, "dying", str(tmp_path / "n"), str(after_blocks), LAYERVIZ_CACHE=str(tmp_path / "b"))
    assert dying == alone
    assert (tmp_path / "n").read_text() == "3\n"


WAYS = "with", "without"
