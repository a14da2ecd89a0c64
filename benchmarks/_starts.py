"""Starts of the program as whoever installed it has them: with bytecode at hand, and with folders of their own."""

import os
from pathlib import Path


def own_folders(home: str) -> dict[str, str]:
    """An environment in which a program keeps its settings, progress, cache and bytecode in `home`."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(home, "bytecode"))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in ("CONFIG", "CACHE"):
        environment[f"LAYERVIZ_{name}"] = str(Path(home, name.lower()))
    return environment | {"XDG_DATA_HOME": str(Path(home, "data"))}
