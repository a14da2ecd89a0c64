"""The window's style: paints buttons, fields, checks, combo boxes, sliders, scroll bars, menus and tips from tokens.

A button's kind is its dynamic property `kind`: "main" (the accent, one a window), "plain", "quiet" (no body until it is
hovered), "segment" (one cell of a row of choices). `glyph` names an icon, `px` another text size.
"""

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QProxyStyle,
    QSlider,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionFrame,
    QStyleOptionMenuItem,
    QStyleOptionSlider,
    QStyleOptionViewItem,
    QWidget,
)

from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.strokes import bar, box
from layerviz.app.tokens import BODY, CONTROL, NOTE, Tokens, font, mix, tint

CE, CC, PE, PM, SH, SC, CT = (
    QStyle.ControlElement,
    QStyle.ComplexControl,
    QStyle.PrimitiveElement,
    QStyle.PixelMetric,
    QStyle.StyleHint,
    QStyle.SubControl,
    QStyle.ContentsType,
)
State = QStyle.StateFlag
NO_PEN = Qt.PenStyle.NoPen
CLEAR = QColor(0, 0, 0, 0)
RING_PX = 5
"""How far the focus ring's widget reaches beyond what has the keyboard: a line of 2 px, 3 px outside it."""

_METRICS: dict[QStyle.PixelMetric, int] = {
    PM.PM_ButtonShiftHorizontal: 0,
    PM.PM_ButtonShiftVertical: 0,
    PM.PM_ScrollBarExtent: 12,
    PM.PM_ScrollBarSliderMin: 32,
    PM.PM_SliderLength: 16,
    PM.PM_SliderThickness: 24,
    PM.PM_SliderControlThickness: 16,
    PM.PM_FocusFrameHMargin: RING_PX,
    PM.PM_FocusFrameVMargin: RING_PX,
    PM.PM_MenuPanelWidth: 1,
    PM.PM_MenuHMargin: 6,
    PM.PM_MenuVMargin: 6,
    PM.PM_SplitterWidth: 1,
    PM.PM_IndicatorWidth: 18,
    PM.PM_IndicatorHeight: 18,
    PM.PM_CheckBoxLabelSpacing: 10,
    PM.PM_ToolTipLabelFrameWidth: 8,
    PM.PM_TextCursorWidth: 2,
}
_HINTS: dict[QStyle.StyleHint, int] = {
    SH.SH_EtchDisabledText: 0,
    SH.SH_UnderlineShortcut: 0,
    SH.SH_ComboBox_Popup: 0,
    SH.SH_ComboBox_ListMouseTracking: 1,
    SH.SH_Menu_MouseTracking: 1,
    SH.SH_Slider_AbsoluteSetButtons: Qt.MouseButton.LeftButton.value,
    SH.SH_Widget_Animation_Duration: 0,
    SH.SH_ToolTipLabel_Opacity: 255,
    SH.SH_ToolTip_WakeUpDelay: 500,
    SH.SH_DialogButtonBox_ButtonsHaveIcons: 0,
    SH.SH_ItemView_ShowDecorationSelected: 1,
}


class LayerStyle(QProxyStyle):
    """Our own paint over Fusion, which stays for what is not named here (measuring text, the inside of dialogs)."""

    def __init__(self, look: Look) -> None:
        super().__init__("fusion")
        self._look = look
        self._controls: dict[QStyle.ControlElement, Callable[[Any, QPainter, QWidget | None], None]] = {
            CE.CE_PushButton: self._button,
            CE.CE_CheckBox: self._check,
            CE.CE_ComboBoxLabel: _nothing,
            CE.CE_MenuItem: self._menu_item,
            CE.CE_Splitter: self._splitter,
            CE.CE_FocusFrame: self._ring,
            CE.CE_MenuEmptyArea: _nothing,
            CE.CE_ShapedFrame: _nothing,
            CE.CE_ProgressBar: self._progress,
        }
        self._primitives: dict[QStyle.PrimitiveElement, Callable[[Any, QPainter, QWidget | None], None]] = {
            PE.PE_PanelLineEdit: self._field,
            PE.PE_FrameLineEdit: _nothing,
            PE.PE_FrameFocusRect: _nothing,
            PE.PE_PanelMenu: self._panel,
            PE.PE_FrameMenu: _nothing,
            PE.PE_PanelTipLabel: self._panel,
            PE.PE_Frame: _nothing,
            PE.PE_PanelItemViewItem: self._view_item,
            PE.PE_PanelItemViewRow: _nothing,
            PE.PE_PanelScrollAreaCorner: _nothing,
        }
        self._complex: dict[QStyle.ComplexControl, Callable[[Any, QPainter, QWidget | None], None]] = {
            CC.CC_Slider: self._slider,
            CC.CC_ScrollBar: self._scroll_bar,
            CC.CC_ComboBox: self._combo,
        }

    @property
    def _tokens(self) -> Tokens:
        return self._look.tokens

    def palette(self) -> QPalette:
        """What labels, views and Fusion's own parts take their colours from. `PlaceholderText` is the dim text, `Link`
        the accent, `BrightText` the rose, `LinkVisited` the green."""
        t, role, made = self._tokens, QPalette.ColorRole, QPalette()
        for name, colour in (
            (role.Window, t.page),
            (role.WindowText, t.ink),
            (role.Base, t.well),
            (role.AlternateBase, t.card),
            (role.Text, t.ink),
            (role.Button, t.card),
            (role.ButtonText, t.ink),
            (role.Light, t.raised),
            (role.Midlight, t.raised),
            (role.Mid, t.line),
            (role.Dark, t.line),
            (role.Shadow, t.faint),
            (role.ToolTipBase, t.raised),
            (role.ToolTipText, t.ink),
            (role.Highlight, mix(t.accent, t.well, 0.45)),
            (role.HighlightedText, t.ink),
            (role.Accent, t.accent),
            (role.PlaceholderText, t.dim),
            (role.Link, t.accent_text),
            (role.BrightText, t.bad_text),
            (role.LinkVisited, t.good_text),
        ):
            made.setColor(name, colour)
        for name in (role.WindowText, role.Text, role.ButtonText):
            made.setColor(QPalette.ColorGroup.Disabled, name, mix(t.dim, t.page, 0.4))
        return made

    # What Qt asks a style

    def standardPalette(self) -> QPalette:
        return self.palette()

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, /, widget: QWidget | None = None
    ) -> None:
        draw = self._controls.get(element)
        if draw is None:
            super().drawControl(element, option, painter, widget)
        else:
            _drawn(draw, option, painter, widget)

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        /,
        widget: QWidget | None = None,
    ) -> None:
        draw = self._primitives.get(element)
        if draw is None:
            super().drawPrimitive(element, option, painter, widget)
        else:
            _drawn(draw, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        /,
        widget: QWidget | None = None,
    ) -> None:
        draw = self._complex.get(control)
        if draw is None:
            super().drawComplexControl(control, option, painter, widget)
        else:
            _drawn(draw, option, painter, widget)

    def pixelMetric(
        self, metric: QStyle.PixelMetric, /, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        known = _METRICS.get(metric)
        return super().pixelMetric(metric, option, widget) if known is None else known

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        /,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        known = _HINTS.get(hint)
        return super().styleHint(hint, option, widget, returnData) if known is None else known

    def sizeFromContents(  # type: ignore[override] # the stubs of QStyle, QCommonStyle and QProxyStyle disagree
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget, /
    ) -> QSize:
        if kind == CT.CT_PushButton and isinstance(option, QStyleOptionButton):
            return _button_size(option, widget)
        if kind == CT.CT_ComboBox:
            return QSize(size.width() + 44, CONTROL)
        if kind == CT.CT_LineEdit:
            return QSize(size.width(), max(CONTROL, size.height()))
        if kind == CT.CT_MenuItem and isinstance(option, QStyleOptionMenuItem):
            return _menu_item_size(option)
        if kind == CT.CT_CheckBox:
            return QSize(size.width() + 28, max(24, size.height()))
        return super().sizeFromContents(kind, option, size, widget)

    def subControlRect(  # type: ignore[override] # the stubs of QStyle, QCommonStyle and QProxyStyle disagree
        self, control: QStyle.ComplexControl, option: QStyleOptionComplex, part: QStyle.SubControl, widget: QWidget, /
    ) -> QRect:
        if control == CC.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            return _scroll_bar_part(option, part)
        if control == CC.CC_Slider and isinstance(option, QStyleOptionSlider):
            return _slider_part(option, part)
        if control == CC.CC_ComboBox and part == SC.SC_ComboBoxEditField:
            return option.rect.adjusted(12, 2, -32, -2)
        if control == CC.CC_ComboBox and part == SC.SC_ComboBoxListBoxPopup:
            return option.rect.translated(0, 4)
        return super().subControlRect(control, option, part, widget)

    # Buttons

    def _button(self, option: QStyleOptionButton, p: QPainter, widget: QWidget | None) -> None:
        t, r = self._tokens, QRectF(option.rect)
        kind, glyph, px = _kind(widget), _glyph(widget), _px(widget)
        state = option.state
        hover, on = bool(state & State.State_MouseOver), bool(state & State.State_On)
        down, enabled = bool(state & State.State_Sunken), bool(state & State.State_Enabled)
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
        has_menu = bool(option.features & QStyleOptionButton.ButtonFeature.HasMenu)
        _button_text(p, r, option.text, glyph, font(px, weight, _mono(widget)), ink, has_menu)

    def _check(self, option: QStyleOptionButton, p: QPainter, widget: QWidget | None) -> None:
        t = self._tokens
        on, hover = bool(option.state & State.State_On), bool(option.state & State.State_MouseOver)
        r = QRectF(option.rect.left() + 4, option.rect.center().y() - 8.5, 18, 18)
        if hover:
            p.setPen(NO_PEN)
            p.setBrush(tint(t.ink, 26))
            p.drawRoundedRect(r.adjusted(-4, -4, 4, 4), 8, 8)
        box(p, t, r, t.accent if on else t.well, 5, t.accent if on else t.line_strong)
        if on:
            icon(p, "check", r.left() + 3.5, r.top() + 3.5, t.on_accent, 11, 2.2)
        face = font(BODY)
        p.setFont(face)
        p.setPen(t.ink if option.state & State.State_Enabled else t.dim)
        room = QRectF(r.right() + 10, option.rect.top(), option.rect.right() - r.right() - 10, option.rect.height())
        p.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, option.text)

    # Fields, combo boxes, menus

    def _field(self, option: QStyleOptionFrame, p: QPainter, widget: QWidget | None) -> None:
        if _kind(widget) == "bare" or option.lineWidth <= 0:
            return
        t = self._tokens
        focus = bool(option.state & State.State_HasFocus)
        box(p, t, QRectF(option.rect), t.well, 8, t.accent_text if focus else None)

    def _combo(self, option: QStyleOptionComboBox, p: QPainter, widget: QWidget | None) -> None:
        t, r = self._tokens, QRectF(option.rect)
        lit = bool(option.state & (State.State_MouseOver | State.State_On))
        box(p, t, r, t.raised if lit else t.card, 8, t.line_strong if lit else None)
        metrics = QFontMetricsF(font(BODY, 500))
        p.setFont(font(BODY, 500))
        p.setPen(t.ink if option.state & State.State_Enabled else t.dim)
        text = metrics.elidedText(option.currentText, Qt.TextElideMode.ElideRight, r.width() - 40)
        p.drawText(QRectF(r.left() + 12, r.top(), r.width() - 40, r.height()), Qt.AlignmentFlag.AlignVCenter, text)
        icon(p, "more", r.right() - 25, r.center().y() - 7, t.dim, 14)

    def _panel(self, option: QStyleOption, p: QPainter, widget: QWidget | None) -> None:
        t = self._tokens
        p.fillRect(option.rect, t.raised)
        box(p, t, QRectF(option.rect), t.raised, 0, t.line_strong)

    def _menu_item(self, option: QStyleOptionMenuItem, p: QPainter, widget: QWidget | None) -> None:
        t, r = self._tokens, QRectF(option.rect)
        if option.menuItemType == QStyleOptionMenuItem.MenuItemType.Separator:
            p.setPen(QPen(t.line_strong, 1))
            p.drawLine(QPointF(r.left() + 4, r.center().y()), QPointF(r.right() - 4, r.center().y()))
            return
        enabled = bool(option.state & State.State_Enabled)
        if option.state & State.State_Selected and enabled:
            p.setPen(NO_PEN)
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
        if option.checked:
            icon(p, "check", r.left() + 10, r.center().y() - 6, t.ink, 12, 2)

    def _view_item(self, option: QStyleOptionViewItem, p: QPainter, widget: QWidget | None) -> None:
        t = self._tokens
        if option.state & (State.State_Selected | State.State_MouseOver):
            p.setPen(NO_PEN)
            p.setBrush(mix(t.raised, t.ink, 0.12))
            p.drawRoundedRect(QRectF(option.rect).adjusted(2, 1, -2, -1), 6, 6)

    # Sliders, bars, the rest

    def _slider(self, option: QStyleOptionSlider, p: QPainter, widget: QWidget | None) -> None:
        t, r = self._tokens, QRectF(option.rect)
        span = max(option.maximum - option.minimum, 1)
        share = (option.sliderPosition - option.minimum) / span
        left, right, y = r.left() + 8, r.right() - 7, r.center().y() + 0.5
        at = left + (right - left) * share
        enabled = bool(option.state & State.State_Enabled)
        accent = t.accent if enabled else t.faint
        bar(p, t, QRectF(left, y - 2, right - left, 4), share, accent)
        p.setPen(NO_PEN)
        for mark in _marks(widget):
            p.setBrush(accent if mark <= share + 1e-6 else t.dim)
            p.drawEllipse(QPointF(left + (right - left) * mark, y), 3.5, 3.5)
        grown = 8.0 if option.state & State.State_MouseOver or option.state & State.State_Sunken else 7.0
        p.setPen(QPen(accent, 2))
        p.setBrush(QColor("#ffffff") if t.is_light else t.ink if enabled else t.dim)
        p.drawEllipse(QPointF(at, y), grown, grown)

    def _scroll_bar(self, option: QStyleOptionSlider, p: QPainter, widget: QWidget | None) -> None:
        if option.maximum <= option.minimum:
            return
        r = QRectF(_scroll_bar_part(option, SC.SC_ScrollBarSlider))
        hover = bool(option.state & State.State_MouseOver)
        p.setPen(NO_PEN)
        p.setBrush(tint(self._tokens.ink, 120 if hover else 70))
        if option.orientation == Qt.Orientation.Vertical:
            r.adjust(3, 0, -3, 0)
        else:
            r.adjust(0, 3, 0, -3)
        p.drawRoundedRect(r, 3, 3)

    def _progress(self, option: Any, p: QPainter, widget: QWidget | None) -> None:
        r = QRectF(option.rect)
        span = max(option.maximum - option.minimum, 1)
        line = QRectF(r.left(), r.center().y() - 3, r.width(), 6)
        bar(p, self._tokens, line, (option.progress - option.minimum) / span)

    def _splitter(self, option: QStyleOption, p: QPainter, widget: QWidget | None) -> None:
        p.fillRect(option.rect, self._tokens.line)

    def _ring(self, option: QStyleOption, p: QPainter, widget: QWidget | None) -> None:
        p.setPen(QPen(self._tokens.accent_text, 2))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 12, 12)


def _nothing(option: QStyleOption, p: QPainter, widget: QWidget | None) -> None:
    """What Fusion would draw here, our window does without."""


def _drawn(
    draw: Callable[[Any, QPainter, QWidget | None], None], option: QStyleOption, p: QPainter, widget: QWidget | None
) -> None:
    p.save()
    try:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(option, p, widget)
    finally:
        p.restore()


def _kind(widget: QWidget | None) -> str:
    return str(widget.property("kind") or "plain") if widget is not None else "plain"


def _glyph(widget: QWidget | None) -> str:
    return str(widget.property("glyph") or "") if widget is not None else ""


def _mono(widget: QWidget | None) -> bool:
    return bool(widget.property("mono")) if widget is not None else False


def _px(widget: QWidget | None) -> int:
    return int(cast("int", widget.property("px") or BODY)) if widget is not None else BODY


def _radius(widget: QWidget | None) -> float:
    return 14.0 if widget is not None and widget.height() > 48 else 9.0


def _marks(widget: QWidget | None) -> tuple[float, ...]:
    marks = widget.property("marks") if isinstance(widget, QSlider) else None
    return tuple(cast("list[float]", marks)) if marks else ()


def _button_size(option: QStyleOptionButton, widget: QWidget) -> QSize:
    kind, glyph, px = _kind(widget), _glyph(widget), _px(widget)
    if not option.text:
        return QSize(CONTROL, CONTROL)
    # The bold face, so that a toggle keeps its width when it is switched on.
    wide = QFontMetrics(font(px, 600, _mono(widget))).horizontalAdvance(option.text) + (px + 8 if glyph else 0)
    if option.features & QStyleOptionButton.ButtonFeature.HasMenu:
        wide += px + 8
    height = {"main": 40, "segment": 28}.get(kind, CONTROL)
    return QSize(wide + (48 if kind == "main" else 24), max(height, px * 2 + 8))


def _button_text(p: QPainter, r: QRectF, text: str, glyph: str, face: QFont, ink: QColor, has_menu: bool) -> None:
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


def _menu_item_size(option: QStyleOptionMenuItem) -> QSize:
    if option.menuItemType == QStyleOptionMenuItem.MenuItemType.Separator:
        return QSize(40, 9)
    text, _, keys = option.text.partition("\t")
    wide = QFontMetrics(font(BODY, 600)).horizontalAdvance(text.replace("&", ""))
    wide += QFontMetrics(font(NOTE)).horizontalAdvance(keys) + 24 if keys else 0
    return QSize(wide + 56, 34)


def _slider_part(option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
    r, length = option.rect, 16
    if part == SC.SC_SliderHandle:
        at = QStyle.sliderPositionFromValue(
            option.minimum, option.maximum, option.sliderPosition, r.width() - length, option.upsideDown
        )
        return QRect(r.left() + at, r.center().y() - length // 2, length, length)
    return r


def _scroll_bar_part(option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
    r = option.rect
    upright = option.orientation == Qt.Orientation.Vertical
    length = r.height() if upright else r.width()
    span = option.maximum - option.minimum
    thumb = length if span <= 0 else max(32, length * option.pageStep // max(span + option.pageStep, 1))
    start = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, length - thumb, option.upsideDown
    )
    match part:
        case SC.SC_ScrollBarSlider:
            first, last = start, start + thumb
        case SC.SC_ScrollBarSubPage:
            first, last = 0, start
        case SC.SC_ScrollBarAddPage:
            first, last = start + thumb, length
        case SC.SC_ScrollBarGroove:
            first, last = 0, length
        case _:
            return QRect()
    if upright:
        return QRect(r.left(), r.top() + first, r.width(), last - first)
    return QRect(r.left() + first, r.top(), last - first, r.height())
