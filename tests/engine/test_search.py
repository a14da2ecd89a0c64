"""Finding paths by a part of a name or by a glob, in all layers."""

import pytest

from layerviz.engine.search import find_paths
from tests.engine.drawn import stack

IMAGE = stack("etc/ etc/passwd=1 etc/apt/ etc/apt/a.list=1 app/ app/x.pyc=1 app/Makefile=1 old=1", "app/y.pyc=2 -old")


def paths(pattern: str) -> list[str]:
    return [hit.path for hit in find_paths(IMAGE, pattern)]


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("pass", "/etc/passwd"),
        ("PASS", "/etc/passwd"),
        ("makefile", "/app/Makefile"),
        ("ap", "/app /etc/apt"),
        ("etc/pass", "/etc/passwd"),
        ("c/p", "/etc/passwd"),
        ("/etc/p", "/etc/passwd"),
        ("/passwd", ""),
        ("*.pyc", "/app/x.pyc /app/y.pyc"),
        ("?.pyc", "/app/x.pyc /app/y.pyc"),
        ("[!x].pyc", "/app/y.pyc"),
        ("[^x].pyc", "/app/y.pyc"),
        ("[x-z].p*", "/app/x.pyc /app/y.pyc"),
        ("apt/*", "/etc/apt/a.list"),
        ("/etc/*", "/etc/apt /etc/passwd"),
        ("/etc/**", "/etc/apt /etc/apt/a.list /etc/passwd"),
        ("/*", "/app /etc /old"),
        ("pt/*", ""),
        ("*", "/app /app/Makefile /app/x.pyc /app/y.pyc /etc /etc/apt /etc/apt/a.list /etc/passwd /old"),
        ("", ""),
        ("/", ""),
        ("[", ""),
        ("[z-a]*", ""),
        ("a.list/", "/etc/apt/a.list"),
    ],
)
def test_a_pattern_fits_a_part_of_a_name_a_glob_a_whole_one_and_with_a_slash_a_path(pattern: str, wanted: str) -> None:
    assert paths(pattern) == wanted.split()


def test_what_is_not_seen_any_more_is_found_with_its_last_version() -> None:
    (hit,) = find_paths(stack("old=1", "old=22", "-old"), "old")
    assert (hit.position, hit.seen, hit.entry.content.read()) == (2, False, b"22")


def test_a_whiteout_of_what_never_was_is_nothing() -> None:
    assert find_paths(stack("a=1", "-ghost"), "ghost") == ()


def test_as_many_as_asked_for() -> None:
    assert [hit.path for hit in find_paths(IMAGE, "*", 2)] == ["/app", "/app/Makefile"]


def test_names_that_are_no_utf_8_are_found() -> None:
    (hit,) = find_paths(stack("caf\udce9=1"), "caf?")
    assert hit.path == "/caf\udce9"


def test_letters_beyond_ascii_fit_a_class_and_a_question_mark() -> None:
    assert [hit.path for hit in find_paths(stack("é1=1 ü1=2"), "[é]1")] == ["/é1"]
    assert [hit.path for hit in find_paths(stack("é1=1"), "?1")] == ["/é1"]
