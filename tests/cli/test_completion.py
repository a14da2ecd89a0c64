"""Tab offers commands, options, lessons and files."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., "subprocess.CompletedProcess[str]"]


def offered(call: Call, line: str) -> list[str]:
    words = line.split(" ")
    asked = call(_LAYERVIZ_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1))
    return asked.stdout.splitlines()


def test_commands_and_lessons_are_offered_first(call: Call) -> None:
    assert offered(call, "layerviz l") == ["plain,lessons"]
    assert offered(call, "layerviz two") == ["plain,two-layers-six-files"]
    assert {"plain,export", "plain,doctor", "plain,start"} <= set(offered(call, "layerviz "))


def test_what_can_be_exported_are_lessons_and_files(call: Call) -> None:
    assert offered(call, "layerviz export two") == ["file,two", "plain,two-layers-six-files"]
    assert "plain,all" in offered(call, "layerviz export a")


def test_values_of_options_are_offered(call: Call) -> None:
    assert offered(call, "layerviz export start --theme pro") == ["plain,projector"]


def test_places_to_save_to_are_offered_and_then_what_lies_there(call: Call, tmp_path: Path) -> None:
    (tmp_path / "layout").mkdir()
    assert offered(call, "layerviz save x o") == ["plain,oci:", "plain,oci-archive:"]
    assert offered(call, f"layerviz save x oci:{tmp_path}/la") == [f"plain,oci:{tmp_path}/layout/"]


def test_ways_to_an_image_are_offered_and_then_what_lies_there(call: Call, tmp_path: Path) -> None:
    (tmp_path / "app.tar").touch()
    assert offered(call, "layerviz report oci") == ["file,oci", "plain,oci:", "plain,oci-archive:"]
    assert offered(call, f"layerviz tree docker-archive:{tmp_path}/a") == [f"plain,docker-archive:{tmp_path}/app.tar"]
    assert offered(call, "layerviz diff x lesson:two") == ["plain,lesson:two-layers-six-files"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_asks_layerviz_itself(call: Call, shell: str) -> None:
    script = call("completion", shell).stdout
    assert f"_LAYERVIZ_COMPLETE={shell}_complete" in script


def test_an_unknown_shell_is_wrong_usage(call: Call) -> None:
    assert call("completion", "csh").returncode == 2
