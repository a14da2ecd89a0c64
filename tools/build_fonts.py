"""Makes the fonts in `assets/fonts` from the families' complete static TrueType files.

    python -m tools.build_fonts FOLDER…

The folders hold, at any depth, the static TTF files of Inter 4, JetBrains Mono 2.3 and Noto Sans SC 2.004 as Google
Fonts publishes them; each family and weight is recognised by the names inside the file. What is made:

- Only the characters that layerviz can show stay: Latin, Greek, Cyrillic, punctuation, arrows, mathematics, box
  drawing and symbols; in Noto Sans SC all of GB 2312 (6,763 hanzi and its symbols) and full-width forms.
- Kerning, ligatures and all other layout tables go: every output draws text without them, and a table of advance
  widths (`tools/build_widths.py`) then measures exactly what is drawn.
- The family is called as people call it, whatever the source calls it, and the file `Family-weight.ttf`.

The same sources give the same bytes.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"
WEIGHTS = {"Inter": (400, 500, 600, 700), "JetBrains Mono": (400, 500, 700), "Noto Sans SC": (400, 700)}
STYLES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}

WESTERN = (
    range(0x20, 0x370),  # Latin, phonetics, combining marks
    range(0x370, 0x530),  # Greek, Cyrillic
    range(0x1E00, 0x1F00),  # Latin for Vietnamese and others
    range(0x2000, 0x2070),  # punctuation
    range(0x2070, 0x20C0),  # raised and lowered digits, currencies
    range(0x2100, 0x2400),  # letter-like symbols, arrows, mathematics, technical
    range(0x2460, 0x2800),  # enclosed digits, box drawing, shapes, symbols, dingbats
    range(0xFFFD, 0xFFFE),  # the replacement character
)
FULL_WIDTH = (range(0x3000, 0x3040), range(0xFF00, 0xFFF0))
NAMES_KEPT = (0, 3, 5, 13, 14)  # copyright, unique id, version, licence and where it stands


def main(folders: Iterable[str]) -> None:
    """Write every font of `WEIGHTS` that the folders hold; end with a sentence when one is missing."""
    sources = dict(_sources(Path(folder) for folder in folders))
    for family, weights in WEIGHTS.items():
        for weight in weights:
            if (family, weight) not in sources:
                sys.exit(f"no static TrueType file of {family} {weight} in these folders; see the head of this script")
            target = FONTS / f"{family.replace(' ', '')}-{weight}.ttf"
            _make(sources[family, weight], family, weight, target)
            print(f"{target.name}: {target.stat().st_size:,} bytes")


def _sources(folders: Iterable[Path]) -> Iterator[tuple[tuple[str, int], Path]]:
    for folder in folders:
        for file in sorted(folder.rglob("*.ttf")):
            font = TTFont(file, lazy=True)
            upright = not font["head"].macStyle & 2
            name = font["name"].getBestFamilyName() or ""
            for family in WEIGHTS:
                # Some sources add the weight, or that of the variable font they were cut from, to the family's name.
                if upright and (name == family or name.startswith(family + " ")):
                    yield (family, font["OS/2"].usWeightClass), file


def _make(source: Path, family: str, weight: int, target: Path) -> None:
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "DSIG"]
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_characters(family))
    subsetter.subset(font)
    _rename(font, family, weight)
    font.save(target)


def _characters(family: str) -> set[int]:
    chosen = {code for codes in WESTERN for code in codes}
    if family == "Noto Sans SC":
        chosen.update(code for codes in FULL_WIDTH for code in codes)
        chosen.update(_gb2312())
    return chosen


def _gb2312() -> Iterator[int]:
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield ord(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:
                # The standard leaves some cells empty.
                continue


def _rename(font: TTFont, family: str, weight: int) -> None:
    """Family and style as typographic names; where Windows knows four styles a family only, as its own family."""
    style = STYLES[weight]
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in NAMES_KEPT and record.platformID == 3]
    in_four = style in ("Regular", "Bold")
    spoken = {
        1: family if in_four else f"{family} {style}",
        2: style if in_four else "Regular",
        4: f"{family} {style}",
        6: f"{family.replace(' ', '')}-{style}",
        16: family,
        17: style,
    }
    for identity, text in spoken.items():
        names.setName(text, identity, 3, 1, 0x409)


if __name__ == "__main__":
    main(sys.argv[1:])
