"""The sheet that holds two images against each other: both on the layers they share, and the paths that differ."""

from PySide6.QtWidgets import QWidget

from layerviz.app.beside import raised
from layerviz.app.explore_changes import Changes
from layerviz.app.explore_image import Opened, is_directory
from layerviz.app.explore_words import layers_words, size_words
from layerviz.app.head_line import HeadLine
from layerviz.app.look import Look
from layerviz.app.opening import ReadBeside
from layerviz.app.parts import Words, row
from layerviz.app.scenes import WorldScene
from layerviz.app.sheet import Sheet
from layerviz.app.stage import Stage
from layerviz.app.tokens import BODY
from layerviz.engine import paths
from layerviz.engine.actions import BringImage
from layerviz.engine.address import AddressError, parse
from layerviz.engine.apply import apply
from layerviz.engine.compare import Comparison, compare
from layerviz.engine.digests import image_id
from layerviz.engine.find import normal_ref, place_of
from layerviz.engine.world import World
from layerviz.picture.layout import Place


def both(one: Opened, other: Opened) -> tuple[World, tuple[str, str]]:
    """A world with both images on the layers that they share, and what addresses call them. One that has the other's
    name goes by its id."""
    world = apply(one.world, BringImage(other.brought.image if other.brought else other.image, other.refs)).world
    ids = image_id(one.image), image_id(other.image)
    first, second = (next(image for image in world.images if image_id(image) == wanted) for wanted in ids)
    return world, (place_of(world, first), place_of(world, second))


class CompareSheet(Sheet):
    """`one` against `other`: what stands in `other` and not in `one` is added."""

    def __init__(self, window: QWidget, look: Look, one: Opened, other: Opened) -> None:
        super().__init__(window, look, 1180, 780)
        self._one, self._other = one, other
        self._world, self._names = both(one, other)
        self._comparison: Comparison | None = None
        self._directory = paths.ROOT
        self.head_line = HeadLine(look)
        self.stage = Stage(look)
        self.stage.start_in("flat")
        self.summary = Words("", BODY, 500)
        self.changes = Changes(look)
        self.changes.setMinimumHeight(150)
        self.body.addWidget(self.head_line)
        self.body.addWidget(self.stage, 5)
        self.body.addLayout(row(self.summary, None, self.changes.filter))
        self.body.addWidget(self.changes, 4)
        self.head_line.went_to.connect(self.go_to)
        self.head_line.mode.connect(self._set_mode)
        self.stage.entered.connect(self._enter)
        self.stage.chosen.connect(self._chosen)
        self.changes.chosen.connect(lambda change: self.go_to(paths.parent(change.path), change.path))
        self.translate()
        self.go_to(paths.ROOT)
        self._beside = ReadBeside(lambda reader: compare(one.stack, other.stack, reader))
        self._beside.ended.connect(self._know)
        self._beside.broke.connect(raised)
        self._beside.start()
        self.changes.list.setFocus()

    @property
    def comparison(self) -> Comparison | None:
        return self._comparison

    def go_to(self, directory: str, path: str = "") -> None:
        """Steps to a directory of both, where the column of `path` is framed."""
        self._directory = directory
        place = Place(tuple(dict.fromkeys(self._names)), directory, sparse=True, column=path)
        self.stage.show_scene(WorldScene(self._world, place))
        self.head_line.tell(directory, "")
        picture = self.stage.picture
        self.head_line.segments.choose(picture.mode if picture is not None else "flat")

    def translate(self) -> None:
        look = self._look
        self.name(look.say("explore.compare_title", one=_called(self._one), other=_called(self._other)))
        nothing = look.say("explore.comparing" if self._comparison is None else "explore.no_difference")
        self.changes.name(look.say("explore.compare"), nothing)
        if self._comparison is None:
            self.summary.setText(look.say("explore.comparing"))
        else:
            self._tell(self._comparison)

    def _know(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self.translate()
        self.changes.tell(comparison.changes)

    def _tell(self, comparison: Comparison) -> None:
        """What there is in numbers."""
        look = self._look
        shared, a, b = comparison.shared, len(self._one.stack), len(self._other.stack)
        size = sum(layer.size_bytes or 0 for layer in self._one.stack[:shared])
        if shared:
            said = look.say(
                "explore.shared_layers",
                count=shared,
                size=size_words(size, look.lang),
                one=layers_words(a - shared, look.lang),
                other=layers_words(b - shared, look.lang),
            )
        else:
            said = look.say("explore.nothing_shared", one=layers_words(a, look.lang), other=layers_words(b, look.lang))
        self.summary.setText(said)

    def _chosen(self, address: str) -> None:
        path = _path_of(address)
        if path and path != self._directory:
            self.go_to(self._directory, path)
            self.stage.choose(address)

    def _enter(self, address: str) -> None:
        path = _path_of(address)
        if path and any(is_directory(image, path) for image in (self._one, self._other)):
            self.go_to(path)

    def _set_mode(self, mode: str) -> None:
        self.stage.prefer(mode)
        self.head_line.segments.choose(mode)

    def done(self, result: int) -> None:
        self._beside.give_up()
        super().done(result)


def _called(image: Opened) -> str:
    return normal_ref(image.refs[0]) if image.refs else image.name


def _path_of(address: str) -> str:
    try:
        return parse(address).path or "" if address else ""
    except AddressError:
        return ""
