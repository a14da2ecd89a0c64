"""Nothing moves here yet."""

from collections.abc import Sequence

from layerviz.engine.events import Event
from layerviz.picture.choreograph.score import Score


def play(score: Score, events: Sequence[Event]) -> None:
    """Leaves everything to the changes."""
