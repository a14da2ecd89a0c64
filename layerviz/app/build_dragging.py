"""Things carried over the stage of Build: what letting go would do is shown before."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from layerviz.app import hand_commands
from layerviz.app.build_frame import BuildFrame
from layerviz.app.hand_commands import Refused
from layerviz.app.look import Look
from layerviz.app.preview import PreviewScene
from layerviz.app.prompting import run
from layerviz.app.scenes import WorldScene
from layerviz.app.session import Session


class Dragging(QObject):
    """`dropped` carries what was let go over the stage and the address that it was let go over."""

    dropped = Signal(str, object)

    def __init__(
        self, look: Look, frame: BuildFrame, session: Callable[[], Session], still: Callable[[], WorldScene | None]
    ) -> None:
        """`still` is what stands on the stage while nothing is carried; None for nothing."""
        super().__init__(frame)
        self._look, self._frame, self._session, self._still = look, frame, session, still
        self._over: tuple[str, str] | None = None
        frame.stage.hovered_with.connect(self._hover)
        frame.stage.dropped.connect(self._drop)
        frame.stage.drag_left.connect(self._leave)

    def _hover(self, thing: str, onto: str) -> None:
        here = (thing, onto.split(":/")[0])
        if here == self._over:
            return
        self._over = here
        session, frame = self._session(), self._frame
        made = hand_commands.offer(session.world, thing, onto, session.place.show, session.place.directory)
        if isinstance(made, Refused):
            frame.tip_for(self._look.say(made.key, **dict(made.values)), bad=True)
            self._show_still()
            return
        frame.tip.tell("")
        results = run(session.world, "\n".join(made), self._look.lang)
        if any(result.status for result in results):
            return
        coming = session.ran("", results)
        scene = PreviewScene(session.world, coming.world, coming.place, self._look.say("build.release_short"))
        if not scene.shows_something:
            frame.tip_for(self._look.say("build.release", command=made[-1]), bad=False)
        if coming.place.show:
            frame.nothing_yet.hide()
            frame.stage.show_scene(scene, glide=True)

    def _show_still(self) -> None:
        scene = self._still()
        if scene is not None:
            self._frame.stage.show_scene(scene, glide=True)
        else:
            self._frame.stage.clear()
            self._frame.nothing_yet.show()

    def _leave(self) -> None:
        self._over = None
        self._frame.tip.tell("")
        self._show_still()

    def _drop(self, thing: str, onto: str) -> None:
        self._leave()
        self.dropped.emit(thing, onto)
