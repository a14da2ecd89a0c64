"""How menus look, and combo boxes with the lists that they open."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStyleOptionMenuItem, QWidget

from layerviz.app.marks import icon
from layerviz.app.strokes import box
from layerviz.app.tokens import BODY, NOTE, Tokens, font, mix

State = QStyle.StateFlag
ITEM_PX, TEXT_PX, RIGHT_PX = 34, 12, 24


def draw_menu_item(p: QPainter, t: Tokens, option: QStyleOptionMenuItem) -> None:
    r = QRectF(option.rect)
    if option.menuItemType == QStyleOptionMenuItem.MenuItemType.Separator:
        p.setPen(QPen(t.line_strong, 1))
        p.drawLine(QPointF(r.left() + 4, r.center().y()), QPointF(r.right() - 4, r.center().y()))
        return
    enabled = bool(option.state & State.State_Enabled)
    if option.state & State.State_Selected and enabled:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(mix(t.raised, t.ink, 0.12))
        p.drawRoundedRect(r, 6, 6)
    text, _, keys = option.text.partition("\t")
    ink = t.ink if enabled else t.dim
    p.setFont(font(BODY, 600 if option.checked else 500 if enabled else 600))
    p.setPen(ink)
    p.drawText(r.adjusted(32, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, text.replace("&", ""))
    if keys:
        p.setPen(t.dim)
        p.setFont(font(NOTE))
        p.drawText(r.adjusted(0, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, keys)
    if option.menuItemType == QStyleOptionMenuItem.MenuItemType.SubMenu:
        icon(p, "into", r.right() - 22, r.center().y() - 6, t.dim, 12)
    if option.checked:
        icon(p, "check", r.left() + 10, r.center().y() - 6, t.ink, 12, 2)


def menu_item_size(option: QStyleOptionMenuItem) -> QSize:
    if option.menuItemType == QStyleOptionMenuItem.MenuItemType.Separator:
        return QSize(40, 9)
    text, _, keys = option.text.partition("\t")
    wide = QFontMetrics(font(BODY, 600)).horizontalAdvance(text.replace("&", ""))
    wide += QFontMetrics(font(NOTE)).horizontalAdvance(keys) + 24 if keys else 0
    return QSize(wide + 56, ITEM_PX)


def draw_combo(p: QPainter, t: Tokens, option: QStyleOptionComboBox) -> None:
    r = QRectF(option.rect)
    lit = bool(option.state & (State.State_MouseOver | State.State_On))
    box(p, t, r, t.raised if lit else t.card, 8, t.line_strong if lit else None)
    metrics = QFontMetricsF(font(BODY, 500))
    p.setFont(font(BODY, 500))
    p.setPen(t.ink if option.state & State.State_Enabled else t.dim)
    text = metrics.elidedText(option.currentText, Qt.TextElideMode.ElideRight, r.width() - 40)
    p.drawText(QRectF(r.left() + 12, r.top(), r.width() - 40, r.height()), Qt.AlignmentFlag.AlignVCenter, text)
    icon(p, "more", r.right() - 25, r.center().y() - 7, t.dim, 14)


def is_list(widget: QWidget | None) -> bool:
    """Whether it is the list that a combo box opens."""
    return widget is not None and widget.inherits("QComboBoxListView")


def is_panel(widget: QWidget | None) -> bool:
    """Whether it is the panel that this list stands on."""
    return widget is not None and widget.inherits("QComboBoxPrivateContainer")


def item_size(size: QSize) -> QSize:
    return QSize(size.width() + TEXT_PX + RIGHT_PX, ITEM_PX)


def item_text(item: QRect) -> QRect:
    return item.adjusted(TEXT_PX, 0, -4, 0)
