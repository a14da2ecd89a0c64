"""Layers indexed beside the program: by child processes, so that two cores work and a window keeps its frame times.

Nothing of a layer comes back through a pipe: a child writes an index file, and it is mapped here.
"""

import json
import os
import queue
import threading
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from layerviz.images import children, index_cache
from layerviz.images.children import Child
from layerviz.images.forking import Fork, can_fork, cores
from layerviz.images.index_file import Indexed, opened
from layerviz.images.layers import Blob
from layerviz.images.widening import loaded, pays

_MOST_CHILDREN = 4
_NICE = 5
_BEAT_S = 0.1


class _Event(NamedTuple):
    """What a child said of a layer: bytes read so far, or its last `word` of it, "" where it has ended without one. No
    blob: there is nothing to do any more for one of the children."""

    blob: Blob | None
    done_bytes: int = 0
    word: str | None = None


_Waiting = queue.SimpleQueue[Blob | None]
"""None: no more come, for one of the children."""


def can_help() -> bool:
    """Whether a child can be had."""
    return can_fork() or children.can_start()


class Indexing:
    """Children that index layers as they are given to them. Leaving it ends them.

    `progress` hears how many bytes of each layer were read, `done` of each index that is there, both in the thread that
    calls `hear` and `finish`. `found` are the indexes of the layers that could be read without anything to say about
    them; `pending` are layers of which that is not known yet.
    """

    def __init__(self, progress: Callable[[Mapping[Blob, int]], None], done: Callable[[Blob, Indexed], None]) -> None:
        self.found: dict[Blob, Indexed] = {}
        self.pending: set[Blob] = set()
        self._progress, self._done = progress, done
        self._waiting: _Waiting = queue.SimpleQueue()
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._places: dict[Blob, str] = {}
        self._wide: set[Blob] = set()
        self._read: dict[Blob, int] = {}
        self._leaving = ExitStack()
        self._folder: Path | None = None
        self._children: list[Child] = []
        self._threads: list[threading.Thread] = []
        self._busy = 0

    def __enter__(self) -> Self:
        # Without a place for indexes nothing is found.
        with suppress(OSError):
            self._folder = self._leaving.enter_context(index_cache.new_folder())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for child in self._children:
                child.kill()
                self._waiting.put(None)
            for thread in self._threads:
                if thread.ident is not None:  # Ctrl+C may come before it was started
                    thread.join()
            for child in self._children:
                children.end(child)
        finally:
            self._leaving.close()

    def give(self, blobs: Iterable[Blob]) -> None:
        """More layers, the largest first; what no child can read is neither found nor pending."""
        if self._folder is None:
            return
        given = 0
        wanted = sorted(blobs, key=lambda one: one.start - one.end)
        if pays(wanted):
            self._wide.update(wanted)
            if can_fork():
                # Once for all copies.
                loaded()
        for blob in wanted:
            # A file that is gone: whoever reads it without a child says so.
            with suppress(OSError):
                self._places[blob] = index_cache.place(blob)
                self.pending.add(blob)
                self._waiting.put(blob)
                given += 1
        self._start(min(cores(), _MOST_CHILDREN, len(self._children) + given), self._folder)

    def hear(self) -> None:
        """What the children have said in the meantime."""
        with suppress(queue.Empty):
            while True:
                self._take(self._events.get_nowait())

    def finish(self) -> None:
        """Waits until nothing is pending; nothing may be given any more."""
        for _ in self._threads:
            self._waiting.put(None)
        while self._busy:
            try:
                self._take(self._events.get(timeout=_BEAT_S))
            except queue.Empty:
                self._progress(self._read)
        if self._threads:
            index_cache.trim()

    def _start(self, most: int, folder: Path) -> None:
        """Has `most` children at work, or as many as the system lets start. All of them start before the threads do:
        what has threads cannot be copied."""
        new: list[threading.Thread] = []
        with suppress(OSError):
            while len(self._children) < most:
                child = _started()
                self._children.append(child)
                given = (child, self._waiting, folder, self._places, self._wide, self._events)
                new.append(threading.Thread(target=_work, args=given, daemon=True))
        self._threads += new
        # Where there is no room for a thread its child is not asked.
        with suppress(RuntimeError):
            for thread in new:
                thread.start()
                self._busy += 1
        if not self._busy:
            self.pending.clear()

    def _take(self, event: _Event) -> None:
        if event.blob is None:
            self._busy -= 1
            if not self._busy:
                # What the last child has left is left to others.
                self.pending.clear()
            return
        blob = event.blob
        self._read[blob] = blob.end - blob.start if event.word == "done" else event.done_bytes
        self._progress(self._read)
        if event.word is not None:
            self.pending.discard(blob)
        if event.word == "done":
            assert self._folder is not None
            file = self._folder / self._places[blob]
            index = opened(file, is_new=True)
            if index is not None:
                self.found[blob] = index
                index_cache.keep(file, blob, self._places[blob])
                self._done(blob, index)


def _started() -> Child:
    if can_fork():
        from layerviz.images.indexing_child import main

        return Fork(main)
    return children.started("layerviz.images.indexing_child", _NICE)


def _work(
    child: Child,
    waiting: _Waiting,
    folder: Path,
    places: Mapping[Blob, str],
    wide: Container[Blob],
    events: "queue.SimpleQueue[_Event]",
) -> None:
    """Gives a child one layer after another, those in `wide` to be read with the extra `fast`, and passes on what it
    says."""
    assert child.stdin and child.stdout
    try:
        while (blob := waiting.get()) is not None:
            job = [os.path.abspath(blob.file), blob.start, blob.end, str(folder / places[blob]), blob in wide]
            word = _said(child.stdin, child.stdout, job, partial(_tell, events, blob))
            events.put(_Event(blob, word=word))
            if not word:
                break
    finally:
        events.put(_Event(None))


def _tell(events: "queue.SimpleQueue[_Event]", blob: Blob, done_bytes: int) -> None:
    events.put(_Event(blob, done_bytes))


def _said(stdin: IO[bytes], stdout: IO[bytes], job: list[object], told: Callable[[int], None]) -> str:
    """The last word of a child about a job; "" where it ended without one."""
    with suppress(OSError, ValueError):
        stdin.write(json.dumps(job).encode() + b"\n")
        stdin.flush()
        for line in stdout:
            word = line.decode().strip()
            if not word.isdigit():
                return word
            told(int(word))
    return ""
