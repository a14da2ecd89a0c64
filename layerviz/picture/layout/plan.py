"""What stands on the stage, without a single px: stacks on shared slabs, their names, and which row is where.

Stacks that begin with the same layers share them: a `Section` is a run of layers that all its stacks have, with a
merged view on top where names are known; where the stacks part, each goes on in a section of its own above it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from layerviz.engine import address as addresses
from layerviz.engine import find
from layerviz.engine.sharing import Node, sharers
from layerviz.engine.world import Container, Image, Layer, World
from layerviz.picture.layout import folding
from layerviz.picture.layout.place import Vacated
from layerviz.picture.layout.sight import Names, sight
from layerviz.picture.shapes import Hue

RowStyle = Literal["layer", "container", "expected", "folded"]


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as `Place.show` names it. `sharers`: for each layer the images and containers that stand on it."""

    name: str
    address: str
    kind: Literal["image", "container", "host"]
    layers: tuple[Layer, ...]
    names: frozenset[str]
    image: Image | None = None
    container: Container | None = None
    sharers: tuple[frozenset[Node], ...] = ()

    @property
    def node(self) -> Node:
        """What it is in the world's graph."""
        thing = self.container or self.image
        return self.kind, thing.key if thing else self.name

    def shares(self, index: int, other: "Stack") -> bool:
        """Whether its layer at `index` is one of the layers that `other` stands on."""
        return index < len(self.layers) and other.node in self.sharers[index]


@dataclass(frozen=True, slots=True)
class Row:
    """One slab: the layers it stands for (one, or a folded run), and the position of the lowest and the highest."""

    layers: tuple[Layer, ...]
    first: int
    last: int
    style: RowStyle
    hue: Hue
    level: float = 0.0

    @property
    def key(self) -> int:
        return self.layers[-1].key

    def holds(self, position: int) -> bool:
        return self.first <= position <= self.last


@dataclass(frozen=True, slots=True)
class Section:
    """A run of rows, bottom first, that all of `stacks` share; `layers` is the whole stack from the ground to its top.

    `ends` are stacks that end below the top, with the row's position. `names` are the directory's names as the top of
    this section sees them; `level` is that of its lowest row, `view_level` that of its merged view (None: it has none).
    A section without stacks is a place left empty, by the container that was called `vacated_by`.
    """

    stacks: tuple[Stack, ...]
    layers: tuple[Layer, ...]
    rows: tuple[Row, ...]
    names: Names
    above: tuple["Section", ...] = ()
    ends: tuple[tuple[Stack, int], ...] = ()
    level: float = 0.0
    view_level: float | None = None
    number: int = 0
    toy: bool = field(default=False)
    vacated_by: str = ""

    @property
    def name(self) -> str:
        """What addresses and ids of its rows begin with: layers that containers share belong to their image."""
        first = self.stacks[0]
        if self.above and first.container is not None:
            return first.container.image_ref.removesuffix(":latest")
        return first.name

    @property
    def leaves(self) -> int:
        return sum(section.leaves for section in self.above) or 1

    @property
    def first(self) -> int:
        """The position of its lowest layer."""
        return self.rows[0].first if self.rows else len(self.layers) + 1

    def walk(self) -> tuple["Section", ...]:
        """This section and all above it, from the ground up, left to right."""
        return (self, *(inner for section in self.above for inner in section.walk()))


SHORT_ID = 12
"""A shorter beginning of an id names nothing here: "c1" is a container that will come, not the image c1a4…"""


def meant(world: World, address: str) -> addresses.Place | None:
    """What `address` stands for on a stage; None where there is nothing of that name."""
    try:
        asked = addresses.parse(address)
        place = addresses.resolve(world, asked)
    except addresses.AddressError:
        return None
    if len(asked.name) >= SHORT_ID:
        return place
    if place.container is not None:
        return place if place.container.name == asked.name.removeprefix("/") else None
    if place.image is None:
        return place
    named = find.normal_ref(asked.name) in find.tags_of(world, place.image)
    return place if named or world.building is not None else None


def stacks_of(world: World, show: Sequence[str]) -> tuple[Stack, ...]:
    """The stacks that can be found in `world`; an address that nothing answers to is left out."""
    found: list[Stack] = []
    standing = sharers(world)
    for text in show:
        place = meant(world, text)
        if place is None:
            continue
        asked = addresses.parse(text)
        names = {asked.name, text}
        layers = tuple(place.stack)
        if place.kind == "image" and place.image is not None:
            names |= {name for tag in find.tags_of(world, place.image) for name in (tag, tag.removesuffix(":latest"))}
        if place.container is not None:
            names.add(place.container.name)
        stack = Stack(asked.name, asked.name, place.kind, layers, frozenset(names), place.image, place.container)
        # A container's own layer, and your computer's files, are nobody else's.
        own = frozenset({stack.node})
        found.append(replace(stack, sharers=tuple(standing.get(layer.key, own) for layer in layers)))
    return tuple(found)


def plan(
    stacks: Sequence[Stack],
    directory: str,
    expected: frozenset[int],
    most_rows: int,
    views: bool = True,
    sparse: bool = False,
    vacated: Sequence[Vacated] = (),
) -> tuple[Section, ...]:
    """Sections of `stacks` (not those of your computer), one for each stack that shares nothing with another.

    `expected` are the keys of layers that are drawn dashed; more than `most_rows` rows are folded. `sparse` leaves out
    layers that hold nothing in `directory`, but for those that are expected or of which no files are known. `vacated`
    are places above the first section's that stay empty.
    """
    known = any(len(layer.entries) for stack in stacks for layer in stack.layers)
    sections: list[Section] = []
    rest = [stack for stack in stacks if stack.kind != "host"]
    while rest:
        kin = [stack for stack in rest if stack is rest[0] or rest[0].shares(0, stack)]
        rest = [stack for stack in rest if stack not in kin]
        empty = () if sections else tuple(vacated)
        section = _section(kin, 0, directory, expected, most_rows, known and views, sparse=sparse, vacated=empty)
        sections.append(section)
    numbers = iter(range(len(stacks) * 2 + 1))
    return tuple(_numbered(section, numbers) for section in sections)


def _section(
    stacks: Sequence[Stack],
    start: int,
    directory: str,
    expected: frozenset[int],
    most_rows: int,
    views: bool,
    level: float = 0.0,
    sparse: bool = False,
    vacated: tuple[Vacated, ...] = (),
) -> Section:
    """The section of `stacks`, which agree on their first `start` layers and on at least one more, if they have any."""
    end = start
    ends: list[tuple[Stack, int]] = []
    going = list(stacks)
    while True:
        for stack in [stack for stack in going if len(stack.layers) == end]:
            ends.append((stack, end))
            going.remove(stack)
        if not going or (vacated and ends) or not all(going[0].shares(end, stack) for stack in going):
            break
        end += 1
    longest = going[0] if going else ends[-1][0]
    layers = longest.layers[:end]
    has_view = views and not _is_bare(layers, sparse)
    names = sight(layers, directory) if has_view else Names()
    rows = _rows(longest, start, end, names, expected, most_rows if sparse else most_rows - start, sparse)
    rows = tuple(replace(row, level=level + n) for n, row in enumerate(rows))
    top = level + len(rows)
    branches: list[list[Stack]] = []
    for stack in going:
        for branch in branches:
            if branch[0].shares(end, stack):
                branch.append(stack)
                break
        else:
            branches.append([stack])
    base = top + (1 if has_view else 0)
    above = tuple(_section(branch, end, directory, expected, most_rows, views, base, sparse) for branch in branches)
    if vacated and above:
        ends.clear()  # they need no label to tell where: what goes on above them has a view of its own
        for place, name in vacated:
            above = (*above[:place], Section((), (), (), Names(), level=base, vacated_by=name), *above[place:])
    order = tuple(stacks) if above else tuple(stack for stack, _ in reversed(ends))
    return Section(
        order,
        layers,
        rows,
        names,
        above,
        tuple(ends),
        level,
        top if has_view else None,
        toy=names.toy,
    )


def _is_bare(layers: Sequence[Layer], sparse: bool) -> bool:
    """Whether nothing is known of the files of these layers, so that a view of them would lie; a sparse picture shows
    what is known where that is of some."""
    quoted = [layer.is_quoted for layer in layers]
    return all(quoted) and bool(quoted) if sparse else any(quoted)


def _rows(
    stack: Stack, start: int, end: int, names: Names, expected: frozenset[int], most: int, sparse: bool
) -> tuple[Row, ...]:
    rows = [_row(stack, n, expected) for n in range(start, end)]
    writing = names.positions
    if sparse and writing:
        rows = [row for row in rows if row.style == "expected" or row.layers[0].is_quoted or row.first in writing]
    together = folding.runs([row.first in writing for row in rows], most)
    return tuple(_joined(rows[run.start : run.stop]) for run in together)


def _row(stack: Stack, index: int, expected: frozenset[int]) -> Row:
    layer = stack.layers[index]
    own = stack.container is not None and layer.key == stack.container.layer.key
    style: RowStyle = "expected" if layer.key in expected else "container" if own else "layer"
    return Row((layer,), index + 1, index + 1, style, "rw" if own else index + 1)


def _joined(rows: Sequence[Row]) -> Row:
    """These neighbours as one row, in the colour of the topmost."""
    if len(rows) == 1:
        return rows[0]
    layers = tuple(layer for row in rows for layer in row.layers)
    return Row(layers, rows[0].first, rows[-1].last, "folded", rows[-1].hue)


def _numbered(section: Section, numbers: "object") -> Section:
    above = tuple(_numbered(inner, numbers) for inner in section.above)
    number = next(numbers) if not above else 0  # type: ignore[call-overload]  # an iterator of int
    return replace(section, above=above, number=number)
