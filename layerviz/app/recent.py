"""The images that were opened last, as they can be typed. No Qt."""

import json
from pathlib import Path

from layerviz.app.settings import SettingsError, write_atomically

MOST = 8


def load(file: Path) -> tuple[str, ...]:
    """Those kept in `file`, the last one first; none where it cannot be read."""
    try:
        read = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return ()
    return tuple(one for one in read if isinstance(one, str))[:MOST] if isinstance(read, list) else ()


def remember(file: Path, text: str) -> tuple[str, ...]:
    """`text` is the last one now. Where that cannot be written it is forgotten with the window."""
    kept = (text, *(one for one in load(file) if one != text))[:MOST]
    try:
        write_atomically(file, json.dumps(kept, ensure_ascii=False, indent=1).encode() + b"\n")
    except SettingsError:
        return kept
    return kept
