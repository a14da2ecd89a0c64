"""`layerviz diff`: shared layers, then what is another."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from tests.cli.made import image
from tests.images.archives import File

Invoke = Callable[..., Result]


def two(folder: Path) -> tuple[str, str]:
    base = [File("etc/a", b"1"), File("etc/b", b"1"), File("old", b"1")]
    one = image(folder / "one", base, created_by=("COPY base /",))
    other = image(folder / "other", base, [File("etc/a", b"22"), File(".wh.old"), File("new/x", b"1")])
    return one, other


def test_shared_layers_stand_before_the_paths(invoke: Invoke, tmp_path: Path) -> None:
    one, other = two(tmp_path)
    told = invoke("diff", one, other)
    assert told.exit_code == 0
    shared, *paths = told.stdout.splitlines()
    assert shared.startswith("= ")
    assert shared.endswith("3B  COPY base /")
    assert paths == ["C /etc/a", "A /new", "A /new/x", "D /old"]


def test_the_same_as_json_with_before_and_after(invoke: Invoke, tmp_path: Path) -> None:
    one, other = two(tmp_path)
    said = json.loads(invoke("diff", other, one, "--json").stdout)
    assert (len(said["shared_layers"]), said["shared_bytes"], said["layers"]) == (1, 3, [2, 1])
    changed = said["changes"][0]
    assert (changed["kind"], changed["path"]) == ("C", "/etc/a")
    assert (changed["before"]["size"], changed["after"]["size"]) == (2, 1)
    assert [(one["kind"], one["path"]) for one in said["changes"][1:]] == [
        ("D", "/new"),
        ("D", "/new/x"),
        ("A", "/old"),
    ]


def test_contents_that_differ_behind_equal_size_and_time_are_found(invoke: Invoke, tmp_path: Path) -> None:
    one = image(tmp_path / "one", [File("a", b"1")])
    other = image(tmp_path / "other", [File("a", b"2")])
    assert invoke("diff", one, other).stdout == "C /a\n"


def test_an_image_does_not_differ_from_itself(invoke: Invoke, tmp_path: Path) -> None:
    one, _ = two(tmp_path)
    assert [line[:1] for line in invoke("diff", one, one).stdout.splitlines()] == ["="]
