"""The sheet of my images: what the images of a place share with each other, and what removing some of them would
free."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from layerviz.app.beside import RunBeside, raised
from layerviz.app.explore_words import layers_words, listed, size_words
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Pane, Words, emptied, row
from layerviz.app.sheet import Sheet
from layerviz.app.strokes import box, painting, say
from layerviz.app.tokens import BODY, HEAD, NOTE, tint
from layerviz.engine.find import short_ref
from layerviz.images.assembling import BroughtImage
from layerviz.images.shared import Sharing, SharingImage, shared_of

ROW_PX, TEXT_X, NUMBERS_PX = 76, 52.0, 150.0


class ImageRow(QAbstractButton):
    """An image with its bytes: those that others need too, and its own; checked: it would be removed."""

    def __init__(self, look: Look, sharing: Sharing, number: int) -> None:
        super().__init__()
        self._look, self._sharing, self._number = look, sharing, number
        self.setCheckable(True)
        self.setProperty("rings", True)
        self.setFixedHeight(ROW_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.translate()

    def translate(self) -> None:
        self.setAccessibleName(", ".join(part for part in (self.name, self.what, self.frees) if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, ROW_PX)

    @property
    def _image(self) -> SharingImage:
        return self._sharing.images[self._number]

    @property
    def name(self) -> str:
        return name_of(self._image)

    @property
    def what(self) -> str:
        """With whom it shares how much."""
        look, image = self._look, self._image
        if len(self._sharing.images) == 1:
            return ""
        if not image.shared_with:
            return look.say("explore.shares_nothing")
        parts = [
            look.say("explore.shares_with", size=size_words(size, look.lang), name=name_of(self._sharing.images[other]))
            for other, size in image.shared_with[:3]
        ]
        return look.say("explore.shares", parts=listed(parts, look.lang))

    @property
    def frees(self) -> str:
        return self._look.say("explore.alone_frees", size=size_words(self._image.unique_bytes, self._look.lang))

    def paintEvent(self, event: QPaintEvent) -> None:
        t, r, image = self._look.tokens, QRectF(self.rect()), self._image
        with painting(self) as p:
            lit = self.underMouse() or self.isDown()
            line = t.bad if self.isChecked() else t.line_strong if lit else None
            box(p, t, r, t.raised if lit else t.card, 10, line, 1.6 if self.isChecked() else 1)
            self._check(p, r)
            to = r.right() - 16
            layers = layers_words(len(image.layers), self._look.lang)
            size = self._look.say("explore.comma").join((size_words(image.size_bytes, self._look.lang), layers))
            wide = say(p, to, 26, size, t.ink, NOTE, 500, "right")
            say(p, TEXT_X, 26, self.name, t.ink, BODY, 600, mono=True, room=to - wide - TEXT_X - 16)
            frees = say(p, to, 47, self.frees, t.dim, NOTE, 400, "right")
            say(p, TEXT_X, 47, self.what, t.dim, NOTE, 400, room=to - frees - TEXT_X - 16)
            self._bar(p, QRectF(TEXT_X, 58, to - TEXT_X, 6))

    def _check(self, p: QPainter, r: QRectF) -> None:
        t, on = self._look.tokens, self.isChecked()
        square = QRectF(18, r.center().y() - 9, 18, 18)
        box(p, t, square, t.bad if on else t.well, 5, t.bad if on else t.line_strong)
        if on:
            icon(p, "cross", square.left() + 3.5, square.top() + 3.5, t.page, 11, 2.2)

    def _bar(self, p: QPainter, r: QRectF) -> None:
        """As long as its bytes beside the largest one's; what is shared first."""
        t, image = self._look.tokens, self._image
        most = max((one.size_bytes for one in self._sharing.images), default=0) or 1
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(tint(t.ink, 24))
        p.drawRoundedRect(r, 3, 3)
        x = r.left()
        own = t.bad if self.isChecked() else QColor(t.hue(2))
        for size, colour in ((image.shared_bytes, t.hue(1)), (image.unique_bytes, own)):
            wide = r.width() * size / most
            if wide > 0:
                p.setBrush(colour)
                p.drawRoundedRect(QRectF(x, r.top(), max(wide - 1, 2), r.height()), 3, 3)
                x += wide


class Key(QWidget):
    """What the two colours of the bars mean."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedHeight(20)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, x = self._look.tokens, 0.0
        with painting(self) as p:
            for hue, key in ((1, "explore.key_shared"), (2, "explore.key_own")):
                p.setPen(Qt.PenStyle.NoPen)
                p.setBrush(t.hue(hue))
                p.drawRoundedRect(QRectF(x, 8, 16, 5), 2, 2)
                x += 24 + say(p, x + 24, 14, self._look.say(key), t.dim, NOTE) + 24


class SharedSheet(Sheet):
    """`add_button` brings the images of another place beside these."""

    def __init__(self, window: QWidget, look: Look, images: Sequence[BroughtImage]) -> None:
        super().__init__(window, look, 860, 660)
        self._images: tuple[BroughtImage, ...] = ()
        self.sharing: Sharing | None = None
        self.add_button = Button(look, "explore.add_images")
        self.add_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.summary = Words("", BODY, 400, "dim", wrap=True)
        self._pane = Pane(look)
        self._pane.setAutoFillBackground(False)
        self._pane.column.setContentsMargins(2, 2, 8, 2)
        self._holder = QVBoxLayout()
        self._holder.setSpacing(8)
        self._pane.column.addLayout(self._holder)
        self._pane.column.addStretch(1)
        self.rows: list[ImageRow] = []
        self.freed = Words("", HEAD, 600, wrap=True)
        self.body.addLayout(row(self.summary, self.add_button, spacing=16))
        self.body.addWidget(self._pane, 1)
        self.body.addWidget(Key(look))
        self.body.addWidget(self.freed)
        self._beside: RunBeside | None = None
        self.add(images)
        self.translate()

    def add(self, images: Sequence[BroughtImage]) -> None:
        """More images beside these."""
        self._images = (*self._images, *images)
        wanted = self._images
        beside = self._beside = RunBeside(lambda: shared_of(wanted))
        beside.ended.connect(lambda sharing: self._tell(sharing) if beside is self._beside else None)
        beside.broke.connect(raised)
        beside.start()

    def translate(self) -> None:
        look, sharing = self._look, self.sharing
        self.name(look.say("explore.shared"))
        if sharing is None:
            self.summary.setText(look.say("explore.counting"))
        elif len(sharing.images) == 1:
            self.summary.setText(look.say("explore.only_one"))
        else:
            stored, summed = (size_words(size, look.lang) for size in (sharing.stored_bytes, sharing.summed_bytes))
            count = len(sharing.images)
            self.summary.setText(look.say("explore.stored_line", count=count, stored=stored, summed=summed))
        for one in self.rows:
            one.translate()
        self._count()

    def _tell(self, sharing: Sharing) -> None:
        look = self._look
        self.sharing = sharing
        emptied(self._holder)
        self.rows = [ImageRow(look, sharing, number) for number in range(len(sharing.images))]
        for one in self.rows:
            one.toggled.connect(self._count)
            self._holder.addWidget(one)
        if self.rows:
            # They are shown with the next event.
            QTimer.singleShot(0, self.rows[0], self.rows[0].setFocus)
        self.translate()

    def _count(self) -> None:
        """What removing the checked ones would free."""
        look, sharing = self._look, self.sharing
        removed = [number for number, one in enumerate(self.rows) if one.isChecked()]
        if sharing is None or not removed:
            self.freed.be("dim")
            self.freed.setText(look.say("explore.check_some"))
            return
        layers = layers_words(len(sharing.freed_layers(removed)), look.lang)
        size = size_words(sharing.freed_bytes(removed), look.lang)
        self.freed.be("ink")
        self.freed.setText(look.say("explore.frees", count=len(removed), size=size, layers=layers))

    def done(self, result: int) -> None:
        if self._beside is not None:
            self._beside.give_up()
        super().done(result)


def name_of(image: SharingImage) -> str:
    """Its names, or the beginning of its id."""
    return ", ".join(map(short_ref, image.refs)) or image.id.removeprefix("sha256:")[:12]
