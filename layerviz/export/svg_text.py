"""Text in SVG: as outlines of its letters, or as real text with the letters it uses embedded as fonts."""

import base64
import io
from abc import ABC, abstractmethod
from functools import lru_cache
from xml.sax.saxutils import escape

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from layerviz.picture.primitives import Text
from layerviz.picture.theme import code_of
from layerviz.picture.widths import FAMILIES, runs, width
from layerviz.resources import assets


class Lettering(ABC):
    """How lines of text are written in one document."""

    @abstractmethod
    def line(self, text: Text) -> str:
        """One line as SVG."""

    def style(self) -> str:
        """What the document must define for its lines; asked for after the last of them."""
        return ""


def outlined() -> Lettering:
    """Every line one path: the same picture wherever it is opened, without fonts."""
    return _Outlined()


def embedded() -> Lettering:
    """Real text, and the letters that it uses as WOFF fonts inside the document."""
    return _Embedded()


class _Outlined(Lettering):
    def line(self, text: Text) -> str:
        pen = SVGPathPen(None, ntos=number)
        x = 0.0
        for face, part in runs(text.text, text.font):
            for character in part:
                scale = text.font.size_px / _font(face)["head"].unitsPerEm
                _replay(face, character, TransformPen(pen, (scale, 0, 0, -scale, x, 0)))
                x += width(character, text.font, text.spacing)
        commands = pen.getCommands()
        if not commands:
            return ""
        return f'<path d="{commands}"{_place(text)} fill="{code_of(text.colour)}"{_translucent(text)}/>'


class _Embedded(Lettering):
    def __init__(self) -> None:
        self._used: dict[str, set[str]] = {}

    def line(self, text: Text) -> str:
        parts: list[str] = []
        x = 0.0
        for face, part in runs(text.text, text.font):
            self._used.setdefault(face, set()).update(part)
            family, weight = face.rsplit("-", 1)
            font = f'font-family="{FAMILIES[family]}" font-weight="{weight}"'
            parts.append(f'<tspan x="{number(x)}" {font}>{escape(printable(part))}</tspan>')
            x += width(part, text.font, text.spacing)
        spacing = f' letter-spacing="{number(text.spacing)}"' if text.spacing else ""
        size = f'font-size="{number(text.font.size_px)}"'
        colour = f'fill="{code_of(text.colour)}"{_translucent(text)}'
        return f'<text{_place(text)} {size} {colour}{spacing} xml:space="preserve">{"".join(parts)}</text>'

    def style(self) -> str:
        faces = "".join(
            f"@font-face{{font-family:'{FAMILIES[face.rsplit('-', 1)[0]]}';font-weight:{face.rsplit('-', 1)[1]};"
            f"src:url(data:font/woff;base64,{_subset(face, ''.join(sorted(letters)))}) format('woff')}}"
            for face, letters in sorted(self._used.items())
        )
        plain = "text{font-kerning:none;font-variant-ligatures:none}"
        return f"<style>{faces}{plain}</style>" if faces else ""


def printable(words: str) -> str:
    """`words` with a replacement for what XML 1.0 cannot carry."""
    return "".join(
        c if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff" else "\ufffd" for c in words
    )


def number(value: float) -> str:
    """At most two decimals, as short as can be."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _place(text: Text) -> str:
    moved = f"translate({number(text.x)} {number(text.y)})" if text.x or text.y else ""
    turned = f"rotate({number(text.angle)})" if text.angle else ""
    both = f"{moved} {turned}".strip()
    return f' transform="{both}"' if both else ""


def _translucent(text: Text) -> str:
    return f' fill-opacity="{number(text.colour[3])}"' if text.colour[3] < 1 else ""


@lru_cache(maxsize=16)
def _font(face: str) -> TTFont:
    return TTFont(assets("fonts", f"{face}.ttf"), lazy=True)


@lru_cache(maxsize=4096)
def _drawn(face: str, character: str) -> DecomposingRecordingPen:
    """The outline of one letter in the font's own units; of an unknown one the font's empty box."""
    font = _font(face)
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[font.getBestCmap().get(ord(character), ".notdef")].draw(pen)
    return pen


def _replay(face: str, character: str, pen: TransformPen) -> None:
    _drawn(face, character).replay(pen)


@lru_cache(maxsize=64)
def _subset(face: str, letters: str) -> str:
    """A WOFF font of these letters in base64; its dates stay those of the original, for the sake of equal bytes."""
    options = Options(flavor="woff", layout_features=[], notdef_outline=True, hinting=False, recalc_timestamp=False)
    font = TTFont(assets("fonts", f"{face}.ttf"), lazy=True, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(letter) for letter in letters])
    subsetter.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out)
    return base64.b64encode(out.getvalue()).decode("ascii")
