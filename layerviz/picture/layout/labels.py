"""What is written on the stage, cut to the room there is: front edges, tiles, heads, and the text alternatives of all
of them."""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from layerviz.engine.paths import display
from layerviz.engine.sizes import size_of_layer
from layerviz.engine.world import Layer
from layerviz.picture import widths
from layerviz.picture.layout.fit import HEAD_LETTERS, Bay, Box, Fit, Lane, has_sizes
from layerviz.picture.layout.plan import Row, Section
from layerviz.picture.layout.sight import Name, TileKind, Version, label_of, size_text
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import Head, Label, Stage, shape_id
from layerviz.strings import Lang, tr

BIG_PX, SMALL_PX, EDGE_PX, EMPTY_PX, NAME_PX = 40.0, 14.0, 15.0, 16.0, 20.0
NARROW_PX = (14.0, 13.0, 12.0)
"""What a size or a count may shrink to on a narrow tile of the flat view."""
LEAST_LETTERS = 5
"""Of a text that is cut more than so many letters must be left, the ellipsis among them."""
LEAST_COMMAND = 12
"""Of a command on a front edge, whose first word says little."""
TALL_TILE = 52.0
"""Px of a tile's height from which a word stands under it; below that its icon stands alone."""


class TileLabel(NamedTuple):
    label: str
    px: float


@dataclass(frozen=True, slots=True)
class Edge:
    """The writing on a slab's front edge."""

    number: str
    title: str
    detail: str
    mono: bool
    right: str
    lock: Literal["", "lock", "lock-open"]
    px: float


@dataclass(frozen=True, slots=True)
class Writing:
    """Words of one language. `several` stacks stand on the stage; `tiles`: some layer's files are known; `room` is the
    whole stage's."""

    lang: Lang
    several: bool
    tiles: bool
    room: Box
    page_right: float
    rails: bool
    edge_px: float = EDGE_PX
    sizes: bool = True

    def say(self, key: str, **values: object) -> str:
        return tr(self.lang, f"stage.{key}", **values)

    def edge(self, section: Section, row: Row, width: float, fit: Fit) -> Edge:
        """Title, instruction and lock; what has no room is cut, then left out: first the instruction, then the right
        end."""
        flat = fit.mode == "flat"
        edge = self._whole_edge(section, row, flat=flat)
        title_font, right_font = Font(edge.px, 600), Font(edge.px - 1, 500)
        if flat:
            right = self._flat_right(section, row)
            return self._band(edge, fit.bay(section).title_px, right, by_command=row.style == "layer")
        room = width - (41.0 if edge.number else 12.0) - 14
        room -= 30 if edge.lock else 0
        if edge.right:
            needs = widths.width(edge.right, right_font) + 6
            if room - needs > min(widths.width(edge.title, title_font), 140):
                room -= needs
            else:
                edge = replace(edge, right="")
        title = widths.elide(edge.title, title_font, max(room, 20))
        if edge.number:  # it says as much as a few letters
            title = _enough(edge.title, title_font, room)
        room -= widths.width(title, title_font) + 14
        detail_font = Font(edge.px - 1, 400, "mono" if edge.mono else "sans")
        detail = widths.elide(edge.detail, detail_font, room) if room >= 48 else ""
        if not edge.mono and detail != edge.detail:  # a sentence is no use when it is cut
            detail = ""
        if len(detail) < LEAST_COMMAND and detail != edge.detail:
            detail = ""
        return replace(edge, title=title, detail=detail)

    def _band(self, edge: Edge, title_px: float, right: str, *, by_command: bool) -> Edge:
        """The head of a flat band: its command where it has one, else its title."""
        edge = replace(edge, right=right if widths.width(right, Font(edge.px, 500)) <= 88 else "")
        room = title_px - (56.0 if edge.number else 40.0 if edge.lock == "lock-open" else 20.0) - 12
        if by_command and self.tiles and edge.detail:
            if not self.sizes:  # the room is for the command itself
                edge = replace(edge, detail=edge.detail.removeprefix("RUN "))
            font = Font(max(SMALL_PX, edge.px - 1), 400, "mono" if edge.mono else "sans")
            return replace(edge, title="", detail=_enough(edge.detail, font, room))
        title = edge.title
        if edge.lock == "lock-open" and widths.width(title, Font(edge.px, 600)) > room:
            title = self.say("own_layer")
        return replace(edge, title=_enough(title, Font(edge.px, 600), room), detail="")

    def _flat_right(self, section: Section, row: Row) -> str:
        """The size, right of the band; of stacks side by side only those that reach the right end have the room."""
        if (
            not self.sizes
            or (self.several and not section.above)
            or not has_sizes(self.room)
            or (self.several and self.room.width < 1000)
        ):
            return ""
        sizes = [size_of_layer(layer) for layer in row.layers]
        return "" if None in sizes else size_text(sum(size or 0 for size in sizes))

    def _whole_edge(self, section: Section, row: Row, *, flat: bool) -> Edge:
        layer = row.layers[-1]
        px = self.edge_px
        if row.style == "folded":
            title = self.say("layers", first=row.first, last=row.last)
            return Edge("", title, self.say("folded_layers", count=len(row.layers)), False, "", "lock", px)
        if row.style == "container":
            size = size_text(size_of_layer(layer) or 0)
            count = written(layer)
            detail = self.say("writes", count=count) if count else self.say("empty_until_written")
            title = section.name if self.several and not flat else self.say("container_layer")
            return Edge("", title, detail, False, f"{self.say('read_write')} · {size}", "lock-open", px)
        number = str(row.last)
        if row.style == "expected":
            return Edge(number, self.say("layer", n=row.last), layer.created_by, True, self.say("comes_next"), "", px)
        if layer.is_quoted:
            size = size_text(layer.quoted_bytes) if layer.quoted_bytes is not None else ""
            short = layer.quoted_diff_id.removeprefix("sha256:")[:12]
            return Edge(number, short, layer.created_by, True, size, "lock", px)
        right = self.say("read_only") if section.toy or not len(layer.entries) else size_text(size_of_layer(layer) or 0)
        return Edge(number, self.say("layer", n=row.last), layer.created_by, True, right, "lock", px)

    def tag(self, note: str, hidden: bool, fit: Fit, lane: Lane) -> str:
        """The word under a tile, where it has room. The columns of a stage are as wide as each other, so that of the
        hidden tiles all carry the word or none does: then an eye stands for it."""
        word = note or (self.say("hidden") if hidden else "")
        if not word or fit.mode == "flat" or fit.tile_px < TALL_TILE:
            return ""
        needs = widths.width(word, Font(SMALL_PX, 600)) + 18 + (19 if hidden else 0)
        return word if needs <= (lane.u1 - lane.u0) * 1.12 else ""

    def head(self, section: Section, lane: Lane, level: float, fit: Fit, alike: int = 0) -> Head:
        """The name of a column, cut to the room behind the view; in the flat view it leans. Of its letters the first
        `alike` tell it apart from no other."""
        flat = fit.mode == "flat"
        u = lane.middle
        x, y = fit.camera.at(Stage(u, 1.0 if flat else 0.84, level))
        x, y = (x + 6, y - 7) if flat else (x - 4, y - fit.camera.lift - 2)
        cos, sin = (0.616, 0.788) if flat else (0.766, 0.643)
        room = min((self.page_right - x - 12) / cos, (y - self.room.y - 8) / sin)
        whole = self.say("more_names", count=len(lane.names)) if lane.fold else display(lane.text)
        longest = widths.width("m" * HEAD_LETTERS, fit.head_font)
        text = _cut(whole, alike, fit.head_font, max(24.0, min(room, longest)))
        return Head(
            id=shape_id("head", section.name, lane.path, *(("more",) if lane.fold else ())),
            twin=f"head {section.number} {lane.path}{' more' if lane.fold else ''}",
            alt=lane.path if not lane.fold else whole,
            u=u,
            level=level,
            text=text,
            seen=any(name.seen is not None for name in lane.names),
            text_px=fit.head_font.size_px,
        )

    def nothing(self, section: Section, bay: Bay, fit: Fit) -> Label | None:
        """What a merged view says that shows no name."""
        assert section.view_level is not None
        text = self.say("view_empty")
        if widths.width(text, Font(EMPTY_PX, 500)) > (bay.u1 - bay.u0) * 0.6:
            return None
        return Label(
            id=shape_id("nothing", section.name),
            twin=f"nothing {section.number}",
            x=0,
            y=EMPTY_PX * 0.36,
            on=Stage((bay.u0 + bay.u1) / 2, 0.5, section.view_level),
            text=text,
            size_px=EMPTY_PX,
            weight=500,
            colour="dim",
            align="centre",
        )

    def question(self, section: Section, bay: Bay, fit: Fit) -> Label:
        """What stands on a merged view while nothing is revealed."""
        assert section.view_level is not None
        name, twin = shape_id("question", section.name), f"question {section.number}"
        return self.question_mark(name, twin, Stage((bay.u0 + bay.u1) / 2, 0.5, section.view_level), fit)

    def question_mark(self, name: str, twin: str, on: Stage, fit: Fit) -> Label:
        px = round(min(72.0, max(44.0, fit.depth_px * 0.44)))
        return Label(
            id=name,
            twin=twin,
            x=0,
            y=px * 0.36,
            on=on,
            text="?",
            size_px=px,
            weight=700,
            align="centre",
        )

    def stack_name(self, section: Section, bay: Bay) -> tuple[str, str, float]:
        """A stack's name, how many layers it has where that has room beside it, and how long both are."""
        width = max(bay.u1 - bay.u0 - 8, 40.0)
        name = widths.elide_middle(section.name, Font(NAME_PX, 700), width)
        count = self.say("layer_count", count=len(section.layers))
        taken = widths.width(name, Font(NAME_PX, 700))
        whole = taken + 12 + widths.width(count, Font(SMALL_PX))
        return (name, count, whole) if whole <= width else (name, "", taken)

    def view_title(self, section: Section, fit: Fit) -> str:
        """What a flat view's band is called; a plane's name stands beside it."""
        if fit.mode == "slabs":
            return ""
        if self.several and not section.above:
            text = section.name
        else:
            text = self.say("merged_view") if not section.above else self.say("image_merged")
        return widths.elide(text, Font(self.edge_px, 700), fit.bay(section).title_px - 24)

    def slab_alt(self, section: Section, row: Row) -> str:
        layer = row.layers[-1]
        if row.style == "container":
            return self.say("alt.container_layer", name=section.name, count=written(layer))
        if row.style == "folded":
            return self.say("alt.folded_layers", first=row.first, last=row.last, name=section.name)
        key = "alt.expected_layer" if row.style == "expected" else "alt.layer"
        return self.say(key, n=row.last, name=section.name, command=display(layer.created_by))

    def view_alt(self, section: Section, asking: bool) -> str:
        if asking:
            return self.say("alt.view_asking", name=section.name)
        return self.say("alt.view", name=section.name, count=sum(section.names.tally.seen.values()))

    def tile_alt(self, section: Section, row: Row, version: Version, hidden: bool) -> str:
        where = (
            self.say("alt.in_container", name=section.name)
            if row.style == "container"
            else self.say("alt.in_layer", n=version.position, name=section.name)
        )
        if version.is_whiteout:
            return self.say("alt.whiteout", path=display(version.path), where=where)
        key = "alt.hidden" if hidden else f"alt.{version.kind}"
        label = label_of(version, toy=section.toy)
        return self.say(key, path=display(version.path), where=where, label=label)

    def seen_alt(self, section: Section, name: Name, version: Version) -> str:
        label = str(name.below) if version.kind == "dir" else label_of(version, toy=section.toy)
        return self.say("alt.seen", path=display(name.path), n=version.position, label=label)

    def hole_alt(self, section: Section, name: Name) -> str:
        return self.say("alt.hole", path=display(name.path), name=section.name)

    def fold_alt(self, count: int, directory: str) -> str:
        return self.say("alt.fold", count=count, path=display(directory))


def _enough(text: str, font: Font, room: float) -> str:
    """`text`, or so many of its letters that they say something, or nothing."""
    cut = widths.elide(text, font, max(room, 0.0))
    return cut if cut == text or len(cut) > LEAST_LETTERS else ""


def _cut(text: str, alike: int, font: Font, room: float) -> str:
    """A name so that what follows its first `alike` letters is seen."""
    rest = widths.ELLIPSIS + text[alike:]
    if alike and widths.width(rest, font) <= room:
        return widths.elide_start(text, font, room)
    return widths.elide_middle(rest if alike else text, font, room)


def written(layer: Layer) -> int:
    """How many files, links and whiteouts a container's layer holds; the directories on their way do not count."""
    return len(layer.entries) - layer.entries.directories


def _thousands(text: str) -> tuple[str, ...]:
    """How a number of four and more digits is told in thousands, the exacter way first."""
    if not text.removeprefix("+").isdigit() or len(text) < 4:
        return ()
    plus = text[: text.startswith("+")]
    number = int(text)
    tenths = (f"{plus}{number / 1000:.1f}k",) if number < 10_000 else ()
    return (*tenths, f"{plus}{number / 1000:.0f}k")


def tile_label(text: str, fit: Fit, lane: Lane, kind: TileKind = "file") -> TileLabel:
    """A numeral as large as its tile allows; a size or a count small, and none where it would not fit."""
    width = lane.u1 - lane.u0
    numeral = len(text) <= 2 and kind == "file"
    if numeral:
        most = 0.85 if fit.mode == "slabs" else 0.667
        px = min(max(BIG_PX, round(fit.tile_px * 0.5)), round(fit.tile_px * most), round(width * 0.5))
        return TileLabel(text, float(max(px, 15)))
    room = width - 8 - (24 if kind == "dir" else 0)
    largest = max(min(20.0, max(15.0, fit.tile_px * 0.4)), min(28.0, round(fit.tile_px * 0.26)))
    # On narrow tiles all sizes are about as large, whatever their number of digits.
    largest = min(largest, max(15.0, round(width / 3)))
    if kind == "fold" and widths.width(text, Font(SMALL_PX, 600)) > room:
        room = width  # its rim carries nothing
    for px in (largest, 20.0, 17.0, 15.0, SMALL_PX):
        if px <= largest and widths.width(text, Font(px, 600)) <= room:
            return TileLabel(text, float(round(px)))
    for px in NARROW_PX if fit.mode == "flat" and kind != "fold" else ():
        # Below its glyph, or without: the column's name says that it is a directory.
        if widths.width(text, Font(px, 600)) <= width - 4:
            return TileLabel(text, px)
    for short in _thousands(text):
        label = tile_label(short, fit, lane, kind)
        if label.label:
            return label
    return TileLabel("", SMALL_PX)
