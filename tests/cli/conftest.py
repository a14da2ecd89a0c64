"""The command line as a person calls it: a process of its own, or in this one where that is enough."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from layerviz.cli.root import layerviz

Called = subprocess.CompletedProcess[str]


@pytest.fixture
def call() -> Callable[..., Called]:
    """`call("lessons", "--json", stdin="", LANG="en")` in a process of its own."""

    def called(*arguments: str, stdin: str = "", **environment: str) -> Called:
        return subprocess.run(
            [sys.executable, "-m", "layerviz", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "LAYERVIZ_LANG": "en", "PYTHONUTF8": "1", **environment},
            timeout=120,
            check=False,
        )

    return called


@pytest.fixture
def invoke() -> Callable[..., Result]:
    """`invoke("export", "…")` in this process."""

    def invoked(*arguments: str) -> Result:
        return CliRunner().invoke(layerviz, arguments)

    return invoked
