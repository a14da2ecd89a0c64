"""A build as a value: what stands on the stage after a command, what undo does, what the undo line calls things."""

import time

import pytest

from layerviz.app.session import Session, empty, short_name
from layerviz.shell import run_script

FILES = 'mkdir a b\necho "File 1" > a/file1\necho "File 2" > b/file1\n'
TWO = FILES + "printf 'FROM alpine\\nCOPY a/ /files/\\nCOPY b/ /files/\\n' > Dockerfile\ndocker build -t two .\n"


def after(*commands: str) -> Session:
    session = empty()
    for command in commands:
        session = session.ran(command, run_script(session.world, command, keep_going=True))
    return session


def test_what_a_command_is_about_stands_on_the_stage() -> None:
    assert after(FILES).place.show == ()
    assert after(TWO).place.show == ("two",)
    assert after(TWO, "docker run -dit --name c1 two").place.show == ("c1",)
    assert after(TWO, "docker pull redis").place.show == ("redis",)


def test_a_second_container_stands_beside_the_first() -> None:
    session = after(TWO, "docker run -dit --name c1 two", "docker run -dit --name c2 two")
    assert session.place.show == ("c1", "c2")


def test_the_stage_follows_into_the_directory_that_a_command_touched() -> None:
    session = after(TWO, "docker run -dit --name c1 two", "docker exec c1 rm /files/file1")
    assert (session.place.show, session.place.directory) == (("c1",), "/files")


def test_what_is_removed_leaves_the_stage() -> None:
    session = after(TWO, "docker run -dit --name c1 two", "docker rm -f c1")
    assert session.place.show == ("two",)


def test_undo_passes_over_commands_that_changed_nothing() -> None:
    session = after(TWO, "docker images", "docker history two")
    assert session.undone().at == 0
    assert session.undone().redone().world.images == session.world.images


def test_a_command_that_only_fails_can_not_be_undone() -> None:
    session = after("docker run nothing")
    assert session.done[0].failed and not session.can_undo


def test_undo_and_any_jump_in_ten_thousand_commands_are_instant() -> None:
    session = after(FILES)
    one = session.done[0]
    many = Session(session.origin, session.start, session.start_place, (one,) * 10_000, 10_000)
    start = time.perf_counter()
    assert many.undone().at == 9_999
    assert many.jumped(17).world is one.world
    assert time.perf_counter() - start < 0.05


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("docker build -t mine .", "build mine"),
        ("mkdir a b", "mkdir a b"),
        ('echo "File 8" > e/file2', "e/file2"),
        ("docker run -dit --name c1 six", "run -dit --name…"),
        ("cat > Dockerfile <<EOF\nFROM scratch\nEOF\n", "Dockerfile"),
        ('echo "COPY c/ /" >> Dockerfile\ndocker build -t mine .', "build mine"),
        ("docker load -i '/some/where/image.tar'", "load image.tar"),
    ],
)
def test_commands_have_short_names_on_the_undo_line(command: str, name: str) -> None:
    assert short_name(command) == name
