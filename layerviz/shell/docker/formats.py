"""`--format` of lists: a line a row by a template, a table of chosen columns, or JSON (formatter/formatter.go).

`--filter`: reading its conditions, and the engine's words for wrong ones (api/types/filters).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from layerviz.shell.docker.calls import BadCall, Call, DaemonError
from layerviz.shell.docker.template_syntax import TemplateError
from layerviz.shell.docker.templates import render
from layerviz.shell.table import table

Row = Mapping[str, object]


def write_rows(call: Call, form: str, rows: Sequence[Row], headers: Row, default: Sequence[str], kind: str) -> int:
    """Writes `rows` by `form`: "" or "table" for the `default` columns, "json", a template, or "table" and a template.

    `headers` gives the heading of each field; its keys are all the fields there are. `kind` is the rows' type in Go.
    """
    if form in ("", "table"):
        call.write(
            table([str(headers[name]) for name in default], [[str(row[name]) for name in default] for row in rows])
        )
        return 0
    if form == "json":
        for row in rows:
            told = {name: value for name, value in sorted(row.items()) if not callable(value)}
            text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
            call.print(re.sub(r"[<>&]", lambda match: f"\\u{ord(match.group()):04x}", text))
        return 0
    is_table = form.startswith("table ")
    template = form.removeprefix("table ").replace("\\t", "\t").replace("\\n", "\n")
    try:
        if is_table:
            columns = template.split("\t")
            lines = [[render(column, row, kind) for column in columns] for row in rows]
            call.write(table([render(column, headers, kind) for column in columns], lines))
        else:
            render(template, headers, kind)
            for row in rows:
                call.print(render(template, row, kind))
    except TemplateError as error:
        # docker ps looks at its template before it asks the engine (docker/cli container/list.go).
        fault = "execute" if "executing" in str(error) else "parse"
        call.complain(
            f"failed to {fault} template: {error}" if "Container" in kind else f"template parsing error: {error}"
        )
        call.hint("template_fields", fields=" ".join(f".{name}" for name in headers))
        return 1
    return 0


def filters(call: Call, known: Sequence[str]) -> dict[str, list[str]]:
    """The conditions of `--filter name=value`, by name. Raises `DaemonError` for a name that is not among `known`."""
    found: dict[str, list[str]] = {}
    for text in call.values.get("filter", ()):
        name, equals, value = text.partition("=")
        if not equals:
            message = f'invalid argument "{text}" for "-f, --filter" flag: bad format of filter'
            raise BadCall(f"{message} (expected name=value)", 125)
        found.setdefault(name.strip().lower(), []).append(value.strip())
    for name in found:
        if name not in known:
            raise DaemonError(f"invalid filter '{name}'", "filters", (("filters", " ".join(known)),))
    return found


def switch(name: str, values: Sequence[str]) -> bool:
    """The value of a filter that is on or off. Raises `DaemonError`."""
    if values[-1].lower() not in ("true", "1", "false", "0"):
        raise DaemonError(f"invalid filter '{name}=[{' '.join(values)}]'")
    return values[-1].lower() in ("true", "1")


def fits_labels(labels: Mapping[str, str], wanted: Sequence[str]) -> bool:
    """Whether a thing has all labels that are wanted: by name, or as `name=value`."""
    pairs = [text.partition("=") for text in wanted]
    return all(name in labels and (not equals or labels[name] == value) for name, equals, value in pairs)
