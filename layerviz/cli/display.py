"""Is there a display? Qt ends the process with a core dump where there is none, so it is asked for beforehand."""

import ctypes
import os
import sys
from pathlib import Path

from layerviz.cli import system_libraries
from layerviz.resources import Problem


class DisplayError(Problem):
    """No window can be opened here."""


def require_display() -> None:
    """Raises `DisplayError` where a window cannot open: no display, or a library missing that Qt needs for it."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not has_display():
        raise _refusal("no_display")
    if missing := system_libraries.missing():
        raise _refusal("missing_libraries", packages=" ".join(sorted(set(missing.values()))))


def _refusal(key: str, **values: str) -> DisplayError:
    # The words come with the parser of commands, and a window that opens waits for neither.
    from layerviz.cli.speech import say

    return DisplayError("", say(key, **values))


def has_display() -> bool:
    """Whether a Wayland or an X server answers."""
    return _wayland_answers() or _x_answers()


def _wayland_answers() -> bool:
    name, folder = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("XDG_RUNTIME_DIR", "/")
    return bool(name) and Path(folder, name or "").is_socket()


def _x_answers() -> bool:
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        # Qt brings no libxcb either; the list of missing libraries says more than "no display" would.
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not refused
