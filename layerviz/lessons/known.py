"""What is known to be wrong with a lesson before it is played, so that nothing is told twice, and no consequences."""

from collections.abc import Iterable, Iterator

from layerviz.lessons.nodes import Path as FieldPath
from layerviz.lessons.schema import Step

_COMMANDS = ("world", "run", "repeat", "expect_errors")
_SHOWN = ("show", "show_before", "look", "directory", "beside", "cards", "title", *_COMMANDS)
_FIELDS = frozenset(Step.__struct_fields__)


class Known:
    """The fields that are not what was meant: wrong, or missing."""

    __slots__ = ("spots",)

    def __init__(self, spots: Iterable[FieldPath]) -> None:
        self.spots = frozenset(spots)

    def touches(self, field: FieldPath) -> bool:
        """Whether `field`, something in it, or something it is in is wrong."""
        return any(True for _ in self._near(field))

    def _near(self, field: FieldPath) -> Iterator[FieldPath]:
        """The spots in `field`, and those that it is in."""
        return (spot for spot in self.spots if spot[: len(field)] == field[: len(spot)])

    def alters(self, step: FieldPath) -> bool:
        """Whether it may look otherwise than was meant."""
        depth = len(step)
        return any(len(spot) <= depth or spot[depth] in _SHOWN for spot in self._near(step))

    def is_unsure(self, part: FieldPath) -> bool:
        """Whether the commands of a step, or of the setup, may be others than were meant. A key that nobody knows may
        stand for them."""
        depth = len(part)
        return any(
            len(spot) <= depth or spot[depth] in _COMMANDS or (len(spot) == depth + 1 and spot[depth] not in _FIELDS)
            for spot in self._near(part)
        )

    def explains(self, field: FieldPath) -> bool:
        """Whether a finding at `field` is no news beside them."""
        if field == ("minutes",):
            return any("minutes" in spot or (len(spot) <= 2 and spot[:1] == ("steps",)) for spot in self.spots)
        return self.touches(field)


NOTHING = Known(())
