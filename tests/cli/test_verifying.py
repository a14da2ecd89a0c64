"""Layers that are not what the config says: each command that says it looks finds them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from layerviz.images import verifying
from tests.cli.made import image
from tests.images import archives
from tests.images.archives import File

Invoke = Callable[..., Result]


@pytest.fixture
def lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An image of which one layer is another; it counts as a large one."""
    monkeypatch.setattr(verifying, "_SMALL_BYTES", 1000)
    told = {"type": "layers", "diff_ids": [f"sha256:{archives.digest(archives.layer([File('a', b'1')]))}"]}
    return image(tmp_path / "lie", [File("a", b"2")], rootfs=told)


@pytest.mark.parametrize(
    "command",
    [
        ["tree", "--verify"],
        ["tree", "--digest"],
        ["inspect", "--verify"],
        ["history", "--verify"],
        ["report"],
        ["report", "--json"],
        ["diff", "LIE"],
        ["export", "-o", "OUT.svg"],
    ],
)
def test_a_layer_with_another_diff_id_is_one_sentence_and_status_1(
    invoke: Invoke, lie: str, tmp_path: Path, command: list[str]
) -> None:
    words = [word.replace("LIE", lie).replace("OUT", f"{tmp_path}/out") for word in command[1:]]
    told = invoke(command[0], lie, *words)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.count("\n") == 1
    assert "invalid diffID for layer 1" in told.stderr
    assert not (tmp_path / "out.svg").exists()


@pytest.mark.parametrize("command", ["tree", "inspect", "history"])
def test_what_only_lists_does_not_look_at_a_large_image_unless_asked(invoke: Invoke, lie: str, command: str) -> None:
    assert invoke(command, lie).exit_code == 0


def test_a_small_image_is_always_looked_at(invoke: Invoke, lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "_SMALL_BYTES", 1 << 26)
    assert invoke("tree", lie).exit_code == 1
