"""Whether files have the same bytes: by size first, then by digest."""

from collections import defaultdict
from collections.abc import Iterable

from layerviz.engine.content import Content, Range, Reader
from layerviz.engine.digests import content_digest
from layerviz.engine.entry import Entry

HEAD_BYTES = 1 << 16
"""So much of a file tells it from most others; most files have no more."""


class Sameness:
    """Compares contents and remembers their digests. Without a `reader` nothing is read: where the bytes lie and the
    times of the files decide, as rsync guesses."""

    def __init__(self, reader: Reader | None = None) -> None:
        self.reader = reader
        self._digests: dict[Content, str] = {}

    def same(self, one: Entry, other: Entry) -> bool:
        """Whether two files have the same bytes."""
        if one.size_bytes != other.size_bytes:
            return False
        if one.content == other.content:
            return True
        if self.reader is None:
            return one.mtime_ns == other.mtime_ns
        alike = self.head(one.content) == self.head(other.content)
        return alike and self.whole(one.content) == self.whole(other.content)

    def settle(self, pairs: Iterable[tuple[Entry, Entry]], others: Iterable[Content] = ()) -> None:
        """Reads what is to be compared, each of `pairs` and all of `others` among each other, in the order in which it
        lies: a compressed layer is read through once or twice, and not from a seek point for each file."""
        if self.reader is None:
            return
        compared = [
            {one.content, other.content}
            for one, other in pairs
            if one.size_bytes == other.size_bytes and one.content != other.content
        ]
        among = set(others)
        for content in in_order(among.union(*compared)):
            self.head(content)
        alike: dict[tuple[int, str], set[Content]] = defaultdict(set)
        for content in among:
            alike[content.size_bytes, self.head(content)].add(content)
        groups = [group for group in alike.values() if len(group) > 1]
        groups += [pair for pair in compared if len({self.head(content) for content in pair}) == 1]
        for content in in_order(set().union(*groups)):
            self.whole(content)

    def whole(self, content: Content) -> str:
        """The digest of all bytes, which is that of the head where there is no more. Wants a reader."""
        return self.head(content) if content.size_bytes <= HEAD_BYTES else self._kept(content)

    def head(self, content: Content) -> str:
        """The digest of the first bytes. Wants a reader."""
        return self._kept(content.cut(0, HEAD_BYTES))

    def _kept(self, content: Content) -> str:
        assert self.reader is not None
        known = self._digests.get(content)
        if known is None:
            known = self._digests[content] = content_digest(content, self.reader)
        return known


def in_order(contents: Iterable[Content]) -> list[Content]:
    """Each content once, those of archives in the order in which they lie there."""
    return sorted(dict.fromkeys(contents), key=place_of)


def place_of(content: Content) -> tuple[str, int]:
    """Where its first stored bytes lie: sorts contents of archives into the order in which they are read fast."""
    first = next((extent for extent in content.extents if isinstance(extent, Range)), None)
    return (first.source, first.offset) if first else ("", 0)
