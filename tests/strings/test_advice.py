"""Findings in words: what is said follows from what the layers did and how they were made."""

import pytest

from layerviz.engine.content import of
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.leftovers import PLACES
from layerviz.engine.table import Table
from layerviz.engine.waste import waste
from layerviz.engine.world import Layer
from layerviz.strings import LANGUAGES
from layerviz.strings.advice import Told, program, told


def layer(created_by: str, *entries: Entry) -> Layer:
    return Layer(0, Table.of(entries), created_by=created_by)


def file(path: str, size: int = 10, mode: int = 0o644) -> Entry:
    return Entry(path, mode=mode, content=of(bytes(size)))


def said(*stack: Layer) -> Told:
    (finding,) = waste(stack).findings
    return told(finding, stack, "en")


def test_a_copied_file_that_is_chmodded_is_to_be_copied_with_its_mode() -> None:
    got = said(layer("COPY a /a", file("/a")), layer("RUN chmod 755 /a", file("/a", mode=0o755)))
    assert got == Told("Mode changed later", "chmod stores the whole file again.", "COPY --chmod=755 in layer 1")


def test_two_commands_are_to_be_one_run() -> None:
    got = said(layer("RUN set -ex; make a", file("/a")), layer("RUN chmod 755 /a", file("/a", mode=0o755)))
    assert got.advice == "make … && chmod … in one RUN"


def test_what_came_with_the_base_cannot_be_deleted_away() -> None:
    got = said(layer("ADD file:0123 in /", file("/a")), layer("RUN rm /a", Entry("/a", Kind.WHITEOUT)))
    assert "choose a smaller base" in got.advice


def test_a_package_list_that_is_deleted_later_is_to_be_deleted_in_the_same_run() -> None:
    path = "/var/lib/apt/lists/x"
    got = said(layer("RUN apt-get update", file(path)), layer("RUN rm -rf x", Entry(path, Kind.WHITEOUT)))
    assert got.advice == "apt-get clean && rm -rf /var/lib/apt/lists/* in the same RUN"


@pytest.mark.parametrize(
    ("created_by", "wanted"),
    [
        ("RUN apt-get update && apt-get install x", "apt-get"),
        ("RUN set -eux; A=b make all", "make"),
        ("RUN (cd /x && ls)", "cd"),
        ("", ""),
        ('RUN "quoted" x', ""),
    ],
)
def test_the_program_of_an_instruction(created_by: str, wanted: str) -> None:
    assert program(created_by) == wanted


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("first", ["COPY a /a", "RUN make a", "", "ADD file:0123 in /"])
def test_every_finding_has_words(lang: str, first: str) -> None:
    """Every kind, every place of leftovers, however the layers were made."""
    samples = {
        "apt_lists": "/var/lib/apt/lists/x",
        "apt_archives": "/var/cache/apt/archives/x.deb",
        "apk": "/var/cache/apk/x",
        "rpm": "/var/cache/dnf/x",
        "pacman": "/var/cache/pacman/x",
        "pip": "/root/.cache/pip/x",
        "npm": "/root/.npm/_cacache/x",
        "go": "/go/pkg/mod/cache/x",
        "cargo": "/usr/local/cargo/registry/x",
        "cache": "/root/.cache/x",
        "logs": "/var/log/x",
        "temporary": "/tmp/x",
        "backups": "/var/lib/dpkg/status-old",
        "git": "/app/.git/x",
        "bytecode": "/app/x.pyc",
    }
    assert samples.keys() == PLACES.keys()
    moved = bytes(range(256)) * 8
    stack = (
        layer(
            first,
            *map(file, samples.values()),
            file("/again"),
            file("/mode"),
            file("/owner"),
            file("/time"),
            file("/deleted", 33),
            Entry("/moved", content=of(moved)),
            file("/d/unscored"),
            file("/twice", 2048),
            file("/var/lib/dpkg/status"),
        ),
        layer(
            first,
            file("/again", 20),
            file("/mode", mode=0o600),
            Entry("/owner", content=of(bytes(10)), uid=1),
            Entry("/time", content=of(bytes(10)), mtime_ns=1),
            Entry("/deleted", Kind.WHITEOUT),
            Entry("/moved", Kind.WHITEOUT),
            Entry("/there", content=of(moved)),
            Entry("/d", Kind.WHITEOUT),
            file("/twice2", 2048),
            file("/var/lib/dpkg/status", 20),
        ),
        layer(first, Entry("/again", Kind.WHITEOUT), Entry("/mode", Kind.WHITEOUT)),
    )
    findings = waste(stack, lambda extent, start, size: b"").findings
    assert {(one.kind, one.what) for one in findings} >= {
        ("rewritten", ""),
        ("attributes", "mode"),
        ("attributes", "owner"),
        ("attributes", "time"),
        ("moved", ""),
        ("deleted", ""),
        ("repeated", ""),
        *(("leftover", place) for place in PLACES),
    }
    for finding in findings:
        words = told(finding, stack, lang)  # type: ignore[arg-type]  # parametrized by str
        assert all(words), finding
        assert all("{" not in word for word in words)
