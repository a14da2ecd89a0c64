"""What Tab offers."""

import pytest

from layerviz.engine.world import World
from layerviz.shell import complete
from tests.shell.playing import SIX, world_of


@pytest.fixture(scope="module")
def world() -> World:
    return world_of(SIX + "docker run -dit --name c1 six\ndocker run -dit --name cc six")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("dock", ["docker"]),
        ("docker im", ["image", "images"]),
        ("docker image h", ["history"]),
        ("docker run --na", ["--name"]),
        ("docker run -dit --name x s", ["six"]),
        ("docker exec c", ["c1", "cc"]),
        ("docker exec c1 whoa", ["whoami"]),
        ("docker exec c1 cat /files/file1", []),
        ("docker exec c1 cat /fi", ["/files/"]),
        ("docker rmi ", ["alpine", "six"]),
        ("docker pull ng", ["nginx"]),
        ("docker cp c1:/fi", ["c1:/files/"]),
        ("docker build -f Do", ["Dockerfile"]),
        ("cat a/", ["a/file1", "a/file2", "a/file3"]),
        ("ls > ", ["Dockerfile", "a/", "b/", "c/"]),
        ("true && cat b/file4 && ls c/f", ["c/file5"]),
        ("docker nosuch x", []),
    ],
)
def test_what_fits_is_offered_in_order(text: str, offered: list[str], world: World) -> None:
    assert [completion.text for completion in complete(world, text, len(text))] == offered


def test_a_completion_says_where_it_begins(world: World) -> None:
    (completion,) = complete(world, "cat a/file1 Dock  more", 16)
    assert (completion.text, completion.start, completion.kind) == ("Dockerfile", 12, "file")


def test_names_with_blanks_are_typed_with_backslashes() -> None:
    assert [one.text for one in complete(world_of("touch 'a b'"), "cat a", 5)] == ["a\\ b"]


def test_the_same_world_offers_the_same(world: World) -> None:
    assert complete(world, "docker ", 7) == complete(world, "docker ", 7)
