"""The child process that indexes layers: one line of JSON says which, an index file is the answer.

Its parent reads how far it came on the standard output: the number of stored bytes read so far, then "done", or
"failed" where the layer has to be read again by someone who can say what is wrong. It ends when its input ends, or when
nobody listens any more.
"""

import gc
import json
import sys
import time
from pathlib import Path
from typing import IO

from layerviz.images.index_file import write
from layerviz.images.reading import indexed
from layerviz.images.scan import Fields
from layerviz.images.widening import loaded

_TOLD_EVERY_S = 0.05


def main(jobs: IO[bytes] = sys.stdin.buffer, answers: IO[bytes] = sys.stdout.buffer) -> None:
    """Reads jobs until there are no more."""
    # Nothing here goes in circles, and what is made is gone before the next layer.
    gc.disable()
    fields = Fields()
    for line in jobs:
        _say(answers, _answer(line, fields, answers))


def _answer(line: bytes, fields: Fields, answers: IO[bytes]) -> str:
    told = time.monotonic()

    def progress(done: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _TOLD_EVERY_S:
            told = now
            _say(answers, str(done))

    file, begin, end, target, wide = json.loads(line)
    if wide and fields.wide is None:
        fields.wide = loaded()
    try:
        write(Path(target), indexed(file, begin, end, 0, fields, progress, is_child=True))
    except BrokenPipeError:
        raise SystemExit(1) from None
    except Exception:
        return "failed"
    return "done"


def _say(answers: IO[bytes], word: str) -> None:
    answers.write(f"{word}\n".encode())
    answers.flush()
