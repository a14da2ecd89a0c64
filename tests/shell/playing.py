"""Scripts in tests: a world, commands, and what they print."""

from layerviz.engine.apply import empty_world
from layerviz.engine.world import World
from layerviz.shell import Ports, Result, run_script

FILES = """\
mkdir a b c
echo "File 1" > a/file1; echo "File 2" > a/file2; echo "File 3" > a/file3
echo "File 4" > b/file4; echo "File 5" > b/file5; echo "File 6" > b/file6
echo "File 7" > c/file5
"""
THREE = FILES + "printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\nCOPY c/ /\\n' > Dockerfile\ndocker build -t three .\n"
SIX = (
    FILES
    + "printf 'FROM alpine\\nCOPY a/ /files/\\nCOPY b/ /files/\\nCOPY c/ /files/\\n' > Dockerfile\n"
    + "docker build -t six .\n"
)


def play(text: str, world: World | None = None, ports: Ports | None = None) -> tuple[Result, ...]:
    """Every command of `text`, also those after one that failed."""
    return run_script(world or empty_world(), text, ports or Ports(), keep_going=True)


def world_of(text: str, world: World | None = None) -> World:
    """The world after `text`, all of whose commands must succeed."""
    results = play(text, world)
    for result in results:
        assert result.status == 0, (result.command, result.stderr)
    return results[-1].world


def last(text: str, world: World | None = None) -> Result:
    """The result of the last command of `text`."""
    return play(text, world)[-1]


def output(text: str, world: World | None = None) -> str:
    """What the last command of `text` wrote to stdout; it must succeed."""
    result = last(text, world)
    assert result.status == 0, (result.command, result.stderr)
    return result.stdout


def complaint(text: str, world: World | None = None) -> tuple[str, int]:
    """What the last command wrote to stderr, without hints, and its status."""
    result = last(text, world)
    lines = [line for line in result.stderr.splitlines() if not line.startswith("hint: ")]
    return "\n".join(lines), result.status


def hints(text: str, world: World | None = None) -> list[str]:
    return [line for line in last(text, world).stderr.splitlines() if line.startswith("hint: ")]
