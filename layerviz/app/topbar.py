"""The bar at the top: the way back and the title of what is open, or the pages; at its right end what one can do
here."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from layerviz.app.look import Look
from layerviz.app.parts import Button, Surface, Words, row
from layerviz.app.strokes import painting, sign
from layerviz.app.tokens import BAR, BODY, HEAD
from layerviz.strings import languages

THEMES = ("", "dark", "light", "projector")


class Sign(QWidget):
    """The sign of layerviz."""

    def __init__(self, look: Look, size: int = 20) -> None:
        super().__init__()
        self._look, self._size = look, size
        self.setFixedSize(round(size * 1.3), round(size * 1.2))

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            sign(p, self._look.tokens, 1, self.height() / 2 - self._size * 0.3, self._size)


class TopBar(Surface):
    """`back` asks to leave; `page` names another page."""

    back = Signal()
    page = Signal(str)

    def __init__(self, look: Look, pages: Sequence[str] = (), current: str = "") -> None:
        super().__init__(look, "bar", edge="bottom")
        self.setFixedHeight(BAR)
        self.title = Words("", HEAD, 600)
        self.sub = Words("", BODY, 400, "dim")
        self.tabs: list[Button] = []
        self._row = row(spacing=4, margins=(12, 0, 12, 1))
        if pages:
            wordmark = Words("layerviz", HEAD + 1, 700)
            for item in (8, Sign(look), 6, wordmark, 16):
                self._row.addSpacing(item) if isinstance(item, int) else self._row.addWidget(item)
            for name in pages:
                tab = Button(look, f"page.{name}", kind="quiet", on=name == current)
                tab.clicked.connect(lambda _=False, name=name, tab=tab: self._to(name, tab, name == current))
                self._row.addWidget(tab)
                self.tabs.append(tab)
            self._row.addSpacing(16)
        else:
            back = Button(look, kind="quiet", glyph="back", tip="common.back_home")
            back.clicked.connect(self.back)
            self._row.addWidget(back)
            self._row.addSpacing(4)
            self._row.addWidget(Sign(look))
            self._row.addSpacing(6)
        self._row.addWidget(self.title)
        self._row.addSpacing(8)
        self._row.addWidget(self.sub)
        self._row.addStretch(1)
        self.setLayout(self._row)

    @property
    def needs_px(self) -> int:
        """What the sign and the pages take at the left end."""
        return 160 + sum(tab.sizeHint().width() + 4 for tab in self.tabs)

    def add(self, *widgets: QWidget) -> None:
        """Puts `widgets` at the right end, the last one outermost."""
        for widget in widgets:
            self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def _to(self, name: str, tab: Button, here: bool) -> None:
        tab.setChecked(here)
        if not here:
            self.page.emit(name)


class SettingsMenu(Button):
    """Language, theme and motion in one menu, where the bar has no room for more."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, kind="quiet", glyph="sliders", tip="common.settings")
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.clicked.connect(self._open)

    def _open(self) -> None:
        self._fill()
        corner = self.mapToGlobal(self.rect().bottomRight())
        self._menu.popup(corner - QPoint(self._menu.sizeHint().width(), -4))

    def _fill(self) -> None:
        look, menu = self._look, self._menu
        menu.clear()
        for lang, name in languages().items():
            self._add(name, lang == look.lang, partial(look.choose_lang, lang))
        menu.addSeparator()
        for theme in THEMES:
            chosen = theme == look.chosen_theme
            self._add(look.say(f"theme.{theme or 'system'}"), chosen, partial(look.choose_theme, theme))
        menu.addSeparator()
        self._add(
            look.say("common.less_motion"), look.reduced_motion, lambda: look.reduce_motion(not look.reduced_motion)
        )

    def _add(self, text: str, on: bool, act: Callable[[], None]) -> None:
        action = self._menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _=False: act())


class LanguageMenu(Button):
    """Chooses the language, at once."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, kind="quiet", tip="common.language")
        menu, group = QMenu(self), QActionGroup(self)
        self._names = {lang: name for lang, name in languages().items()}
        for lang, name in self._names.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(lang == look.lang)
            action.triggered.connect(lambda _=False, lang=lang: look.choose_lang(lang))
            group.addAction(action)
        self.setMenu(menu)
        look.retranslated.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setText(self._names[self._look.lang])
        for action, lang in zip(self.menu().actions(), self._names, strict=True):
            action.setChecked(lang == self._look.lang)


class ThemeMenu(Button):
    """Chooses the theme, at once; the first entry follows the system."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, kind="quiet", tip="common.theme")
        menu, group = QMenu(self), QActionGroup(self)
        for name in THEMES:
            action = menu.addAction("")
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, name=name: self._choose(name))
            group.addAction(action)
        self.setMenu(menu)
        look.retranslated.connect(self._show)
        look.restyled.connect(self._show)
        self._show()

    def _choose(self, name: str) -> None:
        self._look.choose_theme(name)
        self._show()

    def _show(self) -> None:
        self.setText(self._look.say(f"theme.{self._look.theme_name}"))
        for action, name in zip(self.menu().actions(), THEMES, strict=True):
            action.setText(self._look.say(f"theme.{name or 'system'}"))
            action.setChecked(name == self._look.chosen_theme)
