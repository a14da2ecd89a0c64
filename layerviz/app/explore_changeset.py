"""The sheet that lists what one layer does to what is seen below it, as far as paths go."""

from PySide6.QtWidgets import QWidget

from layerviz.app.beside import RunBeside, raised
from layerviz.app.explore_changes import Changes
from layerviz.app.explore_image import Opened, command_of
from layerviz.app.look import Look
from layerviz.app.parts import Cut, row
from layerviz.app.sheet import Sheet
from layerviz.app.tokens import NOTE
from layerviz.engine import paths
from layerviz.engine.compare import Difference, layer_changes


class ChangesetSheet(Sheet):
    """`changes` tells which path is chosen."""

    def __init__(self, window: QWidget, look: Look, image: Opened, position: int) -> None:
        super().__init__(window, look, 860, 660)
        self._image, self._position = image, position
        self._known = False
        self.command = Cut(look, NOTE, 500, mono=True, role="dim")
        self.changes = Changes(look)
        self.body.addLayout(row(self.command, self.changes.filter, spacing=16))
        self.body.addWidget(self.changes, 1)
        self.translate()
        stack = image.stack
        self._beside = RunBeside(lambda: layer_changes(stack, position))
        self._beside.ended.connect(self._know)
        self._beside.broke.connect(raised)
        self._beside.start()
        self.changes.list.setFocus()

    @property
    def is_known(self) -> bool:
        """Whether what the layer does is found out."""
        return self._known

    def translate(self) -> None:
        look = self._look
        self.name(look.say("explore.changes_title", n=self._position))
        command = command_of(self._image.stack[self._position - 1].created_by)
        self.command.say(paths.display(command) or look.say("explore.no_instruction"))
        nothing = look.say("explore.changes_nothing" if self._known else "explore.comparing")
        self.changes.name(self.title.text(), nothing)

    def _know(self, changes: tuple[Difference, ...]) -> None:
        self._known = True
        self.translate()
        self.changes.tell(changes)

    def done(self, result: int) -> None:
        self._beside.give_up()
        super().done(result)
