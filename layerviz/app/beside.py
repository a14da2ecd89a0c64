"""Work that may take long, done beside the window: a thread of its own, whose result can be let go of."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Signal, SignalInstance

USUAL_WAIT_S, WINDOW_WAITS_S = sys.getswitchinterval(), 0.001
"""How long one thread may keep Python from another: while work is done beside it, the window waits five times less."""
_at_work: set[QObject] = set()


class RunBeside(QObject):
    """`ended` carries the result, unless it was given up before; `broke` what nobody foresaw."""

    ended = Signal(object)
    broke = Signal(object)
    _told = Signal(object, object)

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self._told.connect(self._pass_on)
        self._work = work
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="command", daemon=True)

    def start(self) -> None:
        """Begins. Until the end is told it is kept alive: what is on its way from a thread dies with its sender."""
        _at_work.add(self)
        sys.setswitchinterval(WINDOW_WAITS_S)
        self.ended.connect(self._over)
        self.broke.connect(self._over)
        self._thread.start()

    def _over(self) -> None:
        _at_work.discard(self)
        if not _at_work:
            sys.setswitchinterval(USUAL_WAIT_S)

    def give_up(self) -> None:
        """The result is not wanted any more. What was read changes nothing."""
        self._given_up.set()
        self._over()

    @property
    def is_at_work(self) -> bool:
        """Whether its end is still to come."""
        return self in _at_work

    @property
    def is_given_up(self) -> bool:
        return self._given_up.is_set()

    def _run(self) -> None:
        try:
            result = self._work()
        except BaseException as error:
            self.tell(self.broke, error)
            return
        self.tell(self.ended, result)

    def tell(self, signal: SignalInstance, *values: object) -> None:
        """Sends a signal of this object in the window's own thread, unless nobody waits for it any more by then."""
        if self._given_up.is_set():
            return
        # Qt is taken down at the end while the thread still works; then there is nobody left to tell.
        with suppress(RuntimeError):
            self._told.emit(signal, values)

    def _pass_on(self, signal: SignalInstance, values: tuple[object, ...]) -> None:
        if not self._given_up.is_set():
            signal.emit(*values)


def raised(error: BaseException) -> None:
    """For `broke`: in the window's own thread, where what nobody foresaw is told."""
    raise error
