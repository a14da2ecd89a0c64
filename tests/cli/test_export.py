"""`layerviz export`: what its options write where, and what it refuses."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from PySide6.QtGui import QImage

LESSON = "two-layers-six-files"
Invoke = Callable[..., Result]
SMALL = ("--size", "640x360")


def exported(invoke: Invoke, *arguments: str) -> Result:
    result = invoke("export", *arguments)
    assert result.exit_code == 0, result.output
    return result


def test_one_step_is_the_file_that_is_named(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "cover.png"
    result = exported(invoke, LESSON, "--step", "3", "-o", str(file), *SMALL)
    assert result.stdout == f"{file}\n"
    assert QImage(str(file)).size().toTuple() == (640, 360)


def test_several_steps_are_a_folder_of_numbered_files(invoke: Invoke, tmp_path: Path) -> None:
    exported(invoke, LESSON, "--step", "2-3", "--format", "svg", "-o", str(tmp_path / "new" / "slides"))
    assert {file.name for file in (tmp_path / "new" / "slides").iterdir()} == {f"{LESSON}-02.svg", f"{LESSON}-03.svg"}


def test_both_languages_are_two_files(invoke: Invoke, tmp_path: Path) -> None:
    exported(invoke, LESSON, "--step", "3", "--lang", "both", "-o", str(tmp_path / "cover.svg"))
    texts = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    assert texts.keys() == {"cover.en.svg", "cover.zh_CN.svg"}
    assert re.search("[一-鿿]", texts["cover.zh_CN.svg"])


@pytest.mark.parametrize(("name", "begins"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")])
def test_the_format_follows_the_name_of_the_file(invoke: Invoke, tmp_path: Path, name: str, begins: bytes) -> None:
    exported(invoke, LESSON, "--step", "1", "-o", str(tmp_path / name), *SMALL)
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_format_wins_over_the_name(invoke: Invoke, tmp_path: Path) -> None:
    exported(invoke, LESSON, "--step", "1", "--format", "svg", "-o", str(tmp_path / "picture"))
    assert ElementTree.parse(tmp_path / "picture").getroot().tag.endswith("svg")


def test_the_same_export_has_the_same_bytes(invoke: Invoke, tmp_path: Path) -> None:
    for name in ("one.png", "two.png", "one.svg", "two.svg"):
        exported(invoke, LESSON, "--step", "3", "-o", str(tmp_path / name), *SMALL)
    for ending in ("png", "svg"):
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()


def test_the_last_moment_is_the_picture_of_the_step_and_an_earlier_one_is_not(invoke: Invoke, tmp_path: Path) -> None:
    for name, at in (("none.svg", ()), ("last.svg", ("--at", "1")), ("middle.svg", ("--at", "0.5"))):
        exported(invoke, LESSON, "--step", "4", *at, "-o", str(tmp_path / name))
    none, last, middle = ((tmp_path / f"{name}.svg").read_bytes() for name in ("none", "last", "middle"))
    assert none == last
    assert none != middle


def test_a_dash_is_the_standard_output(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "cover.svg"
    wanted = (LESSON, "--step", "3", "--format", "svg", "--crop")
    exported(invoke, *wanted, "-o", str(file))
    assert exported(invoke, *wanted, "-o", "-").stdout_bytes == file.read_bytes()
    assert invoke("export", LESSON, "--step", "2-3", "-o", "-").exit_code == 2


@pytest.mark.parametrize("name", ["cover.svg", "cover.png", "cover.PNG", "cover.gif", "cover.jpg"])
def test_several_steps_do_not_make_a_folder_that_is_called_like_a_picture(
    invoke: Invoke, tmp_path: Path, name: str
) -> None:
    result = invoke("export", LESSON, "-o", str(tmp_path / name))
    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "--output" in result.stderr


def test_a_picture_is_not_called_by_a_format_that_it_has_not(invoke: Invoke, tmp_path: Path) -> None:
    result = invoke("export", LESSON, "--step", "3", "-o", str(tmp_path / "cover.gif"))
    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert ".png, .svg or .pdf" in result.stderr


def test_a_file_of_commands_is_exported_command_by_command(invoke: Invoke, tmp_path: Path) -> None:
    script = tmp_path / "demo.sh"
    script.write_text("docker pull alpine\ndocker run -d --name c1 alpine sleep 60\n", encoding="utf-8")
    exported(invoke, str(script), "--format", "svg", "-o", str(tmp_path / "out"))
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"demo-01.svg", "demo-02.svg"}


@pytest.mark.parametrize(
    "options",
    [
        ("--at", "1.5"),
        ("--at", "soon"),
        ("--scale", "5"),
        ("--size", "big"),
        ("--size", "0x10"),
        ("--step", "three"),
        ("--step", "99"),
        ("--theme", "sepia"),
        ("--format", "bmp"),
    ],
)
def test_wrong_usage_is_status_2_and_writes_nothing(invoke: Invoke, tmp_path: Path, options: tuple[str, ...]) -> None:
    result = invoke("export", LESSON, "-o", str(tmp_path / "out"), *options)
    assert result.exit_code == 2
    assert options[0] in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_lesson_that_does_not_exist_is_status_1_and_names_those_that_do(invoke: Invoke) -> None:
    result = invoke("export", "no-such-lesson")
    assert result.exit_code == 1
    assert LESSON in result.stderr
    assert len(result.stderr.splitlines()) == 1
