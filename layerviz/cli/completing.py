"""What a shell offers after Tab where a lesson or a file is meant."""

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
