"""An image on its way to the stage: which of its layers are there, how far the others are, and the picture of that. No
Qt."""

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from layerviz.app.explore_image import Arrival, Opened, Step, opened
from layerviz.engine import paths
from layerviz.engine.address import parse
from layerviz.engine.table import Table
from layerviz.images.assembling import BroughtImage
from layerviz.images.layers import Blob, ReadLayer
from layerviz.images.onlooker import Onlooker
from layerviz.picture.layout import Picture, Place, View, layout
from layerviz.picture.layout.fit import LOWEST_PITCH
from layerviz.picture.layout.sight import glance, size_text
from layerviz.picture.shapes import AnyShape, Label, Slab
from layerviz.picture.timeline import Timeline
from layerviz.strings import Lang, tr

SPEED_OVER_S = 2.0
"""Of so much of the time that has passed the speed is told."""
SPEED_AFTER_S = 0.4
"""Before that a speed would only be a guess."""
LATER_PX = 15.0


class Pace:
    """How fast something goes on just now."""

    def __init__(self) -> None:
        self._passed: deque[tuple[float, int]] = deque()
        self._since = 0.0

    def tell(self, done: int) -> None:
        """So much is done by now; where it is less than before, something else has begun."""
        now = time.monotonic()
        if not self._passed or done < self._passed[-1][1]:
            self._passed.clear()
            self._since = now
        self._passed.append((now, done))
        while now - self._passed[0][0] > SPEED_OVER_S:
            self._passed.popleft()

    @property
    def a_second(self) -> int:
        """0 while nothing can be said."""
        if not self._passed or self._passed[-1][0] - self._since < SPEED_AFTER_S:
            return 0
        (began, first), (now, last) = self._passed[0], self._passed[-1]
        return round((last - first) / (now - began)) if now > began else 0


def passed_words(done: int, count: int, pace: Pace, lang: Lang) -> str:
    """Bytes done, of how many (0: nobody knows), and how fast."""
    if not done:
        return tr(lang, "explore.begins")
    read = size_text(done)
    text = tr(lang, "explore.read_of", done=read, count=size_text(count)) if count else read
    return f"{text}  ·  {size_text(pace.a_second)}/s" if pace.a_second else text


BAR_STEPS = 1000
"""Of a bar that shows how far something is."""


def bar_step(done: int, count: int) -> int:
    """Where such a bar stands when so much of `count` (0: nobody knows) is done."""
    return min(round(BAR_STEPS * done / count), BAR_STEPS) if count else 0


class Arriving(Onlooker):
    """Listens, in the threads that bring and read, and answers in the window's: each value is replaced as a whole. Of a
    place with several images it is the first that is shown."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.images: tuple[BroughtImage, ...] = ()
        self._came: dict[str, int] = {}
        self._reached: Mapping[Blob, int] = {}
        self._read: dict[Blob, ReadLayer] = {}

    def found(self, images: Sequence[BroughtImage]) -> None:
        self.images = tuple(images)

    def arrived(self, digest: str, done_bytes: int) -> None:
        self._came[digest] = done_bytes

    def reached(self, read: Mapping[Blob, int]) -> None:
        self._reached = dict(read)

    def layer(self, blob: Blob, read: ReadLayer) -> None:
        self._read[blob] = read

    def now(self) -> "Reading | None":
        """What is known by now; None while not even the configs are."""
        if not self.images:
            return None
        outline = self.images[0]
        parts = outline.parts
        assert parts is not None
        arrivals: list[Arrival] = []
        tables: list[Table | None] = []
        for position, (blob, layer) in enumerate(zip(parts.blobs, outline.image.layers, strict=True), 1):
            read = self._read.get(blob) if blob else None
            tables.append(read.table if read else None)
            arrivals.append(self._arrival(blob, parts.digest(position), layer.blob_bytes))
        return Reading(self.text, outline, len(self.images), tuple(arrivals), tuple(tables))

    def _arrival(self, blob: Blob | None, digest: str, stored_bytes: int | None) -> Arrival:
        if blob in self._read:
            return Arrival("read", 1.0, stored_bytes)
        size = stored_bytes or 1
        if reached := self._reached.get(blob, 0) if blob else 0:
            return Arrival("being_read", min(reached / size, 1.0), stored_bytes)
        came = self._came.get(digest, 0)
        step: Step = "waiting" if not came else "coming" if came < size else "here"
        return Arrival(step, min(came / size, 1.0), stored_bytes)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """An image of which some layers are read; `of` so many at its place."""

    text: str
    outline: BroughtImage
    of: int
    arrivals: tuple[Arrival, ...]
    tables: tuple[Table | None, ...] = field(repr=False)

    @property
    def done(self) -> int:
        """How many layers are read."""
        return sum(table is not None for table in self.tables)

    @property
    def unread(self) -> frozenset[int]:
        """The positions of the others."""
        return frozenset(n for n, table in enumerate(self.tables, 1) if table is None)

    @property
    def stored_bytes(self) -> int:
        return sum(one.stored_bytes or 0 for one in self.arrivals)

    def image(self) -> Opened:
        """The image as far as it is read: the other layers are empty."""
        layers = tuple(
            layer if table is None else replace(layer, entries=table)
            for layer, table in zip(self.outline.image.layers, self.tables, strict=True)
        )
        return opened(self.text, replace(self.outline, image=replace(self.outline.image, layers=layers)), ())


@dataclass(frozen=True, slots=True, eq=False)
class ReadingScene:
    """The top of an image whose layers are not all read. What one sees of it is not known before they are."""

    image: Opened
    unread: frozenset[int]

    def still(self, view: View) -> Picture:
        glance(self.image.stack, paths.ROOT)
        name = self.image.name
        expected = tuple(f"{name}[{position}]" for position in sorted(self.unread))
        if not view.fixed:
            view = replace(view, title=name, caption=paths.ROOT)
        place = Place((name,), paths.ROOT, expected=expected, sparse=True)
        view = replace(view, asking=True, named=True)
        picture = layout(self.image.world, place, view)
        if picture.mode == "slabs" and view.mode == "auto" and picture.frame.camera.pitch < LOWEST_PITCH:
            # With their tiles the slabs would be too shallow.
            picture = layout(self.image.world, place, replace(view, mode="flat"))
        unread = dict(self.slabs(picture))
        shapes = tuple(_unread(shape, shape.id in unread, view.lang) for shape in picture.frame.shapes)
        return replace(picture, view=view, frame=replace(picture.frame, shapes=shapes))

    def slabs(self, picture: Picture) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The ids of the slabs with layers that are not read, and the positions of those."""
        below = 0
        for shape in picture.frame.shapes:
            if not isinstance(shape, Slab) or shape.style == "view":
                continue
            top = parse(shape.address).layer
            assert isinstance(top, int)
            if inside := tuple(n for n in range(below + 1, top + 1) if n in self.unread):
                yield shape.id, inside
            below = top

    def motion(self, view: View) -> Timeline | None:
        return None


def _unread(shape: AnyShape, is_unread: bool, lang: Lang) -> AnyShape:
    """A shape as it is while layers are being read: those dashed, and no riddle on the view."""
    if isinstance(shape, Slab) and is_unread:
        return replace(shape, style="expected", right="", lock="")
    if isinstance(shape, Label) and shape.text == "?":
        text = tr(lang, "explore.seen_later")
        return replace(shape, y=LATER_PX * 0.36, text=text, size_px=LATER_PX, weight=500, colour="dim", alt=text)
    return shape
