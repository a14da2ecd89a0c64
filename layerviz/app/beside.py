"""A command that may take long, run beside the window: a thread of its own, whose result can be let go of."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from layerviz.shell import Result


class RunBeside(QObject):
    """`ended` carries the results, unless they were given up before; `broke` what nobody foresaw."""

    ended = Signal(object)
    broke = Signal(object)

    def __init__(self, work: Callable[[], tuple[Result, ...]]) -> None:
        super().__init__()
        self._work = work
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="command", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def give_up(self) -> None:
        """The results are not wanted any more. What was read changes nothing."""
        self._given_up.set()

    def _run(self) -> None:
        try:
            results = self._work()
        except BaseException as error:
            self.broke.emit(error)
            return
        if not self._given_up.is_set():
            self.ended.emit(results)
