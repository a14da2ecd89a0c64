"""What the window looks like now: theme, language, motion. One object; widgets ask it and hear when it changes."""

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from layerviz.app.tokens import Tokens, tokens_of
from layerviz.picture.theme import ThemeName
from layerviz.strings import Lang, tr


class Look(QObject):
    """`restyled` is sent after the theme changed, `retranslated` after the language, `remoted` after the motion."""

    restyled = Signal()
    retranslated = Signal()
    remoted = Signal()

    def __init__(self, theme: str = "", lang: str = "", reduced_motion: bool = False) -> None:
        super().__init__()
        self._chosen_theme, self._chosen_lang = theme, lang
        self.reduced_motion = reduced_motion
        self._theme_name, self._lang = _theme_name(theme), _lang(lang)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def tokens(self) -> Tokens:
        return tokens_of(self._theme_name)

    @property
    def theme_name(self) -> ThemeName:
        return self._theme_name

    @property
    def lang(self) -> Lang:
        return self._lang

    @property
    def chosen_theme(self) -> str:
        """A theme's name, or "" to follow the system."""
        return self._chosen_theme

    @property
    def chosen_lang(self) -> str:
        """A language, or "" to follow the system."""
        return self._chosen_lang

    def say(self, key: str, /, **values: object) -> str:
        """A string of the window's own area, or of Explore's ("explore.…"), in the language of now."""
        return tr(self._lang, key if key.startswith("explore.") else f"app.{key}", **values)

    def choose_theme(self, name: str) -> None:
        self._chosen_theme = name
        self._follow_system()

    def choose_lang(self, lang: str) -> None:
        self._chosen_lang = lang
        resolved = _lang(lang)
        if resolved != self._lang:
            self._lang = resolved
            self.retranslated.emit()

    def reduce_motion(self, on: bool) -> None:
        """Pictures cross-fade instead of moving."""
        self.reduced_motion = on
        self.remoted.emit()

    def _follow_system(self) -> None:
        resolved = _theme_name(self._chosen_theme)
        if resolved != self._theme_name:
            self._theme_name = resolved
            self.restyled.emit()


def _theme_name(chosen: str) -> ThemeName:
    match chosen:
        case "dark" | "light" | "projector":
            return chosen
        case _:
            scheme = QGuiApplication.styleHints().colorScheme()
            return "light" if scheme == Qt.ColorScheme.Light else "dark"


def _lang(chosen: str) -> Lang:
    return "zh_CN" if (chosen or QLocale.system().name()).startswith("zh") else "en"
