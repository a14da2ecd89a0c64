"""Whoever looks on while images are brought and read: what of them is known before all is there."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerviz.images.assembling import BroughtImage
    from layerviz.images.layers import Blob, ReadLayer


class Onlooker:
    """Is told in the threads that bring and read, and must be quick; what it raises ends the reading. This one does not
    look."""

    def found(self, images: "Sequence[BroughtImage]") -> None:
        """The images as their configs tell them, with layers that are empty yet. The blobs of an image of a registry
        (`parts.blobs`) are still to come then."""

    def arrived(self, digest: str, done_bytes: int) -> None:
        """So many bytes of a blob have come from a registry."""

    def reached(self, read: "Mapping[Blob, int]") -> None:
        """So many of the stored bytes of each layer are read."""

    def layer(self, blob: "Blob", read: "ReadLayer") -> None:
        """A layer is read."""
