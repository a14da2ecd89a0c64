"""Commands of Build that read or write an archive: beside the window, which goes on and shows that."""

from PySide6.QtCore import QObject, Qt, Signal

from layerviz.app.beside import RunBeside, raised
from layerviz.app.build_frame import BuildFrame
from layerviz.app.look import Look
from layerviz.app.prompting import run
from layerviz.engine.world import World


class Archives(QObject):
    """`ran` carries a command and its results; until then nothing else can be done in Build but to give up."""

    ran = Signal(str, object)

    def __init__(self, look: Look, frame: BuildFrame) -> None:
        super().__init__(frame)
        self._look, self._frame = look, frame
        self._beside: RunBeside | None = None

    def run(self, world: World, command: str, save_into: str = "") -> None:
        """Runs `command` in `world`; `save_into` is the folder that it may write into."""
        if self._beside is not None:
            return
        lang = self._look.lang
        beside = self._beside = RunBeside(lambda: run(world, command, lang, save_into, by_window=True))
        beside.ended.connect(lambda results: self._ended(command, results))
        beside.broke.connect(self._broke)
        self._let_work(False)
        self._frame.tip_for(self._look.say("build.working", command=command), bad=False)
        beside.start()

    def give_up(self) -> bool:
        """Lets go of what is at work; False where nothing is."""
        if self._beside is None:
            return False
        self._beside.give_up()
        self._over()
        return True

    def _ended(self, command: str, results: object) -> None:
        self._over()
        self.ran.emit(command, results)

    def _broke(self, error: BaseException) -> None:
        self._over()
        raised(error)

    def _over(self) -> None:
        self._beside = None
        self._let_work(True)
        self._frame.tip.tell("")
        # A pane that cannot be used lost the keyboard.
        if not self._frame.is_full_screen:
            self._frame.terminal.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def _let_work(self, on: bool) -> None:
        self._frame.terminal.setEnabled(on)
        self._frame.tools.setEnabled(on)
