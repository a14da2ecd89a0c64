"""ls, stat, find, du: programs that look at directories."""

from __future__ import annotations

from datetime import UTC, datetime

from layerviz.engine import paths
from layerviz.engine.actions import List
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.linked import link_count
from layerviz.shell.files import PathError, strerror
from layerviz.shell.process import Options, Process, Program, UsageError, options_of, refuse
from layerviz.shell.programs.accounts import names_of
from layerviz.shell.units import rfc3339

TYPE_LETTERS = {Kind.DIR: "d", Kind.SYMLINK: "l", Kind.CHAR: "c", Kind.BLOCK: "b", Kind.FIFO: "p"}
DIRECTORY_BYTES = 4096
HALF_A_YEAR = 15778476


def ls(process: Process) -> int:
    usage = "ls [-1AaCxdLHRFplinshrSXvctu] [FILE]..."
    try:
        options = options_of(
            process,
            "1aAlRdFhirtSpsnHLCxgoqkU",
            {
                "all": "a",
                "almost-all": "A",
                "recursive": "R",
                "directory": "d",
                "human-readable": "h",
                "reverse": "r",
                "color": "q",
                "inode": "i",
            },
        )
    except UsageError as error:
        return refuse(process, error, usage, 2)
    files: list[tuple[str, Entry]] = []
    directories: list[tuple[str, Entry]] = []
    status = 0
    for operand in options.operands or (".",):
        try:
            entry = _named(process, options, operand)
        except PathError as error:
            message = strerror(error.errno)
            process.complain(f"{operand}: {message}" if process.busybox else f"cannot access '{operand}': {message}")
            status = 1 if process.busybox else 2
            continue
        is_listed = entry.kind is Kind.DIR and "d" not in options
        (directories if is_listed else files).append((operand, entry))
    _print_entries(process, options, [(name, entry) for name, entry in _ordered(files, options)])
    several = len(options.operands) > 1 or "R" in options
    for index, (name, entry) in enumerate(_ordered(directories, options)):
        if files or index:
            process.print("")
        _print_directory(process, options, name, entry, several=several)
    return status


def _named(process: Process, options: Options, operand: str) -> Entry:
    """The entry of an operand: a symlink's target, unless its own attributes are asked for or it leads nowhere."""
    keeps_links = any(letter in options for letter in "ldF") and not operand.endswith("/")
    if not keeps_links:
        found = process.files.find(process.path(operand))
        if found is not None:
            return found
    return process.stat(operand, follow=operand.endswith("/"))


def _print_directory(process: Process, options: Options, name: str, directory: Entry, *, several: bool) -> None:
    path = process.resolve(name)
    process.machine.do(List(process.target, path))
    listed = [(child.name, child) for child in process.files.children(path)]
    if "a" not in options and "A" not in options:
        listed = [(child_name, child) for child_name, child in listed if not child_name.startswith(".")]
    listed = _ordered(listed, options)
    if "a" in options and "A" not in options:
        above = process.files.at(paths.parent(path)) or directory
        listed = [(".", directory), ("..", above), *listed]
    if several:
        process.print(f"{name}:")
    if "l" in options or "s" in options:
        process.print(f"total {sum(_blocks(child) for _, child in listed)}")
    _print_entries(process, options, listed)
    if "R" in options:
        for child_name, child in listed:
            if child.kind is Kind.DIR and child_name not in (".", ".."):
                process.print("")
                _print_directory(process, options, f"{name.rstrip('/')}/{child_name}", child, several=True)


def _ordered(entries: list[tuple[str, Entry]], options: Options) -> list[tuple[str, Entry]]:
    found = sorted(entries, key=lambda item: item[0].encode("utf-8", "surrogateescape"))
    if "t" in options:
        found.sort(key=lambda item: -item[1].mtime_ns)
    if "S" in options:
        found.sort(key=lambda item: -size_of(item[1]))
    return found[::-1] if "r" in options else found


def _print_entries(process: Process, options: Options, entries: list[tuple[str, Entry]]) -> None:
    if "l" in options or "n" in options:
        for line in _long_lines(process, options, entries):
            process.print(line)
        return
    for name, entry in entries:
        inode = f"{entry.inode} " if "i" in options else ""
        process.print(f"{inode}{name}{_suffix(entry, options)}")


def _suffix(entry: Entry, options: Options) -> str:
    if "F" in options and entry.kind is Kind.SYMLINK:
        return "@"
    if entry.kind is Kind.DIR and ("F" in options or "p" in options):
        return "/"
    return "*" if "F" in options and entry.kind is Kind.FILE and entry.mode & 0o111 else ""


def _long_lines(process: Process, options: Options, entries: list[tuple[str, Entry]]) -> list[str]:
    users, groups = names_of(process, "/etc/passwd"), names_of(process, "/etc/group")
    rows: list[tuple[str, str, str, str, str, str, str]] = []
    for name, entry in entries:
        shown = f"{name}{_suffix(entry, options)}"
        if entry.kind is Kind.SYMLINK:
            shown += f" -> {entry.linkname}"
        user, group = (
            (str(entry.uid), str(entry.gid))
            if "n" in options
            else (users.get(entry.uid, str(entry.uid)), groups.get(entry.gid, str(entry.gid)))
        )
        rows.append(
            (
                permissions(entry),
                str(_link_count(process, entry)),
                user,
                group,
                _size_text(entry, options),
                _date(process, entry),
                shown,
            )
        )
    if process.busybox:
        return [
            f"{mode} {links:>4} {user[:8]:<8} {group[:8]:<8} {size:>9} {date} {name}"
            for mode, links, user, group, size, date, name in rows
        ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(7)]
    return [
        f"{mode} {links:>{widths[1]}} {user:<{widths[2]}} {group:<{widths[3]}} {size:>{widths[4]}} {date} {name}"
        for mode, links, user, group, size, date, name in rows
    ]


def permissions(entry: Entry) -> str:
    """Type and mode as ten letters: `-rw-r--r--`."""
    mode = 0o777 if entry.kind is Kind.SYMLINK else entry.mode
    letters = ["rwxrwxrwx"[index] if mode & 1 << 8 - index else "-" for index in range(9)]
    for bit, index, set_letter in ((0o4000, 2, "s"), (0o2000, 5, "s"), (0o1000, 8, "t")):
        if mode & bit and entry.kind is not Kind.SYMLINK:
            letters[index] = set_letter if letters[index] == "x" else set_letter.upper()
    return TYPE_LETTERS.get(entry.kind, "-") + "".join(letters)


def _link_count(process: Process, entry: Entry) -> int:
    if entry.kind is Kind.DIR:
        return 2 + sum(child.kind is Kind.DIR for child in process.files.children(entry.path))
    return link_count(process.files.stack, entry.path)


def size_of(entry: Entry) -> int:
    if entry.kind is Kind.DIR:
        return DIRECTORY_BYTES
    return len(entry.linkname.encode("utf-8", "surrogateescape")) if entry.kind is Kind.SYMLINK else entry.size_bytes


def _size_text(entry: Entry, options: Options) -> str:
    if entry.kind in (Kind.CHAR, Kind.BLOCK):
        return f"{entry.device[0]}, {entry.device[1]}"
    size = size_of(entry)
    return human(size) if "h" in options else str(size)


def human(size: int) -> str:
    """A size in powers of 1024 as `ls -h` and `du -h` round it: up, one decimal below ten."""
    if size < 1024:
        return str(size)
    number = float(size)
    for unit in "KMGTP":
        number /= 1024
        if number < 1024 or unit == "P":
            tenths = -(-number * 10 // 1) / 10
            return f"{tenths:.1f}{unit}" if tenths < 10 else f"{-(-number // 1):.0f}{unit}"
    return str(size)


def _blocks(entry: Entry) -> int:
    """Kibibytes on a file system with blocks of four."""
    if entry.kind is Kind.DIR:
        return 4
    return -(-entry.size_bytes // 4096) * 4 if entry.kind is Kind.FILE else 0


def _date(process: Process, entry: Entry) -> str:
    seconds = entry.mtime_ns // 10**9
    moment = datetime.fromtimestamp(seconds, UTC)
    age = process.machine.world.clock - seconds
    last = f"{moment:%H:%M}" if -60 <= age < HALF_A_YEAR else f" {moment.year}"
    return f"{moment:%b} {moment.day:2} {last}"


def stat(process: Process) -> int:
    try:
        options = options_of(process, "c:Lf", {"format": "c", "dereference": "L", "printf": "c"})
    except UsageError as error:
        return refuse(process, error, "stat [-ltf] [-c FMT] FILE...")
    if not options.operands:
        return refuse(process, UsageError("missing operand"), "stat [-ltf] [-c FMT] FILE...")
    status = 0
    for operand in options.operands:
        try:
            entry = process.stat(operand, follow="L" in options)
        except PathError as error:
            message = strerror(error.errno)
            process.complain(
                f"can't stat '{operand}': {message}" if process.busybox else f"cannot statx '{operand}': {message}"
            )
            status = 1
            continue
        process.stdout.write(_stat_text(process, operand, entry, options.values.get("c")))
    return status


def _stat_text(process: Process, operand: str, entry: Entry, form: str | None) -> str:
    kind = {
        Kind.DIR: "directory",
        Kind.SYMLINK: "symbolic link",
        Kind.CHAR: "character special file",
        Kind.BLOCK: "block special file",
        Kind.FIFO: "fifo",
    }.get(entry.kind, "regular file" if entry.size_bytes else "regular empty file")
    users, groups = names_of(process, "/etc/passwd"), names_of(process, "/etc/group")
    values = {
        "%": "%",
        "A": permissions(entry),
        "N": f"'{operand}'" + (f" -> '{entry.linkname}'" if entry.kind is Kind.SYMLINK else ""),
        "B": "512",
        "F": kind,
        "G": groups.get(entry.gid, "UNKNOWN"),
        "U": users.get(entry.uid, "UNKNOWN"),
        "Y": str(entry.mtime_ns // 10**9),
        "a": f"{entry.mode:o}",
        "b": str(_blocks(entry) * 2),
        "g": str(entry.gid),
        "h": str(_link_count(process, entry)),
        "i": str(entry.inode),
        "n": operand,
        "s": str(size_of(entry)),
        "u": str(entry.uid),
        "y": _stat_time(entry),
    }
    if form is not None:
        parts = form.split("%")
        text = parts[0]
        skip = False
        for part in parts[1:]:
            if skip:
                text, skip = text + part, False
            elif part == "":
                text, skip = text + "%", True
            else:
                text += values.get(part[0], "?") + part[1:]
        return text + "\n"
    name = operand + (f" -> {entry.linkname}" if entry.kind is Kind.SYMLINK else "")
    owner = f"Uid: ({entry.uid:5}/{values['U']:>8})   Gid: ({entry.gid:5}/{values['G']:>8})"
    return (
        f"  File: {name}\n"
        f"  Size: {values['s']:<10}\tBlocks: {values['b']:<10} IO Block: 4096   {kind}\n"
        f"Access: ({entry.mode:04o}/{permissions(entry)})  {owner}\n"
        f"Modify: {values['y']}\n"
    )


def _stat_time(entry: Entry) -> str:
    seconds, rest = divmod(entry.mtime_ns, 10**9)
    return rfc3339(seconds).replace("T", " ").replace("Z", f".{rest:09} +0000")


def du(process: Process) -> int:
    try:
        options = options_of(process, "shabck", {"summarize": "s", "human-readable": "h", "all": "a", "bytes": "b"})
    except UsageError as error:
        return refuse(process, error, "du [-aHLdclsxhmk] [FILE]...")
    status = 0
    for operand in options.operands or (".",):
        try:
            entry = process.stat(operand, follow=False)
        except PathError as error:
            process.complain(
                f"{operand}: {strerror(error.errno)}"
                if process.busybox
                else f"cannot access '{operand}': {strerror(error.errno)}"
            )
            status = 1
            continue
        _used(process, operand, entry, options, top=True)
    return status


def _used(process: Process, name: str, entry: Entry, options: Options, *, top: bool) -> int:
    by_bytes = "b" in options
    total = size_of(entry) if by_bytes else _blocks(entry)
    if entry.kind is Kind.DIR:
        for child in process.files.children(process.files.resolve(entry.path)):
            total += _used(process, f"{name.rstrip('/')}/{child.name}", child, options, top=False)
    if top or ("s" not in options and (entry.kind is Kind.DIR or "a" in options)):
        shown = human(total * (1 if by_bytes else 1024)) if "h" in options else str(total)
        process.print(f"{shown}\t{name}")
    return total


PROGRAMS = {
    "du": Program(du, "du [-aHLdclsxhmk] [FILE]..."),
    "ls": Program(ls, "ls [-1AaCxdLHRFplinshrSXvctu] [FILE]..."),
    "stat": Program(stat, "stat [-ltf] [-c FMT] FILE..."),
}
