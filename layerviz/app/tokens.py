"""The window's colours and type, made of the picture's theme: four grounds, text, one accent, the hues of layers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

from layerviz.picture import theme as themes
from layerviz.picture.theme import Theme, ThemeName
from layerviz.resources import assets

if TYPE_CHECKING:
    from layerviz.picture.shapes import Hue

if TYPE_CHECKING:
    from layerviz.picture.primitives import Rgba

NOTE, BODY, HEAD, CAPTION, TITLE = 13, 14, 16, 20, 22
"""Text sizes in px: secondary, normal, heads, captions, titles."""
FIRST_FACES = "Inter-*"
BAR, PAD, CONTROL, DENSE = 52, 16, 36, 32
"""The bar at the top, a pane's margin, a control, a control of a dense row: px. Everything stands on a grid of 8."""


class Tokens(NamedTuple):
    """One theme's colours as Qt takes them. page < pane < card < raised; a well holds what is typed or printed."""

    theme: Theme
    page: QColor
    pane: QColor
    card: QColor
    raised: QColor
    well: QColor
    bar: QColor
    ink: QColor
    dim: QColor
    faint: QColor
    line: QColor
    line_strong: QColor
    accent: QColor
    accent_text: QColor
    on_accent: QColor
    bad: QColor
    bad_text: QColor
    good: QColor
    good_text: QColor
    on_tile: QColor
    stops: tuple[QColor, QColor, QColor]

    @property
    def is_light(self) -> bool:
        return self.theme.name == "light"

    @property
    def is_flat(self) -> bool:
        return self.theme.flat

    def hue(self, hue: Hue) -> QColor:
        """The colour of a tile of the layer at this position."""
        return _colour(self.theme.tile(hue))

    def hue_text(self, hue: Hue, ratio: float = 0.0) -> QColor:
        """The same hue, readable on the page as text, or with a small `ratio` as a thin mark."""
        return _colour(self.theme.text(hue, ratio))

    def lit(self, hue: Hue) -> QColor:
        """The ground of a line that is lit in a layer's hue, on a well."""
        return mix(_colour(themes.deep(self.theme.tile(hue))), self.well, 0.72 if self.is_light else 0.62)

    def tinted(self, colour: QColor, share: float = 0.88) -> QColor:
        """A card that leans to `colour`: `share` of it is the card."""
        return mix(colour, self.card, share)


def tint(colour: QColor, alpha: int) -> QColor:
    """`colour` with this alpha, 0 to 255."""
    return QColor(colour.red(), colour.green(), colour.blue(), alpha)


def mix(a: QColor, b: QColor, share: float) -> QColor:
    """`a` with `share` (0 to 1) of `b`."""
    return QColor(*(round(x + (y - x) * share) for x, y in zip(_rgb(a), _rgb(b), strict=True)))


@cache
def tokens_of(name: ThemeName) -> Tokens:
    """The tokens of one of the picture's themes."""
    theme = themes.THEMES[name]
    page, pane, card, raised, well, bar = _grounds(theme)
    ink, line = _colour(theme.ink), _colour(theme.panel_line)
    return Tokens(
        theme=theme,
        page=page,
        pane=pane,
        card=card,
        raised=raised,
        well=well,
        bar=bar,
        ink=ink,
        dim=_colour(theme.dim),
        faint=_colour(theme.faint),
        line=line,
        line_strong=mix(line, ink, 0.25),
        accent=_colour(theme.accent),
        accent_text=_colour(theme.text("accent")),
        on_accent=QColor("#ffffff") if name == "light" else _colour(themes.INK_ON_TILE),
        bad=_colour(theme.bad),
        bad_text=_colour(theme.text("bad")),
        good=_colour(theme.writable),
        good_text=_colour(theme.text("rw")),
        on_tile=_colour(themes.INK_ON_TILE),
        stops=(_colour(theme.ground[0]), _colour(theme.ground[1]), _colour(theme.ground[2])),
    )


def palette_of(t: Tokens) -> QPalette:
    """What labels, views and Fusion's own parts take their colours from. `PlaceholderText` is the dim text, `Link` the
    accent, `BrightText` the rose, `LinkVisited` the green."""
    role, made = QPalette.ColorRole, QPalette()
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


@cache
def load_faces(which: str = "*") -> None:
    """Makes the project's faces known to Qt, as the painter will once more: it is loaded after the first paint.

    `FIRST_FACES` are what the home page is written in, where its language is not Chinese.
    """
    for file in sorted(assets("fonts").glob(f"{which}.ttf")):
        QFontDatabase.addApplicationFont(str(file))


@cache
def font(px: int, weight: int = 400, mono: bool = False) -> QFont:
    """One of the project's own faces."""
    face = QFont()
    face.setFamilies(["JetBrains Mono" if mono else "Inter", "Noto Sans SC"])
    face.setPixelSize(px)
    face.setWeight(QFont.Weight(weight))
    face.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return face


def _grounds(theme: Theme) -> tuple[QColor, ...]:
    """page, pane, card, raised, well, bar."""
    if theme.name == "light":
        return tuple(QColor(code) for code in ("#f2f5fc", "#f8faff", "#ffffff", "#e6edfa", "#ffffff", "#ffffff"))
    black, page, panel = QColor("#000000"), _colour(theme.ground[0]), _colour(theme.panel)
    if theme.flat:
        return black, black, black, QColor("#26282e"), black, black
    return (
        page,
        mix(page, panel, 0.45),
        panel,
        mix(panel, _colour(theme.ink), 0.13),
        mix(page, black, 0.38),
        mix(page, black, 0.22),
    )


@cache
def _colour(colour: Rgba) -> QColor:
    red, green, blue, opacity = colour
    return QColor(red, green, blue, round(opacity * 255))


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
