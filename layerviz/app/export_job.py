"""Writing pictures beside the window: a thread of its own, told how far it is, stopped by Cancel between two files."""

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from layerviz.export.request import ExportRequest
from layerviz.export.run import Sheet, crop_of, render
from layerviz.resources import Problem
from layerviz.writing import reason, whole


class ExportJob(QObject):
    """`went_on` carries (files written, of how many), `ended` the files written, `failed` a sentence."""

    went_on = Signal(int, int)
    ended = Signal(list)
    failed = Signal(str)

    def __init__(self, sheets: Sequence[Sheet], request: ExportRequest) -> None:
        super().__init__()
        self._sheets, self._request = tuple(sheets), request
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="export", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def cancel(self) -> None:
        """No further file; the ones that are written stay."""
        self._stopped.set()

    def wait(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        written: list[Path] = []
        try:
            for number, sheet in enumerate(self._sheets):
                if self._stopped.is_set():
                    break
                self.went_on.emit(number, len(self._sheets))
                crop = crop_of(sheet.story, sheet.lang, self._request) if self._request.crop else None
                data = render(sheet, self._request, crop)
                sheet.file.parent.mkdir(parents=True, exist_ok=True)
                with whole(str(sheet.file)) as out:
                    out.write(data)
                written.append(sheet.file)
        except Problem as problem:
            self.failed.emit(str(problem))
            return
        except OSError as error:
            self.failed.emit(f"{error.filename or ''}: {error.strerror or reason(error)}")
            return
        self.ended.emit(written)
