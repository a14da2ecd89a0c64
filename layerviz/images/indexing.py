"""Layers indexed beside the program: by child processes, so that two cores work and a window keeps its frame times.

Nothing of a layer comes back through a pipe: a child writes an index file, and it is mapped here.
"""

import json
import os
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from layerviz.images import children, index_cache
from layerviz.images.children import Child
from layerviz.images.forking import Fork, can_fork, cores
from layerviz.images.index_file import Indexed, opened
from layerviz.images.layers import Blob

_MOST_CHILDREN = 4
_NICE = 5


class _Event(NamedTuple):
    """What a child said of a layer: bytes read so far, or that it has come to an end. None: there is nothing to do any
    more for one of the children."""

    blob: Blob | None
    done_bytes: int = 0
    word: str = ""


def can_help() -> bool:
    """Whether a child can be had."""
    return can_fork() or children.can_start()


def indexes(
    blobs: Sequence[Blob],
    progress: Callable[[dict[Blob, int]], None],
    done: Callable[[Blob, Indexed], None] | None = None,
) -> dict[Blob, Indexed]:
    """The indexes of the layers that could be read without anything to say about them; the others are left out, all of
    them where no child can be started or there is no place to write them.

    `progress` hears how many bytes of each layer were read, `done` of each index that is there. What they raise ends
    the children.
    """
    waiting: queue.SimpleQueue[Blob] = queue.SimpleQueue()
    for blob in sorted(blobs, key=lambda one: one.start - one.end):
        waiting.put(blob)
    events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
    found: dict[Blob, Indexed] = {}
    read: dict[Blob, int] = {}
    try:
        places = {blob: index_cache.place(blob) for blob in blobs}
    except OSError:
        # A file is gone: whoever reads it without a child says so.
        return {}
    with ExitStack() as leaving:
        try:
            folder = leaving.enter_context(index_cache.new_folder())
        except OSError:
            return {}
        helpers = _children(min(cores(), _MOST_CHILDREN, len(blobs)))
        threads = [
            threading.Thread(target=_work, args=(child, waiting, folder, places, events), daemon=True)
            for child in helpers
        ]
        try:
            for thread in threads:
                thread.start()
            busy = len(threads)
            while busy:
                event = events.get()
                if event.blob is None:
                    busy -= 1
                    continue
                read[event.blob] = event.blob.end - event.blob.start if event.word else event.done_bytes
                progress(read)
                if event.word == "done":
                    file = folder / places[event.blob]
                    index = opened(file, is_new=True)
                    if index is not None:
                        found[event.blob] = index
                        index_cache.keep(file, event.blob, places[event.blob])
                        if done:
                            done(event.blob, index)
        finally:
            for child in helpers:
                child.kill()
            for thread in threads:
                if thread.ident is not None:  # Ctrl+C may come before it was started
                    thread.join()
            for child in helpers:
                children.end(child)
    index_cache.trim()
    return found


def _children(most: int) -> list[Child]:
    """`most` children, or as many as the system lets start."""
    found: list[Child] = []
    with suppress(OSError):
        while len(found) < most:
            found.append(_started())
    return found


def _started() -> Child:
    if can_fork():
        from layerviz.images.indexing_child import main

        return Fork(main)
    return children.started("layerviz.images.indexing_child", _NICE)


def _work(
    child: Child,
    waiting: "queue.SimpleQueue[Blob]",
    folder: Path,
    places: dict[Blob, str],
    events: "queue.SimpleQueue[_Event]",
) -> None:
    """Gives a child one layer after another and passes on what it says."""
    assert child.stdin and child.stdout
    try:
        while True:
            blob = waiting.get_nowait()
            job = [os.path.abspath(blob.file), blob.start, blob.end, str(folder / places[blob])]
            word = _said(child.stdin, child.stdout, job, partial(_tell, events, blob))
            events.put(_Event(blob, word=word))
            if not word:
                break
    except queue.Empty:
        pass
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
