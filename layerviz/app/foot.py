"""The line under the stage: Back, the steps, Next; in a small window also replay, speed and the Dockerfile."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from layerviz.app.dots import StepDots
from layerviz.app.look import Look
from layerviz.app.motion_row import Speed
from layerviz.app.parts import Button, Words, row
from layerviz.app.tokens import BODY

FOOT_PX, RING_PX = 64, 4
"""Its height; what its ends leave for the focus ring round the outermost buttons."""


class Foot(QWidget):
    """`backed` and `nexted` are the buttons."""

    backed = Signal()
    nexted = Signal()

    def __init__(self, look: Look, speed: float) -> None:
        super().__init__()
        self.back = Button(look, "player.back", glyph="back")
        self.back.setFixedHeight(40)
        self.back.setMinimumWidth(104)
        self.next = Button(look, "player.next", kind="main")
        self.next.setFixedHeight(40)
        self.next.setMinimumWidth(120)
        self.back.clicked.connect(self.backed)
        self.next.clicked.connect(self.nexted)
        kept = self.next.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.next.setSizePolicy(kept)
        self.replay = Button(look, glyph="replay", tip="player.replay")
        self.replay.setFixedSize(40, 40)
        self.speed = Speed(look, speed)
        self.speed.setFixedHeight(40)
        self.dockerfile = Button(look, "player.dockerfile")
        self.dockerfile.setFixedHeight(40)
        self.dots = StepDots(look)
        self.count = Words("", BODY, 500, "dim")
        self.setLayout(
            row(
                self.back,
                self.replay,
                self.speed,
                None,
                self.dots,
                self.count,
                None,
                self.dockerfile,
                self.next,
                spacing=12,
                margins=(RING_PX, 0, RING_PX, 0),
            )
        )
        self.setFixedHeight(FOOT_PX - 8)
        self.small(False, False)

    def small(self, low: bool, narrow: bool) -> None:
        """`low`: the clock's own line is gone, so its buttons stand here. `narrow`: the Dockerfile is in a drawer."""
        self.replay.setVisible(low)
        self.speed.setVisible(low)
        self.dockerfile.setVisible(narrow)
