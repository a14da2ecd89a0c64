"""The unfinished build on disk: its commands, so that it comes back as it was. Written atomically as it changes."""

from pathlib import Path

import msgspec

from layerviz.app.examples import example
from layerviz.app.prompting import run
from layerviz.app.session import Origin, Session, empty
from layerviz.app.settings import put_aside, write_atomically
from layerviz.engine.world import World
from layerviz.lessons import loading
from layerviz.lessons.loading import LessonError
from layerviz.lessons.playing import play
from layerviz.picture.layout import Place
from layerviz.shell import run_script


class Saved(msgspec.Struct, frozen=True):
    """A build as it is kept: where it began, every command, how many of them hold, and what is shown."""

    kind: str = "empty"
    id: str = ""
    step: int = 0
    commands: tuple[str, ...] = ()
    by_hand: tuple[int, ...] = ()
    at: int = 0
    show: tuple[str, ...] = ()
    directory: str = "/"


def saved_of(session: Session) -> Saved:
    return Saved(
        session.origin.kind,
        session.origin.id,
        session.origin.step,
        tuple(one.text for one in session.done),
        tuple(number for number, one in enumerate(session.done) if one.by_hand),
        session.at,
        session.place.show,
        session.place.directory,
    )


def save(file: Path, session: Session) -> None:
    """Keeps `session` in `file`. Raises `SettingsError`."""
    write_atomically(file, msgspec.json.encode(saved_of(session)))


def load(file: Path) -> Session | None:
    """The build kept in `file`; None where there is none. A damaged one is put aside."""
    try:
        saved = msgspec.json.decode(file.read_bytes(), type=Saved)
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        put_aside(file)
        return None
    except OSError:
        return None
    session = restarted(Origin(saved.kind, saved.id, saved.step))
    for number, command in enumerate(saved.commands):
        session = session.ran(command, run(session.world, command, "en", by_window=True), number in saved.by_hand)
    session = session.jumped(saved.at)
    if saved.show:
        session = session.showing(Place(saved.show, saved.directory))
    return session


def restarted(origin: Origin) -> Session:
    """The beginning of a build: empty, an example, a step of a lesson, a challenge."""
    if origin.kind == "example" and (one := example(origin.id)) is not None:
        session = empty()
        for command in one.script.strip().split("\n"):
            session = session.ran(command, run_script(session.world, command))
        return Session(origin, session.world, Place(one.show, one.directory))
    if origin.kind in ("step", "challenge"):
        found = _of_lesson(origin)
        if found is not None:
            return Session(origin, *found)
    return empty()


def _of_lesson(origin: Origin) -> tuple[World, Place] | None:
    try:
        played = play(loading.lesson(origin.id))
    except LessonError:
        return None
    if origin.kind == "challenge" and played.challenge is not None:
        return played.challenge.world, played.challenge.place
    run = played.steps[min(origin.step, len(played.steps) - 1)]
    return run.after, Place(run.place_after.show, run.place_after.directory)
