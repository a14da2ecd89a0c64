"""Explore's strings: all there, none left over; and what is said of numbers and sizes."""

import re
from pathlib import Path

import pytest

import layerviz.app
from layerviz.app.explore_image import runs
from layerviz.app.explore_words import listed, size_words
from layerviz.strings import LANGUAGES, Lang
from layerviz.strings.catalogue import area

SOURCE = "\n".join(file.read_text(encoding="utf-8") for file in Path(layerviz.app.__file__).parent.glob("*.py"))
MADE_OF_PARTS = re.compile(
    r"open_|copy_|config_|by_|form_|from_|chapter\.|kind_|differs_|text_|compare$|to_build$|lesson$|shared$|export$|save_|layer_"
)
"""Keys that are put together where they are asked for."""


def test_every_key_that_is_written_in_the_source_is_in_every_language() -> None:
    written = set(re.findall(r"""["']explore\.([a-z_.]+)["']""", SOURCE))
    assert len(written) > 60
    for lang in LANGUAGES:
        assert written - set(area(lang, "explore")) == set(), lang


def test_the_languages_have_the_same_keys() -> None:
    assert set(area("en", "explore")) == set(area("zh_CN", "explore"))


def test_no_string_is_left_that_nobody_asks_for() -> None:
    written = set(re.findall(r"""["']explore\.([a-z_.]+)["']""", SOURCE))
    unused = {key for key in area("en", "explore") if not MADE_OF_PARTS.match(key)} - written
    assert unused == set()


@pytest.mark.parametrize(
    ("numbers", "expected"), [((), ""), ((3,), "3"), ((1, 2, 12), "1, 2 and 12"), ((1, 2, 3, 4, 9), "1–4 and 9")]
)
def test_numbers_are_listed_with_neighbours_drawn_together(numbers: tuple[int, ...], expected: str) -> None:
    assert listed(runs(numbers), "en") == expected


@pytest.mark.parametrize(
    ("size", "lang", "expected"),
    [(6405, "en", "6,405 B"), (9_999_999, "en", "9,999,999 B"), (54_000_000, "en", "54 MB"), (7, "zh_CN", "7 字节")],
)
def test_sizes_are_exact_while_that_reads_well(size: int, lang: Lang, expected: str) -> None:
    assert size_words(size, lang) == expected
