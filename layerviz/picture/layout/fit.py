"""Where things lie: the room that is left for the stage, the camera that fills it, and the columns of each section."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Literal

from layerviz.picture import widths
from layerviz.picture.layout.plan import Section
from layerviz.picture.layout.sight import Name, Names, Tally, label_of
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import Camera

AWAY = 0.69, 0.58
"""How far a slab's depth goes to the right and up, of one (mock: the projection)."""
NARROWEST_COLUMN = 70.0
LOWEST_PITCH = 84.0
"""Below these the slabs are mud; the flat view takes over."""
NARROWEST_NUMERAL, LOWEST_NUMERAL_PITCH = 40.0, 60.0
"""The same where all that tiles carry still fits on them: numerals read at half the size."""
LOWEST_BARE_PITCH = 44.0
"""Without tiles a slab may be shallower."""
STEEPEST = 0.17
"""Of its width a stage may lean so much to the right that its pitch is at most this share of it, and a front edge."""
FLAT_COLUMN, FLAT_COLUMN_OF_PAGE = 34.0, 27.0
"""The narrowest column of the flat view, in a window and on a page (which is drawn larger than it is laid out); of
numerals in a window, too."""
TITLE_GAP_PX, BARE_TITLE = 4.0, 0.3
SIZED_COLUMN = 52.0
"""In a window, where names are folded all the same: those that are left say how large their files are."""
SHARED_HEAD_PX = 120.0
COSINE, HEAD_MARGIN = 0.616, 8.0
"""How far to the right a name leans in the flat view, of one, and what is free behind the last."""
ROOMIER = {1: 50.0, 2: 50.0, 3: 24.0}
"""By how much the pitch of so few rows may be larger, so that they do not look lost."""
MOST_COLUMNS = {"slabs": 16, "flat": 40}
MOST_ROWS = 12
TILE_SHARE = {"slabs": 0.83, "flat": 0.88}
HEAD_FONT = Font(15, 500, "mono")
HEAD_PX_OF_PAGE = 18.0
"""Of columns' names behind the slabs of a page, which is seen smaller than it is laid out."""
HEAD_LETTERS = 20
FOLDS_FROM, FOLD_HEAD_PX = 16, 96.0
"""Among more names some may be folded, and how long it is to say how many."""
LABEL_FONT, SIZE_FONT = Font(14, 600), Font(12, 600)
"""Of the smallest label that a tile may carry, and of the smallest size on a narrow one."""


@dataclass(frozen=True, slots=True)
class Box:
    """A level rectangle of the page, in px."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def inset(self, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> "Box":
        return Box(self.x + left, self.y + top, self.width - left - right, self.height - top - bottom)


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of one section: a name, or names folded into one. Its tiles span `u0` to `u1`."""

    text: str
    path: str
    names: tuple[Name, ...]
    u0: float
    u1: float
    fold: bool = False
    tally: Tally | None = None
    """Of a fold: its names in numbers."""

    @property
    def middle(self) -> float:
        return (self.u0 + self.u1) / 2


@dataclass(frozen=True, slots=True)
class Bay:
    """A section in its place: from `u0` to `u1` of the stage, with its columns. In the flat view `head_px` left of
    them are for its rows' titles."""

    section: Section
    u0: float
    u1: float
    lanes: tuple[Lane, ...]
    head_px: float = 0.0

    @property
    def title_px(self) -> float:
        """How long the title of a row may be in the flat view: up to the first tile, wherever that stands."""
        first = self.lanes[0].u0 if self.lanes else self.u0 + (self.u1 - self.u0) * BARE_TITLE
        return self.head_px + max(first - self.u0 - TITLE_GAP_PX, 0.0)


@dataclass(frozen=True, slots=True)
class Fit:
    """How the stage fills its box."""

    mode: Literal["slabs", "flat"]
    camera: Camera
    bays: tuple[Bay, ...]
    names_px: float = 8.0
    """Height that the columns' names take behind the uppermost view."""
    head_font: Font = HEAD_FONT

    @property
    def depth_px(self) -> float:
        """Of a row's top, on the page."""
        return -self.camera.depth_y

    @property
    def tile_px(self) -> float:
        """Height of a tile's top on the page."""
        return self.depth_px * 0.68

    def bay(self, section: Section) -> Bay:
        return next(bay for bay in self.bays if bay.section is section)


def fit(
    roots: Sequence[Section],
    box: Box,
    mode: Literal["slabs", "flat", "auto"],
    keep: frozenset[str],
    *,
    heads: bool,
    most_pitch: float,
    page: bool = False,
    sizes: bool = True,
) -> Fit:
    """The stage in `box`: as slabs, flat, or, for "auto", flat where slabs would be too shallow or columns too narrow.

    `keep` are paths that folding spares. `heads`: names stand behind the top views.
    """
    longest = _longest_head(roots) if heads else None
    # Of thousands of names it is enough to count them.
    crowded = any(len(section.names) > MOST_COLUMNS["slabs"] for root in roots for section in root.walk())
    if mode == "slabs" or (mode == "auto" and not crowded):
        font = replace(HEAD_FONT, size_px=HEAD_PX_OF_PAGE) if page else HEAD_FONT
        larger = longest * font.size_px / HEAD_FONT.size_px if longest is not None else None
        slabs = replace(_slabs(roots, box, keep, larger, most_pitch, fold=mode == "slabs"), head_font=font)
        if mode == "slabs" or not _is_mud(slabs):
            return slabs
    return _flat(roots, box, keep, longest, page, sizes)


def _is_mud(slabs: Fit) -> bool:
    lanes = [lane for bay in slabs.bays for lane in bay.lanes]
    if not lanes:
        return slabs.camera.pitch < LOWEST_BARE_PITCH
    if slabs.camera.pitch < LOWEST_PITCH and not all(_reads(bay) for bay in slabs.bays):
        return True
    if slabs.camera.pitch < LOWEST_NUMERAL_PITCH or any(len(bay.lanes) > MOST_COLUMNS["slabs"] for bay in slabs.bays):
        return True
    for bay in slabs.bays:
        least = NARROWEST_NUMERAL if _reads(bay) else NARROWEST_COLUMN
        if any((lane.u1 - lane.u0) / TILE_SHARE["slabs"] < least for lane in bay.lanes):
            return True
    return False


def _reads(bay: Bay) -> bool:
    """Whether all that tiles carry there still fits on them: numerals, and sizes on tiles that are wide enough."""
    if bay.section.toy:
        return True
    return all(
        widths.width(label_of(version, toy=False), LABEL_FONT) + (24 if version.kind == "dir" else 0) + 8
        <= lane.u1 - lane.u0
        for lane in bay.lanes
        for name in lane.names
        for version in name.versions
    )


def _slabs(
    roots: Sequence[Section], box: Box, keep: frozenset[str], longest: float | None, most_pitch: float, fold: bool
) -> Fit:
    """`longest` is how long the longest name behind a view is, None where no names stand there."""
    rows = _rows(roots)
    room = _head_room(longest, box, _sine("slabs"))
    pitch = min(most_pitch + ROOMIER.get(rows, 0.0), (box.height - room + 2) / rows, box.width * STEEPEST + 32)
    thickness = 30.0 if pitch >= 110 else 28.0 if pitch >= 84 else max(20.0, pitch * 0.28)
    depth_y = max(pitch - thickness - 2, 4.0)
    depth_x = depth_y * AWAY[0] / AWAY[1]
    used = pitch * rows - 2 + room
    front = box.bottom - thickness - (box.height - used) / 2
    width = box.width - depth_x
    camera = Camera(box.x, front, pitch, depth_x, -depth_y, thickness, 11.0 if pitch >= 84 else 8.0)
    widest = max(190.0, depth_x * 1.55)
    bays = _bays(roots, 0.0, width, max(44.0, width * 0.05), "slabs", keep, widest, fold)
    narrow = min(((lane.u1 - lane.u0) for bay in bays for lane in bay.lanes), default=200.0)
    if narrow < 90:
        camera = Camera(box.x, front, pitch, depth_x, -depth_y, thickness, 8.0)
    return Fit("slabs", camera, bays, room)


def _flat(
    roots: Sequence[Section], box: Box, keep: frozenset[str], longest: float | None, page: bool, sizes: bool
) -> Fit:
    rows = _rows(roots)
    leaves = sum(root.leaves for root in roots)
    head_px = (
        min(312.0, max(118.0, box.width * (0.29 if not sizes else 0.18 if page else 0.24)))
        if leaves <= 1
        else min(200.0, box.width * 0.8 / leaves * 0.34)
    )
    right = 104.0 if sizes and has_sizes(box) and (leaves <= 1 or box.width >= 1000) else 8.0
    if longest is not None:
        right = max(right, min(longest * COSINE + HEAD_MARGIN, box.width * 0.1))
    room = _head_room(longest, box, _sine("flat"))
    pitch = min(88.0, (box.height - room) / max(rows, 4))
    used = pitch * rows + room
    front = box.bottom - (box.height - used) / 2
    width = box.width - head_px - right
    camera = Camera(box.x + head_px, front, pitch, 0.0, -pitch, 0.0, 3.0, phase=1.0)
    bays = _bays(roots, 0.0, width, head_px + 24, "flat", keep, max(140.0, pitch * 2), True, page, head_px)
    return Fit("flat", camera, bays, room)


def has_sizes(box: Box) -> bool:
    """Whether the flat view has room for sizes right of its bands."""
    return box.width >= 640


def _rows(roots: Sequence[Section]) -> int:
    """How many rows high the stage is."""
    tops = [
        section.view_level + 1 if section.view_level is not None else section.level + len(section.rows)
        for root in roots
        for section in root.walk()
    ]
    return max(1, round(max(tops, default=1)))


def _sine(mode: Literal["slabs", "flat"]) -> float:
    return 0.643 if mode == "slabs" else 0.788


def _head_room(longest: float | None, box: Box, sine: float) -> float:
    """What the names need above the highest view: at most 20 letters, and never more than a quarter of the box."""
    return min(longest * sine + 22, box.height * 0.25) if longest else 8.0


def _longest_head(roots: Sequence[Section]) -> float:
    """How long the longest name is that stands behind a view. Where there are many, some are folded, which is said."""
    seen = [s for root in roots for s in root.walk() if s.view_level is not None and not s.above]
    # All stand in one directory, so the longest path has the longest name.
    names = chain.from_iterable(section.names.longest for section in seen)
    longest = max((widths.width(head_text(name)[:HEAD_LETTERS], HEAD_FONT) for name in names), default=0.0)
    return max(longest, FOLD_HEAD_PX) if any(len(section.names) > FOLDS_FROM for section in seen) else longest


def head_text(name: Name) -> str:
    return name.name + ("/" if name.is_directory else "")


def _bays(
    sections: Sequence[Section],
    u0: float,
    u1: float,
    gap: float,
    mode: Literal["slabs", "flat"],
    keep: frozenset[str],
    widest: float,
    fold: bool,
    page: bool = False,
    head_px: float = 0.0,
) -> tuple[Bay, ...]:
    """The sections side by side between `u0` and `u1`, each as wide as it has stacks, with all that stands on them.
    `head_px` is left of each; where several stacks share a section its columns are wide, and leave its titles more."""
    leaves = sum(section.leaves for section in sections)
    one = (u1 - u0 - gap * (leaves - 1)) / max(leaves, 1)
    bays: list[Bay] = []
    at = u0
    for section in sections:
        end = at + one * section.leaves + gap * (section.leaves - 1)
        more = min(SHARED_HEAD_PX, (end - at) * 0.16) if head_px and section.above else 0.0
        lanes = _lanes(section.names, at + more, end, mode, keep, widest, fold, page, section.toy)
        bays.append(Bay(section, at + more, end, lanes, head_px + more))
        bays.extend(_bays(section.above, at, end, gap, mode, keep, widest, fold, page, head_px))
        at = end + gap
    return tuple(bays)


def _lanes(
    names: Names,
    u0: float,
    u1: float,
    mode: Literal["slabs", "flat"],
    keep: frozenset[str],
    widest: float,
    fold: bool,
    page: bool,
    toy: bool,
) -> tuple[Lane, ...]:
    margin = min(42.0, max(14.0, (u1 - u0) * 0.045)) if mode == "slabs" else 4.0
    inside = u1 - u0 - 2 * margin
    if mode == "slabs":
        narrowest = NARROWEST_NUMERAL if toy else NARROWEST_COLUMN
    else:
        narrowest = FLAT_COLUMN_OF_PAGE if page or toy else FLAT_COLUMN
    most = min(MOST_COLUMNS[mode], max(2, int(inside // narrowest)))
    shown, folded = _folded(names, most, keep) if fold else (tuple(names), ())
    if folded and mode == "flat" and not (page or toy) and _is_mute(shown, inside / most * TILE_SHARE[mode]):
        shown, folded = _folded(names, max(2, int(inside // SIZED_COLUMN)), keep)
    count = len(shown) + bool(folded)
    if not count:
        return ()
    pitch = min(inside / count, widest)
    start = u0 + margin + (inside - pitch * count) / 2
    tile = pitch * TILE_SHARE[mode]

    def lane(n: int, text: str, path: str, of: tuple[Name, ...], is_fold: bool = False) -> Lane:
        left = start + pitch * n + (pitch - tile) / 2
        return Lane(text, path, of, left, left + tile, is_fold, names.tally.without(shown) if is_fold else None)

    lanes = [lane(n, head_text(name), name.path, (name,)) for n, name in enumerate(shown)]
    if folded:
        directory = folded[0].path.rsplit("/", 1)[0] or "/"
        lanes.append(lane(len(shown), f"+{len(folded)}", directory, folded, is_fold=True))
    return tuple(lanes)


def _is_mute(names: Sequence[Name], tile_px: float) -> bool:
    """Whether most of these are files whose sizes have no room on tiles so wide."""
    sizes = [label_of(version, toy=False) for name in names for version in name.versions[:1] if version.kind == "file"]
    return 2 * sum(widths.width(size, SIZE_FONT) > tile_px - 4 for size in sizes) > len(names)


def _folded(names: Names, most: int, keep: frozenset[str]) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """Which names stay, in order, and which are folded: spared are those asked for, then what several layers touch, and
    what several give to."""
    if len(names) <= most:
        return names, ()
    asked = sorted(names.places[path] for path in keep if path in names.places)
    first: dict[int, None] = {}
    for place in chain(asked, names.touched, names.shared, range(len(names))):
        if len(first) == most - 1:
            break
        first[place] = None
    stay = sorted(first)
    between = (names[left + 1 : right] for left, right in pairwise((-1, *stay, len(names))))
    return tuple(names[place] for place in stay), tuple(chain.from_iterable(between))
