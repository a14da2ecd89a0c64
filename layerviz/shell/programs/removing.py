"""rm, rmdir, unlink: programs that take names away."""

from __future__ import annotations

from layerviz.engine.actions import RemoveTree, Rmdir, Unlink
from layerviz.engine.entry import Kind
from layerviz.shell.files import PathError, strerror
from layerviz.shell.process import Options, Process, Program, UsageError, checked, options_of, refuse

RM_USAGE = "rm [-irf] FILE..."
RMDIR_USAGE = "rmdir [-p] DIRECTORY..."


def rm(process: Process) -> int:
    try:
        options = options_of(
            process,
            "rRfivdI",
            {"recursive": "r", "force": "f", "verbose": "v", "interactive": "i", "dir": "d", "no-preserve-root": "i"},
        )
    except UsageError as error:
        return refuse(process, error, RM_USAGE)
    if not options.operands:
        return 0 if "f" in options else refuse(process, UsageError("missing operand"), RM_USAGE)
    status = 0
    for operand in options.operands:
        message = _remove(process, options, operand)
        if message:
            process.complain(message)
            status = 1
    return status


def _remove(process: Process, options: Options, operand: str) -> str:
    """Removes one operand; the message if it could not be done."""
    recursive = "r" in options or "R" in options
    last = operand.rstrip("/").rsplit("/", 1)[-1]
    if last in (".", "..") or (operand and not operand.strip("/")):
        if not recursive and not process.busybox:
            return f"cannot remove '{operand}': " + strerror("ENOTEMPTY" if "d" in options else "EISDIR")
        if not operand.strip("/") and operand:
            text = "it is dangerous to operate recursively on '/'"
            return f"{text}\n{process.name}: use --no-preserve-root to override this failsafe"
        if last in (".", ".."):
            return (
                f"refusing to remove '.' or '..' directory: skipping '{operand}'"
                if not process.busybox
                else f"'{operand}' is a directory"
            )
    failed = f"can't remove '{operand}': " if process.busybox else f"cannot remove '{operand}': "
    try:
        path = process.resolve(operand, follow=False)
        entry = process.files.at(path)
        if entry is None:
            raise PathError("ENOENT")
        if entry.kind is not Kind.DIR:
            checked(process.machine.do(Unlink(process.target, path)))
            if "v" in options:
                process.print(f"removed '{operand}'")
            return ""
        if recursive:
            if "v" in options:
                _say_tree(process, operand, path)
            checked(process.machine.do(RemoveTree(process.target, path)))
            return ""
        if "d" in options:
            checked(process.machine.do(Rmdir(process.target, path)))
            return ""
    except PathError as error:
        return "" if error.errno in ("ENOENT", "ENOTDIR") and "f" in options else failed + strerror(error.errno)
    return f"'{operand}' is a directory" if process.busybox else f"{failed}Is a directory"


def _say_tree(process: Process, shown: str, path: str) -> None:
    for child in process.files.children(path):
        name = f"{shown.rstrip('/')}/{child.name}"
        if child.kind is Kind.DIR:
            _say_tree(process, name, child.path)
        else:
            process.print(f"removed '{name}'")
    process.print(f"removed directory{':' if process.busybox else ''} '{shown}'")


def rmdir(process: Process) -> int:
    try:
        options = options_of(process, "pv", {"parents": "p", "ignore-fail-on-non-empty": "v"})
    except UsageError as error:
        return refuse(process, error, RMDIR_USAGE)
    if not options.operands:
        return refuse(process, UsageError("missing operand"), RMDIR_USAGE)
    status = 0
    for operand in options.operands:
        names = [operand]
        while "p" in options and "/" in names[-1].strip("/"):
            names.append(names[-1].rstrip("/").rpartition("/")[0])
        for name in names:
            try:
                if name.rstrip("/").rsplit("/", 1)[-1] == ".":
                    raise PathError("EINVAL")
                path = process.resolve(name, follow=False)
                entry = process.files.at(path)
                if entry is not None and entry.kind is not Kind.DIR:
                    raise PathError("ENOTDIR")
                checked(process.machine.do(Rmdir(process.target, path)))
            except PathError as error:
                message = strerror(error.errno)
                process.complain(f"'{name}': {message}" if process.busybox else f"failed to remove '{name}': {message}")
                status = 1
                break
    return status


PROGRAMS = {"rm": Program(rm, RM_USAGE), "rmdir": Program(rmdir, RMDIR_USAGE)}
