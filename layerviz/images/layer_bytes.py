"""The bytes of layers on their way out: each is held against its digests while it is written."""

from collections.abc import Callable
from hashlib import sha256

from layerviz.engine.content import Reader
from layerviz.engine.digests import tar_of
from layerviz.engine.world import Layer
from layerviz.images.assembling import BroughtImage
from layerviz.images.problems import ImageProblem
from layerviz.images.tarwriting import Write
from layerviz.images.verifying import check_layer

Fill = Callable[[Write], object]
"""What writes a file, piece by piece, and raises `ImageProblem` at its end if it was not what it should be."""


def tar_into(layer: Layer, diff_id: str, reader: Reader, advance: Callable[[int], None]) -> Fill:
    """The layer's uncompressed tar, whose digest is `diff_id`."""

    def fill(write: Write) -> None:
        counted = sha256()
        for piece in tar_of(layer, reader):
            counted.update(piece)
            write(piece)
            advance(len(piece))
        got = f"sha256:{counted.hexdigest()}"
        if got != diff_id:
            raise ImageProblem("", "wrong_layer", {"expected": diff_id, "got": got})

    return fill


def blob_into(brought: BroughtImage, position: int, advance: Callable[[int], None]) -> Fill:
    """The layer's blob as it is stored."""

    def fill(write: Write) -> None:
        def seen(data: bytes) -> None:
            write(data)
            advance(len(data))

        check_layer(brought, position, seen)

    return fill
