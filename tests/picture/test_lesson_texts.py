"""Every string of every lesson and catalogue: our fonts have its letters, and the tables measure it as Qt does."""

from collections.abc import Iterator

import pytest
import yaml
from fontTools.ttLib import TTFont
from pytestqt.qtbot import QtBot

from layerviz.picture.primitives import Font
from layerviz.picture.widths import runs, width
from layerviz.resources import assets, lessons_folder


def strings(node: yaml.Node | None) -> Iterator[str]:
    """All scalars below `node`, line by line."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from strings(key)
            yield from strings(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from strings(item)
    elif isinstance(node, yaml.ScalarNode):
        yield from node.value.splitlines()


def everything() -> list[str]:
    files = (*lessons_folder().glob("*.yaml"), *assets("strings").glob("*/*.yaml"))
    found = {line for file in files for line in strings(yaml.compose(file.read_text(encoding="utf-8"))) if line}
    return sorted(found)


def test_there_are_lessons_to_measure() -> None:
    assert len(everything()) > 500


@pytest.mark.parametrize("font", [Font(24), Font(24, 600), Font(24, 400, "mono")], ids=str)
def test_every_string_is_as_wide_as_qt_draws_it(qtbot: QtBot, font: Font) -> None:
    from PySide6.QtGui import QFontMetricsF

    from layerviz.picture.paint import load_fonts
    from layerviz.picture.paint.drawing import font_of

    load_fonts()
    metrics = {face: QFontMetricsF(font_of(face, 24)) for line in everything() for face, _ in runs(line, font)}
    wrong = [
        (line, width(line, font), by_qt)
        for line in everything()
        for by_qt in [sum(metrics[face].horizontalAdvance(part) for face, part in runs(line, font))]
        if abs(width(line, font) - by_qt) > 0.25 + len(line) / 64
    ]
    assert wrong == []


def test_every_letter_is_in_one_of_our_fonts() -> None:
    known: dict[str, set[int]] = {}
    missing: dict[str, str] = {}
    for line in everything():
        for font in (Font(14), Font(14, 700), Font(14, 400, "mono")):
            for face, part in runs(line, font):
                if face not in known:
                    known[face] = set(TTFont(assets("fonts", f"{face}.ttf"), lazy=True).getBestCmap())
                missing |= {letter: line for letter in part if ord(letter) not in known[face] and letter != "\t"}
    assert missing == {}
