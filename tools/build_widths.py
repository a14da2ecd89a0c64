"""Writes `assets/fonts/widths.json`: how wide each character of our fonts is, for measuring text without Qt.

    python -m tools.build_widths

One object a font file, by its name without ".ttf":

    {"Inter-400": {"upm": 2048, "ascent": 1984, "descent": 494, "default": 1360,
                   "covered": [[32, 126], [160, 255], …],
                   "advances": {"32": 576, …}}, …}

- `upm` units are one em: a character is `advance / upm * size` px wide at `size` px.
- `ascent` and `descent` are distances from the baseline, both positive, in the same units.
- `covered` are the characters that the font has, as ranges with both ends in them, ascending. A character outside is
  drawn by another font.
- `advances` gives the width of each covered character that is not `default` wide. `default` is the most frequent
  positive width of the font, so that a monospaced font has almost no exceptions, and 7,000 hanzi none at all.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"


def main() -> None:
    """Measure every font file and write the table beside them."""
    tables = {file.stem: measure(file) for file in sorted(FONTS.glob("*.ttf"))}
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(table, separators=(',', ':'))}" for name, table in tables.items()
    )
    (FONTS / "widths.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def measure(file: Path) -> dict[str, object]:
    """The table of one font, as the head of this script describes it."""
    font = TTFont(file, lazy=True)
    widths = {code: font["hmtx"][glyph][0] for code, glyph in font.getBestCmap().items()}
    # Combining marks are the largest group in Inter, and nought would be a poor guess.
    default, _ = Counter(width for width in widths.values() if width > 0).most_common(1)[0]
    return {
        "upm": font["head"].unitsPerEm,
        "ascent": font["hhea"].ascent,
        "descent": -font["hhea"].descent,
        "default": default,
        "covered": [list(ends) for ends in _ranges(sorted(widths))],
        "advances": {str(code): width for code, width in sorted(widths.items()) if width != default},
    }


def _ranges(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for code in codes:
        if first is None or last is None:
            first = last = code
        elif code == last + 1:
            last = code
        else:
            yield first, last
            first = last = code
    if first is not None and last is not None:
        yield first, last


if __name__ == "__main__":
    main()
