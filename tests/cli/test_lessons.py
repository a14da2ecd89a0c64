"""`layerviz lessons` lists the story; `lessons check` finds everything that is wrong, at once."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from layerviz.cli.lessons import lessons
from layerviz.resources import lessons_folder
from tests.cli.made import image
from tests.images.archives import File

NUMBERED = sorted(file.name for file in lessons_folder().glob("*.yaml"))


def test_json_lists_id_title_and_number_of_steps_in_the_order_of_the_story() -> None:
    listed = json.loads(CliRunner().invoke(lessons, ["--json"]).stdout)
    assert [lesson["id"] for lesson in listed] == [name.removesuffix(".yaml").partition("-")[2] for name in NUMBERED]
    for lesson in listed:
        assert lesson.keys() == {"id", "title", "steps"}
        assert lesson["title"].keys() == {"en", "zh_CN"}
        assert lesson["steps"] >= 1


def test_the_list_for_people_has_a_line_a_lesson() -> None:
    lines = CliRunner().invoke(lessons).stdout.splitlines()
    assert len(lines) == len(NUMBERED)
    assert all(re.match(r"\d+  \S+ +\S.*\d", line) for line in lines)


def test_the_lessons_shipped_are_sound() -> None:
    checked = CliRunner().invoke(lessons, ["check"])
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert str(len(NUMBERED)) in checked.stdout


@pytest.fixture
def wrong_lesson(tmp_path: Path) -> Path:
    """Lesson 3 with two faults on different lines: an unknown field and a caption without Chinese."""
    text = (lessons_folder() / "03-two-layers-six-files.yaml").read_text(encoding="utf-8")
    text = text.replace("minutes:", "minuets:", 1)
    text = re.sub(r"(    caption:\n      en: .*\n)      zh_CN: .*\n", r"\1", text, count=1)
    file = tmp_path / "03-two-layers-six-files.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_check_names_file_line_column_and_field_of_every_fault(wrong_lesson: Path) -> None:
    checked = CliRunner().invoke(lessons, ["check", str(wrong_lesson)])
    assert checked.exit_code == 1
    assert checked.stdout == ""
    faults = [line for line in checked.stderr.splitlines() if line.startswith(f"{wrong_lesson}:")]
    assert all(re.match(re.escape(str(wrong_lesson)) + r":\d+:\d+: \S", line) for line in faults)
    assert any("minuets" in line for line in faults)
    assert any("caption" in line and "zh_CN" in line for line in faults)


@pytest.mark.parametrize("environment", [{"LAYERVIZ_LANG": "zh_CN"}, {"LAYERVIZ_LANG": "", "LC_ALL": "zh_CN.UTF-8"}])
def test_what_check_finds_is_said_in_the_terminals_language_at_the_same_places(
    call: "Callable[..., CompletedProcess[str]]", wrong_lesson: Path, environment: dict[str, str]
) -> None:
    english, chinese = (
        call("lessons", "check", str(wrong_lesson)),
        call("lessons", "check", str(wrong_lesson), **environment),
    )
    assert (english.returncode, chinese.returncode) == (1, 1)
    places = [
        re.findall(rf"^{re.escape(str(wrong_lesson))}:\d+:\d+: [\w.]+", said.stderr, re.M)
        for said in (english, chinese)
    ]
    assert places[0] == places[1] != []
    assert "minuets is not known here; did you mean minutes?" in english.stderr
    assert "这里没有 minuets 这个字段；是不是想写 minutes？" in chinese.stderr


def test_check_of_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    from layerviz.cli.root import layerviz

    checked = CliRunner().invoke(layerviz, ["lessons", "check", str(tmp_path / "99-none.yaml")])
    assert checked.exit_code == 1
    assert "99-none.yaml" in checked.stderr
    assert len(checked.stderr.splitlines()) == 1


def test_where_no_chinese_can_be_printed_json_says_the_same_in_escapes(
    call: "Callable[..., CompletedProcess[str]]",
) -> None:
    escaped = call("lessons", "--json", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert escaped.returncode == 0
    assert escaped.stdout.isascii()
    assert json.loads(escaped.stdout) == json.loads(CliRunner().invoke(lessons, ["--json"]).stdout)


def test_a_lesson_that_cannot_be_written_is_one_sentence_about_the_file_that_was_named(
    call: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    made = image(tmp_path, [File("a", b"1")])
    for place, words in ((tmp_path / "none" / "x.yaml", "its folder does not exist"), (tmp_path, "is a folder")):
        told = call("lessons", "make", made, "-o", str(place))
        assert (told.returncode, told.stdout) == (1, "")
        assert told.stderr.startswith(f"layerviz: {place}: {words}")
