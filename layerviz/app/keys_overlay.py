"""The list of keys, over everything; any key or click closes it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from layerviz.app.look import Look
from layerviz.app.strokes import box, key_cap, painting, say
from layerviz.app.tokens import BODY, NOTE, TITLE, font

KEYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("→", "Space", "Page Down", "Enter"), "next"),
    (("←", "Page Up", "Backspace"), "back"),
    (("Home", "End"), "ends"),
    (("F5", "F11", "Esc"), "present"),
    (("B", "."), "blank"),
    (("R",), "replay"),
    (("N",), "notes"),
    (("1–9", "0–9"), "choose"),
    (("F6",), "pane"),
    (("Ctrl+Z", "Ctrl+Shift+Z"), "undo"),
    (("Ctrl+L",), "prompt"),
    (("Ctrl+O",), "open"),
    (("Ctrl+F",), "find"),
    (("Backspace", "Alt+↑"), "above"),
    (("Ctrl+E",), "export"),
    (("Ctrl+C",), "copy"),
    (("F1", "?"), "this"),
)


class KeysOverlay(QWidget):
    """A card with the keys in two columns of words, over a shade."""

    ROW_PX = 38

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._before: QWidget | None = None
        self.hide()

    def open(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self._before = self.window().focusWidget()
        self.raise_()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setAccessibleName(self._look.say("keys.title"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._close()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._close()

    def _close(self) -> None:
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        rows = KEYS
        wide = 800.0
        step = min(self.ROW_PX, (self.height() - 160) / len(rows))
        high = 112 + step * len(rows)
        r = QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)
        with painting(self) as p:
            p.fillRect(self.rect(), QColor(2, 5, 15, 165))
            box(p, t, r, t.pane, 14, t.line_strong)
            say(p, r.left() + 32, r.top() + 46, self._look.say("keys.title"), t.ink, TITLE, 600)
            say(p, r.right() - 32, r.top() + 45, self._look.say("keys.close"), t.dim, NOTE, 400, "right")
            y = r.top() + 84
            for caps, key in rows:
                x = r.left() + 32
                for cap in caps:
                    if QFontMetricsF(font(NOTE, 500)).horizontalAdvance(cap) + x > r.left() + 352:
                        break
                    x += key_cap(p, t, x, y, cap) + 8
                say(p, r.left() + 352, y, self._look.say(f"keys.{key}"), t.ink, BODY, 400, room=wide - 384)
                y += step
