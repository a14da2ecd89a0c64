"""`layerviz doctor`: what this machine has and lacks, and what to install."""

import contextlib
import importlib.metadata
import importlib.util
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from typing import Literal, NamedTuple

import click

from layerviz import __version__
from layerviz.cli import system_libraries
from layerviz.cli.display import has_display
from layerviz.cli.speech import say
from layerviz.resources import ResourceError, assets

FONTS = (
    *(f"Inter-{weight}.ttf" for weight in (400, 500, 600, 700)),
    *(f"JetBrainsMono-{weight}.ttf" for weight in (400, 500, 700)),
    *(f"NotoSansSC-{weight}.ttf" for weight in (400, 700)),
)
_ASK_QT = """
from PySide6.QtGui import QGuiApplication
from PySide6.QtCore import qVersion
print(qVersion(), QGuiApplication([]).platformName())
"""


class Finding(NamedTuple):
    """One line of the report. `bad` makes `doctor` end with status 1; `note` is worth knowing, no more."""

    grade: Literal["ok", "note", "bad"]
    subject: str
    text: str


@click.command(help=say("doctor.help"))
@click.pass_context
def doctor(ctx: click.Context) -> None:
    healthy = True
    for finding in findings():
        grade = say("doctor.grade." + finding.grade)
        click.echo(say("doctor.line", grade=grade, subject=finding.subject, text=finding.text))
        healthy = healthy and finding.grade != "bad"
    ctx.exit(0 if healthy else 1)


def findings() -> Iterator[Finding]:
    """Everything that was looked at, in the order in which one would mend it."""
    yield Finding("ok", "layerviz", f"{__version__}, Python {platform.python_version()}, {platform.platform()}")
    yield from _system()
    yield _qt()
    yield _display()
    yield _fonts()
    yield _speed()
    yield from _memory()
    yield _cache()


def _system() -> Iterator[Finding]:
    subject = say("doctor.system")
    library, version = platform.libc_ver()
    if library == "glibc" and platform.machine() == "aarch64" and _number(version) < (2, 39):
        yield Finding("bad", subject, say("doctor.old_glibc", version=version))
    missing = system_libraries.missing()
    if missing:
        packages = " ".join(sorted(set(missing.values())))
        yield Finding("bad", subject, say("doctor.missing", libraries=", ".join(missing), packages=packages))
    else:
        yield Finding("ok", subject, say("doctor.nothing_missing"))


def _qt() -> Finding:
    if importlib.util.find_spec("PySide6") is None:
        return Finding("bad", "Qt", say("doctor.no_qt"))
    environment = dict(os.environ)
    if sys.platform.startswith("linux") and not has_display():
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    # In a process of its own: where a library is missing Qt ends the process that asks.
    asked = subprocess.run(
        [sys.executable, "-c", _ASK_QT], capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    if asked.returncode != 0:
        last = (asked.stderr.strip().splitlines() or [say("doctor.no_reason")])[-1]
        return Finding("bad", "Qt", say("doctor.qt_fails", reason=last))
    version, plugin = asked.stdout.split()
    return Finding("ok", "Qt", say("doctor.qt_works", version=version, platform=plugin))


def _display() -> Finding:
    subject = say("doctor.display")
    if sys.platform.startswith("linux") and not has_display():
        return Finding("note", subject, say("no_display"))
    return Finding("ok", subject, say("doctor.has_display"))


def _fonts() -> Finding:
    subject = say("doctor.fonts")
    try:
        for name in FONTS:
            assets("fonts", name)
    except ResourceError as missing:
        return Finding("bad", subject, str(missing))
    return Finding("ok", subject, say("doctor.has_fonts", count=len(FONTS)))


def _speed() -> Finding:
    """Whether there is the extra `fast`."""
    subject = say("doctor.speed")
    if importlib.util.find_spec("numpy") is None:
        return Finding("note", subject, say("doctor.no_fast"))
    return Finding("ok", subject, say("doctor.has_fast", version=importlib.metadata.version("numpy")))


def _memory() -> Iterator[Finding]:
    """Where settings and progress lie, and whether they can be written: with the nearest folder that exists already."""
    from layerviz.app.settings import folder
    from layerviz.lessons.progress import progress_file

    for key, place in (("settings", folder()), ("progress", progress_file().parent)):
        existing = next(one for one in (place, *place.parents) if one.exists())
        subject = say(f"doctor.{key}")
        if existing.is_dir() and os.access(existing, os.W_OK):
            yield Finding("ok", subject, str(place))
        else:
            yield Finding("bad", subject, say("doctor.not_writable", folder=existing))


def _cache() -> Finding:
    """What was downloaded and made once: how much there is of it, and that it may go."""
    from layerviz.kept import folder
    from layerviz.shell.units import size

    place = folder()
    taken = 0
    for where, _, names in os.walk(place):
        for name in names:
            with contextlib.suppress(OSError):
                taken += os.stat(os.path.join(where, name)).st_size
    return Finding("ok", say("doctor.cache"), say("doctor.cached", folder=place, size=size(taken)))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
