"""Widths of text against Qt's own; cutting and breaking lines."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from layerviz.picture.primitives import Font
from layerviz.picture.widths import ELLIPSIS, elide, elide_middle, runs, width, wrap

LATIN = "Seven stored, six seen: 7 covers 5, because both are called /file5. AVAToWAfi"
CHINESE = "存了七个，看到六个：7 遮住 5，因为都叫 /file5。“每次拉取镜像”（旧版本仍会一起传输）"
BODY = Font(20)
FONTS = [
    *(Font(40, weight) for weight in (400, 500, 600, 700)),
    *(Font(40, weight, "mono") for weight in (400, 500, 600, 700)),
]


@pytest.mark.parametrize("font", FONTS, ids=lambda font: f"{font.family}-{font.weight}")
@pytest.mark.parametrize("text", [LATIN, CHINESE, "docker run --rm -it ubuntu:16.04", "→ ✓ … · ×"])
def test_a_line_is_as_wide_as_qt_draws_it(qtbot: QtBot, font: Font, text: str) -> None:
    from PySide6.QtGui import QFontMetricsF

    from layerviz.picture.paint import load_fonts
    from layerviz.picture.paint.drawing import font_of

    load_fonts()
    by_qt = sum(QFontMetricsF(font_of(face, 40)).horizontalAdvance(part) for face, part in runs(text, font))
    # Qt cuts every advance to a 64th of a pixel, which shows in long lines of a monospaced font.
    assert width(text, font) == pytest.approx(by_qt, abs=0.25 + len(text) / 64)


def test_chinese_in_every_font_comes_from_the_chinese_one() -> None:
    for font in FONTS:
        assert [face.split("-")[0] for face, _ in runs("a中b", font)][1] == "NotoSansSC"
    assert runs("COPY 中", Font(14, 600))[-1][0] == "NotoSansSC-700"
    assert runs("COPY 中", Font(14, 400))[-1][0] == "NotoSansSC-400"


def test_the_pieces_of_a_line_are_the_line() -> None:
    assert "".join(part for _, part in runs(CHINESE, BODY)) == CHINESE


def test_spacing_widens_every_letter() -> None:
    assert width("abc", BODY, 2.0) == pytest.approx(width("abc", BODY) + 6)


def test_what_fits_is_not_cut() -> None:
    assert elide("nginx.conf", BODY, width("nginx.conf", BODY)) == "nginx.conf"
    assert elide_middle("nginx.conf", BODY, 500) == "nginx.conf"


def test_a_name_cut_in_its_middle_keeps_both_ends() -> None:
    short = elide_middle("ca-certificates.conf", BODY, 150)
    assert short.startswith("ca-") and short.endswith("conf") and ELLIPSIS in short
    assert width(short, BODY) <= 150


@given(st.text(alphabet="abc de中文，。", min_size=1, max_size=60), st.floats(30, 400))
def test_what_is_cut_fits_and_begins_as_before(text: str, room: float) -> None:
    for cut in (elide, elide_middle):
        short = cut(text, BODY, room)
        assert short == text or width(short, BODY) <= room
        assert short == text or ELLIPSIS in short


@given(st.text(alphabet="abcdefg 中文字符，。（）.", max_size=80), st.floats(45, 400))
def test_broken_lines_fit_and_lose_only_spaces(text: str, room: float) -> None:
    lines = wrap(text, BODY, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, BODY) <= room for line in lines if len(line) > 1)


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    for room in range(100, 700, 7):
        lines = wrap(CHINESE, BODY, room)
        assert not any(line[0] in "，。：）”" for line in lines), room
        assert not any(line[-1] in "（“" for line in lines), room


def test_words_break_at_spaces() -> None:
    assert wrap("one two three", BODY, width("one two", BODY) + 1) == ("one two", "three")


def test_a_word_that_is_wider_than_a_line_is_broken_where_it_must_be() -> None:
    lines = wrap("x" * 50, BODY, 100)
    assert len(lines) > 1 and "".join(lines) == "x" * 50


def test_the_last_line_that_is_allowed_ends_in_an_ellipsis() -> None:
    lines = wrap("one two three four five six", BODY, width("one two", BODY) + 1, max_lines=2)
    assert len(lines) == 2 and lines[1].endswith(ELLIPSIS)
    assert width(lines[1], BODY) <= width("one two", BODY) + 1


def test_measuring_and_expanding_need_neither_qt_nor_a_font_library() -> None:
    code = (
        "import sys, layerviz.picture.widths as w, layerviz.picture.expand, layerviz.picture.theme;"
        "from layerviz.picture.primitives import Font; w.width('a', Font(14));"
        "print([m for m in sys.modules if m.split('.')[0] in ('PySide6', 'fontTools')])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
