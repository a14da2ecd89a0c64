"""What letting go would do, as a picture: the layers that would come, dashed. No Qt."""

from dataclasses import dataclass, replace

from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.world import World
from layerviz.picture.layout import Picture, Place, View, layout
from layerviz.picture.shapes import Slab
from layerviz.picture.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class PreviewScene:
    """`after` as it would be; what `before` has not is only expected, and says `word`."""

    before: World
    after: World
    place: Place
    word: str

    def still(self, view: View) -> Picture:
        # In the flat view a band has no room for words at its end.
        picture = layout(self.after, replace(self.place, expected=self._new(), trace=()), view)
        slabs = picture.mode == "slabs"
        shapes = tuple(
            replace(shape, right=self.word)
            if isinstance(shape, Slab) and shape.style == "expected" and slabs
            else shape
            for shape in picture.frame.shapes
        )
        return replace(picture, frame=replace(picture.frame, shapes=shapes))

    def motion(self, view: View) -> Timeline | None:
        return None

    @property
    def shows_something(self) -> bool:
        """Whether a layer would come."""
        return bool(self._new())

    def _new(self) -> tuple[str, ...]:
        known = {layer.key for image in self.before.images for layer in image.layers}
        known |= {container.layer.key for container in self.before.containers}
        found: list[str] = []
        for address in self.place.show:
            try:
                stack = resolve(self.after, parse(address)).stack
            except AddressError:
                continue
            found += [f"{address}[{n}]" for n, layer in enumerate(stack, 1) if layer.key not in known]
        return tuple(found)
