"""All programs by name. A new one is a function in a module of its subject and a line in that module's `PROGRAMS`."""

from __future__ import annotations

from collections.abc import Mapping

from layerviz.shell.process import Program
from layerviz.shell.programs import (
    conditions,
    copying,
    editing,
    finding,
    launching,
    listing,
    making,
    modes,
    packages,
    printing,
    removing,
    searching,
    shells,
    system,
)

PROGRAMS: Mapping[str, Program] = {
    **conditions.PROGRAMS,
    **copying.PROGRAMS,
    **editing.PROGRAMS,
    **finding.PROGRAMS,
    **launching.PROGRAMS,
    **listing.PROGRAMS,
    **making.PROGRAMS,
    **modes.PROGRAMS,
    **packages.PROGRAMS,
    **printing.PROGRAMS,
    **removing.PROGRAMS,
    **searching.PROGRAMS,
    **shells.PROGRAMS,
    **system.PROGRAMS,
}
