"""What another process finds out about an image is what would be found out here."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from layerviz.engine import whole
from layerviz.engine.layer_facts import layer_facts
from layerviz.engine.waste import waste
from layerviz.images import aside, contents, index_cache, index_view, layers
from layerviz.images.aside import Asked, Question
from layerviz.images.assembling import BroughtImage
from layerviz.images.opening import image_of
from tests.images import archives
from tests.images.archives import File

BASE = archives.layer((File("a", b"1" * 3000), File("b", b"2" * 9000), File("again", b"2" * 9000)))
TOP = archives.layer((File("a", b"3" * 3000), File(".wh.b")))
QUESTIONS: tuple[Question, ...] = ("view", "facts", "waste", "closer", 1, 2)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))
    for module in (aside, layers, index_view):
        monkeypatch.setattr(module, "WORTH_A_CHILD_BYTES", 0)


@pytest.fixture
def brought(tmp_path: Path) -> BroughtImage:
    """An image whose second layer is not what its DiffID says."""
    members = archives.old((BASE, TOP), ["x:latest"])
    name = next(name for name, data in members.items() if data == TOP)
    members[name] = TOP.replace(b"33333", b"34333", 1)
    return image_of(archives.written(tmp_path, members))


def answers(brought: BroughtImage, questions: Sequence[Question] = QUESTIONS) -> list[tuple[Question, object]]:
    return list(Asked(brought.image.layers, brought, questions, lambda: None).answers())


def here(brought: BroughtImage) -> list[tuple[Question, object]]:
    stack = brought.image.layers
    found = layer_facts(stack), waste(stack), waste(stack, contents.read)
    return list(zip(QUESTIONS, (None, *found, True, False), strict=True))


def test_a_child_answers_what_would_be_found_here(brought: BroughtImage, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = here(brought)

    def unasked(*_: object) -> None:
        raise AssertionError("it was to be found out by a child")

    monkeypatch.setattr(aside, "_answer", unasked)
    assert answers(brought) == expected


def test_the_view_that_a_child_made_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = archives.layer((File("large", bytes(33 << 20)), File("b")))
    brought = image_of(archives.written(tmp_path, archives.old((large,), ["x:latest"])))
    assert answers(brought, ("view",)) == [("view", None)]
    monkeypatch.setattr(whole, "_merged", _refused)
    assert len(whole.merged(brought.image.layers)) == 2


def test_where_no_child_can_be_started_or_an_index_is_gone_it_is_found_out_here(
    brought: BroughtImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = here(brought)
    for file in index_cache.folder().iterdir():
        file.unlink()
    assert answers(brought) == expected
    monkeypatch.setattr(subprocess, "Popen", _refused)
    assert answers(brought) == expected


def _refused(*_: object, **__: object) -> None:
    raise OSError


def test_nothing_is_answered_once_nobody_wants_to_know(brought: BroughtImage) -> None:
    asked = Asked(brought.image.layers, brought, QUESTIONS, lambda: None)
    coming = asked.answers()
    assert next(coming)[0] == "view"
    asked.end()
    assert list(coming) == []


def test_an_image_that_lies_nowhere_is_looked_at_here(brought: BroughtImage) -> None:
    stack = brought.image.layers
    made = list(Asked(stack, None, ("facts",), lambda: None).answers())
    assert made == [("facts", layer_facts(stack))]


@pytest.mark.parametrize("size", [1000, 33 << 20])
def test_a_layer_whose_file_has_changed_is_not_called_wrong(size: int, tmp_path: Path) -> None:
    file = tmp_path / "image.tar"
    file.write_bytes(archives.outer(archives.old((archives.layer((File("a", bytes(size)),)),), ["x:latest"])))
    brought = image_of(str(file))
    os.truncate(file, 600)
    ((_, said),) = answers(brought, (1,))
    assert str(said) == f"{file}: has changed since it was opened; load it again"
    file.unlink()
    ((_, said),) = answers(brought, (1,))
    assert str(said).startswith(f"{file}: cannot be read (No such file or directory)")
