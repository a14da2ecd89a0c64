"""The card below the stage: the story of the chosen path, oldest first, or what a layer is."""

from math import ceil

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from layerviz.app.copying import CopyButton
from layerviz.app.explore_words import Chapters, Story
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Cut, Surface, Words, column, row
from layerviz.app.strokes import lines, number_tag, painting, say, width_of
from layerviz.app.tokens import BODY, DENSE, HEAD, NOTE, font
from layerviz.engine import paths

LINE_PX, TWO_LINES_PX, SUM_PX = 28, 46, 34
TEXT_X = 40.0
MOST_COMMAND_LINES = 4


class StoryLines(QWidget):
    """The lines of a story with the numbers of their layers, along a thread."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._lines: tuple[Chapters, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.restyled.connect(self.update)

    def tell(self, told: tuple[Chapters, ...]) -> None:
        self._lines = told
        self.setAccessibleName(". ".join(f"{one.head} {one.body}".strip() for one in told))
        self._fit()
        self.update()

    def _fit(self) -> None:
        self.setFixedHeight(max(sum(self._height(one) for one in self._lines), 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _height(self, one: Chapters) -> int:
        if one.mark == "mono":
            return 18 * len(self._wrapped(one)) + 8
        if one.mark:
            return SUM_PX if one.mark == "bad" else LINE_PX
        return TWO_LINES_PX if one.body and one.position else LINE_PX

    def _wrapped(self, one: Chapters) -> tuple[str, ...]:
        return lines(paths.display(one.head), font(NOTE, 500, True), max(self.width(), 60), MOST_COMMAND_LINES)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        numbered = [one for one in self._lines if one.position]
        with painting(self) as p:
            if numbered:
                thread = sum(self._height(one) for one in self._lines if one.position)
                last = thread - self._height(numbered[-1]) + 12 if self._lines[-1].position else thread + 8
                p.setPen(QPen(t.faint, 2))
                p.drawLine(13, 14, 13, ceil(last))
            y = 0.0
            for one in self._lines:
                self._line(p, one, y, bool(numbered))
                y += self._height(one)

    def _line(self, p: QPainter, one: Chapters, y: float, indented: bool) -> None:
        t, w = self._look.tokens, float(self.width())
        x = TEXT_X if indented else 0.0
        match one.mark:
            case "mono":
                for number, text in enumerate(self._wrapped(one)):
                    say(p, 0, y + 14 + 18 * number, text, t.ink, NOTE, 500, mono=True)
            case "digest":
                used = say(p, 0, y + 18, one.body, t.dim, NOTE)
                say(p, used + 12, y + 18, one.head, t.dim, NOTE, 400, mono=True, room=w - used - 12)
            case "dim":
                say(p, x, y + 18, one.head, t.dim, NOTE, room=w - x)
            case "bad":
                at = y + 23 if indented else y + 18
                icon(p, "hidden", 6 if indented else 0, at - 12, t.bad_text, 15)
                say(p, x or 24, at, one.head, t.bad_text, BODY, 500, room=w - (x or 24))
            case _:
                if one.position:
                    label = str(one.position)
                    wide = max(20.0, width_of(label, font(NOTE, 700)) + 10)
                    number_tag(p, t, 13 - wide / 2, y + 13, label, t.hue(one.position))
                command = paths.display(one.command)
                used = say(p, x, y + 17, one.head, t.ink, BODY, 600 if one.mark != "plain" else 400, room=w - x)
                room = w - x - used - 24
                if command and room > 100:
                    say(p, w, y + 17, command, t.dim, NOTE, 400, "right", mono=True, room=room)
                if one.body and one.position:
                    say(p, x, y + 36, one.body, t.dim, NOTE, 400, room=w - x)
                elif one.body:
                    say(p, x + used + 16, y + 17, one.body, t.dim, NOTE, 400, room=w - x - used - 16)


class StoryCard(Surface):
    """What is said of what is chosen, with the buttons that look at its contents."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "card", radius=12)
        self._story: Story | None = None
        self.title = Cut(look, HEAD, 600, mono=True)
        self.what = Words("", BODY, 400, "dim")
        self.view_button = Button(look, "explore.view_text", px=NOTE)
        self.compare_button = Button(look, "explore.compare_both", px=NOTE)
        self.changes_button = Button(look, "explore.what_it_changes", px=NOTE)
        self.enter_button = Button(look, "explore.step_in", px=NOTE, glyph="into")
        self.buttons = (self.enter_button, self.changes_button, self.view_button, self.compare_button)
        self.copy_button = CopyButton(look, lambda: self._story.copy_text if self._story is not None else "")
        self.lines = StoryLines(look)
        for button in self.buttons:
            button.setFixedHeight(DENSE)
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._area = QScrollArea()
        self._area.setWidget(self.lines)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setProperty("rings", True)
        self._area.viewport().setAutoFillBackground(False)
        self.lines.setAutoFillBackground(False)
        colours = self._area.palette()
        colours.setColor(QPalette.ColorRole.Window, Qt.GlobalColor.transparent)
        self._area.setPalette(colours)
        head = row(self.title, self.copy_button, self.what, None, *self.buttons, spacing=12)
        whole = column(spacing=4, margins=(20, 10, 12, 8))
        whole.addLayout(head)
        whole.addWidget(self._area, 1)
        self.setLayout(whole)
        self.tell(None)

    @property
    def area(self) -> QScrollArea:
        return self._area

    @property
    def story(self) -> Story | None:
        return self._story

    def sizeHint(self) -> QSize:
        return QSize(400, 188)

    def tell(self, story: Story | None, texts: int = 0, enters: bool = False) -> None:
        """`texts`: how many versions have content to look at; `enters`: it is a directory to step into."""
        self._story = story
        for widget in (self.title, self.what, self._area):
            widget.setVisible(story is not None)
        self.view_button.setVisible(texts > 0)
        self.compare_button.setVisible(texts > 1)
        self.enter_button.setVisible(enters)
        self.changes_button.setVisible(story is not None and story.copied == "digest")
        self.copy_button.setVisible(story is not None)
        self._area.verticalScrollBar().setValue(0)
        self.lines.tell(story.lines if story is not None else ())
        if story is not None:
            self.title.be_mono(story.copied == "path")
            self.title.say(story.title)
            self.copy_button.rename_tip(f"explore.copy_{story.copied}")
            self.what.setText(story.what)
            self._area.setAccessibleName(f"{story.title}, {story.what}: {self.lines.accessibleName()}")
