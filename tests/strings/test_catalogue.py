"""The catalogue finds, fills and chooses; all languages hold the same strings."""

import string

import pytest

from layerviz.strings import LANGUAGES, StringsError, languages, names, tr, words
from layerviz.strings.catalogue import Entry, Lang, area

AREAS = [(lang, name) for lang in LANGUAGES for name in names(lang)]


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def forms(entry: Entry) -> list[str]:
    return list(entry.values()) if isinstance(entry, dict) else [entry]


def test_a_string_is_found_in_the_language_asked_for() -> None:
    assert (tr("en", "common.number.6"), tr("zh_CN", "common.number.6")) == ("six", "六")


def test_values_fill_the_placeholders() -> None:
    assert "1.2" in tr("en", "cli.doctor.qt_works", version="1.2", platform="xcb")


def test_a_string_is_left_as_it_stands_where_no_values_are_given() -> None:
    assert tr("en", "cli.doctor.qt_works") == "{version}, platform {platform}"


@pytest.mark.parametrize(
    ("count", "expected"), [(1, "1 font file,"), (0, "all 0 font files,"), (9, "all 9 font files,")]
)
def test_the_count_chooses_the_plural(count: int, expected: str) -> None:
    assert tr("en", "cli.doctor.has_fonts", count=count).startswith(expected)


def test_a_language_without_a_singular_uses_its_only_form() -> None:
    assert "1 个字体" in tr("zh_CN", "cli.doctor.has_fonts", count=1)


@pytest.mark.parametrize("key", ["common.no_such_string", "no_such_area.key", "common"])
def test_a_missing_string_is_a_key_error_that_names_it(key: str) -> None:
    with pytest.raises(KeyError) as caught:
        tr("en", key)
    assert key.partition(".")[0] in str(caught.value)
    assert "en/" in str(caught.value)


def test_a_missing_value_is_an_error_that_names_string_and_value() -> None:
    with pytest.raises(StringsError, match=r"en/cli\.doctor\.qt_works.*platform"):
        tr("en", "cli.doctor.qt_works", version="6")


def test_every_language_has_the_same_areas() -> None:
    assert {names(lang) for lang in LANGUAGES} == {names("en")}


@pytest.mark.parametrize("name", names("en"))
def test_every_language_has_the_same_keys(name: str) -> None:
    for lang in LANGUAGES:
        assert area(lang, name).keys() == area("en", name).keys(), lang


@pytest.mark.parametrize(("lang", "name"), AREAS)
def test_every_string_has_the_placeholders_of_the_english_one(lang: Lang, name: str) -> None:
    for key, entry in area(lang, name).items():
        english = set().union(*map(placeholders, forms(area("en", name)[key])))
        for form in forms(entry):
            # A plural form for one may say "a file" instead of the number.
            assert placeholders(form) | {"count"} == english | {"count"}, f"{lang}/{name}.{key}"


@pytest.mark.parametrize(("lang", "name"), AREAS)
def test_no_string_is_empty(lang: Lang, name: str) -> None:
    assert [key for key, entry in area(lang, name).items() for form in forms(entry) if not form.strip()] == []


def test_every_language_says_its_own_name() -> None:
    assert languages() == {"en": "English", "zh_CN": "简体中文"}


@pytest.mark.parametrize(
    ("lang", "number", "expected"),
    [
        ("en", 0, "zero"),
        ("en", 20, "twenty"),
        ("en", 21, "21"),
        ("zh_CN", 6, "六"),
        ("zh_CN", 2, "二"),
        ("en", -1, "-1"),
    ],
)
def test_small_numbers_are_words(lang: Lang, number: int, expected: str) -> None:
    assert words(lang, number) == expected


def test_two_before_a_measure_word_differs_in_chinese_only() -> None:
    assert [words(lang, 2, measured=True) for lang in LANGUAGES] == ["two", "两"]
