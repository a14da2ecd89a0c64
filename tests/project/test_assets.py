"""The fonts are there, complete, and come with their licences."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from layerviz.cli.doctor import FONTS
from layerviz.resources import assets
from layerviz.strings import LANGUAGES, names
from layerviz.strings.catalogue import area
from tools.build_widths import measure

FONT_FILES = sorted(assets("fonts").glob("*.ttf"))


def test_doctor_looks_for_every_font_and_there_is_no_other() -> None:
    assert {file.name for file in FONT_FILES} == set(FONTS)


@pytest.mark.parametrize("file", FONT_FILES, ids=lambda file: file.stem)
def test_a_font_names_its_family_and_weight_as_its_file_does(file: Path) -> None:
    font = TTFont(file, lazy=True)
    family, weight = file.stem.split("-")
    assert (font["name"].getBestFamilyName().replace(" ", ""), font["OS/2"].usWeightClass) == (family, int(weight))


@pytest.mark.parametrize("file", FONT_FILES, ids=lambda file: file.stem)
def test_a_font_has_no_kerning_and_no_ligatures(file: Path) -> None:
    assert not {"kern", "GPOS", "GSUB"} & set(TTFont(file, lazy=True).keys())


@pytest.mark.parametrize("file", FONT_FILES, ids=lambda file: file.stem)
def test_the_table_of_widths_is_that_of_the_fonts(file: Path) -> None:
    tables = json.loads(assets("fonts", "widths.json").read_text(encoding="utf-8"))
    assert tables[file.stem] == measure(file)


def gb2312() -> Iterator[int]:
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            character = bytes((row, cell)).decode("gb2312", errors="ignore")
            yield from map(ord, character)


@pytest.mark.parametrize("weight", [400, 700])
def test_the_chinese_font_has_every_character_of_gb_2312(weight: int) -> None:
    characters = set(gb2312())
    assert len(characters) > 7000
    assert characters <= set(TTFont(assets("fonts", f"NotoSansSC-{weight}.ttf"), lazy=True).getBestCmap())


def test_our_fonts_have_every_character_of_every_string() -> None:
    covered = {code for file in FONT_FILES for code in TTFont(file, lazy=True).getBestCmap()} | {ord("\n")}
    for lang in LANGUAGES:
        for name in names(lang):
            for key, entry in area(lang, name).items():
                text = "".join(entry.values()) if isinstance(entry, dict) else entry
                assert set(map(ord, text)) <= covered, f"{lang}/{name}.{key}"


@pytest.mark.parametrize("family", sorted({file.stem.split("-")[0] for file in FONT_FILES}))
def test_a_font_family_comes_with_its_licence(family: str) -> None:
    assert "SIL OPEN FONT LICENSE" in assets("fonts", f"LICENSE-{family}.txt").read_text(encoding="utf-8")
