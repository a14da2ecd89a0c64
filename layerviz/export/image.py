"""A directory of an image as a story of one step: its layers and what is seen, as Explore shows them."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from layerviz.engine import find, merge, paths
from layerviz.engine.actions import BringImage
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.entry import Kind
from layerviz.engine.errors import PathError
from layerviz.engine.world import Layer, World
from layerviz.export.request import ExportProblem
from layerviz.images.assembling import BroughtImage
from layerviz.images.bytesource import compressed_as
from layerviz.images.opening import image_of
from layerviz.images.reference import TRANSPORTS, tags
from layerviz.picture.layout import Place, View, layout
from layerviz.picture.layout.sight import layers_without
from layerviz.picture.shapes import Frame
from layerviz.strings import Lang, tr

Bring = Callable[[str], BroughtImage]

_NO_NAME = re.compile(r"[^\w.-]+")


def is_image(target: str) -> bool:
    """Whether `target` is written as an image, or is a folder or a file that holds one and no commands; what is
    neither (a pipe, a device) is refused as an image is."""
    if target.startswith(TRANSPORTS) or (os.path.exists(target) and not os.path.isfile(target)):
        return True
    try:
        with open(target, "rb") as file:
            start = file.read(512)
    except OSError:
        return False
    # No command has a NUL, and the first header of a tar has many.
    return b"\0" in start or bool(compressed_as(start))


@dataclass(frozen=True)
class ImageStory:
    """An image in a world of its own, with `place` on the stage."""

    world: World
    place: Place

    @property
    def name(self) -> str:
        return _NO_NAME.sub("-", f"{self.place.show[0]}{self.place.directory}").strip("-")

    @property
    def count(self) -> int:
        return 1

    def title(self, lang: Lang) -> str:
        return self.place.show[0]

    def words(self, number: int, lang: Lang) -> str:
        return paths.display(self.place.column or self.place.directory)

    def frame(self, number: int, view: View, at: float = 1.0, *, ask: bool = False, caption: bool = True) -> Frame:
        """The picture; it has no motion and asks nothing."""
        if caption:
            words, small = self.words(number, view.lang), self.small(view.lang)
            view = replace(view, title=self.title(view.lang), caption=words, small=small)
        return layout(self.world, self.place, view).frame

    def small(self, lang: Lang) -> str:
        """Which layers are not drawn; "" where all are."""
        out = layers_without(self.world.images[-1].layers, self.place.directory)
        return tr(lang, "export.left_out", count=len(out), layers=", ".join(map(str, out))) if out else ""


def image_story(target: str, path: str = "/", bring: Bring = image_of) -> ImageStory:
    """The directory `path` of the image that `target` names; where something else is there, its directory, with it
    framed. Raises `ImageProblem`, and `ExportProblem` where no layer has that path."""
    brought = bring(target)
    world = apply(empty_world(), BringImage(brought.image, tags(brought.refs))).world
    image = world.images[-1]
    wanted = _followed(image.layers, paths.normal(path))
    kinds = {found.entry.kind for found in merge.versions(image.layers, wanted)} - {Kind.WHITEOUT}
    if not kinds and wanted != paths.ROOT:
        raise ExportProblem(paths.display(path), "no_such_path", {"image": target})
    inside = wanted == paths.ROOT or Kind.DIR in kinds
    directory, column = (wanted, "") if inside else (paths.parent(wanted), wanted)
    return ImageStory(world, Place((find.place_of(world, image),), directory, sparse=True, column=column))


def _followed(stack: tuple[Layer, ...], path: str) -> str:
    """The path with its links followed, if it is seen; what is hidden is called by its own name."""
    try:
        followed = merge.resolve(stack, path)
    except PathError:
        return path
    return path if merge.seen(stack, followed) is None else followed
