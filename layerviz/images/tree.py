"""What an image shows, one line an entry, for `layerviz tree`.

Lines come in blocks of many, made of the columns of the tables; an entry that is not simply what its row says (a hard
link, a file whose digest is wanted) is made one by one. Both ways are the same to the byte.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, repeat
from json.encoder import encode_basestring_ascii
from operator import itemgetter
from typing import TypeVar

from layerviz.engine import merge, whole
from layerviz.engine.entry import Kind
from layerviz.engine.paths import ROOT, display, from_key
from layerviz.engine.table import FILE, HARDLINK, KINDS, SYMLINK, Column, Table
from layerviz.engine.world import Layer
from layerviz.images.layers import Progress
from layerviz.images.opening import image_of
from layerviz.images.problems import Report

_BLOCK = 8192
_OF_NO_SIZE = bytes(code not in (FILE, SYMLINK, HARDLINK) for code in range(256))
"""Kinds whose lines show no size, and no link either."""
_SIZE_LETTERS = 11
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
    positions = list(islice(view.positions, places.start, places.stop))
    rows: list[list[int]] = [[] for _ in range(len(stack) + 1)]
    for position, row in zip(positions, islice(view.rows, places.start, places.stop), strict=True):
        rows[position].append(row)
    # The rows of one layer are seen in the order in which they stand in its table.
    layers = [(position, layer.entries) for position, layer in enumerate(stack, 1) if isinstance(layer.entries, Table)]
    take = [_taking(one) for one in rows]
    by_layer = [_paths(table, take[at]) for at, table in layers]
    paths = list(_interleaved(positions, [one for one, _ in by_layer]))
    if all(plain for _, plain in by_layer):
        names = [f'"{path}"' for path in paths] if as_json else paths
    else:
        names = list(map(quoted, paths))
    starts = list(_interleaved(positions, [_starts(at, table, take[at], as_json) for at, table in layers]))
    sizes = map(str, _interleaved(positions, [take[at](table.sizes) for at, table in layers]))
    kinds = bytes(_interleaved(positions, [take[at](table.kinds) for at, table in layers]))
    without_size = _places_of(kinds.translate(_OF_NO_SIZE), True)
    if as_json:
        ends = [f',"layer":{at}}}\n' for at in range(len(stack) + 1)]
        columns = zip(names, starts, sizes, map(ends.__getitem__, positions), strict=True)
        shown = [f'{{"path":{name}{start},"size":{size}{end}' for name, start, size, end in columns]
        for place in without_size:
            shown[place] = f'{{"path":{names[place]}{starts[place]}{ends[positions[place]]}'
    else:
        adjusted = map(str.rjust, sizes, repeat(_SIZE_LETTERS))
        shown = [f"{start}{size} {name}\n" for start, size, name in zip(starts, adjusted, names, strict=True)]
        blank = (_SIZE_LETTERS + 1) * " "
        for place in without_size:
            shown[place] = f"{starts[place]}{blank}{names[place]}\n"
    for place in _places_of(kinds, SYMLINK):
        before, behind = _sides(
            as_json, starts[place], None, _link(stack, view, places.start + place), "", positions[place]
        )
        shown[place] = f"{before}{names[place]}{behind}"
    apart = [*_places_of(kinds, HARDLINK), *(_places_of(kinds, FILE) if digest else ())]
    if digest:
        from layerviz.engine.sameness import place_of

        # In the order in which the contents lie: a compressed layer is read through, not jumped about in.
        apart.sort(key=lambda place: place_of(whole.found(stack, view, places.start + place).entry.content))
    for place in apart:
        before, behind = _parts(line_of(whole.found(stack, view, places.start + place), digest=digest), as_json)
        shown[place] = f"{before}{names[place]}{behind}"
    order = sorted(range(len(paths)), key=paths.__getitem__)
    for start in range(0, len(order), _BLOCK):
        yield "".join([shown[at] for at in order[start : start + _BLOCK]])


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
    elif entry.linkname:
        line["linkname"] = entry.linkname
    return line | {"layer": found.position}


def _interleaved(positions: Sequence[int], by_layer: Sequence[Iterable[_T]]) -> Iterator[_T]:
    """The next one of each layer, in the order of `positions`."""
    sources = [iter(()), *map(iter, by_layer)]
    return map(next, map(sources.__getitem__, positions))


def _taking(rows: Sequence[int]) -> _Take:
    return itemgetter(*rows) if len(rows) > 1 else lambda column: [column[row] for row in rows]


def _paths(table: Table, take: _Take) -> tuple[Iterator[str], bool]:
    """The paths of some rows, and whether all of them can be shown as they are."""
    first = table.starts[0]
    heap = table.heap[first : table.starts[len(table)]]
    begins, ends = take(table.starts), take(table.starts[1:])
    if not heap.isascii():
        return (from_key(heap[begin - first : end - first]) for begin, end in zip(begins, ends, strict=True)), False
    # One decoding for all; what stands before the heap is only there to be counted.
    text = first * " " + heap.replace(b"\0", b"/").decode("ascii")
    plain = text.isprintable() and not ("\\" in text or '"' in text)
    return map(text.__getitem__, map(slice, begins, ends)), plain


def _starts(position: int, table: Table, take: _Take, as_json: bool) -> Iterator[str]:
    """What a line says before the size. There are few combinations of kind, mode, uid and gid."""
    columns = (take(column) for column in (table.kinds, table.modes, table.uids, table.gids))
    return map(_Starts(position, as_json).__getitem__, zip(*columns, strict=True))


class _Starts(dict[tuple[int, int, int, int], str]):
    def __init__(self, position: int, as_json: bool) -> None:
        self.position = position
        self.as_json = as_json

    def __missing__(self, key: tuple[int, int, int, int]) -> str:
        kind, mode, uid, gid = key
        start = self[key] = _start(self.position, KINDS[kind], mode, uid, gid, self.as_json)
        return start


def _places_of(kinds: bytes, kind: int) -> Iterator[int]:
    place = kinds.find(kind)
    while place >= 0:
        yield place
        place = kinds.find(kind, place + 1)


def _link(stack: Sequence[Layer], view: whole.Merged, place: int) -> str:
    table = stack[view.positions[place] - 1].entries
    return table.linknames.get(view.rows[place], "") if isinstance(table, Table) else ""


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
