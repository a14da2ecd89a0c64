"""An image's layers as commands that build layers like them: a few entries of each, the most telling ones."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from layerviz.engine import paths
from layerviz.engine.covering import Covered, coverings, entry_at, kinds_of, sizes_of
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import DIR, WHITEOUT
from layerviz.engine.world import Layer

MOST_EVENTS = 4
"""Files covered or taken away by a layer that are shown to be."""
MOST_FILES = 6
_LARGEST_NAME = 64
_PLAIN_PATH = re.compile(r"/[\w./+@:,=~%-]+")
_COPIES = ("COPY ", "ADD ")
_PLAIN_PROGRAMS = frozenset({"mkdir", "cp", "mv", "rm", "chmod", "touch", "ln"})
"""A step of one of these alone runs here as it ran there, if all that it names is there."""
_MAKES_ITS_LAST = frozenset({"cp", "mv", "ln", "mkdir", "touch"})
_ONE_LINE = 100
_SHELL = ("/bin", "/lib", "/usr/bin")
"""What the steps need to run, from alpine."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A layer built again. `setup` are commands on your computer, `lines` the Dockerfile's. `directory` is where to
    look at it, `look` the paths that it covers or takes away; `hides` and `stores` say whether it does."""

    setup: tuple[str, ...]
    lines: tuple[str, ...]
    directory: str
    look: tuple[str, ...]
    files: int
    files_in_all: int
    hides: bool
    stores: bool

    def dockerfile(self, instruction: str) -> tuple[str, ...]:
        """Its lines, behind the image's own instruction as a remark."""
        # A backslash at its end would take the next line with it.
        remark = ("# " + instruction[:200].rstrip(" \\"),) if instruction else ()
        if self.lines[0].startswith("FROM"):
            return (self.lines[0], *remark, *self.lines[1:])
        return (*remark, *self.lines)


@dataclass(slots=True)
class _Chosen:
    """What of a layer is built again: entries by path, and paths to remove first."""

    entries: dict[str, Entry] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)


def rebuilt(stack: Sequence[Layer]) -> tuple[Rebuilt, ...]:
    """Every layer of `stack`, bottom first. The bottom one gets a shell, so that the others can run commands."""
    chosen = _chosen(stack)
    known: dict[str, Entry] = {}
    made: list[Rebuilt] = []
    for position, (layer, one) in enumerate(zip(stack, chosen, strict=True), 1):
        one.removed += [path for path in _in_the_way(one, known) if path not in one.removed]
        made.append(_layer(position, layer, one, known))
        for path in one.removed:
            for below in [other for other in known if other == path or paths.is_below(other, path)]:
                del known[below]
        # A directory stays when the last that lay in it goes.
        known |= {
            directory: Entry(directory, Kind.DIR) for path in one.entries for directory in paths.ancestors(path)[1:]
        }
        known |= one.entries
        known |= {path: Entry(path, Kind.DIR) for path in _made_directories(made[-1].lines)}
    return tuple(made)


def _in_the_way(one: _Chosen, known: dict[str, Entry]) -> list[str]:
    """What must go before the chosen entries can be made: a directory in a file's place, a file in a directory's, a
    link that would be written through."""
    found: list[str] = []
    for path, entry in one.entries.items():
        before = known.get(path)
        if any(paths.is_below(other, path) for other in known) or (before and before.kind is not entry.kind):
            found.append(path)
        above = (known.get(parent) for parent in paths.ancestors(path))
        found += [other.path for other in above if other and other.kind is not Kind.DIR]
    return list(dict.fromkeys(found))


def _made_directories(lines: Sequence[str]) -> Iterator[str]:
    """Those that the commands of a step make."""
    together = " ".join(line.removesuffix("\\") for line in lines).removeprefix("RUN ")
    for command in together.split("&&"):
        program, *words = shlex.split(command)
        for path in words if program == "mkdir" else ():
            if path.startswith("/"):
                yield from (*paths.ancestors(path.rstrip("/"))[1:], path.rstrip("/"))


def _chosen(stack: Sequence[Layer]) -> list[_Chosen]:
    chosen = [_Chosen() for _ in stack]
    by_layer: dict[int, list[Covered]] = {}
    for covered in coverings(stack).covered:
        by_layer.setdefault(covered.position, []).append(covered)
    sizes = [sizes_of(layer.entries) for layer in stack]
    for position, events in by_layer.items():
        for covered in sorted(events, key=lambda one: -sizes[one.row.position - 1][one.row.row]):
            if len(chosen[position - 1].removed) + len(chosen[position - 1].entries) >= MOST_EVENTS:
                break
            _choose_event(stack, chosen, covered)
    for one, layer, size in zip(chosen, stack, sizes, strict=True):
        for row in sorted(range(len(size)), key=size.__getitem__, reverse=True):
            if len(one.entries) >= MOST_FILES:
                break
            entry = layer.entries.entry(row)
            if _can_be_built(entry):
                one.entries.setdefault(entry.path, entry)
    return chosen


def _choose_event(stack: Sequence[Layer], chosen: list[_Chosen], covered: Covered) -> None:
    old = entry_at(stack, covered.row)
    if not _can_be_built(old) or not _PLAIN_PATH.fullmatch(covered.by):
        return
    above = chosen[covered.position - 1]
    row = stack[covered.position - 1].entries.row(covered.by)
    new = stack[covered.position - 1].entries.entry(row) if row is not None else None
    if covered.cause == "over" and new is not None and new.kind is old.kind:
        above.entries[new.path] = new
    elif covered.by not in above.removed:
        above.removed.append(covered.by)
        if new is not None and _can_be_built(new):
            above.entries[new.path] = new
    chosen[covered.row.position - 1].entries[old.path] = old


def _can_be_built(entry: Entry) -> bool:
    plain = _PLAIN_PATH.fullmatch(entry.path) and len(entry.name) <= _LARGEST_NAME
    if entry.kind is Kind.SYMLINK:
        return bool(plain and re.fullmatch(r"[\w./+@:,=~%-]+", entry.linkname))
    return bool(plain) and entry.kind is Kind.FILE and not _is_of_the_shell(entry.path)


def _is_of_the_shell(path: str) -> bool:
    """What lies where the shell's own files are put would take their place."""
    return any(path == place or paths.is_below(path, place) for place in _SHELL)


def _layer(position: int, layer: Layer, one: _Chosen, known: dict[str, Entry]) -> Rebuilt:
    entries = sorted(one.entries.values(), key=lambda entry: paths.key(entry.path))
    folder = "base" if position == 1 else f"layer{position}"
    copies = position == 1 or (layer.created_by.startswith(_COPIES) and not one.removed and bool(entries))
    if copies:
        setup = tuple(_on_your_computer(folder, entries, shell=position == 1))
        lines: tuple[str, ...] = (*("FROM scratch",) * (position == 1), f"COPY {folder}/ /")
    else:
        setup = ()
        commands = list(_commands(one, entries, known)) or list(_touch(layer))
        lines = tuple(_as_it_was(layer.created_by, known)) or tuple(_run(commands))
    covers = [entry.path for entry in entries if entry.path in known]
    files = sum(code not in (DIR, WHITEOUT) for code in kinds_of(layer.entries))
    return Rebuilt(
        setup,
        lines,
        _directory(one, entries, covers),
        tuple(path for path in covers[:2] if path not in one.removed),
        len(entries),
        files,
        bool(covers or one.removed),
        any(entry.size_bytes or entry.kind is Kind.SYMLINK for entry in entries),
    )


def _as_it_was(created_by: str, known: dict[str, Entry]) -> Iterator[str]:
    """The image's own instruction, where it is one plain command on files that are built again."""
    if not re.fullmatch(r"RUN [a-z]+( [\w./+:,=~-]+)+", created_by):
        return
    program, *words = created_by.removeprefix("RUN ").split()
    named = [word.rstrip("/") for word in words if word.startswith("/")]
    needed = named[:-1] if program in _MAKES_ITS_LAST else named
    there = {*known, *(directory for path in known for directory in paths.ancestors(path))}
    into = {paths.parent(path) for path in named if program != "mkdir"}
    if program in _PLAIN_PROGRAMS and named and there.issuperset(needed) and (there | {paths.ROOT}).issuperset(into):
        yield created_by


def _run(commands: Sequence[str]) -> Iterator[str]:
    together = f"RUN {' && '.join(commands)}"
    if len(together) <= _ONE_LINE:
        yield together
        return
    for number, command in enumerate(commands):
        # Not indented: the blanks would stand in the history.
        yield ("" if number else "RUN ") + command + (" && \\" if command is not commands[-1] else "")


def _all(layer: Layer) -> Iterator[Entry]:
    return map(layer.entries.entry, range(len(layer.entries)))


def _directory(one: _Chosen, entries: Sequence[Entry], covers: Sequence[str]) -> str:
    """Where the layer is looked at: what it hides tells more than what it adds."""
    for path in (*one.removed, *covers, *(entry.path for entry in entries)):
        return paths.parent(path)
    return paths.ROOT


def _on_your_computer(folder: str, entries: Sequence[Entry], *, shell: bool) -> Iterator[str]:
    if shell:
        yield f"mkdir -p {folder}/usr"
        yield "docker create --name shell alpine"
        yield from (f"docker cp shell:{place} {folder}{place}" for place in _SHELL)
        yield "docker rm shell"
    made: set[str] = {folder, f"{folder}/usr"} if shell else set()
    for entry in entries:
        directory = f"{folder}{paths.parent(entry.path)}".rstrip("/")
        if directory not in made:
            yield f"mkdir -p {shlex.quote(directory)}"
            made.add(directory)
        yield from _make(entry, f"{folder}{entry.path}")


def _commands(one: _Chosen, entries: Sequence[Entry], known: dict[str, Entry]) -> Iterator[str]:
    if one.removed:
        yield "rm -rf " + " ".join(map(shlex.quote, one.removed))
    gone = [other for other in known for path in one.removed if other == path or paths.is_below(other, path)]
    there = {directory for path in known if path not in gone for directory in paths.ancestors(path)}
    for directory in dict.fromkeys(paths.parent(entry.path) for entry in entries):
        if directory != paths.ROOT and directory not in there:
            yield f"mkdir -p {shlex.quote(directory)}"
    for entry in entries:
        before = None if entry.path in gone else known.get(entry.path)
        if before is not None and _only_the_mode(before, entry):
            yield f"chmod {entry.mode:o} {shlex.quote(entry.path)}"
            continue
        if before is not None and entry.kind is Kind.FILE and before.size_bytes == entry.size_bytes:
            yield f"touch {shlex.quote(entry.path)}"
        yield from _make(entry, entry.path)


def _only_the_mode(before: Entry, entry: Entry) -> bool:
    return (
        before.kind is entry.kind is Kind.FILE and before.size_bytes == entry.size_bytes and before.mode != entry.mode
    )


def _make(entry: Entry, place: str) -> Iterator[str]:
    where = shlex.quote(place)
    if entry.kind is Kind.SYMLINK:
        yield f"ln -sfn {shlex.quote(entry.linkname)} {where}"
        return
    yield f"truncate -s {entry.size_bytes} {where}"
    if entry.mode != 0o644:
        yield f"chmod {entry.mode:o} {where}"


def _touch(layer: Layer) -> Iterator[str]:
    """Of a layer whose entries are none that is built again: its directories, or the least that makes a layer."""
    directories = [
        entry.path
        for entry in _all(layer)
        if entry.kind is Kind.DIR and entry.path != paths.ROOT and _PLAIN_PATH.fullmatch(entry.path)
    ]
    deepest = [path for path in directories if not any(paths.is_below(other, path) for other in directories)][:3]
    wanted = " ".join(map(shlex.quote, deepest or ["/tmp"]))
    yield f"mkdir -p {wanted}"
    yield f"touch {wanted}"
