"""What an image shows, one line an entry, for `layerviz tree`.

Lines come in blocks of many, made of the columns of the tables; an entry that is not simply what its row says (a hard
link, a file whose digest is wanted) is made one by one. Both ways are the same to the byte.
"""

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, pairwise, repeat
from json.encoder import encode_basestring_ascii
from operator import itemgetter
from typing import IO, NamedTuple, TypeVar

from layerviz.engine import merge, whole
from layerviz.engine.entry import Kind
from layerviz.engine.paths import ROOT, display, from_key
from layerviz.engine.table import FILE, HARDLINK, KINDS, SYMLINK, Column, Table, places_of
from layerviz.engine.world import Layer
from layerviz.images.children import end
from layerviz.images.forking import Fork, helper
from layerviz.images.layers import Progress
from layerviz.images.opening import image_of
from layerviz.images.problems import Report

_BLOCK = 8192
_OF_NO_SIZE = bytes(code not in (FILE, SYMLINK, HARDLINK) for code in range(256))
"""Kinds whose lines show no size, and no link either."""
_PLAIN = b"\0" + bytes(letter for letter in range(0x20, 0x7F) if letter not in b'\\"')
"""Bytes of keys whose paths are shown as they are, in JSON too."""
_SLASH = ord("/")
_SYMLINK = str(Kind.SYMLINK)
_FEW = 8
_SIZE_LETTERS = 11
_WORTH_A_CHILD = 20_000
"""Lines from which on another process that makes half of them takes less time than it saves."""
_T = TypeVar("_T")
_Take = Callable[[Column | bytes], Sequence[int]]
"""Picks the numbers of some rows out of a column."""
_Sides = tuple[str, str]
"""What stands before the path of a line and behind it."""


def tree(
    text: str,
    path: str = ROOT,
    layer: int | None = None,
    *,
    digest: bool = False,
    told: Callable[[Report], None] | None = None,
    progress: Progress | None = None,
) -> Iterator[dict[str, object]]:
    """The merged view of the image that `text` names, or of its layers up to `layer`: what lies below `path`, sorted by
    path; the root itself is not listed.

    Each line has `path`, `type` (file, dir, symlink, char, block, fifo), `mode` (0 to 4095), `uid`, `gid`, `layer`
    (1 is the bottom one); files `size`, with `digest` `sha256` too; symlinks `linkname`. A hard link is what its target
    is; one that leads to nothing has the type hardlink and a `linkname`. `told` hears first what was odd about the
    archive. Raises `ImageProblem`.
    """
    brought = image_of(text, progress)
    if told:
        for report in brought.reports:
            told(report)
    for block in lines(brought.image.layers[:layer], path, as_json=True, digest=digest):
        for line in block.splitlines():
            yield json.loads(line)


def lines(
    stack: Sequence[Layer], directory: str = ROOT, *, as_json: bool = False, digest: bool = False
) -> Iterator[str]:
    """What the merged view has below `directory`, sorted by path, in blocks of lines that each end in a line feed; what
    is no directory is itself all there is.

    `directory` is taken literally. Names that are no UTF-8 stay lossless in JSON, as `\\udcXX` escapes.
    """
    quoted = encode_basestring_ascii if as_json else display
    top = merge.seen(stack, directory)
    if (top and top.entry.kind is not Kind.DIR) or not all(isinstance(layer.entries, Table) for layer in stack):
        hits = [top] if top and top.entry.kind is not Kind.DIR else merge.walk(stack, directory)
        for found in sorted(hits, key=lambda hit: hit.entry.path):
            before, behind = _parts(line_of(found, digest=digest), as_json)
            yield f"{before}{quoted(found.entry.path)}{behind}"
        return
    view = whole.merged(stack)
    places = whole.below(stack, view, directory)
    cut = None if digest or len(places) < _WORTH_A_CHILD else _cut(stack, view, places)
    if cut is not None and (child := _half(stack, view, range(cut, places.stop), as_json)):
        yield from _by_two(child, stack, view, places, cut, as_json)
        return
    yield from _blocks(_listed(stack, view, places, as_json, digest))


def _cut(stack: Sequence[Layer], view: whole.Merged, places: range) -> int | None:
    """A place near the middle where all that stands before it comes before it by the letters of the paths, too."""
    middle = (places.start + places.stop) // 2
    for place in range(middle, middle + len(places) // 4, max(len(places) // 400, 1)):
        if _is_a_cut(stack, view, whole.key_at(stack, view, place)):
            return place
    return None


def _is_a_cut(stack: Sequence[Layer], view: whole.Merged, key: bytes) -> bool:
    """Directories are followed by what they hold; by their letters `/a-b` would come before `/a/b`. This looks for such
    neighbours along the path of `key`."""

    def is_anything(first: bytes, end: bytes) -> bool:
        return whole.first(stack, view, first) < whole.first(stack, view, end)

    parts = key.split(b"\0")[1:]
    above = b""
    for part in parts:
        own = above + b"\0" + part
        if own != key and is_anything(own + b"\x01", own + b"/"):
            return False
        shorter = (above + b"\0" + part[:at] for at, letter in enumerate(part) if at and letter < _SLASH)
        if any(is_anything(one + b"\0", one + b"\x01") for one in shorter):
            return False
        above = own
    return True


def _half(stack: Sequence[Layer], view: whole.Merged, places: range, as_json: bool) -> Fork | None:
    """A child that says the path that comes first, and then all lines; None where none can be had."""

    def work(_: IO[bytes], saying: IO[bytes]) -> None:
        gc.disable()
        listed = _listed(stack, view, places, as_json, False)
        for text in chain((listed.least,), _blocks(listed), ("",)):
            data = text.encode("utf-8", "surrogatepass")
            saying.write(len(data).to_bytes(8, "little") + data)

    return helper(work)


def _by_two(
    child: Fork, stack: Sequence[Layer], view: whole.Merged, places: range, cut: int, as_json: bool
) -> Iterator[str]:
    """All lines, those behind `cut` made by `child` at the same time."""
    try:
        first = _listed(stack, view, range(places.start, cut), as_json, False)
        least = _heard(child.stdout)
        if not least or least < first.greatest:
            # It ended too early, or names that are no UTF-8 have an order of their own.
            yield from _blocks(_listed(stack, view, places, as_json, False))
            return
        yield from _blocks(first)
        done = 0
        while block := _heard(child.stdout):
            done += 1
            yield block
        if block is None:
            yield from islice(_blocks(_listed(stack, view, range(cut, places.stop), as_json, False)), done, None)
    finally:
        end(child)


def _heard(stdout: IO[bytes]) -> str | None:
    """The next text that a child says; None where it ended before it was done."""
    size = stdout.read(8)
    data = stdout.read(int.from_bytes(size, "little"))
    return data.decode("utf-8", "surrogatepass") if size and len(data) == int.from_bytes(size, "little") else None


class _Listed(NamedTuple):
    """Lines, the paths that they show, and the order of these."""

    paths: list[str]
    shown: list[str]
    order: list[int]

    @property
    def least(self) -> str:
        return self.paths[self.order[0]]

    @property
    def greatest(self) -> str:
        return self.paths[self.order[-1]]


def _blocks(listed: _Listed) -> Iterator[str]:
    for start in range(0, len(listed.order), _BLOCK):
        yield "".join([listed.shown[at] for at in listed.order[start : start + _BLOCK]])


def _listed(stack: Sequence[Layer], view: whole.Merged, places: range, as_json: bool, digest: bool) -> _Listed:
    positions = list(islice(view.positions, places.start, places.stop))
    rows: list[list[int]] = [[] for _ in range(len(stack) + 1)]
    for position, row in zip(positions, islice(view.rows, places.start, places.stop), strict=True):
        rows[position].append(row)
    # The rows of one layer are seen in the order in which they stand in its table.
    parts = [
        _Part(position, layer.entries, rows[position], as_json)
        for position, layer in enumerate(stack, 1)
        if isinstance(layer.entries, Table)
    ]
    _set_apart(stack, parts, as_json, digest)
    paths = list(_interleaved(positions, [part.paths for part in parts]))
    shown = list(_interleaved(positions, [part.shown for part in parts]))
    return _Listed(paths, shown, sorted(range(len(paths)), key=paths.__getitem__))


class _Part:
    """What is seen of one layer: the paths, and the lines that show them."""

    def __init__(self, position: int, table: Table, rows: Sequence[int], as_json: bool) -> None:
        self.position = position
        self.rows = rows
        take = _taking(rows, len(table))
        self.paths, plain = _paths(table, rows, take)
        self.kinds = bytes(take(table.kinds))
        starts = _starts(position, table, self.kinds, take, as_json)
        without_size = places_of(self.kinds.translate(_OF_NO_SIZE), True)
        if as_json:
            self.names = (
                [f'"{path}"' for path in self.paths] if plain else list(map(encode_basestring_ascii, self.paths))
            )
            sizes = list(map(str, take(table.sizes)))
            for place in without_size:
                sizes[place] = ""
            end = f',"layer":{position}}}\n'
            self.shown = [
                f'{{"path":{name}{start}{size}{end}'
                for name, start, size in zip(self.names, starts, sizes, strict=True)
            ]
        else:
            self.names = self.paths if plain else list(map(display, self.paths))
            sizes = list(map(str.rjust, map(str, take(table.sizes)), repeat(_SIZE_LETTERS)))
            for place in without_size:
                sizes[place] = _SIZE_LETTERS * " "
            self.shown = [
                f"{start}{size} {name}\n" for start, size, name in zip(starts, sizes, self.names, strict=True)
            ]
        symlinks = list(places_of(self.kinds, SYMLINK))
        links = dict(table.linknames.items()) if len(symlinks) > _FEW else table.linknames
        for place in symlinks:
            row = rows[place]
            start = _start(position, _SYMLINK, table.modes[row], table.uids[row], table.gids[row], as_json)
            before, behind = _sides(as_json, start, None, links.get(row, ""), "", position)
            self.shown[place] = f"{before}{self.names[place]}{behind}"


def _set_apart(stack: Sequence[Layer], parts: Sequence[_Part], as_json: bool, digest: bool) -> None:
    """Makes the lines of what is not simply what its row says."""
    apart = [(part, place) for part in parts for place in places_of(part.kinds, HARDLINK)]
    if digest:
        from layerviz.engine.sameness import place_of

        apart += [(part, place) for part in parts for place in places_of(part.kinds, FILE)]
        # In the order in which the contents lie: a compressed layer is read through, not jumped about in.
        apart.sort(key=lambda one: place_of(_found(stack, *one).entry.content))
    for part, place in apart:
        before, behind = _parts(line_of(_found(stack, part, place), digest=digest), as_json)
        part.shown[place] = f"{before}{part.names[place]}{behind}"


def _found(stack: Sequence[Layer], part: _Part, place: int) -> merge.Found:
    return merge.found_at(stack, part.position, part.rows[place])


def line_of(found: merge.Found, *, digest: bool = False) -> dict[str, object]:
    """What `tree` says of one entry."""
    entry = found.entry
    line: dict[str, object] = {
        "path": entry.path,
        "type": str(entry.kind),
        "mode": entry.mode,
        "uid": entry.uid,
        "gid": entry.gid,
    }
    if entry.kind is Kind.FILE:
        line["size"] = entry.size_bytes
        if digest:
            # Few ask for it, and it takes longer to load than the rest.
            from layerviz.engine import digests
            from layerviz.images import contents

            line["sha256"] = digests.content_digest(entry.content, contents.read).removeprefix("sha256:")
    elif entry.kind in (Kind.SYMLINK, Kind.HARDLINK):
        line["linkname"] = entry.linkname
    return line | {"layer": found.position}


def _interleaved(positions: Sequence[int], by_layer: Sequence[Iterable[_T]]) -> Iterator[_T]:
    """The next one of each layer, in the order of `positions`."""
    sources = [iter(()), *map(iter, by_layer)]
    return map(next, map(sources.__getitem__, positions))


def _taking(rows: Sequence[int], of: int) -> _Take:
    """What picks these rows out of the columns of a table of so many."""
    if len(rows) < 2:
        return lambda column: [column[row] for row in rows]
    pick = itemgetter(*rows)
    # A list gives its items faster than a view of a file does.
    return (lambda column: pick(list(column))) if _are_many(rows, of) else pick


def _are_many(rows: Sequence[int], of: int) -> bool:
    return 2 * len(rows) > of


def _paths(table: Table, rows: Sequence[int], take: _Take) -> tuple[list[str], bool]:
    """The paths of some rows, and whether all of them can be shown as they are."""
    first = table.starts[0]
    heap = table.heap[first : table.starts[len(table)]]
    if heap.translate(None, _PLAIN):
        begins, ends = take(table.starts), take(table.starts[1:])
        return [from_key(heap[begin - first : end - first]) for begin, end in zip(begins, ends, strict=True)], False
    # One decoding for all; what stands before the heap is only there to be counted.
    text = first * " " + heap.replace(b"\0", b"/").decode("ascii")
    if _are_many(rows, len(table)):
        paths = [text[begin:end] for begin, end in pairwise(table.starts)]
        return (paths if len(rows) == len(paths) else list(itemgetter(*rows, 0)(paths)[:-1])), True
    return list(map(text.__getitem__, map(slice, take(table.starts), take(table.starts[1:])))), True


def _starts(position: int, table: Table, kinds: bytes, take: _Take, as_json: bool) -> Iterator[str]:
    """What a line says before the size. There are few combinations of kind, mode, uid and gid."""
    columns = (take(column) for column in (table.modes, table.uids, table.gids))
    return map(_Starts(position, as_json).__getitem__, zip(kinds, *columns, strict=True))


class _Starts(dict[tuple[int, int, int, int], str]):
    def __init__(self, position: int, as_json: bool) -> None:
        self.position = position
        self.as_json = as_json

    def __missing__(self, key: tuple[int, int, int, int]) -> str:
        kind, mode, uid, gid = key
        start = _start(self.position, KINDS[kind], mode, uid, gid, self.as_json)
        if self.as_json and not _OF_NO_SIZE[kind]:
            start += ',"size":'
        self[key] = start
        return start


def _parts(line: Mapping[str, object], as_json: bool) -> _Sides:
    position, mode, uid, gid = (int(str(line[name])) for name in ("layer", "mode", "uid", "gid"))
    start = _start(position, str(line["type"]), mode, uid, gid, as_json)
    size = int(str(line["size"])) if "size" in line else None
    return _sides(as_json, start, size, str(line.get("linkname", "")), str(line.get("sha256", "")), position)


def _start(position: int, kind: str, mode: int, uid: int, gid: int, as_json: bool) -> str:
    if as_json:
        return f',"type":"{kind}","mode":{mode},"uid":{uid},"gid":{gid}'
    owner = f"{uid}:{gid}"
    return f"[{position}] {kind:<8} {mode:04o} {owner:>9} "


def _sides(as_json: bool, start: str, size: int | None, link: str, digest: str, position: int) -> _Sides:
    if not as_json:
        # As people read it: layer, type, mode, owner, size, path.
        return f"{start}{'' if size is None else size:>{_SIZE_LETTERS}} ", f" -> {display(link)}\n" if link else "\n"
    more = "" if size is None else f',"size":{size}'
    if digest:
        more += f',"sha256":"{digest}"'
    if link:
        more += f',"linkname":{encode_basestring_ascii(link)}'
    return '{"path":', f'{start}{more},"layer":{position}}}\n'
