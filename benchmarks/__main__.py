"""`python -m benchmarks [NAME…]`: every benchmark in a process of its own; status 1 when one is over its limit.

A benchmark is a module beside this one that prints what it measured and the limit, and ends with 0 or 1. All are run
one after another, so that none disturbs another.
"""

import subprocess
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, and say which are over their limit."""
    known = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("_"))
    over = []
    for name in names or known:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0:
            over.append(name)
    print(f"over the limit: {', '.join(over)}" if over else "all within their limits")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
