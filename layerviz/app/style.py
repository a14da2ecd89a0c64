"""The window's style: paints fields, checks, combo boxes, sliders, scroll bars, menus, tips and the buttons of dialogs
from tokens.

It is put on right after the first paint (`app.start`): what home and the first start show paints and measures itself.
"""

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
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

from layerviz.app.buttons import Pressing, button_size, draw_button, kind_of
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.menus import draw_combo, draw_menu_item, is_list, is_panel, item_size, item_text, menu_item_size
from layerviz.app.scroll_bar import EXTENT, LEAST_THUMB, draw_thumb, thumb
from layerviz.app.strokes import bar, box
from layerviz.app.tokens import BODY, CONTROL, Tokens, font, mix, palette_of, tint

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
RING_PX = 5
"""How far the focus ring's widget reaches beyond what has the keyboard: a line of 2 px, 3 px outside it."""

_METRICS: dict[QStyle.PixelMetric, int] = {
    PM.PM_ButtonShiftHorizontal: 0,
    PM.PM_ButtonShiftVertical: 0,
    PM.PM_ScrollBarExtent: EXTENT,
    PM.PM_ScrollBarSliderMin: LEAST_THUMB,
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
            CE.CE_ShapedFrame: self._shaped_frame,
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

    # What Qt asks a style

    def standardPalette(self) -> QPalette:
        return palette_of(self._tokens)

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
            has_menu = bool(option.features & QStyleOptionButton.ButtonFeature.HasMenu)
            return button_size(option.text, has_menu, widget)
        if kind == CT.CT_ComboBox:
            return QSize(size.width() + 44, CONTROL)
        if kind == CT.CT_LineEdit:
            return QSize(size.width(), max(CONTROL, size.height()))
        if kind == CT.CT_MenuItem and isinstance(option, QStyleOptionMenuItem):
            return menu_item_size(option)
        if kind == CT.CT_CheckBox:
            return QSize(size.width() + 28, max(24, size.height()))
        size = super().sizeFromContents(kind, option, size, widget)
        return item_size(size) if kind == CT.CT_ItemViewItem and is_list(widget) else size

    def subElementRect(
        self, element: QStyle.SubElement, option: QStyleOption, /, widget: QWidget | None = None
    ) -> QRect:
        if element == QStyle.SubElement.SE_ItemViewItemText and is_list(widget):
            return item_text(option.rect)
        return super().subElementRect(element, option, cast(QWidget, widget))

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
        state, has_menu = option.state, bool(option.features & QStyleOptionButton.ButtonFeature.HasMenu)
        pressing = Pressing(
            # Dialogs of Qt mark a letter.
            option.text.replace("&", ""),
            enabled=bool(state & State.State_Enabled),
            hover=bool(state & State.State_MouseOver),
            down=bool(state & State.State_Sunken),
            on=bool(state & State.State_On),
            has_menu=has_menu,
        )
        draw_button(p, self._tokens, QRectF(option.rect), pressing, widget)

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
        if kind_of(widget) == "bare" or option.lineWidth <= 0:
            return
        t = self._tokens
        focus = bool(option.state & State.State_HasFocus)
        box(p, t, QRectF(option.rect), t.well, 8, t.accent_text if focus else None)

    def _combo(self, option: QStyleOptionComboBox, p: QPainter, widget: QWidget | None) -> None:
        draw_combo(p, self._tokens, option)

    def _shaped_frame(self, option: QStyleOption, p: QPainter, widget: QWidget | None) -> None:
        """Panes have lines of their own."""
        if is_panel(widget):
            self._panel(option, p, widget)

    def _panel(self, option: QStyleOption, p: QPainter, widget: QWidget | None) -> None:
        t = self._tokens
        p.fillRect(option.rect, t.raised)
        box(p, t, QRectF(option.rect), t.raised, 0, t.line_strong)

    def _menu_item(self, option: QStyleOptionMenuItem, p: QPainter, widget: QWidget | None) -> None:
        draw_menu_item(p, self._tokens, option)

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
        where, hover = _scroll_bar_part(option, SC.SC_ScrollBarSlider), bool(option.state & State.State_MouseOver)
        draw_thumb(p, self._tokens, where, option.orientation == Qt.Orientation.Vertical, hover)

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


def _marks(widget: QWidget | None) -> tuple[float, ...]:
    marks = widget.property("marks") if isinstance(widget, QSlider) else None
    return tuple(cast("list[float]", marks)) if marks else ()


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
    start, long = thumb(length, option.minimum, option.maximum, option.pageStep, option.sliderPosition)
    if option.upsideDown:
        start = length - long - start
    match part:
        case SC.SC_ScrollBarSlider:
            first, last = start, start + long
        case SC.SC_ScrollBarSubPage:
            first, last = 0, start
        case SC.SC_ScrollBarAddPage:
            first, last = start + long, length
        case SC.SC_ScrollBarGroove:
            first, last = 0, length
        case _:
            return QRect()
    if upright:
        return QRect(r.left(), r.top() + first, r.width(), last - first)
    return QRect(r.left() + first, r.top(), last - first, r.height())
