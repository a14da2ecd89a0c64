"""A place whose documents are read up to a bound: one line of JSON is enough to ask for the same megabytes again."""

from typing import Protocol

from layerviz.images.layers import Blob
from layerviz.images.problems import ImageProblem

_LARGEST_BYTES = 1 << 27
"""Of manifests and configs together. Those of 500 images have 10 MB."""


class Layout(Protocol):
    """Where images lie; the names of a layout are those of image-layout.md ("index.json", "blobs/sha256/…")."""

    @property
    def file(self) -> str: ...

    def __contains__(self, name: str) -> bool: ...

    def text(self, name: str) -> bytes:
        """The bytes of a small file. Raises `ImageProblem`."""

    def blob(self, name: str) -> Blob:
        """Where its bytes lie. Raises `ImageProblem`."""


class Bounded:
    """`place`, whose `text` is there no more than a certain number of bytes. Raises `ImageProblem` then."""

    __slots__ = ("_left", "_place", "file")

    def __init__(self, place: Layout) -> None:
        self._place = place
        self._left = _LARGEST_BYTES
        self.file = place.file

    def __contains__(self, name: str) -> bool:
        return name in self._place

    def text(self, name: str) -> bytes:
        data = self._place.text(name)
        self._left -= len(data)
        if self._left < 0:
            raise ImageProblem(self.file, "too_many_documents", {"limit": _LARGEST_BYTES})
        return data

    def blob(self, name: str) -> Blob:
        return self._place.blob(name)
