"""What an image shows, one line an entry, for `layerviz tree`.

Lines come in blocks of many, made of the columns of the tables; an entry that is not simply what its row says (a hard
link, a file whose digest is wanted) is made one by one. Both ways are the same to the byte.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from json.encoder import encode_basestring_ascii
from operator import itemgetter, mod
from typing import TypeVar

from layerviz.engine import digests, merge, whole
from layerviz.engine.entry import Kind
from layerviz.engine.paths import ROOT, display
from layerviz.engine.table import FILE, HARDLINK, KINDS, SYMLINK, Column, Table
from layerviz.engine.world import Layer
from layerviz.images import contents
from layerviz.images.layers import Progress
from layerviz.images.opening import image_of
from layerviz.images.problems import Report

_BLOCK = 8192
_EXCHANGED = bytes({0: 47, 47: 0}.get(byte, byte) for byte in range(256))
_T = TypeVar("_T")
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
    paths, names = _paths(_interleaved(positions, [_keys(table, rows[at]) for at, table in layers]), as_json)
    said = list(_interleaved(positions, [_said(at, table, rows[at], as_json) for at, table in layers]))
    kinds = bytes(_interleaved(positions, [_taken(table.kinds, rows[at]) for at, table in layers]))
    if as_json:
        shown = [f'{{"path":{name}{rest}' for name, rest in zip(names, said, strict=True)]
    else:
        shown = [f"{start}{name}\n" for start, name in zip(said, names, strict=True)]
    for place in _places_of(kinds, SYMLINK):
        link = _link(stack, view, places.start + place)
        if link and as_json:
            front, layer, back = shown[place].rpartition(',"layer"')
            shown[place] = f'{front},"linkname":{quoted(link)}{layer}{back}'
        elif link:
            shown[place] = f"{shown[place][:-1]} -> {quoted(link)}\n"
    for place in chain(_places_of(kinds, HARDLINK), _places_of(kinds, FILE) if digest else ()):
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
            line["sha256"] = digests.content_digest(entry.content, contents.read).removeprefix("sha256:")
    elif entry.linkname:
        line["linkname"] = entry.linkname
    return line | {"layer": found.position}


def _interleaved(positions: Sequence[int], by_layer: Sequence[Iterable[_T]]) -> Iterator[_T]:
    """The next one of each layer, in the order of `positions`."""
    sources = [iter(()), *map(iter, by_layer)]
    return map(next, map(sources.__getitem__, positions))


def _taken(column: Column | bytes, rows: Sequence[int]) -> Sequence[int]:
    return itemgetter(*rows)(column) if len(rows) > 1 else [column[row] for row in rows]


def _keys(table: Table, rows: Sequence[int]) -> Iterator[bytes]:
    starts = table.starts
    ends = _taken(starts, [row + 1 for row in rows])
    return map(table.heap.__getitem__, map(slice, _taken(starts, rows), ends))


def _paths(keys: Iterator[bytes], as_json: bool) -> tuple[list[str], list[str]]:
    """The paths, and how they are shown."""
    # A slash stands in no key and a NUL in no path: one decoding for all.
    joined = b"/".join(keys).translate(_EXCHANGED).decode("utf-8", "surrogateescape")
    paths = joined.split("\0") if joined else []
    if joined.isascii() and joined.replace("\0", "").isprintable() and not ("\\" in joined or '"' in joined):
        return paths, [f'"{path}"' for path in paths] if as_json else paths
    return paths, list(map(encode_basestring_ascii if as_json else display, paths))


def _said(position: int, table: Table, rows: Sequence[int], as_json: bool) -> Iterator[str]:
    """What a line says beside the path, of what is neither link nor wants its digest told."""
    columns = (_taken(column, rows) for column in (table.kinds, table.modes, table.uids, table.gids))
    templates = map(_Templates(position, as_json).__getitem__, zip(*columns, strict=True))
    return map(mod, templates, _taken(table.sizes, rows))


class _Templates(dict[tuple[int, int, int, int], str]):
    """By kind, mode, uid and gid, of which there are few: a line without its path, with room for the size."""

    def __init__(self, position: int, as_json: bool) -> None:
        self.position = position
        self.as_json = as_json

    def __missing__(self, key: tuple[int, int, int, int]) -> str:
        kind, mode, uid, gid = key
        start = _start(self.position, KINDS[kind], mode, uid, gid, self.as_json)
        # "%.0s" shows nothing of what is no size.
        if self.as_json:
            size = ',"size":%d' if kind == FILE else "%.0s"
            template = f'{start}{size},"layer":{self.position}}}\n'
        else:
            template = start + ("%11d " if kind == FILE else "%.0s" + 12 * " ")
        self[key] = template
        return template


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
    say = _json_sides if as_json else _text_sides
    return say(start, size, str(line.get("linkname", "")), str(line.get("sha256", "")), position)


def _start(position: int, kind: str, mode: int, uid: int, gid: int, as_json: bool) -> str:
    if as_json:
        return f',"type":"{kind}","mode":{mode},"uid":{uid},"gid":{gid}'
    owner = f"{uid}:{gid}"
    return f"[{position}] {kind:<8} {mode:04o} {owner:>9} "


def _json_sides(start: str, size: int | None, link: str, digest: str, position: int) -> _Sides:
    more = "" if size is None else f',"size":{size}'
    if digest:
        more += f',"sha256":"{digest}"'
    if link:
        more += f',"linkname":{encode_basestring_ascii(link)}'
    return '{"path":', f'{start}{more},"layer":{position}}}\n'


def _text_sides(start: str, size: int | None, link: str, digest: str, position: int) -> _Sides:
    """As people read it: layer, type, mode, owner, size, path."""
    arrow = f" -> {display(link)}\n" if link else "\n"
    return f"{start}{'' if size is None else size:>11} ", arrow
