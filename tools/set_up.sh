#!/usr/bin/env bash
# Makes .venv with layerviz and its developers' tools in it, and asks for the system's libraries that Qt needs.
# Uses uv where there is one, else venv and pip. Done again only when pyproject.toml or this file changes.
set -euo pipefail
cd "$(dirname "$0")/.."

newest_python() {
    local name
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "layerviz needs Python 3.11 or newer; install it, or uv, and try again." >&2
    return 1
}

if command -v uv >/dev/null; then
    [ -x .venv/bin/python ] || uv venv --quiet --python '>=3.11' .venv
    uv pip install --quiet --python .venv/bin/python --compile-bytecode --editable '.[dev]'
else
    if [ ! -x .venv/bin/python ]; then
        python=$(newest_python)
        "$python" -m venv .venv || { echo "$python cannot make virtual environments; install its venv package (Debian: python3-venv) or uv." >&2; exit 1; }
    fi
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --compile --editable '.[dev]'
fi
# Without bytecode the command line starts twice as slowly, and a checkout may be read-only later.
.venv/bin/python -m compileall -q layerviz

bash tools/system_packages.sh $(.venv/bin/python -m layerviz.cli.system_libraries) ||
    echo "Windows need them; export, the tests and the rest of the command line may work without." >&2
# What a first start shows before it has drawn anything.
.venv/bin/python -m tools.thumbnails ||
    echo "The first start will draw its small pictures itself." >&2
touch .venv/.set_up
