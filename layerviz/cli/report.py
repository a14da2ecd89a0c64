"""`layerviz report`: how much of an image is wasted, why, and what mends it; a gate for use in CI."""

import json
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from layerviz.cli.image import image_argument, image_options, opened
from layerviz.cli.progress import comparing
from layerviz.cli.speech import LANG, printable, say

if TYPE_CHECKING:
    from layerviz.engine.layer_facts import LayerFacts
    from layerviz.engine.waste import Finding, Waste
    from layerviz.engine.world import Layer

_BAR_COLUMNS = 30
_MOST_FINDINGS = 12
_BESIDE_PATH_COLUMNS = 24
_LEAST_PATH_COLUMNS = 24


class _Efficiency(click.FloatRange):
    """What a score is held against. click lets NaN, below which no score lies, into every range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(say("report.no_number", value=value), param, ctx)
        return number


@click.command(help=say("report.help"))
@image_argument()
@click.option("--json", "as_json", is_flag=True, help=say("report.json"))
@click.option("--min-efficiency", metavar="0..1", type=_Efficiency(0, 1), help=say("report.min_efficiency"))
@image_options
@click.pass_context
def report(
    ctx: click.Context, image: str, as_json: bool, min_efficiency: float | None, platform: str, quiet: bool
) -> None:
    from layerviz.engine.layer_facts import layer_facts
    from layerviz.engine.waste import waste

    brought = opened(image, platform, quiet, verify=True)
    stack = brought.image.layers
    with comparing(quiet) as read:
        found = waste(stack, read)
    facts = layer_facts(stack)
    if as_json:
        click.echo(json.dumps(_document(found, facts, stack), indent=2))
    else:
        for line in _lines(", ".join(brought.refs) or image, found, facts, stack):
            click.echo(line)
    if min_efficiency is not None and found.score < min_efficiency:
        said = say("report.below", efficiency=_exact(found.score), least=_exact(min_efficiency))
        click.echo(f"layerviz: {said}", err=True)
        ctx.exit(1)


def _document(found: "Waste", facts: "Sequence[LayerFacts]", stack: "Sequence[Layer]") -> dict[str, object]:
    return {
        "efficiency": found.score,
        "wasted_bytes": found.wasted_bytes,
        "size_bytes": found.size_bytes,
        "hidden_bytes": sum(found.hidden_bytes),
        "layers": [
            {
                "layer": one.position,
                "created_by": one.created_by,
                "size_bytes": one.size_bytes,
                "hidden_bytes": one.hidden_bytes,
                "added": one.added,
                "changed": one.changed,
                "removed": one.removed,
            }
            for one in facts
        ],
        "findings": [_finding(one, stack) for one in found.findings],
    }


def _finding(one: "Finding", stack: "Sequence[Layer]") -> dict[str, object]:
    from layerviz.strings.advice import told

    said = told(one, stack, LANG)
    document: dict[str, object] = {
        "kind": one.kind,
        "what": one.what,
        "path": one.path,
        "files": one.count,
        "layers": list(one.positions),
        "wasted_bytes": one.wasted_bytes,
        "hidden_bytes": one.hidden_bytes,
        "in_score": one.in_score,
        "moved_to": one.other,
        "removed_by": one.removed_by,
        "paths": list(one.paths),
        "title": said.title,
        "why": said.why,
        "advice": said.advice,
    }
    return {name: value for name, value in document.items() if value not in ("", 0) or name == "hidden_bytes"}


def _lines(name: str, found: "Waste", facts: "Sequence[LayerFacts]", stack: "Sequence[Layer]") -> Iterator[str]:
    from layerviz.cli.terminal import columns
    from layerviz.strings.numbers import percent

    wide = min(columns(), 120)
    count = len(stack)
    yield (
        click.style(printable(name), bold=True) + f"   {say('report.layers', count=count)}, {_bytes(found.size_bytes)}"
    )
    yield ""
    filled = int(found.score * _BAR_COLUMNS)
    colour = "green" if found.score >= 0.95 else "yellow" if found.score >= 0.9 else "red"
    bar = click.style("█" * filled, fg=colour) + click.style("░" * (_BAR_COLUMNS - filled), dim=True)
    score = click.style(percent(found.score), bold=True)
    yield f"{say('report.efficiency')} {score}  {bar}  {click.style(say('report.as_dive'), dim=True)}"
    yield _wasted(found, facts)
    yield ""
    yield from _layer_lines(facts, wide)
    yield ""
    if not found.findings:
        yield say("report.nothing")
        return
    hidden = [one for one in found.findings if one.hidden_bytes or one.in_score]
    seen = [one for one in found.findings if one not in hidden]
    for key, findings in (("hidden", hidden), ("seen", seen)):
        if not findings:
            continue
        yield click.style(say(f"report.{key}"), bold=True)
        for one in findings[:_MOST_FINDINGS]:
            yield from _finding_lines(one, stack, wide)
        if rest := findings[_MOST_FINDINGS:]:
            yield say("report.more", count=len(rest), size=_bytes(sum(one.wasted_bytes for one in rest)))
        if key == "hidden" and seen:
            yield ""


def _wasted(found: "Waste", facts: "Sequence[LayerFacts]") -> str:
    """How much is wasted of all, and of what lies above the bottom layer."""
    above = found.size_bytes - (facts[0].size_bytes or 0) if len(facts) > 1 else 0
    values = {"wasted": _number(found.wasted_bytes), "size": _number(found.size_bytes)}
    if not above or not found.wasted_bytes:
        return say("report.wasted", **values)
    percent = f"{found.wasted_bytes / above * 100:.0f}"
    return say("report.wasted_above", **values, percent=percent, above=_number(above))


def _layer_lines(facts: "Sequence[LayerFacts]", wide: int) -> Iterator[str]:
    from layerviz.cli.terminal import cut, left, right

    heads = [say(f"report.column.{name}") for name in ("size", "added", "changed", "removed", "hidden")]
    rows = [
        (
            "?" if one.size_bytes is None else _number(one.size_bytes),
            *(str(count or "") for count in (one.added, one.changed, one.removed)),
            _number(one.hidden_bytes) if one.hidden_bytes else "",
        )
        for one in facts
    ]
    widths = [max(map(_width, cells)) for cells in zip(heads, *rows, strict=True)]
    first = max(20, wide - sum(widths) - 2 * len(widths) - 4)
    head = left(say("report.column.layer"), first + 4)
    yield click.style(
        head + "".join("  " + right(text, size) for text, size in zip(heads, widths, strict=True)), bold=True
    )
    for one, row in zip(reversed(facts), reversed(rows), strict=True):
        cells = ["  " + right(text, size) for text, size in zip(row, widths, strict=True)]
        cells[-1] = click.style(cells[-1], fg="red") if row[-1] else ""
        made = cut(printable(one.created_by) or "-", first)
        yield f"{one.position:>3} {left(made, first)}{''.join(cells)}".rstrip()


def _finding_lines(one: "Finding", stack: "Sequence[Layer]", wide: int) -> Iterator[str]:
    from layerviz.cli.terminal import cut
    from layerviz.engine.paths import display
    from layerviz.strings.advice import told

    said = told(one, stack, LANG)
    amount = f"{_bytes(one.wasted_bytes):>14}"
    files = f"  ({say('report.files', count=one.count)})" if one.count > 1 else ""
    layers = " → ".join(map(str, one.positions[:6])) + (" …" if len(one.positions) > 6 else "")
    yield click.style(amount, fg="red" if one.hidden_bytes else "yellow") + "  " + click.style(said.title, bold=True)
    indent = " " * (len(amount) + 2)
    path = cut(display(one.path), max(wide - len(indent) - _BESIDE_PATH_COLUMNS, _LEAST_PATH_COLUMNS))
    yield f"{indent}{path}{files}  {click.style(layers, dim=True)}"
    yield indent + click.style(said.why, dim=True)
    yield indent + click.style(f"✓ {said.advice}", fg="green")


def _width(text: str) -> int:
    from layerviz.cli.terminal import width

    return width(text)


def _bytes(count: int) -> str:
    return f"{_number(count)} B"


def _number(count: int) -> str:
    return f"{count:,}"


def _exact(score: float) -> str:
    return f"{score:.6f}".rstrip("0").rstrip(".")
