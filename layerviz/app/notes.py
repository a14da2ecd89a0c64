"""Notes for the one who teaches: what to ask, and which beliefs to expect."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from layerviz.app.look import Look
from layerviz.app.parts import Surface, Words, emptied, row
from layerviz.app.tokens import BODY, NOTE


class Notes(Surface):
    """The note of the step, and each answer with the belief behind it."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 14, 16, 14)
        self._column.setSpacing(8)

    def tell(self, note: str, beliefs: Sequence[tuple[str, str]]) -> None:
        """`beliefs` as (answer, what is said to it)."""
        emptied(self._column)
        self._column.addWidget(Words(note or self._look.say("player.no_notes"), 15, 500 if note else 400, wrap=True))
        for given, text in beliefs:
            mark = Words(given, BODY, 700)
            mark.setMinimumWidth(14)
            line = row(spacing=8)
            line.addWidget(mark)
            line.addWidget(Words(text, NOTE, 400, "dim", wrap=True), 1)
            line.setAlignment(mark, mark.alignment())
            self._column.addLayout(line)
        self._column.addStretch(1)
