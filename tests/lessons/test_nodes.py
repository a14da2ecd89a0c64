"""A lesson file that breaks the schema says so in clear sentences, each with its line and column, all at once."""

from pathlib import Path

import pytest

from layerviz.lessons.loading import LessonError, load, read_lesson
from tests.lessons.writing import LESSON, lesson_file, line_of


def test_a_sound_file_is_read_whole(tmp_path: Path) -> None:
    lesson = load(lesson_file(tmp_path))
    assert (lesson.id, lesson.minutes, lesson.title.zh_CN) == ("tiny", 3, "小课")
    assert lesson.steps[0].run.endswith("docker build -t one .\n")
    assert lesson.challenge is not None
    assert lesson.challenge.checks[0].right_if == "exists(mine)"


SENTENCES = [
    ("captoin: an unknown key", ("    caption:", "    captoin:"), "captoin is not known here", "did you mean caption?"),
    ("a missing language", ("      zh_CN: 几个？\n", ""), None, ""),
    ("text twice", ("minutes: 3\n", "minutes: 3\nminutes: 4\n"), "minutes stands here twice", "keep one of them"),
    ("no number", ("minutes: 3", "minutes: three"), "“three” is no whole number", ""),
    (
        "a bad choice",
        ("kind: number", "kind: numbr"),
        "“numbr” is none of: number, choose, click, poll",
        "did you mean",
    ),
    ("one value for a list", ("    show:\n      - one\n", "    show: one\n"), "a list is wanted here", "begin each"),
    ("a mapping in braces", ("  en: Tiny\n  zh_CN: 小课", "  {en: Tiny, zh_CN: 小课}"), "braces", "line of its own"),
    ("empty text", ("zh_CN: 小课", 'zh_CN: ""'), "the text is empty", ""),
]


@pytest.mark.parametrize(("change", "what", "hint"), [s[1:] for s in SENTENCES], ids=[s[0] for s in SENTENCES])
def test_what_breaks_the_schema_is_one_sentence_with_its_line(
    tmp_path: Path, change: tuple[str, str], what: str | None, hint: str
) -> None:
    file = lesson_file(tmp_path, change if what else ("          zh_CN: 几个？\n", ""))
    source = read_lesson(file)
    assert source.lesson is None
    (wrong, *_) = source.wrong
    assert (what or "zh_CN is missing") in str(wrong.what)
    assert hint in str(wrong.hint or "")
    new = change[1].strip().splitlines()[-1] if change[1].strip() else "en: How many?"
    assert wrong.mark.line in (line_of(file, new), line_of(file, new) - 1)


def test_all_that_is_wrong_is_found_at_once(tmp_path: Path) -> None:
    file = lesson_file(tmp_path, ("    caption:", "    captoin:"), ("minutes: 3", "minutes: x"), ("par: 1", "par: one"))
    found = [(wrong.field, wrong.mark.line) for wrong in read_lesson(file).wrong]
    assert found == [
        ("minutes", line_of(file, "minutes: x")),
        ("steps.0.captoin", line_of(file, "captoin")),
        ("challenge.par", line_of(file, "par: one")),
    ]


BROKEN = [
    ("a colon in a text", "en: How many?", "en: How many: files?", "“: ”"),
    ("a backtick", "en: How many?", "en: `ls` shows what?", "begins with `"),
    ("a star", "en: How many?", "en: *all* files?", "begins with *"),
    ("a brace", 'en: "{count(view(one)):Words} file."', "en: {count(view(one)):Words} file.", "begins with {"),
    ("a tab", "    caption:", "\tcaption:", "blanks, not with tabs"),
    ("an open quote", 'en: "{count(view(one)):Words} file."', 'en: "one', "opened here and not closed"),
]


@pytest.mark.parametrize(("old", "new", "hint"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_text_that_is_no_yaml_gets_the_hint_that_helps(tmp_path: Path, old: str, new: str, hint: str) -> None:
    file = lesson_file(tmp_path, (old, new))
    (wrong,) = read_lesson(file).wrong
    assert hint in str(wrong.hint or "")
    assert 0 <= wrong.mark.line - line_of(file, new.split("\n")[0]) <= len(LESSON.splitlines())


def test_scalars_stay_what_was_typed(tmp_path: Path) -> None:
    file = lesson_file(tmp_path, ("en: Tiny", "en: on"), ("zh_CN: 小课", "zh_CN: 0755"))
    title = load(file).title
    assert (title.en, title.zh_CN) == ("on", "0755")


def test_load_raises_one_problem_that_counts_the_others(tmp_path: Path) -> None:
    file = lesson_file(tmp_path, ("    caption:", "    captoin:"), ("minutes: 3", "minutes: x"))
    with pytest.raises(LessonError, match=r"07-tiny\.yaml:5:10: minutes: “x” is no whole number \(and 1 more\)"):
        load(file)


def test_a_file_that_is_not_there_and_one_in_another_encoding_say_so(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="No such file"):
        read_lesson(tmp_path / "none.yaml")
    file = tmp_path / "07-latin.yaml"
    file.write_bytes("title: caf\xe9".encode("latin-1"))
    assert "UTF-8" in str(read_lesson(file).wrong[0].what)


def test_an_empty_file_and_a_list_are_no_lesson(tmp_path: Path) -> None:
    file = tmp_path / "07-empty.yaml"
    file.write_text("# nothing\n")
    assert read_lesson(file).wrong[0].what.said("en") == "the file is empty"
    file.write_text("- a\n")
    assert "a mapping is wanted" in str(read_lesson(file).wrong[0].what)
