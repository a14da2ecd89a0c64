"""How a button looks and how large it is: one of the window's own, which paints itself, or one of Qt's dialogs, which
the style paints.

A button's kind is its dynamic property `kind`: "main" (the accent, one a window), "plain", "quiet" (no body until it is
hovered), "segment" (one cell of a row of choices). `glyph` names an icon, `px` another text size.
"""

from typing import NamedTuple, cast

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from layerviz.app.marks import icon
from layerviz.app.strokes import box
from layerviz.app.tokens import BODY, CONTROL, Tokens, font, mix

CLEAR = QColor(0, 0, 0, 0)


class Pressing(NamedTuple):
    """What a button says, and what is being done with it."""

    text: str
    enabled: bool
    hover: bool
    down: bool
    on: bool
    has_menu: bool


def draw_button(p: QPainter, t: Tokens, r: QRectF, button: Pressing, widget: QWidget | None) -> None:
    """Draws it into `r`; `widget` carries the properties that say of what kind it is."""
    kind, glyph, px = kind_of(widget), _glyph(widget), _px(widget)
    hover, on, down, enabled = button.hover, button.on, button.down, button.enabled
    ink, weight = t.ink, 500
    if kind == "main":
        fill = mix(t.accent, t.ink if not t.is_light else QColor("#000000"), 0.16 if down else 0.08 if hover else 0)
        box(p, t, r, fill if enabled else t.raised, _radius(widget), CLEAR)
        ink, weight = (t.on_accent if enabled else t.dim), 600
    elif kind == "segment":
        if on:
            box(p, t, r, t.raised, 7, t.line_strong if t.is_flat else CLEAR)
        ink, weight = (t.ink if on or hover else t.dim), (600 if on else 500)
    elif kind == "plain" or on or ((hover or down) and enabled):
        lit = on or (hover and enabled)
        fill = mix(t.raised, t.ink, 0.06) if down and enabled else t.raised if lit else t.card
        box(p, t, r, fill, _radius(widget), t.line_strong if lit else None)
        weight = 600 if on else 500
        if widget is not None and widget.property("here"):
            box(p, t, r, None, _radius(widget), t.accent, 2)
    if not enabled and kind != "main":
        ink = mix(t.dim, t.page, 0.4)
    elif kind == "quiet" and not (hover or on):
        ink = t.dim
    _draw_text(p, r, button.text, glyph, font(px, weight, _mono(widget)), ink, button.has_menu)


def button_size(text: str, has_menu: bool, widget: QWidget | None) -> QSize:
    """The room that it wants."""
    kind, glyph, px = kind_of(widget), _glyph(widget), _px(widget)
    if not text:
        return QSize(CONTROL, CONTROL)
    # The bold face, so that a toggle keeps its width when it is switched on.
    wide = QFontMetrics(font(px, 600, _mono(widget))).horizontalAdvance(text) + (px + 8 if glyph else 0)
    if has_menu:
        wide += px + 8
    height = {"main": 40, "segment": 28}.get(kind, CONTROL)
    return QSize(wide + (48 if kind == "main" else 24), max(height, px * 2 + 8))


def kind_of(widget: QWidget | None) -> str:
    return str(widget.property("kind") or "plain") if widget is not None else "plain"


def _glyph(widget: QWidget | None) -> str:
    return str(widget.property("glyph") or "") if widget is not None else ""


def _mono(widget: QWidget | None) -> bool:
    return bool(widget.property("mono")) if widget is not None else False


def _px(widget: QWidget | None) -> int:
    return int(cast("int", widget.property("px") or BODY)) if widget is not None else BODY


def _radius(widget: QWidget | None) -> float:
    return 14.0 if widget is not None and widget.height() > 48 else 9.0


def _draw_text(p: QPainter, r: QRectF, text: str, glyph: str, face: QFont, ink: QColor, has_menu: bool) -> None:
    px = face.pixelSize()
    metrics = QFontMetricsF(face)
    size = px if text else 14
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, r.width() - 8 - (size + 8 if glyph else 0))
    wide = metrics.horizontalAdvance(text)
    gap = 8 if text else 0
    total = wide + (size + gap if glyph else 0) + (px + 8 if has_menu and text else 0)
    x, y = r.center().x() - total / 2, r.center().y()
    if glyph:
        icon(p, glyph, x, y - size / 2, ink, size)
        x += size + gap
    if text:
        p.setFont(face)
        p.setPen(ink)
        p.drawText(QPointF(x, y + (metrics.capHeight() / 2)), text)
        if has_menu:
            icon(p, "more", x + wide + 8, y - px / 2 + 1, ink, px)
