"""Whether files have the same bytes: by size first, then by digest."""

from layerviz.engine.content import Content, Reader
from layerviz.engine.digests import content_digest
from layerviz.engine.entry import Entry

HEAD_BYTES = 4096


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
        return self.head(one.content) == self.head(other.content) and (
            one.size_bytes <= HEAD_BYTES or self.digest(one.content) == self.digest(other.content)
        )

    def head(self, content: Content) -> str:
        """The digest of the first bytes, which tells most files apart. Wants a reader."""
        assert self.reader is not None
        return self._kept(content.cut(0, HEAD_BYTES))

    def digest(self, content: Content) -> str:
        """The digest of all bytes. Wants a reader."""
        return self._kept(content)

    def _kept(self, content: Content) -> str:
        assert self.reader is not None
        known = self._digests.get(content)
        if known is None:
            known = self._digests[content] = content_digest(content, self.reader)
        return known
