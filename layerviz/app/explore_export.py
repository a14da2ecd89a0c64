"""What Explore shows as something that can be exported: one picture, of the directory on the stage. No Qt."""

import re
from dataclasses import dataclass

from layerviz.app.explore_image import ImageScene
from layerviz.engine import paths
from layerviz.picture.layout import View
from layerviz.picture.shapes import Frame
from layerviz.strings import Lang


@dataclass(frozen=True, slots=True, eq=False)
class ImageStory:
    """The scene on the stage, as a story of one step."""

    scene: ImageScene

    @property
    def name(self) -> str:
        """The image's name and its directory, fit for a file's."""
        return re.sub(r"[^\w.-]+", "-", f"{self.scene.image.name}{self.scene.place.directory}").strip("-")

    @property
    def target(self) -> tuple[str, ...]:
        """What the command line is given to draw the same."""
        directory = self.scene.place.directory
        return (self.scene.image.text, *(() if directory == paths.ROOT else (directory,)))

    @property
    def count(self) -> int:
        return 1

    def title(self, lang: Lang) -> str:
        return self.scene.image.name

    def words(self, number: int, lang: Lang) -> str:
        return paths.display(self.scene.place.directory)

    def frame(self, number: int, view: View, at: float = 1.0, *, ask: bool = False, caption: bool = True) -> Frame:
        """The picture as it stands; nothing is asked of it."""
        return self.scene.drawn(view, caption).frame
