"""chmod and chown: who may do what with a file. Both copy a lower file up whole, whatever they change."""

from __future__ import annotations

import re

from layerviz.engine.actions import Chmod, Chown
from layerviz.engine.entry import Entry, Kind
from layerviz.shell.files import PathError, strerror
from layerviz.shell.process import Process, Program, UsageError, checked, options_of, refuse
from layerviz.shell.programs.accounts import number_of

CHMOD_USAGE = "chmod [-Rcvf] MODE[,MODE]... FILE..."
CHOWN_USAGE = "chown [-Rhcvf] USER[:[GRP]] FILE..."
CLAUSE = re.compile(r"([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)")
SHIFT = {"u": 6, "g": 3, "o": 0}
WHO_BITS = {"u": 0o4700, "g": 0o2070, "o": 0o1007, "a": 0o7777}
PERMISSION_BITS = {"r": 0o444, "w": 0o222, "x": 0o111, "s": 0o6000, "t": 0o1000}


def parse_mode(text: str, old: int, *, directory: bool = False) -> int | None:
    """The mode that `text` ("644", "u+x,go-w") makes of `old`; None if it is no mode. The umask is 022."""
    if re.fullmatch(r"[0-7]{1,5}", text):
        return int(text, 8) if int(text, 8) <= 0o7777 else None
    mode = old
    for clause in text.split(","):
        match = CLAUSE.fullmatch(clause)
        if match is None:
            return None
        who = 0
        for letter in match.group(1):
            who |= WHO_BITS[letter]
        umask = 0 if match.group(1) else 0o022
        who = who or 0o7777
        for operator, letters in re.findall(r"([-+=])([ugo]|[rwxXst]*)", match.group(2)):
            bits = 0
            for letter in letters:
                if letter in SHIFT:
                    # As one of the three has it now: the same three bits for whoever is meant.
                    bits |= (mode >> SHIFT[letter] & 0o7) * 0o111
                elif letter == "X":
                    bits |= 0o111 if directory or mode & 0o111 else 0
                else:
                    bits |= PERMISSION_BITS[letter]
            bits &= who & ~umask
            if operator == "+":
                mode |= bits
            elif operator == "-":
                mode &= ~bits
            else:
                mode = (mode & ~who) | bits
    return mode


def _below(process: Process, name: str, entry: Entry) -> list[tuple[str, Entry]]:
    """`name` and everything below it, a directory before what it holds."""
    found = [(name, entry)]
    if entry.kind is Kind.DIR:
        for child in process.files.children(process.files.resolve(entry.path)):
            found += _below(process, f"{name.rstrip('/')}/{child.name}", child)
    return found


def chmod(process: Process) -> int:
    words = [word for word in process.operands]
    if words and re.fullmatch(r"-[rwxXst]+", words[0]):
        process.arguments = (process.arguments[0], "--", *words)
    try:
        options = options_of(process, "Rf", {"recursive": "R", "silent": "f", "quiet": "f"})
    except UsageError as error:
        return refuse(process, error, CHMOD_USAGE)
    if len(options.operands) < 2:
        message = f"missing operand after '{options.operands[0]}'" if options.operands else "missing operand"
        return refuse(process, UsageError(message), CHMOD_USAGE)
    text, *names = options.operands
    if parse_mode(text, 0) is None:
        process.complain(f"invalid mode '{text}'" if process.busybox else f"invalid mode: '{text}'")
        if not process.busybox:
            process.stderr.write(f"Try '{process.name} --help' for more information.\n")
        return 1
    status = 0
    for name in names:
        try:
            entry = process.stat(name)
            found = _below(process, name, entry) if "R" in options else [(name, entry)]
            for shown, one in found:
                if one.kind is Kind.SYMLINK:
                    continue
                mode = parse_mode(text, one.mode, directory=one.kind is Kind.DIR) or 0
                checked(process.machine.do(Chmod(process.target, process.resolve(shown), mode)))
        except PathError as error:
            message = strerror(error.errno)
            if "f" in options:
                pass
            elif not process.busybox and error.errno == "ENOENT" and process.is_link(name):
                process.complain(f"cannot operate on dangling symlink '{name}'")
            else:
                process.complain(f"{name}: {message}" if process.busybox else f"cannot access '{name}': {message}")
            status = 1
    return status


def chown(process: Process) -> int:
    try:
        options = options_of(process, "Rh", {"recursive": "R", "no-dereference": "h"})
    except UsageError as error:
        return refuse(process, error, CHOWN_USAGE)
    if len(options.operands) < 2:
        message = f"missing operand after '{options.operands[0]}'" if options.operands else "missing operand"
        return refuse(process, UsageError(message), CHOWN_USAGE)
    text, *names = options.operands
    only_group = process.name == "chgrp"
    user_text, _, group_text = ("", "", text) if only_group else text.partition(":" if ":" in text else ".")
    user = number_of(process, "/etc/passwd", user_text) if user_text else None
    if user_text and user is None:
        process.complain(f"unknown user {user_text}" if process.busybox else f"invalid user: '{text}'")
        return 1
    group = number_of(process, "/etc/group", group_text) if group_text else None
    if group_text and group is None:
        process.complain(f"unknown group {group_text}" if process.busybox else f"invalid group: '{text}'")
        return 1
    status = 0
    for name in names:
        try:
            entry = process.stat(name, follow="h" not in options)
            for shown, one in _below(process, name, entry) if "R" in options else [(name, entry)]:
                path = process.resolve(shown, follow="h" not in options)
                uid = one.uid if user is None else user
                gid = one.gid if group is None else group
                checked(process.machine.do(Chown(process.target, path, uid, gid)))
        except PathError as error:
            message = strerror(error.errno)
            process.complain(f"{name}: {message}" if process.busybox else f"cannot access '{name}': {message}")
            status = 1
    return status


PROGRAMS = {
    "chgrp": Program(chown, "chgrp [-RhLHPcvf] GROUP FILE..."),
    "chmod": Program(chmod, CHMOD_USAGE),
    "chown": Program(chown, CHOWN_USAGE),
}
