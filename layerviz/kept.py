"""What is kept from one start to the next: the user's own folders, whole files, and what was made of files once.

The folder for caches is safe to delete, at any time. What cannot be written there is made again the next time, and
nothing is said of it.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar, cast

from layerviz import __version__
from layerviz.writing import whole

Value = TypeVar("Value")
Plain = TypeVar("Plain", bound=NamedTuple)

_IN_USE_S = 3600
_ABANDONED_S = 24 * 3600
_XDG = {"config": ".config", "data": ".local/share", "cache": ".cache"}


def user_folder(kind: Literal["config", "data", "cache"]) -> Path:
    """The user's own folder for that, which need not be there yet."""
    if not sys.platform.startswith("linux"):
        import platformdirs

        return Path(getattr(platformdirs, f"user_{kind}_dir")("layerviz", appauthor=False))
    # As platformdirs finds it: every start asks, and loading that is felt.
    chosen = os.environ.get(f"XDG_{kind.upper()}_HOME", "").strip()
    return Path(chosen or Path.home() / _XDG[kind]) / "layerviz"


def folder() -> Path:
    """Where things are kept that can be made again; `LAYERVIZ_CACHE` names another place."""
    chosen = os.environ.get("LAYERVIZ_CACHE")
    return Path(chosen) if chosen else user_folder("cache")


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


def value_of(kind: type[Plain], read: object) -> Plain:
    """What was read from JSON as a named tuple whose fields are plain and have defaults; names that it does not know
    are left out. Raises `ValueError` where a field is not of its default's type."""
    if not isinstance(read, dict):
        raise ValueError(f"{read!r} is no object")
    given: dict[str, Any] = {}
    for name, usual in kind._field_defaults.items():
        if name in read:
            value, wanted = read[name], type(usual)
            if wanted is float and type(value) is int:
                value = float(value)
            if type(value) is not wanted:
                raise ValueError(f"{name}: {value!r} is no {wanted.__name__}")
            given[name] = value
    return kind._make(kind._field_defaults.values())._replace(**given)


def write_whole(file: Path, data: bytes, *, durable: bool = True) -> None:
    """`file` holds `data` afterwards, or what it held before; `durable` ones survive a loss of power. Raises
    `OSError`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with whole(str(file), durable=durable) as out:
        out.write(data)


def use(file: Path) -> bool:
    """Whether `file` of the cache is there, marked for `trim` as used now if it is."""
    try:
        # The time of change stays: what was computed of a file is found again by it.
        os.utime(file, ns=(time.time_ns(), file.stat().st_mtime_ns))
    except OSError:
        return file.is_file()
    return True


def trim(folders: Sequence[Path], limit_bytes: int, *, in_use_s: float = _IN_USE_S, file_bytes: int = 0) -> None:
    """Deletes what was used longest ago from `folders` of the cache until no more than `limit_bytes` are left, each
    file counted with `file_bytes` besides; nothing that was used in the last `in_use_s` seconds.

    What was never finished, files and folders whose names begin with ".", goes after a day.
    """
    now = time.time()
    found = sorted((one for top in folders for one in _files_in(top)), key=lambda one: one.used_s)
    abandoned = [one for top in folders for one in _abandoned_in(top, now)]
    total = sum(one.size_bytes + file_bytes for one in found)
    for one in found:
        age_s = now - one.used_s
        superfluous = total > limit_bytes and age_s >= in_use_s
        if (superfluous or (one.is_unfinished and age_s > _ABANDONED_S)) and _delete(one):
            total -= one.size_bytes + file_bytes
    for empty in abandoned:
        with contextlib.suppress(OSError):
            empty.rmdir()


class _InCache(NamedTuple):
    file: Path
    size_bytes: int
    used_s: float
    is_unfinished: bool


def _files_in(top: Path) -> Iterator[_InCache]:
    for where, _, names in os.walk(top):
        for name in names:
            file = Path(where, name)
            with contextlib.suppress(OSError):
                unfinished = any(part.startswith(".") for part in file.relative_to(top).parts)
                yield _InCache(file, file.stat().st_size, _used_s(file), unfinished)


def _abandoned_in(top: Path, now_s: float) -> Iterator[Path]:
    """Unfinished folders, the deepest first."""
    for where, names, _ in os.walk(top, topdown=False):
        for name in names:
            with contextlib.suppress(OSError):
                if name.startswith(".") and now_s - Path(where, name).stat().st_mtime > _ABANDONED_S:
                    yield Path(where, name)


def _used_s(file: Path) -> float:
    state = file.stat()
    return max(state.st_atime, state.st_mtime)


def _delete(one: _InCache) -> bool:
    with contextlib.suppress(OSError):
        # Another process may have found it in the meantime.
        if _used_s(one.file) > one.used_s:
            return False
        if os.name == "nt":
            # Windows deletes nothing that is read-only.
            os.chmod(one.file, 0o600)
        one.file.unlink()
        return True
    return False
