"""Where the parts of the player and of Build stand for a window of a given size. No Qt: numbers in, numbers out."""

from dataclasses import dataclass

BAR_PX, FOOT_PX, SIDE_PX = 52, 64, 24
LEFT_PX, RIGHT_PX = 312, 320
LEAST_PX, MOST_PX = 240, 420
RIGHT_FROM, LEFT_FROM, HEAD_FROM = 1360, 1100, 680
"""Narrower than these the right pane, then the left one become drawers; lower, the head line goes."""


@dataclass(frozen=True, slots=True)
class Panes:
    """Widths of what stands beside the stage (0: it is a drawer), and whether the window is low."""

    left_px: int
    right_px: int
    low: bool

    @property
    def narrow(self) -> bool:
        """The left pane is a drawer."""
        return self.left_px == 0


def panes(width: int, height: int, text_scale: float = 1.0, left_px: int = 0, right_px: int = 0) -> Panes:
    """`left_px` and `right_px` are what was dragged, 0 for the usual. With larger text panes close as if the window
    were that much narrower."""
    wide = width / text_scale
    left = _within(left_px or LEFT_PX) if wide >= LEFT_FROM else 0
    right = _within(right_px or RIGHT_PX) if wide >= RIGHT_FROM else 0
    return Panes(left, right, height < HEAD_FROM)


def _within(px: int) -> int:
    return min(max(px, LEAST_PX), MOST_PX)
