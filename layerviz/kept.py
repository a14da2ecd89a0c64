"""What was made from files once and need not be made at every start: kept in the user's own folder for caches.

All of it is safe to delete, at any time. What cannot be written is made again the next time, and nothing is said of it.
"""

import contextlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, cast

from layerviz import __version__

Value = TypeVar("Value")


def folder() -> Path:
    """Where it is kept; `LAYERVIZ_CACHE` names another place."""
    chosen = os.environ.get("LAYERVIZ_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return platformdirs.user_cache_path("layerviz", appauthor=False)


def kept(name: str, sources: Sequence[Path], make: Callable[[], Value]) -> Value:
    """What `make` makes of `sources`, a value of JSON's own types: from `name`.json if it was made by this version of
    these very files, else made now and kept."""
    file = folder() / f"{name}.json"
    made_of = marks(sources)
    with contextlib.suppress(OSError, ValueError):
        read = json.loads(file.read_bytes())
        if isinstance(read, dict) and read.get("of") == made_of:
            return cast("Value", read["value"])
    value = make()
    with contextlib.suppress(OSError):
        write_whole(file, json.dumps({"of": made_of, "value": value}, ensure_ascii=False).encode(), durable=False)
    return value


def marks(sources: Sequence[Path]) -> list[str]:
    """What changes when this version or one of the files does."""
    found = [(str(source), source.stat()) for source in sources]
    return [__version__, *(f"{path} {state.st_mtime_ns} {state.st_size}" for path, state in found)]


def write_whole(file: Path, data: bytes, *, durable: bool = True) -> None:
    """`file` holds `data` afterwards, or what it held before; `durable` ones survive a loss of power. Raises
    `OSError`."""
    # Few starts write anything.
    import tempfile

    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            if durable:
                out.flush()
                os.fsync(out.fileno())
        os.replace(name, file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
