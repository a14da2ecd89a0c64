"""Which layer each line of a Dockerfile made: its lines beside the image that was built of it. No Qt."""

from dataclasses import dataclass
from typing import Literal

from layerviz.engine import paths
from layerviz.engine.address import AddressError, Place, parse, resolve
from layerviz.engine.merge import seen
from layerviz.engine.world import World
from layerviz.shell import dockerfile
from layerviz.shell.dockerfile import DockerfileError, Instruction

Fate = Literal["layer", "no_layer", "config_only", "next", "text"]
"""A line made layers, could make none (FROM scratch, or nothing changed), changed the config only, is not built yet, or
is a comment or a continued line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as written; `positions` are the layers it made, or stands on (FROM), bottom first, in the stack
    `address`."""

    number: int
    text: str
    fate: Fate
    positions: tuple[int, ...] = ()
    address: str = ""


def dockerfile_text(world: World) -> str | None:
    """The Dockerfile in the folder where the prompt of your computer stands; None where there is none."""
    found = seen((world.host,), paths.join(world.cwd, "Dockerfile"))
    return None if found is None else found.entry.content.read(65536).decode("utf-8", "replace")


def lines_of(text: str | None, world: World, shown: tuple[str, ...]) -> tuple[Line, ...]:
    """The lines of a Dockerfile, with what they made of the newest of `world`'s images `shown` that was built of it."""
    if not text:
        return ()
    written = text.rstrip("\n").split("\n")
    try:
        instructions = dockerfile.parse(text)
    except DockerfileError:
        return tuple(Line(number, line, "text") for number, line in enumerate(written, 1))
    fates: dict[int, Line] = {}
    built = next((found for address in reversed(shown) if (found := _built_of(world, address, instructions))), None)
    for number, instruction in enumerate(instructions):
        fates[instruction.line] = _fate(instruction, number, len(instructions), built)
    return tuple(
        Line(number, line, fates[number].fate, fates[number].positions, fates[number].address)
        if number in fates
        else Line(number, line, "text")
        for number, line in enumerate(written, 1)
    )


def _built_of(world: World, address: str, instructions: tuple[Instruction, ...]) -> tuple[str, Place, int] | None:
    """The image at `address`, and how many of the instructions after FROM its history tells; None if it tells none."""
    try:
        place = resolve(world, parse(address))
    except AddressError:
        return None
    if place.image is None:
        return None
    after = instructions[1:]
    for count in range(len(after), 0, -1):
        tail = place.image.history[-count:]
        if len(tail) == count and all(_tells(line.created_by, i) for line, i in zip(tail, after, strict=False)):
            return address, place, count
    return None


def _tells(created_by: str, instruction: Instruction) -> bool:
    """Whether a line of a history is of this instruction, whatever form the builder gave it."""
    rest = instruction.code.partition(" ")[2].strip()
    if instruction.keyword in ("RUN", "CMD"):
        return (not instruction.is_json and rest in created_by) or instruction.is_json
    return instruction.keyword in created_by


def _fate(instruction: Instruction, number: int, count: int, built: tuple[str, Place, int] | None) -> Line:
    line = instruction.line
    if instruction.keyword == "FROM" and instruction.arguments[:1] == ("scratch",):
        return Line(line, "", "no_layer")
    if built is None:
        return Line(line, "", "next" if number else "text")
    address, place, told = built
    assert place.image is not None
    history = place.image.history
    if number > told:
        return Line(line, "", "next")
    base = len(history) - told
    if number == 0:
        below = sum(not h.empty_layer for h in history[:base])
        return Line(line, "", "layer", tuple(range(1, below + 1)), address)
    entry = history[base + number - 1]
    if entry.empty_layer:
        config = instruction.keyword not in ("RUN", "COPY", "ADD", "WORKDIR")
        return Line(line, "", "config_only" if config else "no_layer", (), address)
    position = sum(not h.empty_layer for h in history[: base + number])
    return Line(line, "", "layer", (position,), address)
