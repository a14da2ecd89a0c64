"""`python -m benchmarks [NAME…]`: every benchmark in a process of its own, then one table; status 1 when a limit is
broken.

A benchmark is a module beside this one that says its rows (`_limits`) and ends with 0 or 1. They run one after another,
so that none disturbs another.
"""

import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks._limits import ROWS, Row, gathered


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, and say what was measured and what was broken."""
    known = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("_"))
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows")
        file.touch()
        for name in names or known:
            print(f"== {name}", flush=True)
            command = [sys.executable, "-m", f"benchmarks.{name}"]
            if subprocess.run(command, env={**os.environ, ROWS: str(file)}, check=False).returncode != 0:
                failed.append(name)
        rows = gathered(file)
    print("\n".join(["", *machine(), "", *table(rows), ""]))
    print(f"limits broken in: {', '.join(failed)}" if failed else "all limits kept")
    return 1 if failed else 0


def machine() -> list[str]:
    """Where this was measured, and what else the machine had to do."""
    processor = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    return [
        f"{processor}, {os.cpu_count()} cores, {platform.system()}; load of the last 1, 5 and 15 minutes: {load}",
        f"Python {platform.python_version()}, PySide6 {version('PySide6_Essentials')}",
    ]


def table(rows: list[Row]) -> list[str]:
    """The rows as the documents show them."""
    lines = ["| what | measured | limit | ratio | |", "|---|---|---|---|---|"]
    return lines + [f"| {' | '.join(row.cells)} |" for row in rows]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
