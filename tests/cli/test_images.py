"""`layerviz images`: what the images of a place share; `layerviz lessons make`: a lesson of one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.made import image
from tests.images import archives
from tests.images.archives import File

Invoke = Callable[..., Result]


@pytest.fixture
def place(tmp_path: Path) -> str:
    base, tool, app = (archives.layer([File(name, bytes(size))]) for name, size in (("b", 1000), ("t", 300), ("a", 50)))
    members = archives.several({"one:latest": [base, tool], "two:latest": [base, app], "three:1": [base, app, tool]})
    return archives.written(tmp_path, members)


def test_each_image_with_what_it_shares_and_what_is_its_own(invoke: Invoke, place: str) -> None:
    lines = invoke("images", place).stdout.splitlines()
    assert lines[0].split() == ["IMAGE", "ID", "SIZE", "SHARED", "UNIQUE"]
    assert [line.split()[0] for line in lines[1:4]] == ["one:latest", "two:latest", "three:1"]
    assert [line.split()[2:] for line in lines[1:4]] == [
        ["1.3kB", "1kB", "300B"],
        ["1.05kB", "1.05kB", "0B"],
        ["1.35kB", "1.05kB", "300B"],
    ]
    assert lines[4] == "4 layers, 1.65kB stored; added up image by image it would be 3.7kB"


def test_what_removing_some_together_frees(invoke: Invoke, place: str) -> None:
    assert invoke("images", place, "--remove", "two").stdout.splitlines()[-1].startswith("0B would be freed")
    both = invoke("images", place, "--remove", "two", "--remove", "three:1").stdout.splitlines()[-1]
    assert both == "350B would be freed: 2 layers that nothing else needs"


def test_the_same_as_json(invoke: Invoke, place: str) -> None:
    said = json.loads(invoke("images", place, "--json", "--remove", "one").stdout)
    assert (said["stored_bytes"], said["summed_bytes"], said["freed_bytes"]) == (1650, 3700, 300)
    two = said["images"][1]
    assert (two["names"], two["shared_bytes"], two["unique_bytes"]) == (["two:latest"], 1050, 0)
    assert [other["bytes"] for other in two["shared_with"]] == [1050, 1000]


def test_a_name_that_is_not_there_is_told_with_those_that_are(invoke: Invoke, place: str) -> None:
    told = invoke("images", place, "--remove", "four")
    assert told.exit_code == 1
    assert told.stderr == "layerviz: there is no four here; there are: one:latest, two:latest, three:1\n"


def test_an_image_is_also_called_by_the_beginning_of_its_id_but_not_by_nothing(invoke: Invoke, place: str) -> None:
    first = json.loads(invoke("images", place, "--json").stdout)["images"][0]["id"]
    by_name, by_id = (
        invoke("images", place, "--remove", name).stdout.splitlines()[-1]
        for name in ("one", first[: len("sha256:") + 12])
    )
    assert by_id == by_name != ""
    assert invoke("images", place, "--remove", "").exit_code == 1


def test_a_lesson_is_made_of_an_image_and_is_sound(invoke: Invoke, tmp_path: Path) -> None:
    made = image(tmp_path / "made", [File("etc/a", b"1")], [File("etc/a", b"22")], created_by=("COPY a /", "RUN b"))
    lesson = tmp_path / "made.yaml"
    told = invoke("lessons", "make", made, "-o", str(lesson))
    assert (told.exit_code, told.stdout) == (0, f"{lesson}\n")
    assert invoke("lessons", "check", str(lesson)).exit_code == 0
    assert invoke("lessons", "make", made).stdout == lesson.read_text(encoding="utf-8")


def test_of_an_image_without_layers_no_lesson_is_made(invoke: Invoke, tmp_path: Path) -> None:
    told = invoke("lessons", "make", image(tmp_path), "-o", str(tmp_path / "made.yaml"))
    assert told.exit_code == 1
    assert "no layers" in told.stderr
    assert not (tmp_path / "made.yaml").exists()
