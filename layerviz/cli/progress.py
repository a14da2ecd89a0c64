"""How far the reading of an image is, on the terminal: bytes and speed, once it takes long enough to wonder."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from layerviz.cli.speech import LANG
from layerviz.strings import tr

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from layerviz.engine.content import Range, Reader
    from layerviz.images.layers import Progress

_QUICK_SECONDS = 0.4
_BETWEEN_SECONDS = 0.1


@contextmanager
def reading(quiet: bool = False) -> Iterator[Progress | None]:
    """What to tell of the bytes read, of 0 where nobody knows how many there are; None where nobody looks: not on a
    terminal, or `quiet`."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    shown = _Shown()
    try:
        yield shown.told
    finally:
        shown.end()


@contextmanager
def comparing(quiet: bool = False) -> Iterator[Reader]:
    """What reads the contents of files that are compared: how many will have to be read shows only on the way."""
    from layerviz.images import contents

    with reading(quiet) as progress:
        if progress is None:
            yield contents.read
            return
        done = 0

        def read(extent: Range, start: int, size: int) -> bytes:
            nonlocal done
            data = contents.read(extent, start, size)
            done += len(data)
            progress(done, 0)
            return data

        progress(0, 0)
        yield read


class _Shown:
    """A bar for each thing that is read: a download, a layer, an archive. Bytes alone where nobody knows how many."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.bar: ProgressBar[int] | None = None
        self.length = self.at = self.first = 0
        self.drawn = 0.0

    def told(self, done: int, total: int) -> None:
        now = time.monotonic()
        if total != self.length or done < self.at:
            self.end()
            self.length, self.began, self.first = total, now, done
        self.at = done
        if self.bar is None:
            if now - self.began < _QUICK_SECONDS:
                return
            self.bar = click.progressbar(
                length=total,
                file=sys.stderr,
                show_percent=bool(total),
                show_eta=bool(total),
                bar_template="  [%(bar)s]  %(info)s" if total else "  %(info)s",
                item_show_func=self._said,
            )
            self.bar.__enter__()
        if done == total or now - self.drawn >= _BETWEEN_SECONDS:
            self.drawn = now
            self.bar.update(done - self.bar.pos, done)

    def end(self) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)
            self.bar = None

    def _said(self, done: int | None) -> str:
        from layerviz.shell.units import size

        if done is None:
            return ""
        seconds = max(time.monotonic() - self.began, 0.001)
        values = {"done": size(done), "total": size(self.length), "speed": size(round((done - self.first) / seconds))}
        return tr(LANG, "cli.progress" if self.length else "cli.progress_open", **values)
