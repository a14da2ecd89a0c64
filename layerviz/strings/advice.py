"""What waste was found, why it is waste and how to mend it, in words."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from layerviz.engine import paths
from layerviz.engine.entry import Entry
from layerviz.engine.leftovers import cache
from layerviz.engine.waste import Finding
from layerviz.engine.world import Layer
from layerviz.strings.catalogue import Lang, tr

_BASE = re.compile(r"ADD (?:file:\S+|rootfs\S*|\S+\.tar\S*) (?:in )?/$|# debian\.sh ")
"""What the history of a distribution's base image says: docker-library's, and debuerreotype's."""
_COPIES = ("COPY ", "ADD ")
_BEFORE_THE_COMMAND = re.compile(r"(?:set [-+]\S+\s*(?:;|&&)|\w+=\S*|;|&&|\(|\{)\s*")
_PROGRAM = re.compile(r"[\w./+-]+")
_INSTALLS = re.compile(r"\b(?:apt|apt-get|aptitude|dpkg|apk|dnf|microdnf|yum|rpm|zypper|pacman|pip3?|npm|yarn|gem)\b")


class Told(NamedTuple):
    """A finding in words: a title, one sentence of why, one of what to do."""

    title: str
    why: str
    advice: str


def told(finding: Finding, stack: Sequence[Layer], lang: Lang) -> Told:
    """`finding` of the layers `stack` in words. Where several files stand behind it, the title gives their number."""
    first, last = finding.positions[0], finding.positions[-1]
    newest = _newest(finding, stack)
    values: dict[str, object] = {
        "first": first,
        "last": last,
        "times": len(finding.positions),
        "removed_by": finding.removed_by,
        "other": paths.display(finding.other),
        "files": finding.count,
        "made": program(stack[first - 1].created_by),
        "mended": program(stack[last - 1].created_by),
        "mode": f"{newest.mode:03o}" if newest else "",
        "owner": f"{newest.uid}:{newest.gid}" if newest else "",
    }

    def say(part: str) -> str:
        return tr(lang, f"waste.{part}", **values)

    return Told(say(_title(finding)), say(_why(finding)), say(_advice(finding, stack)))


def program(created_by: str) -> str:
    """The program that an instruction begins with ("apt-get"); "" where it is none that stands in one word."""
    text = created_by.removeprefix("RUN ").strip()
    while before := _BEFORE_THE_COMMAND.match(text):
        text = text[before.end() :]
    found = _PROGRAM.match(text)
    return found.group() if found else ""


def is_base(position: int, created_by: str) -> bool:
    """Whether a layer is what a base image brought, as far as its instruction says so."""
    return position == 1 and bool(_BASE.match(created_by))


def _title(finding: Finding) -> str:
    return f"{_name(finding)}.title"


def _why(finding: Finding) -> str:
    if finding.removed_by and finding.kind in ("attributes", "rewritten"):
        return "removed.twice.why" if len(finding.positions) == 2 else "removed.why"
    if finding.kind == "deleted" and not finding.in_score:
        return "deleted.unscored.why"
    return f"{_name(finding)}.why"


def _name(finding: Finding) -> str:
    return f"{finding.kind}.{finding.what}" if finding.what else finding.kind


def _advice(finding: Finding, stack: Sequence[Layer]) -> str:
    first, last = stack[finding.positions[0] - 1].created_by, stack[finding.positions[-1] - 1].created_by
    if finding.kind in ("leftover", "repeated"):
        return "seen.advice.base" if is_base(finding.positions[-1], last) else f"{_name(finding)}.advice"
    if finding.paths and (place := cache(finding.paths[0])):
        return f"leftover.{place}.advice"
    if is_base(finding.positions[0], first):
        return "deleted.advice.base" if finding.kind == "deleted" else "base.advice"
    if first.startswith(_COPIES):
        return f"{_name(finding)}.advice.copy"
    if finding.kind in ("attributes", "rewritten") and _INSTALLS.search(first) and _INSTALLS.search(last):
        return "rewritten.advice.packages"
    if finding.kind in ("attributes", "rewritten") and not (program(first) and program(last)):
        return f"{_name(finding)}.advice.once"
    return f"{_name(finding)}.advice.run"


def _newest(finding: Finding, stack: Sequence[Layer]) -> Entry | None:
    """The last version of the (first) file that the finding is about."""
    entries = stack[finding.positions[-1] - 1].entries
    row = entries.row(finding.paths[0]) if finding.paths else None
    return None if row is None else entries.entry(row)
