"""What was computed of a stack of layers, kept outside the world for as long as its layers live."""

import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layerviz.engine.world import Entries, Layer

if TYPE_CHECKING:
    from layerviz.engine.merge import Found
    from layerviz.engine.whole import Making, Merged


@dataclass(slots=True)
class Memory:
    """What was computed of one stack. It holds no layer, and goes when one of its layers goes."""

    sources: dict[str, tuple[int, ...]] = field(default_factory=dict)
    children: "dict[str, tuple[Found, ...]]" = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    sights: dict[str, object] = field(default_factory=dict)
    """What pictures show of the directories that were looked at last."""
    links: dict[tuple[int, str], list[str]] | None = None
    """The hard links to each file, by the position and path of its row."""
    inodes: "dict[tuple[int, str], Found | None]" = field(default_factory=dict)
    """What hard links that lead to hard links end in, by the position and path of their rows."""
    whole: "Merged | None" = None
    """The whole merged view, where someone asked for it."""
    kept_view: "Callable[[Making], Merged] | None" = None
    """What finds the whole view again that was computed before, and else makes it and keeps it."""
    rows: int = 0

    def keep(self, directory: str, found: "tuple[Found, ...]") -> None:
        """Remembers a directory; when too many rows are held, those remembered first go."""
        self.children[directory] = found
        self.rows += len(found)
        while self.rows > _REMEMBERED_ROWS and len(self.children) > 1:
            # Another thread may have let the same one go just now.
            self.rows -= len(self.children.pop(next(iter(self.children)), ()))


_MEMORIES: "OrderedDict[tuple[int, ...], tuple[Memory, tuple[weakref.ref[Entries], ...]]]" = OrderedDict()
_REMEMBERED_STACKS = 64
_REMEMBERED_ROWS = 4096


def memory_of(stack: Sequence[Layer]) -> Memory:
    """Kept by the identity of the layers' entries, for the stacks used last."""
    identity = tuple(id(layer.entries) for layer in stack)
    known = _MEMORIES.get(identity)
    if known:
        with suppress(KeyError):  # another thread may have dropped it just now
            _MEMORIES.move_to_end(identity)
        return known[0]

    def forget(_: object) -> None:
        _MEMORIES.pop(identity, None)

    memory = Memory()
    _MEMORIES[identity] = memory, tuple(weakref.ref(layer.entries, forget) for layer in stack)
    while len(_MEMORIES) > _REMEMBERED_STACKS:
        _MEMORIES.popitem(last=False)
    return memory
