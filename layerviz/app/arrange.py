"""Where the parts of the home page, the player and Build stand for a window of a given size. No Qt: numbers in,
numbers out."""

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


@dataclass(frozen=True, slots=True)
class Grid:
    """Of the home page: its margin, cards in a row, what lies between and within them, how high their pictures are and
    the card on top, and whether they have room for what a lesson is for."""

    margin_px: int
    columns: int
    gap_px: int = 16
    pad_px: int = 16
    picture_px: int = 123
    top_px: int = 232
    tells: bool = False
    snug: bool = False
    """Everything a little closer, so that both rows of cards stand in a low window."""

    @property
    def lesson_px(self) -> int:
        """How high a lesson's card is."""
        return self.picture_px + (168 if self.tells else 103 if self.snug else 109)

    @property
    def example_px(self) -> int:
        """How high an example's card is."""
        return self.picture_px + (77 if self.snug else 81)


TERMINAL_PX = ((HEAD_FROM, 112), (800, 136), (860, 200))
"""In a window lower than the first, Build's terminal is so high: the stage needs the room more."""
WIDE_FROM = 1680


def terminal_px(width: int, height: int) -> int:
    """How high Build's terminal is: the stage has at least twice as much."""
    low = next((px for below, px in TERMINAL_PX if height < below), 0)
    return low or (200 if width < RIGHT_FROM else 240)


STORY = 6
"""Lessons of the story: they stand in one row, or in two of three."""
CONTENT_PX, TOP_PX, TELLS_FROM = 1312, 232, 1000
PICTURE_SHARE = 0.6
SNUG_BELOW = 880
CONTENT_SHARE = 1.46
"""In a high window the cards are as wide as lets them fill its height."""


def home_grid(width: int, height: int) -> Grid:
    if width < 1280:
        return Grid(margin_px=24, columns=STORY // 2)
    if width < 1440:
        if height < SNUG_BELOW:
            return Grid(24, STORY, gap_px=12, pad_px=12, picture_px=88, top_px=176, snug=True)
        return Grid(margin_px=24, columns=STORY, gap_px=12, pad_px=12)
    tells = height >= TELLS_FROM
    content = max(CONTENT_PX, min(width - 128, round(height * CONTENT_SHARE)) if tells else 0)
    card = (content - 16 * (STORY - 1)) / STORY
    return Grid(
        margin_px=(width - content) // 2,
        columns=STORY,
        picture_px=round(card * PICTURE_SHARE),
        top_px=round(TOP_PX * content / CONTENT_PX),
        tells=tells,
    )


def _within(px: int) -> int:
    return min(max(px, LEAST_PX), MOST_PX)
