"""The very first start: one button and two quiet links, over the stage of lesson 0 that waits."""

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from layerviz.app.look import Look
from layerviz.app.parts import Button, Segments
from layerviz.app.scenes import BeforeScene
from layerviz.app.stage import Stage
from layerviz.app.strokes import ground, lines, painting, say, sign, width_of
from layerviz.app.tokens import BODY, font
from layerviz.lessons.playing import play
from layerviz.lessons.schema import Lesson
from layerviz.strings import languages

MARGIN_PX, UNDER_HEAD_PX = 96, 404
"""At the left; and what stands below the heading, its own first line included."""
HEAD = ("first.head_one", "first.head_two")


class FirstStart(QWidget):
    """`started` begins lesson 0, `lessons` and `build` are the quiet links."""

    started = Signal()
    lessons = Signal()
    build = Signal()

    def __init__(self, look: Look, lesson: Lesson) -> None:
        super().__init__()
        self._look = look
        run = play(lesson).steps[0]
        self.stage = Stage(look)
        self.stage.setParent(self)
        self.stage.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.stage.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.stage.show_scene(BeforeScene(run))
        self.start = Button(look, "first.start", kind="main", glyph="play", px=21)
        self.all_lessons = Button(look, "first.lessons", kind="quiet", px=16)
        self.to_build = Button(look, "first.build", kind="quiet", px=16)
        choices = [(lang, f"lang.{lang}") for lang in languages()]
        self.language = Segments(look, choices, look.lang, width=80, height=36)
        for widget in (self.start, self.all_lessons, self.to_build, self.language):
            widget.setParent(self)
        self.start.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.start.clicked.connect(self.started)
        self.all_lessons.clicked.connect(self.lessons)
        self.to_build.clicked.connect(self.build)
        self.language.chosen.connect(look.choose_lang)
        look.retranslated.connect(self._arrange)
        look.restyled.connect(self.update)
        self.setTabOrder(self.start, self.all_lessons)
        self.setTabOrder(self.all_lessons, self.to_build)
        self.setTabOrder(self.to_build, self.language)

    def _arrange(self) -> None:
        w, h = self.width(), self.height()
        small = w < 1280
        x = 48 if small else MARGIN_PX
        self._text_px = 36 if small else 46
        y = max(min(round(h * 0.36), h - UNDER_HEAD_PX), 110)
        self._head_at = (x, y)
        self.start.setGeometry(QRect(x, y + 188, 288, 64))
        self.all_lessons.setGeometry(QRect(x - 12, y + 284, self.all_lessons.sizeHint().width(), 40))
        links = x - 12 + self.all_lessons.width() + 8
        self.to_build.setGeometry(QRect(links, y + 284, self.to_build.sizeHint().width(), 40))
        size = self.language.sizeHint()
        # On a low window the names of the columns reach far up.
        self._sign_y = 44 if small or h < 840 else 98
        switch = QRect(w - (24 if small else 48) - 164, self._sign_y - 8, max(size.width(), 164), 36)
        self.language.setGeometry(switch)
        wide = max(width_of(self._look.say(key), font(self._text_px, 700)) for key in HEAD)
        self.head = QRect(x, y, round(wide), round(self._text_px * 2.44))
        left = max(round(w * 0.40), self.head.right() + 48)
        self.stage.setGeometry(QRect(left, round(h * 0.15), w - left - (24 if small else 72), round(h * 0.76)))
        self.language.choose(self._look.lang)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def showEvent(self, event: object) -> None:
        # The one button shows that it has the keyboard, before any key was pressed.
        self.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        self.start.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Right):
            self.started.emit()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, look = self._look.tokens, self._look
        x, y = self._head_at
        with painting(self) as p:
            ground(p, t, QRectF(self.rect()))
            sign(p, t, x, self._sign_y, 30)
            say(p, x + 48, self._sign_y + 24, "layerviz", t.ink, 24, 700)
            for k, key in enumerate(HEAD):
                say(p, x - 2, y + round(self._text_px * 1.22) * k, look.say(key), t.ink, self._text_px, 700)
            at = y + 116.0
            for line in lines(look.say("first.line"), font(18), 372, 3):
                say(p, x, at, line, t.dim, 18)
                at += 28
            say(p, x, y + 350, look.say("first.drop"), t.dim, BODY)
            foot = self.height() - (72 if self.width() >= 1280 else 28)
            say(p, x, foot, look.say("first.works"), t.dim, BODY)
