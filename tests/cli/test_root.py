"""What every command has in common: version, help, languages, problems in one sentence."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import layerviz
from layerviz.cli.root import COMMANDS
from layerviz.cli.speech import language_of
from tests.cli.made import image
from tests.images.archives import File

Call = Callable[..., "subprocess.CompletedProcess[str]"]
NOWHERE = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}


def test_version_is_that_of_the_package(call: Call) -> None:
    assert call("--version").stdout == f"layerviz {layerviz.__version__}\n"


def test_version_is_quick(tmp_path: Path) -> None:
    # The limit is 150 ms with bytecode on an idle machine. Other tests run beside this one, so it is processor time
    # that is measured and held against that of Python's own start, and the best of some runs counts.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def best(*command: str) -> float:
        times = []
        for _ in range(5):
            begin = os.times()
            subprocess.run([sys.executable, *command], env=environment, stdout=subprocess.DEVNULL, check=True)
            end = os.times()
            times.append(end.children_user + end.children_system - begin.children_user - begin.children_system)
        return min(times)

    bare = best("-c", "pass")
    assert best("-m", "layerviz", "--version") < 0.150 * max(1.0, bare / 0.015)


def imported_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_command_line_imports_neither_qt_nor_networkx() -> None:
    modules = imported_by("import layerviz.cli.root, layerviz.cli")
    assert "click" in modules
    assert not {"PySide6", "shiboken6", "networkx", "numpy", "PIL", "fontTools", "pypdf"} & modules


@pytest.mark.parametrize("command", COMMANDS)
def test_importing_a_command_imports_no_qt(command: str) -> None:
    modules = imported_by(f"import {COMMANDS[command].partition(':')[0]}")
    assert not {"PySide6", "shiboken6", "networkx"} & modules


def test_help_lists_every_command_with_a_sentence(call: Call) -> None:
    shown = call("--help").stdout
    for command in COMMANDS:
        line = next(line for line in shown.splitlines() if line.split()[:1] == [command])
        assert len(line.split()) > 3


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_chinese(call: Call, command: str) -> None:
    shown = call(command, "--help", LAYERVIZ_LANG="zh_CN")
    assert shown.returncode == 0
    assert any("一" <= character <= "鿿" for character in shown.stdout)


def test_without_a_display_the_app_says_so_in_one_sentence_and_points_to_export(call: Call) -> None:
    opened = call(**NOWHERE)
    assert opened.returncode == 1
    assert opened.stdout == ""
    assert len(opened.stderr.splitlines()) == 1
    assert "no display" in opened.stderr
    assert "layerviz export" in opened.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has displays that can be absent")
def test_a_display_that_does_not_answer_is_no_display(call: Call) -> None:
    assert "no display" in call(**{**NOWHERE, "DISPLAY": ":4711"}).stderr


@pytest.mark.parametrize(
    ("word", "meant"),
    [("two-layers", "two-layers-six-files"), ("exprot", "export"), ("one-unifed-view", "one-unified-view")],
)
def test_a_word_that_is_nearly_a_command_or_lesson_is_answered_with_it(call: Call, word: str, meant: str) -> None:
    result = call(word, **NOWHERE)
    assert result.returncode == 2
    assert f"did you mean {meant}?" in result.stderr
    # What one can type is `layerviz LESSON`; there is no command in between.
    assert result.stderr.startswith("Usage: layerviz [OPTIONS] [LESSON | COMMAND …]\nTry 'layerviz --help' for help.\n")


def test_help_behind_a_lesson_and_a_word_too_many_speak_of_layerviz_itself(call: Call) -> None:
    assert call("start", "--help").stdout == call("--help").stdout
    too_many = call("start", "end", **NOWHERE)
    assert too_many.returncode == 2
    assert too_many.stderr.startswith("Usage: layerviz [OPTIONS] [LESSON | COMMAND …]\n")


def test_help_pages_are_punctuated_in_their_language(call: Call) -> None:
    assert "\nOptions:\n" in call("--help").stdout
    shown = call("--help", LAYERVIZ_LANG="zh_CN").stdout
    assert shown.startswith("用法：layerviz ")
    assert "\n选项：\n" in shown and "\n命令：\n" in shown
    assert "（1 步）" in call("lessons", LAYERVIZ_LANG="zh_CN").stdout


def test_an_unknown_option_is_wrong_usage(call: Call) -> None:
    assert call("--no-such-option").returncode == 2


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LAYERVIZ_LANG": "zh_CN"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": ""}, "zh_CN"),
    ],
)
def test_the_command_line_speaks_the_language_of_the_terminal(environment: dict[str, str], expected: str) -> None:
    assert language_of(environment) == expected


def test_a_word_that_is_neither_command_nor_lesson_is_wrong_usage_and_says_where_to_look(call: Call) -> None:
    result = call("no-such-thing", **NOWHERE)
    assert result.returncode == 2
    assert "no-such-thing" in result.stderr
    assert "layerviz lessons" in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("lessons",)])
def test_a_full_disk_is_one_sentence_also_for_help(arguments: tuple[str, ...], unbuffered: str) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        called = subprocess.run(
            [sys.executable, "-m", "layerviz", *arguments],
            stdout=full, stderr=subprocess.PIPE, check=False, env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    assert called.returncode == 1
    assert called.stderr.startswith(b"layerviz: ") and called.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="a shell closes it")
def test_what_is_said_to_a_closed_output_is_lost_and_no_more(tmp_path: Path) -> None:
    made = image(tmp_path, [File("a", b"1")])
    for arguments in (("tree", made), ("lessons",)):
        called = subprocess.run(
            ["sh", "-c", '"$0" -m layerviz "$@" >&-', sys.executable, *arguments], stderr=subprocess.PIPE, check=False
        )
        assert (called.returncode, called.stderr) == (0, b"")
