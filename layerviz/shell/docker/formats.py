"""`--format` of lists: a line a row by a template, a table of chosen columns, or JSON (formatter/formatter.go)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from layerviz.shell.docker.calls import Call
from layerviz.shell.docker.templates import TemplateError, render
from layerviz.shell.table import table

Row = Mapping[str, str]


def write_rows(call: Call, form: str, rows: Sequence[Row], headers: Row, default: Sequence[str]) -> int:
    """Writes `rows` by `form`: "" or "table" for the `default` columns, "json", a template, or "table" and a template.

    `headers` gives the heading of each field; its keys are all the fields there are.
    """
    if form in ("", "table"):
        call.write(table([headers[name] for name in default], [[row[name] for name in default] for row in rows]))
        return 0
    if form == "json":
        for row in rows:
            text = json.dumps(dict(sorted(row.items())), ensure_ascii=False, separators=(",", ":"))
            call.print(re.sub(r"[<>&]", lambda match: f"\\u{ord(match.group()):04x}", text))
        return 0
    is_table = form.startswith("table ")
    template = form.removeprefix("table ").replace("\\t", "\t").replace("\\n", "\n")
    try:
        if is_table:
            columns = template.split("\t")
            lines = [[render(column, row) for column in columns] for row in rows]
            call.write(table([render(column, headers) for column in columns], lines))
        else:
            for row in rows:
                call.print(render(template, row))
    except TemplateError as error:
        call.complain(f"failed to execute template: {error}")
        return 1
    return 0
