"""What Explore opens over the window: the texts of a path's versions, another image held against this one, my
images."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from layerviz.app.explore_changeset import ChangesetSheet
from layerviz.app.explore_compare import CompareSheet
from layerviz.app.explore_doors import Doors
from layerviz.app.explore_image import Opened, as_brought
from layerviz.app.explore_saving import SavingSheet, file_name
from layerviz.app.explore_shared import SharedSheet
from layerviz.app.explore_viewer import Viewer
from layerviz.app.look import Look
from layerviz.engine.compare import Difference
from layerviz.engine.pathstory import path_story, stored_versions
from layerviz.images.assembling import BroughtImage
from layerviz.images.reference import Form


class Sheets(QObject):
    """They speak of `image`, the one on the stage. `shown` carries a path to be shown there, and the position of the
    layer whose version is meant (0: as it is seen)."""

    # An object, for Qt's strings lose what is no UTF-8 in a path.
    shown = Signal(object, int)

    def __init__(self, look: Look, doors: Doors) -> None:
        super().__init__(doors)
        self._look, self._doors = look, doors
        self._shared: tuple[BroughtImage, ...] = ()
        doors.compared.connect(self.compare_with)
        doors.added.connect(self._add_shared)

    @property
    def image(self) -> Opened | None:
        return self._doors.image

    def view_text(self, path: str, compares: bool, position: int = 0) -> Viewer | None:
        """The text of the version that the layer at `position` has of a path, of its last one without; or how it
        differs from the one before."""
        if self.image is None:
            return None
        versions = stored_versions(path_story(self.image.stack, path))
        if len(versions) <= compares:
            return None
        at = next((n for n, one in enumerate(versions) if one.position == position), len(versions) - 1)
        viewer = Viewer(self._doors.window, self._look, path, versions, compares, at)
        viewer.open()
        return viewer

    def show_changes(self, position: int) -> ChangesetSheet | None:
        """What the layer at `position` does to what lies below it."""
        if self.image is None or not position:
            return None
        sheet = ChangesetSheet(self._doors.window, self._look, self.image, position)
        sheet.changes.chosen.connect(lambda change: self._show(sheet, change, position))
        sheet.open()
        return sheet

    def _show(self, sheet: ChangesetSheet, change: Difference, position: int) -> None:
        sheet.close()
        self.shown.emit(change.path, position if change.kind != "D" else 0)

    def compare_with(self, other: Opened) -> CompareSheet | None:
        """Holds another image against this one."""
        if self.image is None:
            return None
        sheet = CompareSheet(self._doors.window, self._look, self.image, other)
        sheet.open()
        return sheet

    def save(self, form: Form, file: Path) -> SavingSheet | None:
        """Writes the image to a file or folder."""
        if self.image is None:
            return None
        sheet = SavingSheet(self._doors.window, self._look, self.image, form, file)
        sheet.open()
        return sheet

    def ask_save(self, form: Form) -> None:
        """Asks where to, and writes the image there."""
        if self.image is None:
            return
        look, window = self._look, self._doors.window
        title = look.say("explore.save_title")
        name = file_name(self.image, form)
        kinds = "" if form == "oci" else "*.tar"
        file, _ = QFileDialog.getSaveFileName(window, title, name, kinds)
        if file:
            self.save(form, Path(file))

    def show_shared(self) -> SharedSheet | None:
        """What the images of this place share."""
        image = self.image
        return self._open_shared(image.all or (as_brought(image),)) if image is not None else None

    def _open_shared(self, images: Sequence[BroughtImage]) -> SharedSheet:
        self._shared = tuple(images)
        sheet = SharedSheet(self._doors.window, self._look, self._shared)

        def add(text: str) -> None:
            sheet.close()
            self._doors.add(text)

        self._doors.offer(sheet.add_button, add)
        sheet.open()
        return sheet

    def _add_shared(self, more: Sequence[BroughtImage]) -> None:
        """The images of another place beside those that the sheet had."""
        self._open_shared((*self._shared, *more))
