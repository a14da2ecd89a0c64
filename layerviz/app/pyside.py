"""Loads PySide as Python loads everything else: what it compiles is kept, and later imports read no sources.

Both are felt before a window comes, and neither changes what PySide does. Where another version works differently they
have no effect: what is not recognized is left as it is found.
"""

import builtins
import contextlib
import importlib.util
import marshal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import BuiltinFunctionType, CodeType
from typing import Any

from layerviz.kept import folder, write_whole


def load() -> None:
    """PySide, ready for all imports that follow."""
    if "PySide6.QtCore" not in sys.modules:
        with compiled_once(folder() / f"pyside-{sys.implementation.cache_tag}-{sys.flags.optimize}.code"):
            import PySide6.QtCore  # noqa: F401 # what it does while it is loaded is what this is about
    import_plainly()


def import_plainly() -> None:
    """Takes PySide's own way to import away, where it has put one in Python's place and kept Python's.

    PySide serves `from __feature__ import …` by a hook that reads the source of every module that is imported after it,
    to find out whether it speaks of PySide. Nothing here asks for a feature.
    """
    plain, hook = (getattr(builtins, name, None) for name in ("__orig_import__", "__feature_import__"))
    if hook is not None and builtins.__import__ is hook and isinstance(plain, BuiltinFunctionType):
        builtins.__import__ = plain


@contextlib.contextmanager
def compiled_once(file: Path) -> Iterator[None]:
    """Within, `compile` answers from `file` for sources that it has compiled before.

    PySide carries some 3,600 lines of Python inside its library, where Python finds no place to keep their bytecode.
    """
    known, fresh = _read(file), {}
    usual = builtins.compile

    def once(source: Any, filename: Any, mode: str, *more: Any, **named: Any) -> Any:
        if not isinstance(source, bytes) or mode != "exec" or more or named:
            return usual(source, filename, mode, *more, **named)
        key = (str(filename), importlib.util.source_hash(source))
        code = known.get(key)
        if not isinstance(code, CodeType):
            code = fresh[key] = usual(source, filename, mode)
        return code

    builtins.compile = once
    try:
        yield
    finally:
        # Whoever took its place meanwhile keeps it.
        if builtins.compile is once:
            builtins.compile = usual
    if fresh:
        with contextlib.suppress(OSError, ValueError):
            write_whole(file, importlib.util.MAGIC_NUMBER + marshal.dumps({**known, **fresh}), durable=False)


def _read(file: Path) -> dict[tuple[str, bytes], Any]:
    """What was kept, if this very Python can run it."""
    magic = importlib.util.MAGIC_NUMBER
    with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
        data = file.read_bytes()
        if data.startswith(magic) and isinstance(read := marshal.loads(data[len(magic) :]), dict):
            return read
    return {}
