"""What a shell offers after Tab where a lesson, a file or an image is meant."""

import os

import click
from click.shell_completion import CompletionItem

Offers = list[CompletionItem]


def lesson_ids(incomplete: str) -> Offers:
    """The lessons whose id begins like this, in the order of the story."""
    from layerviz.lessons import loading

    # By the files' names: reading the lessons would be felt at each Tab.
    ids = (file.stem.partition("-")[2] for file in loading.lesson_files())
    return [CompletionItem(one) for one in ids if one.startswith(incomplete)]


def files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Offers:
    """Files, as the shell itself completes them."""
    return [CompletionItem(incomplete, type="file")]


def lessons_and_files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Offers:
    """What can be exported."""
    everything = [CompletionItem("all")] if "all".startswith(incomplete) else []
    # The file comes first: in bash it empties the list of what came before it.
    return [*files(ctx, parameter, incomplete), *lesson_ids(incomplete), *everything]


_TARGETS = ("docker-archive:", "oci:", "oci-archive:")
_IN_FILES = (*_TARGETS, "script:")


def images(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Offers:
    """Ways to an image, and the files that some of them name."""
    from layerviz.images.reference import TRANSPORTS

    if named := _in_files(incomplete, _IN_FILES):
        return named
    if incomplete.startswith("lesson:"):
        found = lesson_ids(incomplete.removeprefix("lesson:"))
        return [CompletionItem(f"lesson:{one.value}") for one in found]
    ways = [CompletionItem(start) for start in TRANSPORTS if start.startswith(incomplete)]
    return [*files(ctx, parameter, incomplete), *ways]


def targets(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> Offers:
    """Places to write an image to."""
    named = _in_files(incomplete, _TARGETS)
    return named or [CompletionItem(start) for start in _TARGETS if start.startswith(incomplete)]


def _in_files(incomplete: str, ways: tuple[str, ...]) -> Offers:
    """What one of `ways` that was begun may go on with."""
    for start in ways:
        if incomplete.startswith(start):
            return [CompletionItem(start + name) for name in _names(incomplete.removeprefix(start))]
    return []


def _names(incomplete: str) -> list[str]:
    """Files and folders that begin like this; a folder with a slash behind it."""
    folder, _, begun = incomplete.rpartition("/")
    place = f"{folder}/" if "/" in incomplete else ""
    try:
        with os.scandir(place or ".") as found:
            inside = sorted(one.name + "/" * one.is_dir() for one in found if one.name.startswith(begun))
    except OSError:
        return []
    return [place + name for name in inside]
