"""The card at the end of a lesson, and the one that leads into its challenge."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from layerviz.app.look import Look
from layerviz.app.parts import Button, Surface, Words, column, emptied, row
from layerviz.app.tokens import BODY, CAPTION, NOTE


class EndCard(Surface):
    """A small head, a sentence, ways on, and beside them a smaller sentence: the first way is the main one. `went`
    carries a way's name."""

    went = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "card", radius=12)
        self.head = Words("", NOTE, 600, "accent")
        self.text = Words("", CAPTION, 600, wrap=True)
        self.small = Words("", BODY, 400, "dim", wrap=True)
        self._ways = QHBoxLayout()
        self._ways.setSpacing(12)
        foot = row(spacing=24)
        foot.addLayout(self._ways)
        foot.addWidget(self.small, 1)
        whole = column(self.head, self.text, spacing=4, margins=(24, 10, 24, 12))
        whole.addSpacing(6)
        whole.addLayout(foot)
        self.setLayout(whole)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def tell(self, head: str, text: str, small: str, ways: Sequence[tuple[str, str]]) -> None:
        """`ways` as (name, text)."""
        self.head.setText(head)
        self.text.setText(text)
        self.small.setText(small)
        emptied(self._ways)
        for number, (name, label) in enumerate(ways):
            button = Button(self._look, kind="main" if number == 0 else "plain")
            button.setText(label)
            button.setAccessibleName(label)
            button.setFixedHeight(40)
            button.clicked.connect(lambda _=False, name=name: self.went.emit(name))
            self._ways.addWidget(button)

    def take_main(self) -> None:
        """Follows the main way."""
        item = self._ways.itemAt(0)
        button = item.widget() if item is not None else None
        if isinstance(button, Button):
            button.click()
