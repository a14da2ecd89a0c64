"""Stacks drawn as text, for tests: each layer is one string of words, bottom layer first.

`a=one` a file · `d/` a directory · `d/!` an opaque one · `d/?` an implied one · `-a` a whiteout of a · `l->a` a
symlink · `h=>a` a hard link to /a · `p|` a fifo · `c%5,1` a character device. `@600` behind a word is its mode.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from layerviz.engine import content, paths
from layerviz.engine.actions import Action, AddImage, CreateContainer, Outcome
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.merge import walk
from layerviz.engine.table import Table
from layerviz.engine.upper import Upper
from layerviz.engine.world import START_OF_TIME, Config, Container, HistoryLine, Layer, World

LONG_AGO = (START_OF_TIME - 86400) * 10**9
"""The time of every drawn entry: a day before the world's clock starts."""


def entry(word: str) -> Entry:
    """One word as an entry."""
    word, _, mode = word.partition("@")
    drawn = _entry(word)
    return replace(drawn, mode=int(mode, 8), mtime_ns=LONG_AGO) if mode else replace(drawn, mtime_ns=LONG_AGO)


def entries(text: str) -> tuple[Entry, ...]:
    return tuple(map(entry, text.split()))


def stack(*layers: str) -> tuple[Layer, ...]:
    return tuple(Layer(key, Table.of(entries(text))) for key, text in enumerate(layers, 1))


def text_of(shown: Iterable[Entry]) -> str:
    """Entries as words, without modes."""
    return " ".join(map(word, shown))


def word(drawn: Entry) -> str:
    name = drawn.path[1:]
    if drawn.kind is Kind.DIR:
        return f"{name}/" + "!" * drawn.opaque + "?" * drawn.implied
    if drawn.kind is Kind.FIFO:
        return f"{name}|"
    if drawn.kind in (Kind.CHAR, Kind.BLOCK):
        return f"{name}%{drawn.device[0]},{drawn.device[1]}"
    if drawn.kind is Kind.WHITEOUT:
        return f"-{name}"
    if drawn.kind is Kind.SYMLINK:
        return f"{name}->{drawn.linkname}"
    if drawn.kind is Kind.HARDLINK:
        return f"{name}=>{drawn.linkname[1:]}"
    return f"{name}={drawn.content.read(40).decode()}"


def view(layers: Sequence[Layer]) -> str:
    """The merged view as words."""
    return text_of(found.entry for found in walk(layers))


def world_of(*layers: str) -> World:
    """A world with one image of these layers and a container `c1` on it."""
    world = empty_world()
    for text in layers:
        parent = world.images[-1].key if world.images else None
        world = apply(world, AddImage(parent, Config(), HistoryLine(world.clock, "drawn"), entries(text))).world
    if not layers:
        world = apply(world, AddImage(None, Config(), HistoryLine(world.clock, "drawn"))).world
    world = apply(world, CreateContainer(world.images[-1].key, "drawn", "c1", ("sh",))).world
    return replace(world, clock=world.clock + 60)


def c1(world: World) -> Container:
    return world.containers[0]


def after(world: World, *actions: Action) -> World:
    """The world after `actions`, all of which must succeed."""
    for action in actions:
        outcome = apply(world, action)
        assert not outcome.error, f"{action}: {outcome.error}"
        world = outcome.world
    return world


def outcome(world: World, *actions: Action) -> Outcome:
    """The outcome of the last action; those before it must succeed."""
    return apply(after(world, *actions[:-1]), actions[-1])


def upper(world: World) -> str:
    """What the upper directory of `c1` holds, as words."""
    own = c1(world).layer.entries
    assert isinstance(own, Upper)
    return text_of(own)


def _entry(word: str) -> Entry:
    if word.startswith("-"):
        return Entry(f"/{word[1:]}", Kind.WHITEOUT, 0)
    if match := re.fullmatch(r"(.+?)/([!?]*)", word):
        path = "/" + match[1] if match[1] != "." else paths.ROOT
        return Entry(path, Kind.DIR, 0o755, opaque="!" in match[2], implied="?" in match[2])
    if "->" in word:
        path, _, target = word.partition("->")
        return Entry(f"/{path}", Kind.SYMLINK, 0o777, linkname=target)
    if "=>" in word:
        path, _, target = word.partition("=>")
        return Entry(f"/{path}", Kind.HARDLINK, linkname=f"/{target}")
    if word.endswith("|"):
        return Entry(f"/{word[:-1]}", Kind.FIFO)
    if match := re.fullmatch(r"(.+)%(\d+),(\d+)", word):
        return Entry(f"/{match[1]}", Kind.CHAR, device=(int(match[2]), int(match[3])))
    path, _, text = word.partition("=")
    return Entry(f"/{path}", Kind.FILE, content=content.of(text.encode()))
