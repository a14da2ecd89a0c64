"""`layerviz tree`: what an image shows, merged, one line an entry."""

import json
from collections.abc import Mapping

import click

from layerviz.cli.speech import LANG, printable, say


@click.command(help=say("tree.help"))
@click.argument("image", metavar="docker-archive:FILE[:NAME]")
@click.option("--json", "as_json", is_flag=True, help=say("tree.json"))
@click.option("--digest", is_flag=True, help=say("tree.digest"))
def tree(image: str, as_json: bool, digest: bool) -> None:
    from layerviz.images.problems import Report
    from layerviz.images.tree import tree as entries

    def told(report: Report) -> None:
        click.echo(f"layerviz: {printable(report.said(LANG))}", err=True)

    for entry in entries(image, digest=digest, told=told):
        # Names that are no UTF-8 stay lossless as \udcXX escapes; JSON lines are ASCII for that.
        click.echo(json.dumps(entry, separators=(",", ":")) if as_json else _line(entry))


def _line(entry: Mapping[str, object]) -> str:
    from layerviz.engine.paths import display

    path = display(str(entry["path"]))
    arrow = f" -> {display(str(entry['linkname']))}" if "linkname" in entry else ""
    owner = f"{entry['uid']}:{entry['gid']}"
    size = str(entry.get("size", ""))
    return f"[{entry['layer']}] {entry['type']:<8} {int(str(entry['mode'])):04o} {owner:>9} {size:>11} {path}{arrow}"
