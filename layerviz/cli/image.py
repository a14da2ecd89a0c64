"""What the commands that look at an image have in common: how it is named, brought, and what is odd about it told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from layerviz.cli.completing import images
from layerviz.cli.progress import reading
from layerviz.cli.speech import LANG, printable, say

if TYPE_CHECKING:
    from layerviz.engine.world import World
    from layerviz.images.assembling import BroughtImage
    from layerviz.images.problems import Report

_Function = TypeVar("_Function", bound=Callable[..., object])


def image_argument(name: str = "image") -> Callable[[_Function], _Function]:
    """The argument IMAGE."""
    return click.argument(name, metavar="IMAGE", shell_complete=images)


def platform_option(function: _Function) -> _Function:
    """`--platform`; what is none is wrong usage."""
    return click.option("--platform", metavar="OS/ARCH", default="", callback=_platform, help=say("image.platform"))(
        function
    )


def _platform(_context: click.Context, _option: click.Parameter, text: str) -> str:
    from layerviz.images import platforms
    from layerviz.images.problems import ImageProblem

    try:
        platforms.written(text)
    except ImageProblem as problem:
        raise click.BadParameter(problem.said(LANG)) from None
    return text


def image_options(function: _Function) -> _Function:
    """`--platform` and `--quiet`."""
    return platform_option(click.option("-q", "--quiet", is_flag=True, help=say("image.quiet"))(function))


def verify_option(function: _Function) -> _Function:
    """`--verify`, for commands that are done before a large image is hashed."""
    return click.option("--verify", is_flag=True, help=say("image.verify"))(function)


def opened(image: str, platform: str = "", quiet: bool = False, verify: bool = False) -> "BroughtImage":
    """The image that is named so, with its progress on the terminal; what is odd about it on stderr.

    Raises `ImageProblem`, also where a layer is not what its digest or DiffID says; layers of a large image are held
    against theirs with `verify` only.
    """
    from layerviz.images.opening import image_of
    from layerviz.images.verifying import check_diff_ids, check_small

    with reading(quiet) as progress:
        brought = image_of(image, progress, platform)
        if verify:
            check_diff_ids([brought], progress)
        else:
            check_small(brought)
    for report in brought.reports:
        tell(report)
    return brought


def tell(report: "Report") -> None:
    """What is odd about an image, as one line of stderr."""
    click.echo(f"layerviz: {printable(report.said(LANG))}", err=True)


def world_of(brought: "BroughtImage") -> "World":
    """A world that has this image and nothing else, at this hour."""
    import time
    from dataclasses import replace

    from layerviz.engine.actions import BringImage
    from layerviz.engine.apply import apply, empty_world
    from layerviz.images.reference import tags

    empty = replace(empty_world(), clock=int(time.time()))
    return apply(empty, BringImage(brought.image, tags(brought.refs))).world
