"""Small widgets that every page is made of: text, buttons, segments, surfaces, sections, panes."""

from collections.abc import Sequence
from typing import Literal, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from layerviz.app.buttons import Pressing, button_size, draw_button
from layerviz.app.look import Look
from layerviz.app.strokes import box, painting, rule
from layerviz.app.tokens import BODY, NOTE, PAD, font

Role = Literal["ink", "dim", "accent", "bad", "good"]
_ROLES: dict[Role, QPalette.ColorRole] = {
    "ink": QPalette.ColorRole.WindowText,
    "dim": QPalette.ColorRole.PlaceholderText,
    "accent": QPalette.ColorRole.Link,
    "bad": QPalette.ColorRole.BrightText,
    "good": QPalette.ColorRole.LinkVisited,
}


class Words(QLabel):
    """Text in one of the window's sizes and roles. Its colours come from the palette, so a theme's change reaches it
    alone."""

    def __init__(
        self,
        text: str = "",
        px: int = BODY,
        weight: int = 400,
        role: Role = "ink",
        mono: bool = False,
        wrap: bool = False,
    ) -> None:
        super().__init__(text)
        self.setFont(font(px, weight, mono))
        self.setForegroundRole(_ROLES[role])
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def be(self, role: Role) -> None:
        self.setForegroundRole(_ROLES[role])


class Cut(QWidget):
    """One line that is cut in the middle where it does not fit; whole in its tip and for a screen reader."""

    def __init__(self, look: Look, px: int = BODY, weight: int = 400, mono: bool = False, role: Role = "ink") -> None:
        super().__init__()
        self._look, self._text, self._role = look, "", role
        self._px, self._weight, self._mono = px, weight, mono
        self._side = Qt.AlignmentFlag.AlignLeft
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def be_mono(self, on: bool) -> None:
        self._mono = on

    def align_right(self) -> None:
        """The line ends at the right edge."""
        self._side = Qt.AlignmentFlag.AlignRight

    def say(self, text: str) -> None:
        self._text = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(font(self._px, self._weight, self._mono))
        return QSize(round(metrics.horizontalAdvance(self._text)) + 2, round(metrics.height()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            face = font(self._px, self._weight, self._mono)
            p.setFont(face)
            p.setPen(self.palette().color(_ROLES[self._role]))
            text = QFontMetricsF(face).elidedText(self._text, Qt.TextElideMode.ElideMiddle, self.width())
            p.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter | self._side, text)


class Button(QPushButton):
    """A button that paints itself, of a kind (`app.buttons`). Text and tip follow the language by their keys. A click
    leaves the keyboard be."""

    def __init__(
        self,
        look: Look,
        key: str = "",
        kind: str = "plain",
        glyph: str = "",
        tip: str = "",
        px: int = BODY,
        on: bool | None = None,
    ) -> None:
        super().__init__()
        self._look, self._key, self._tip = look, key, tip
        self.setProperty("kind", kind)
        self.setProperty("glyph", glyph)
        self.setProperty("px", px)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFont(font(px, 500))
        if on is not None:
            self.setCheckable(True)
            self.setChecked(on)
        look.retranslated.connect(self._retranslate)
        self._retranslate()

    def rename(self, key: str) -> None:
        """Another text, by its key."""
        self._key = key
        self._retranslate()

    def rename_tip(self, key: str) -> None:
        self._tip = key
        self._retranslate()

    def turn(self, kind: str) -> None:
        """Another kind."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return button_size(self.text(), self.menu() is not None, self)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            pressing = Pressing(
                self.text(),
                enabled=self.isEnabled(),
                hover=self.underMouse(),
                down=self.isDown(),
                on=self.isChecked(),
                has_menu=self.menu() is not None,
            )
            draw_button(p, self._look.tokens, QRectF(self.rect()), pressing, self)

    def _retranslate(self) -> None:
        if self._key:
            self.setText(self._look.say(self._key))
        if self._tip:
            self.setToolTip(self._look.say(self._tip))
        self.setAccessibleName(self.text() or (self._look.say(self._tip) if self._tip else ""))
        self.updateGeometry()


class Segments(QWidget):
    """A row of choices of which one holds. `chosen` carries its name."""

    chosen = Signal(str)

    def __init__(
        self, look: Look, choices: Sequence[tuple[str, str]], current: str, width: int = 64, height: int = 32
    ) -> None:
        super().__init__()
        self._look = look
        self._group = QButtonGroup(self)
        self._buttons: dict[str, Button] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for name, key in choices:
            button = Button(look, key, kind="segment", on=name == current)
            button.setMinimumWidth(width)
            button.setFixedHeight(height - 4)
            button.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            self._group.addButton(button)
            self._buttons[name] = button
            row.addWidget(button, 1)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def choose(self, name: str) -> None:
        """Shows `name` as the one that holds, without a signal."""
        self._buttons[name].setChecked(True)

    @property
    def current(self) -> str:
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def button(self, name: str) -> QAbstractButton:
        return self._buttons[name]

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            box(p, self._look.tokens, QRectF(self.rect()), self._look.tokens.card, 9)


Ground = Literal["page", "pane", "card", "well", "bar", "raised", "none"]


class Surface(QWidget):
    """A ground: a card or well with rounded corners and a line, or a pane with a rule along one edge."""

    def __init__(
        self, look: Look, ground: Ground = "card", radius: float = 10, edge: Literal["", "left", "right", "bottom"] = ""
    ) -> None:
        super().__init__()
        self._look, self._ground, self._radius, self._edge = look, ground, radius, edge
        look.restyled.connect(self.update)

    def ground(self, ground: Ground) -> None:
        self._ground = ground
        self.update()

    def rule_at(self, edge: Literal["left", "right"]) -> None:
        """Along which edge of a pane the rule is."""
        self._edge = edge
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._ground == "none":
            return
        with painting(self) as p:
            self.paint_ground(p)

    def paint_ground(self, p: QPainter) -> None:
        t = self._look.tokens
        colour = getattr(t, self._ground)
        if self._ground in ("card", "well", "raised"):
            box(p, t, QRectF(self.rect()), colour, self._radius)
            return
        p.fillRect(self.rect(), colour)
        w, h = self.width(), self.height()
        if self._edge == "right":
            rule(p, t, w - 1, 0, w - 1, h)
        elif self._edge == "left":
            rule(p, t, 0, 0, 0, h)
        elif self._edge == "bottom":
            rule(p, t, 0, h - 1, w, h - 1)


class Rule(QWidget):
    """A level hairline."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedHeight(1)
        look.restyled.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            rule(p, self._look.tokens, 0, 0, self.width(), 0)


class Section(QWidget):
    """The head of a part of a pane: its name, and at the right end a word or a button."""

    def __init__(self, look: Look, key: str, right: QWidget | None = None) -> None:
        super().__init__()
        self._look, self._key = look, key
        self.title = Words("", NOTE, 600, "dim")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addStretch(1)
        if right is not None:
            row.addWidget(right)
        self.setFixedHeight(24)
        look.retranslated.connect(self._retranslate)
        self._retranslate()

    def name(self, key: str) -> None:
        """Calls the part something else."""
        self._key = key
        self._retranslate()

    def _retranslate(self) -> None:
        self.title.setText(self._look.say(self._key))


class Pane(QScrollArea):
    """A column of parts that scrolls where it does not fit; `column` is the layout to fill."""

    def __init__(self, look: Look, edge: Literal["left", "right", ""] = "") -> None:
        super().__init__()
        self._look, self._side = look, edge
        self._inside = QWidget()
        self.column = QVBoxLayout(self._inside)
        self.column.setContentsMargins(PAD, 12, PAD, PAD)
        self.column.setSpacing(8)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoFillBackground(True)
        self.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        self._line = UprightRule(look, self)
        look.restyled.connect(self._restyle)
        self._restyle()

    def stand(self, edge: Literal["left", "right", ""]) -> None:
        """Which side of it has the line."""
        if edge != self._side:
            self._side = edge
            self._place_line()

    def _restyle(self) -> None:
        colours = QPalette()
        colours.setColor(QPalette.ColorRole.Window, self._look.tokens.pane)
        self.setPalette(colours)
        self._inside.setPalette(QGuiApplication.palette())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._inside.setMaximumWidth(self.viewport().width())
        self._place_line()

    def _place_line(self) -> None:
        self._line.setVisible(bool(self._side))
        self._line.setGeometry(self.width() - 1 if self._side == "right" else 0, 0, 1, self.height())
        self._line.raise_()


class UprightRule(QWidget):
    """An upright hairline."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        look.restyled.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            rule(p, self._look.tokens, 0, 0, 0, self.height())


def row(
    *items: QWidget | int | None, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """A level layout; an int is a space, None a stretch."""
    return _filled(QHBoxLayout(), items, spacing, margins)


def column(
    *items: QWidget | int | None, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """An upright layout; an int is a space, None a stretch."""
    return _filled(QVBoxLayout(), items, spacing, margins)


L = TypeVar("L", QHBoxLayout, QVBoxLayout)


def _filled(layout: L, items: Sequence[QWidget | int | None], spacing: int, margins: tuple[int, int, int, int]) -> L:
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        else:
            layout.addWidget(item)
    return layout


def emptied(layout: QLayout) -> None:
    """Takes everything out of `layout` and lets go of it."""
    while (item := layout.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            emptied(inner)
        elif widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
