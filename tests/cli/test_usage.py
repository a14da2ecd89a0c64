"""Wrong usage is told in the terminal's language, click's own words too, and ends with status 2."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from layerviz.cli.terminal import width
from layerviz.strings import LANGUAGES
from layerviz.strings.catalogue import area

Call = Callable[..., "subprocess.CompletedProcess[str]"]

WRONG = [
    # (what was typed, what click says in English, and in Chinese)
    (("export", "--bogus"), "Error: No such option", "错误：没有选项 "),
    (
        ("export", "3", "--theme", "x"),
        "Error: Invalid value for '--theme': 'x' is not one of",
        "错误：'--theme' 的值不合法：",
    ),
    (("export", "3", "--scale", "x"), "is not a valid float", "不是合法的数字"),
    (("export",), "Error: Missing argument", "错误：缺少参数 'LESSON|"),
    (("export", "3", "--step"), "requires an argument", "错误：选项 '--step' 需要一个值"),
    (("export", "3", "--crop=x"), "does not take a value", "错误：选项 '--crop' 不带值"),
    (("run", "a", "b"), "Got unexpected extra argument (b)", "错误：多余的参数（b）"),
    (("lessons", "chekc"), "Error: No such command 'chekc'.", "错误：没有命令 'chekc'。"),
]


@pytest.mark.parametrize(
    ("typed", "english", "chinese"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_wrong_usage_is_said_in_the_terminals_language(
    call: Call, typed: tuple[str, ...], english: str, chinese: str
) -> None:
    said = call(*typed)
    assert (said.returncode, said.stdout) == (2, "")
    assert english in said.stderr
    said = call(*typed, LAYERVIZ_LANG="zh_CN")
    assert (said.returncode, said.stdout) == (2, "")
    assert chinese in said.stderr
    assert not {"Error", "Try", "Usage", "help."} & set(said.stderr.replace(":", " ").split())


def test_pages_in_chinese_have_no_word_of_clicks_english(call: Call) -> None:
    shown = call("export", "--help", LAYERVIZ_LANG="zh_CN").stdout
    assert "[默认：dark]" in shown and "\n选项：\n" in shown
    assert not any(word in shown for word in ("default", "Options", "Show this"))


def asked_for(module: str) -> Iterator[str]:
    """Every text that a module of click asks `gettext` for."""
    tree = ast.parse((Path(click.__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
            yield from (str(given.value) for given in node.args if isinstance(given, ast.Constant))


def test_every_sentence_of_clicks_errors_has_its_words_in_the_catalogue() -> None:
    asked = {*asked_for("exceptions"), *asked_for("parser")}
    assert len(asked) > 15
    assert asked - {str(said) for said in area("en", "usage").values()} == set()


def test_the_words_of_click_differ_in_every_other_language() -> None:
    for lang in LANGUAGES[1:]:
        assert [key for key, said in area(lang, "usage").items() if said == area("en", "usage")[key]] == []


def test_the_version_is_the_same_in_every_language(call: Call) -> None:
    assert call("--version", LAYERVIZ_LANG="zh_CN").stdout == call("--version").stdout


def test_help_in_chinese_fits_the_terminal_and_has_no_blank_where_a_line_of_the_catalogue_ends(call: Call) -> None:
    for command in ((), ("export",), ("images",), ("save",), ("lessons", "make")):
        page = call(*command, "--help", LAYERVIZ_LANG="zh_CN", COLUMNS="80").stdout
        assert page.startswith("用法：")
        assert max(map(width, page.splitlines())) <= 80
        assert not re.search("(?<=[，。；：、]) +(?=[^\\s\\[])|(?m:^) +[，。；：、）]", page)
