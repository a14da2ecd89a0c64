"""zstd layers decompressed, from their start or from a point within.

Frames can be started from, but most files are one frame. Its blocks begin at whole bytes and say how long they are
(RFC 8878, 3.1.1.2); a frame that begins with the bytes of the last window as raw blocks goes on from a block, if that
block brings its own codes and does not refer to the three offsets used last. Whether it does is tried.
"""

from collections import deque
from collections.abc import Generator, Iterator

try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore] # Python 3.14 and later
except ImportError:
    from backports import zstd

from layerviz.images.bytesource import Region
from layerviz.images.problems import ImageProblem
from layerviz.images.seek_points import Point

MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPED_MAGICS = range(0x184D2A50, 0x184D2A60)
_OUTPUT_BYTES = 1 << 20
_INPUT_BYTES = 1 << 18
_LARGEST_WINDOW_BYTES = 1 << 23
"""Those that all decoders should support; for larger ones the histories would be larger than the layer."""
_RAW_BYTES = 1 << 17
_TRIES = 64
_PARTICULAR_TRIES = 16
_FEWEST_SEQUENCES = 16
_HEADER_BYTES = 18


def pieces(region: Region, where: str, start: Point, spacing: int) -> Iterator[bytes | Point]:
    """The bytes from `start` on; between them points, every one and a half times `spacing` bytes, if that is not 0.

    Raises `ImageProblem` where the compressed bytes are damaged or cut.
    """
    reader = _Reader(region, where, start)
    # A history is as long as the window, 2 MiB and more: points lie farther apart than those of gzip.
    spacing = spacing * 3 // 2
    last = start.at
    tries = 0
    while True:
        if reader.frame_ended:
            if not reader.find_frame():
                return
            if spacing and reader.at - last >= spacing:
                yield Point(reader.at, reader.offset * 8)
                last = reader.at
            reader.begin_frame()
        if not spacing or reader.at - last < spacing or reader.window > _LARGEST_WINDOW_BYTES:
            yield from reader.some(_INPUT_BYTES)
            continue
        found = yield from _tried(region, reader, tries < _PARTICULAR_TRIES)
        tries = 0 if found else tries + 1
        if found or tries == _TRIES:
            last, tries = reader.at, 0


class _Reader:
    """A zstd file read forwards, block by block. `at` counts the bytes that it gave, `offset` is the first compressed
    byte that it has not taken, `window` how far back the blocks of this frame refer."""

    __slots__ = (
        "_has_checksum",
        "_inflate",
        "_pieces",
        "_region",
        "_remembered",
        "_where",
        "at",
        "frame_ended",
        "offset",
        "window",
    )

    def __init__(self, region: Region, where: str, start: Point) -> None:
        self._region = region
        self._where = where
        self._inflate = zstd.ZstdDecompressor()
        self._pieces: deque[bytes] = deque()
        self._remembered = len(start.history)
        self._has_checksum = False
        self.at = start.at
        self.offset = start.bit // 8
        self.window = start.window
        self.frame_ended = not start.history
        if start.history:
            self._inflate.decompress(going_on(start.history, start.window))
            self._pieces.append(start.history)

    @property
    def history(self) -> bytes:
        """What the blocks that follow may refer to."""
        return b"".join(self._pieces)[-self.window :]

    def find_frame(self) -> bool:
        """Goes to the next frame, if there is one; anything that is none ends the layer."""
        if self.offset and self._region.at(self.offset, 4) != MAGIC and self._region.at(self.offset + 4, 4) == MAGIC:
            # A frame that was not read from its beginning: whether a checksum ends it was not seen.
            self.offset += 4
        while int.from_bytes(self._region.at(self.offset, 4), "little") in _SKIPPED_MAGICS:
            self.offset += 8 + int.from_bytes(self._region.at(self.offset + 4, 4), "little")
        return self._region.at(self.offset, 4) == MAGIC

    def begin_frame(self) -> None:
        header = self._region.at(self.offset, _HEADER_BYTES)
        size, self.window, self._has_checksum = _frame_header(header)
        self._inflate = zstd.ZstdDecompressor()
        self._pieces.clear()
        self._remembered = 0
        self.frame_ended = False
        for _ in self._given(size):
            pass

    def some(self, most: int) -> Iterator[bytes]:
        """The bytes of the next blocks that have no more than `most` compressed bytes together, or of one block."""
        size = 0
        ends = False
        while not ends:
            header = int.from_bytes(self._region.at(self.offset + size, 3), "little")
            block = 3 + (1 if header >> 1 & 3 == 1 else header >> 3)
            if size and size + block > most:
                break
            size += block
            ends = bool(header & 1)
        return self._given(size + 4 * (ends and self._has_checksum))

    def _given(self, size: int) -> Iterator[bytes]:
        given = self._region.at(self.offset, size)
        self.offset += len(given)
        is_cut = len(given) < size
        while True:
            try:
                piece = self._inflate.decompress(given, _OUTPUT_BYTES)
            except zstd.ZstdError as error:
                values = {"form": "zstd", "near": self.offset, "reason": str(error)}
                raise ImageProblem(self._where, "compression", values) from None
            if piece:
                self.at += len(piece)
                self._remember(piece)
                yield piece
            if self._inflate.eof or self._inflate.needs_input:
                break
            given = b""
        self.frame_ended = self._inflate.eof
        if is_cut and not self.frame_ended:
            raise ImageProblem(self._where, "compression_cut", {"form": "zstd"})

    def _remember(self, piece: bytes) -> None:
        if self.window <= _LARGEST_WINDOW_BYTES:
            self._pieces.append(piece)
            self._remembered += len(piece)
            while self._remembered - len(self._pieces[0]) >= self.window:
                self._remembered -= len(self._pieces.popleft())


def _tried(region: Region, reader: _Reader, is_particular: bool) -> Generator[bytes | Point, None, bool]:
    """Reads the next block, and yields a point first if one can start there. Returns whether."""
    at, offset = reader.at, reader.offset
    stands_alone = _stands_alone(region.at(offset, _RAW_BYTES + 3), is_particular)
    history = reader.history if stands_alone else b""
    ahead = list(reader.some(1))
    found = False
    if history:
        inflate = zstd.ZstdDecompressor()
        inflate.decompress(going_on(history, reader.window))
        try:
            found = inflate.decompress(region.at(offset, reader.offset - offset)) == b"".join(ahead)
        except zstd.ZstdError:
            found = False
    if found:
        yield Point(at, offset * 8, history, reader.window)
    yield from ahead
    return found


def _frame_header(header: bytes) -> tuple[int, int, bool]:
    """The size of a frame's header, the window, and whether a checksum ends the frame (RFC 8878, 3.1.1.1)."""
    flags = header[4] if len(header) > 4 else 0
    is_single = bool(flags & 0x20)
    dictionary = (0, 1, 2, 4)[flags & 3]
    content = (1 if is_single else 0, 2, 4, 8)[flags >> 6]
    size = 5 + (not is_single) + dictionary + content
    field = header[size - content : size]
    if is_single:
        window = int.from_bytes(field, "little") + 256 * (content == 2)
    else:
        descriptor = header[5] if len(header) > 5 else 0
        base = 1 << (10 + (descriptor >> 3))
        window = base + base // 8 * (descriptor & 7)
    return size, window, bool(flags & 4)


def going_on(history: bytes, window: int) -> bytes:
    """The beginning of a frame that has given `history` already, as raw blocks."""
    exponent = max((window - 1).bit_length() - 10, 0)
    parts = [MAGIC, bytes((0, exponent << 3))]
    for start in range(0, len(history), _RAW_BYTES):
        part = history[start : start + _RAW_BYTES]
        parts += [(len(part) << 3).to_bytes(3, "little"), part]
    return b"".join(parts)


def _stands_alone(block: bytes, is_particular: bool) -> bool:
    """Whether a block brings all codes that it needs, and is not the last (RFC 8878, 3.1.1.3); and, if one is
    particular, a code for literals, which those behind it may refer to."""
    if len(block) < 24 or block[0] & 7 != 4:
        return False
    literals, form = block[3] & 3, block[3] >> 2 & 3
    if literals == 3 or (is_particular and literals != 2):
        return False
    if literals == 2:
        header, bits = (3, 10) if form < 2 else (form + 2, 14 if form == 2 else 18)
        size = int.from_bytes(block[3 : 3 + header], "little") >> (4 + bits)
    else:
        header = (1, 2, 1, 3)[form]
        size = int.from_bytes(block[3 : 3 + header], "little") >> (3 if header == 1 else 4)
        size = 1 if literals == 1 else size
    counts = block[3 + header + size :][:4]
    if len(counts) < 4 or counts[0] < _FEWEST_SEQUENCES:
        return False
    modes = counts[1 if counts[0] < 128 else 2 if counts[0] < 255 else 3]
    return all(modes >> shift & 3 != 3 for shift in (2, 4, 6))
