"""What must hold for all worlds: merges, undo, tars, commits, and plain POSIX trees."""

import io
import tarfile
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from layerviz.engine import actions as do
from layerviz.engine import canonical, content, paths
from layerviz.engine.apply import apply
from layerviz.engine.changes import changes
from layerviz.engine.changeset import Header, from_changeset
from layerviz.engine.content import of
from layerviz.engine.digests import diff_id
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.merge import Found, children, count_below, lookup, seen, sources, versions, walk
from layerviz.engine.table import Table
from layerviz.engine.world import Config, HistoryLine, Layer, Policy, World
from tests.engine.drawn import c1, world_of

settings.register_profile("engine", deadline=None)  # machines that are busy take their time
settings.load_profile("engine")

NAMES = st.sampled_from(["a", "b", "c", "d-e", "d", "é"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
MODES = st.sampled_from([0o644, 0o755, 0o4755])


@st.composite
def some_entry(draw: st.DrawFn, path: str | None = None) -> Entry:
    path = path or draw(PATHS)
    kind = draw(st.sampled_from([Kind.FILE, Kind.FILE, Kind.DIR, Kind.DIR, Kind.SYMLINK, Kind.WHITEOUT, Kind.FIFO]))
    if kind is Kind.FILE:
        return Entry(path, mode=draw(MODES), content=of(draw(st.binary(max_size=3))))
    if kind is Kind.DIR:
        return Entry(path, kind, draw(MODES), opaque=draw(st.integers(0, 3)) == 0)
    if kind is Kind.SYMLINK:
        return Entry(path, kind, 0o777, linkname=draw(NAMES))
    return Entry(path, kind, 0 if kind is Kind.WHITEOUT else draw(MODES))


def fitting(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """`entries` of which one layer can consist: one for a path (and one whiteout), none below what is no directory."""
    by_path = {(entry.path, entry.is_whiteout): entry for entry in entries}
    files = {entry.path for entry in by_path.values() if entry.kind not in (Kind.DIR, Kind.WHITEOUT)}
    return tuple(e for e in by_path.values() if not files.intersection(paths.ancestors(e.path)))


LAYERS = st.lists(some_entry(), max_size=8).map(lambda drawn: Layer(1, Table.of(fitting(drawn))))
STACKS = st.lists(LAYERS, max_size=4).map(tuple)

ACTIONS = st.one_of(
    st.builds(do.Write, st.just(0), PATHS, st.binary(max_size=3).map(of), st.booleans()),
    st.builds(do.Truncate, st.just(0), PATHS, st.integers(0, 4)),
    st.builds(do.Mkdir, st.just(0), PATHS),
    st.builds(do.Unlink, st.just(0), PATHS),
    st.builds(do.Rmdir, st.just(0), PATHS),
    st.builds(do.RemoveTree, st.just(0), PATHS),
    st.builds(do.Rename, st.just(0), PATHS, PATHS),
    st.builds(do.Chmod, st.just(0), PATHS, MODES),
    st.builds(do.Symlink, st.just(0), NAMES, PATHS),
    st.builds(do.Link, st.just(0), PATHS, PATHS),
    st.builds(do.Put, st.just(0), st.lists(some_entry(), max_size=3).map(fitting)),
)
BASES = st.sampled_from(
    [
        ("a=1 d/ d/a=2 d/b/ d/b/c=3 b->d",),
        ("d/ d/a=1 d/d/ d/d/a=1", "d/! d/b=2 c=1", "-c a=1 d-e=4"),
        ("a=1 b=>a c=>a", "d/ d/a=2"),
    ]
)


def rows(stack: Sequence[Layer]) -> list[Entry]:
    """The merged view; whether a directory is opaque or implied is not seen."""
    return [replace(found.entry, opaque=False, implied=False) for found in walk(stack)]


def squash(lower: Layer, upper: Layer) -> Layer:
    """One layer that does to any stack what the two do to it."""
    kept: dict[tuple[str, bool], Entry] = {}
    below = list(map(lower.entries.entry, range(len(lower.entries))))
    above = list(map(upper.entries.entry, range(len(upper.entries))))
    hidden = {entry.path for entry in above if entry.is_whiteout}
    opaque = {entry.path for entry in above if entry.opaque}
    files = {entry.path for entry in above if entry.kind not in (Kind.DIR, Kind.WHITEOUT)}
    directories = {entry.path: entry for entry in above if entry.kind is Kind.DIR}
    for entry in below:
        over = paths.ancestors(entry.path)
        if hidden.intersection((entry.path, *over)) or opaque.intersection(over) or files.intersection(over):
            continue
        if entry.path in files and not entry.is_whiteout:
            continue
        if entry.kind not in (Kind.DIR, Kind.WHITEOUT) and entry.path in directories:
            # The file hid what was below it, and so must the directory that took its place.
            kept[entry.path, True] = Entry(entry.path, Kind.WHITEOUT, 0)
            continue
        kept[entry.path, entry.is_whiteout] = entry
    for entry in above:
        was = kept.get((entry.path, False))
        if entry.kind is Kind.DIR and was and was.kind is Kind.DIR:
            mark = entry.opaque or was.opaque
            # An opaque directory that keeps lower attributes shows a lower one's, hidden or not; so does ours.
            entry = replace(was if entry.implied else entry, opaque=mark, implied=entry.implied and was.implied)
        kept[entry.path, entry.is_whiteout] = entry
    for path in hidden:
        kept[path, True] = Entry(path, Kind.WHITEOUT, 0)
    return Layer(99, Table.of(kept.values()))


@given(STACKS, LAYERS, LAYERS, LAYERS)
def test_merge_is_associative_over_squash(below: tuple[Layer, ...], one: Layer, two: Layer, three: Layer) -> None:
    apart = rows((*below, one, two, three))
    assert rows((*below, squash(one, two), three)) == apart
    assert rows((*below, one, squash(two, three))) == apart


@given(STACKS, PATHS)
def test_lookup_agrees_with_children(stack: tuple[Layer, ...], path: str) -> None:
    listed = {found.entry.path: found for found in children(stack, paths.parent(path))}
    assert lookup(stack, path).found == listed.get(path)
    assert seen(stack, path) == listed.get(path)


@given(BASES, st.lists(ACTIONS, max_size=8), PATHS)
def test_lookup_agrees_with_children_in_a_container_too(
    base: tuple[str, ...], steps: list[do.Action], path: str
) -> None:
    world = world_of(*base)
    for step in steps:
        world = played(world, step)
    stack = c1(world).stack
    frozen = (*stack[:-1], Layer(1, Table.of(stack[-1].entries.entry(row) for row in range(len(stack[-1].entries)))))
    listed = {found.entry.path: found for found in children(stack, paths.parent(path))}
    assert lookup(stack, path).found == seen(stack, path) == listed.get(path)
    assert sources(stack, paths.parent(path)) == sources(frozen, paths.parent(path))


@given(STACKS)
def test_walk_is_sorted_and_counted_and_each_name_stands_once(stack: tuple[Layer, ...]) -> None:
    walked = [found.entry.path for found in walk(stack)]
    assert walked == sorted(set(walked), key=paths.key)
    assert count_below(stack, "/") == len(walked)


@given(STACKS, PATHS)
def test_what_a_lookup_finds_is_the_row_of_the_layer_that_it_names(stack: tuple[Layer, ...], path: str) -> None:
    answer = lookup(stack, path)
    asked = [position for position, _ in answer.asked]
    assert asked == list(range(len(stack), len(stack) - len(asked), -1))
    if answer.found:
        assert answer.asked[-1] == (answer.found.position, "found")
        assert answer.found in versions(stack, path)
    else:
        assert all(given_answer != "found" for _, given_answer in answer.asked)


@given(LAYERS)
def test_canonical_tar_reads_back_equal(layer: Layer) -> None:
    data = b"".join(canonical.tar(layer.entries))
    table, reports = from_changeset(headers_of(data))
    assert [report for report in reports if report.rule != "opaque-without-directory"] == []
    assert bare(table) == bare(layer.entries)
    assert diff_id(Layer(2, table)) == diff_id(layer)


@given(
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=200).filter(
        lambda name: name not in {".", ".."} and not name.startswith(".wh.")
    ),
    st.integers(0, 0o7777),
    st.integers(0, 2**32 - 2),
    st.integers(-(2**33), 2**33),
    st.dictionaries(st.sampled_from(["user.a", "security.capability"]), st.binary(max_size=20)),
    st.binary(max_size=1025),
)
def test_canonical_tar_keeps_every_attribute(
    name: str, mode: int, owner: int, seconds: int, xattrs: dict[str, bytes], data: bytes
) -> None:
    entry = Entry(
        f"/{name}", Kind.FILE, mode, owner, owner, seconds * 10**9, of(data), xattrs=tuple(sorted(xattrs.items()))
    )
    table, reports = from_changeset(headers_of(b"".join(canonical.tar(Table.of([entry])))))
    assert (list(table), reports) == ([entry], ())


@given(BASES, st.lists(ACTIONS, max_size=8))
def test_undo_restores_because_no_world_ever_changes(base: tuple[str, ...], steps: list[do.Action]) -> None:
    worlds, before = [world_of(*base)], []
    for step in steps:
        before.append(everything(worlds[-1]))
        worlds.append(played(worlds[-1], step))
    before.append(everything(worlds[-1]))
    assert [everything(world) for world in worlds] == before


@given(BASES, st.lists(ACTIONS, max_size=8))
def test_container_s_view_equals_the_view_of_its_commit(base: tuple[str, ...], steps: list[do.Action]) -> None:
    world = world_of(*base)
    for step in steps:
        world = played(world, step)
    container = c1(world)
    committed = apply(world, do.Commit(container.key, "new", Config(), HistoryLine(0, ""))).world
    assert unlinked(committed.images[-1].layers) == unlinked(container.stack)
    data = b"".join(canonical.tar(committed.images[-1].layers[-1].entries))
    table, _ = from_changeset(headers_of(data))
    assert unlinked((*container.image.layers, Layer(9, table))) == unlinked(container.stack)


@given(BASES, st.lists(ACTIONS, max_size=8))
def test_diff_of_a_container_is_empty_only_where_its_view_is_the_image_s(
    base: tuple[str, ...], steps: list[do.Action]
) -> None:
    world = world_of(*base)
    for step in steps:
        world = played(world, step)
    container = c1(world)
    before = {e.path: e for e in unlinked(container.image.layers)}
    after = {e.path: e for e in unlinked(container.stack)}
    lines = {path: change for change, path in changes(container)}
    assert {path for path, change in lines.items() if change == "A"} == after.keys() - before.keys()
    assert {path for path, change in lines.items() if change == "D"} <= before.keys() - after.keys()
    for path in after.keys() & before.keys():
        if (after[path].kind, after[path].mode, after[path].size_bytes) != (
            before[path].kind,
            before[path].mode,
            before[path].size_bytes,
        ):
            assert lines[path] == "C"


@settings(max_examples=200)
@given(BASES, st.lists(ACTIONS, max_size=10))
def test_file_operations_agree_with_a_plain_tree(base: tuple[str, ...], steps: list[do.Action]) -> None:
    """A container under a driver with the manners of a plain disk shows what a dict of paths would."""
    world = replace(world_of(*base), policy=Policy(rename_lower_directory=True, keep_hard_links=True))
    plain = Plain(c1(world).stack)
    for step in steps:
        if isinstance(step, do.Put):
            continue
        outcome = apply(world, aimed(step, world))
        assert plain.does(step) is (outcome.error == ""), step
        world = outcome.world
        assert plain.tree() == [(e.path, e.kind, holds(e)) for e in rows(c1(world).stack)], step


class Plain:
    """A POSIX tree as a dict: a path's kind, and a file's content in a cell that its names share."""

    def __init__(self, stack: tuple[Layer, ...]) -> None:
        self.at: dict[str, tuple[Kind, list[bytes]]] = {}
        for found in walk(stack):
            entry = found.entry
            target = entry.linkname if entry.kind is Kind.FILE and entry.linkname else None
            self.at[entry.path] = self.at[target] if target else (entry.kind, [holds(entry)])

    def tree(self) -> list[tuple[str, Kind, bytes]]:
        return [(path, kind, cell[0]) for path, (kind, cell) in sorted(self.at.items(), key=lambda i: paths.key(i[0]))]

    def does(self, step: do.Action) -> bool:
        try:
            getattr(self, type(step).__name__.lower())(step)
        except LookupError:
            return False
        return True

    def resolved(self, path: str, *, last: bool) -> str:
        at, waiting, links = "/", path.split("/")[1:], 0
        while waiting:
            name = waiting.pop(0)
            inside = paths.join(at, name)
            kind, cell = self.at.get(inside, (None, [b""]))
            if kind is Kind.SYMLINK and (waiting or last):
                links += 1
                if links > 40:
                    raise LookupError
                waiting = cell[0].decode().split("/") + waiting
            elif waiting and kind is not Kind.DIR:
                raise LookupError
            else:
                at = inside
        return at

    def file(self, path: str) -> list[bytes]:
        path = self.resolved(path, last=True)
        kind, cell = self.at.setdefault(path, (Kind.FILE, [b""]))
        if kind is Kind.DIR:
            raise LookupError
        return cell if kind is Kind.FILE else [b""]

    def write(self, step: do.Write) -> None:
        cell = self.file(step.path)
        cell[0] = (cell[0] if step.append else b"") + step.content.read()

    def truncate(self, step: do.Truncate) -> None:
        cell = self.file(step.path)
        cell[0] = cell[0][: step.size_bytes].ljust(step.size_bytes, b"\0")

    def there(self, path: str, *, last: bool = False) -> str:
        path = self.resolved(path, last=last)
        if path not in self.at:
            raise LookupError
        return path

    def free(self, path: str) -> str:
        path = self.resolved(path, last=False)
        if path in self.at:
            raise LookupError
        return path

    def below(self, path: str) -> list[str]:
        return [other for other in self.at if paths.is_below(other, path)]

    def mkdir(self, step: do.Mkdir) -> None:
        self.at[self.free(step.path)] = (Kind.DIR, [b""])

    def unlink(self, step: do.Unlink) -> None:
        path = self.there(step.path)
        if self.at[path][0] is Kind.DIR:
            raise LookupError
        del self.at[path]

    def rmdir(self, step: do.Rmdir) -> None:
        path = self.there(step.path)
        if self.at[path][0] is not Kind.DIR or self.below(path):
            raise LookupError
        del self.at[path]

    def removetree(self, step: do.RemoveTree) -> None:
        path = self.there(step.path)
        for gone in [path, *self.below(path)]:
            del self.at[gone]

    def chmod(self, step: do.Chmod) -> None:
        self.there(step.path, last=True)

    def symlink(self, step: do.Symlink) -> None:
        self.at[self.free(step.path)] = (Kind.SYMLINK, [step.linkname.encode()])

    def link(self, step: do.Link) -> None:
        old, new = self.there(step.old), self.free(step.new)
        if self.at[old][0] is Kind.DIR:
            raise LookupError
        self.at[new] = self.at[old]

    def rename(self, step: do.Rename) -> None:
        new = self.resolved(step.new, last=False)
        old = self.there(step.old)
        if paths.is_below(new, old) or paths.is_below(old, new):
            raise LookupError
        if old == new:
            return
        kind, cell = self.at[old]
        if new in self.at:
            if (self.at[new][0] is Kind.DIR) is not (kind is Kind.DIR) or self.below(new):
                raise LookupError
            if self.at[new][1] is cell:
                return
        for path in [old, *self.below(old)]:
            self.at[new + path[len(old) :]] = self.at.pop(path)


def holds(entry: Entry) -> bytes:
    return entry.linkname.encode() if entry.kind is Kind.SYMLINK else entry.content.read()


def aimed(step: do.Action, world: World) -> do.Action:
    return replace(step, target=c1(world).key)  # type: ignore[call-arg]  # each of ACTIONS has a target


def played(world: World, step: do.Action) -> World:
    return apply(world, aimed(step, world)).world


def everything(world: World) -> tuple[tuple[Found, ...], tuple[Entry, ...]]:
    own = c1(world).layer.entries
    return tuple(walk(c1(world).stack)), tuple(map(own.entry, range(len(own))))


def unlinked(stack: Sequence[Layer]) -> list[Entry]:
    """The merged view without what is not seen of it: which names are linked, how contents are kept."""
    return [
        replace(
            entry,
            linkname=entry.linkname if entry.kind is Kind.SYMLINK else "",
            inode=0,
            content=of(entry.content.read()),
        )
        for entry in rows(stack)
    ]


def bare(entries: object) -> list[Entry]:
    """Rows without the modes of whiteouts."""
    assert isinstance(entries, Table)
    return [replace(entry, mode=0) if entry.is_whiteout else entry for entry in entries]


def headers_of(data: bytes) -> list[Header]:
    """A tar as Python's tarfile reads it."""
    with tarfile.open(fileobj=io.BytesIO(data), errors="surrogateescape") as tar:
        return [
            Header(
                info.name.encode("utf-8", "surrogateescape") + b"/" * info.isdir(),
                info.type,
                info.mode,
                info.uid,
                info.gid,
                int(info.mtime) * 10**9,
                content.of(data[info.offset_data :][: info.size]) if info.isreg() else content.EMPTY,
                info.linkname.encode("utf-8", "surrogateescape"),
                (info.devmajor, info.devminor),
                tuple(
                    sorted(
                        (key.removeprefix("SCHILY.xattr."), value.encode("utf-8", "surrogateescape"))
                        for key, value in info.pax_headers.items()
                        if key.startswith("SCHILY.xattr.")
                    )
                ),
            )
            for info in tar
        ]
