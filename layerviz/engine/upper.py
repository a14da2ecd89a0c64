"""The writable layer of a container, and the files of your computer: a persistent map of paths.

A changed map shares all but about twenty small nodes with the one it came from, so that ten thousand undo states cost
what changed. It is a treap over `paths.key`: the heap order goes by a mix of each key's CRC, so one set of paths has
one shape. As on disk, a name has either an entry or a whiteout.
"""

from collections.abc import Iterable, Iterator, Mapping
from zlib import crc32

from layerviz.engine import paths
from layerviz.engine.entry import Entry, Kind


class _Node:
    __slots__ = ("count", "directories", "entry", "key", "left", "rank", "right", "size")

    def __init__(self, key: bytes, rank: int, entry: Entry, left: "_Node | None", right: "_Node | None") -> None:
        self.key = key
        self.rank = rank
        self.entry = entry
        self.left = left
        self.right = right
        self.count: int = 1 + (left.count if left else 0) + (right.count if right else 0)
        own = 1 if entry.kind is Kind.DIR else 0
        self.directories: int = own + (left.directories if left else 0) + (right.directories if right else 0)
        self.size: int = _size(entry) + (left.size if left else 0) + (right.size if right else 0)


class Upper:
    """Entries by path. Rows are places in the sorted order; they move when something is added before them."""

    __slots__ = ("__weakref__", "_root", "linked")

    def __init__(self, root: _Node | None = None, linked: Mapping[int, tuple[str, ...]] | None = None) -> None:
        self._root = root
        self.linked: Mapping[int, tuple[str, ...]] = linked or {}
        """The names of each inode that was linked here."""

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Upper":
        """The map of `entries`; parents that are missing are made, 0755."""
        made = cls()
        for entry in entries:
            for directory in paths.ancestors(entry.path)[1:]:
                if made.row(directory) is None:
                    made = made.with_entry(Entry(directory, Kind.DIR, 0o755, mtime_ns=entry.mtime_ns))
            made = made.with_entry(entry)
        return made

    def __len__(self) -> int:
        return self._root.count if self._root else 0

    def __iter__(self) -> Iterator[Entry]:
        return (node.entry for node in _from(self._root, b""))

    def __reduce__(self) -> tuple[object, ...]:
        return (Upper.of, (tuple(self),))

    def with_entry(self, entry: Entry) -> "Upper":
        """The map with `entry` at its path. What is no directory takes the place of all that lay below."""
        key = paths.key(entry.path)
        old = _find(self._root, key)
        trimmed = self
        if entry.kind is not Kind.DIR and (old is None or old.entry.kind is Kind.DIR):
            trimmed = self._without(key + b"\0", key + b"\x01")
        root = _put(trimmed._root, key, entry) if old else _insert(trimmed._root, key, entry)
        return Upper(root, _relinked(trimmed.linked, old.entry if old else None, entry))

    def without(self, path: str) -> "Upper":
        """The map without the entry or whiteout at `path` and all below it."""
        key = paths.key(path)
        return self._without(key, key + b"\x01")

    def get(self, path: str) -> Entry | None:
        """The entry or the whiteout at `path`."""
        node = _find(self._root, paths.key(path))
        return node.entry if node else None

    def at(self, path: str) -> Entry | None:
        """The entry at `path` that is no whiteout."""
        entry = self.get(path)
        return entry if entry and entry.kind is not Kind.WHITEOUT else None

    def row(self, path: str) -> int | None:
        """The row of the entry at `path` that is no whiteout."""
        return self._row(path, whiteout=False)

    def whiteout(self, path: str) -> int | None:
        """The row of the whiteout that hides `path`."""
        return self._row(path, whiteout=True)

    def children(self, directory: str) -> tuple[int, ...]:
        """Rows of all direct children, whiteouts included, in order."""
        return tuple(_rank(self._root, node.key) for node in self._nodes_in(directory))

    def entries_in(self, directory: str) -> Iterator[Entry]:
        """The entries of `children(directory)`, in order."""
        return (node.entry for node in self._nodes_in(directory))

    def below(self, directory: str) -> range:
        """Rows of everything below `directory`, at any depth, whiteouts included."""
        key = paths.key(directory)
        return range(_rank(self._root, key + b"\0"), _rank(self._root, key + b"\x01"))

    def count_below(self, directory: str) -> int:
        """How many rows of `below(directory)` are no whiteouts."""
        return sum(not self.entry(row).is_whiteout for row in self.below(directory))

    @property
    def directories(self) -> int:
        """How many rows are directories."""
        return self._root.directories if self._root else 0

    def entry(self, row: int) -> Entry:
        node = self._root
        while node:
            before = node.left.count if node.left else 0
            if row < before:
                node = node.left
            elif row == before:
                return node.entry
            else:
                row -= before + 1
                node = node.right
        raise IndexError(row)

    @property
    def size_bytes(self) -> int:
        """Sum of the content of all files; names linked to each other count once."""
        total = self._root.size if self._root else 0
        for names in self.linked.values():
            first = self.get(names[0])
            total -= (len(names) - 1) * (first.size_bytes if first else 0)
        return total

    @property
    def symlink_bytes(self) -> int:
        """Sum of the lengths of what symlinks lead to."""
        return sum(len(paths.encoded(entry.linkname)) for entry in self if entry.kind is Kind.SYMLINK)

    def hard_links(self) -> tuple[int, ...]:
        """None: here linked names share an inode (`linked`)."""
        return ()

    def _nodes_in(self, directory: str) -> Iterator[_Node]:
        """The direct children's nodes; what lies below one of them is skipped by searching anew behind it."""
        key = paths.key(directory)
        depth, end = len(key) + 1, key + b"\x01"
        start: bytes | None = key + b"\0"
        while start is not None:
            following, start = _from(self._root, start), None
            for node in following:
                if node.key >= end:
                    break
                if (deeper := node.key.find(b"\0", depth)) >= 0:
                    start = node.key[:deeper] + b"\x01"
                    break
                yield node

    def _row(self, path: str, *, whiteout: bool) -> int | None:
        key = paths.key(path)
        node = _find(self._root, key)
        return _rank(self._root, key) if node and node.entry.is_whiteout is whiteout else None

    def _without(self, start: bytes, end: bytes) -> "Upper":
        before, rest = _split(self._root, start)
        gone, after = _split(rest, end)
        if gone is None:
            return self
        linked = self.linked
        if linked:
            for node in _from(gone, b""):
                linked = _relinked(linked, node.entry, None)
        return Upper(_join(before, after), linked)


def _size(entry: Entry) -> int:
    return entry.content.size_bytes if entry.kind is Kind.FILE else 0


def _mixed(key: bytes) -> int:
    # The multiplication breaks the linearity of a CRC, which rows of numbered names would feel.
    return (crc32(key) * 0x9E3779B97F4A7C15 >> 16) & 0xFFFFFFFFFFFF


def _with(node: _Node, left: _Node | None, right: _Node | None) -> _Node:
    return _Node(node.key, node.rank, node.entry, left, right)


def _find(node: _Node | None, key: bytes) -> _Node | None:
    while node and node.key != key:
        node = node.left if key < node.key else node.right
    return node


def _put(node: _Node | None, key: bytes, entry: Entry) -> _Node:
    """The tree with another entry at a `key` that it has."""
    assert node is not None
    if key == node.key:
        return _Node(key, node.rank, entry, node.left, node.right)
    if key < node.key:
        return _with(node, _put(node.left, key, entry), node.right)
    return _with(node, node.left, _put(node.right, key, entry))


def _insert(node: _Node | None, key: bytes, entry: Entry) -> _Node:
    """The tree with an entry at a `key` that it does not have."""
    rank = _mixed(key)
    if node is None or rank > node.rank:
        left, right = _split(node, key)
        return _Node(key, rank, entry, left, right)
    if key < node.key:
        return _with(node, _insert(node.left, key, entry), node.right)
    return _with(node, node.left, _insert(node.right, key, entry))


def _split(node: _Node | None, key: bytes) -> tuple[_Node | None, _Node | None]:
    """What lies before `key`, and the rest."""
    if node is None:
        return None, None
    if node.key < key:
        before, after = _split(node.right, key)
        return _with(node, node.left, before), after
    before, after = _split(node.left, key)
    return before, _with(node, after, node.right)


def _join(left: _Node | None, right: _Node | None) -> _Node | None:
    """One tree of two, all keys of `left` being less than those of `right`."""
    if left is None or right is None:
        return left or right
    if left.rank > right.rank:
        return _with(left, left.left, _join(left.right, right))
    return _with(right, _join(left, right.left), right.right)


def _rank(node: _Node | None, key: bytes) -> int:
    """How many keys are less than `key`."""
    before = 0
    while node:
        if node.key < key:
            before += 1 + (node.left.count if node.left else 0)
            node = node.right
        else:
            node = node.left
    return before


def _from(node: _Node | None, key: bytes) -> Iterator[_Node]:
    """Nodes in order, from the first whose key is not less than `key`."""
    waiting: list[_Node] = []
    while node:
        if node.key < key:
            node = node.right
        else:
            waiting.append(node)
            node = node.left
    while waiting:
        node = waiting.pop()
        yield node
        node = node.right
        while node:
            waiting.append(node)
            node = node.left


def _relinked(
    linked: Mapping[int, tuple[str, ...]], old: Entry | None, new: Entry | None
) -> Mapping[int, tuple[str, ...]]:
    """The names by inode after `new` took the place of `old`."""
    before, after = (old.inode if old else 0), (new.inode if new else 0)
    if before == after:
        return linked
    changed = dict(linked)
    if old and before:
        names = tuple(name for name in changed[before] if name != old.path)
        changed[before] = names
        if not names:
            del changed[before]
    if new and after:
        changed[after] = (*changed.get(after, ()), new.path)
    return changed
