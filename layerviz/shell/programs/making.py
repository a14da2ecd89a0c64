"""mkdir, touch, ln, truncate, dd: programs that make files, directories and links."""

from __future__ import annotations

from layerviz.engine.actions import Link, Mkdir, Symlink, Touch, Truncate, Unlink, Write, WriteAt
from layerviz.engine.content import EMPTY
from layerviz.engine.entry import Kind
from layerviz.shell.files import PathError, bare, strerror
from layerviz.shell.process import Options, Process, Program, UsageError, checked, device_content, options_of, refuse
from layerviz.shell.programs.modes import parse_mode
from layerviz.shell.units import parse_size, size

MKDIR_USAGE = "mkdir [-m MODE] [-p] DIRECTORY..."
TOUCH_USAGE = "touch [-c] [-d DATE] [-t DATE] [-r FILE] FILE..."
LN_USAGE = "ln [-sfnbtv] [-S SUF] TARGET... LINK|DIR"
LN_OPTIONS = {"symbolic": "s", "force": "f", "no-dereference": "n", "verbose": "v", "no-target-directory": "T"}
TRUNCATE_USAGE = "truncate [-c] -s SIZE FILE..."


def missing_operand(process: Process, usage: str, what: str = "missing operand") -> int:
    return refuse(process, UsageError(what), usage)


def mkdir(process: Process) -> int:
    try:
        options = options_of(process, "pm:v", {"parents": "p", "mode": "m", "verbose": "v"})
    except UsageError as error:
        return refuse(process, error, MKDIR_USAGE)
    if not options.operands:
        return missing_operand(process, MKDIR_USAGE)
    mode = 0o755
    if "m" in options:
        chosen = parse_mode(options.values["m"], 0o777, directory=True)
        if chosen is None:
            process.complain(f"invalid mode '{options.values['m']}'")
            return 1
        mode = chosen
    status = 0
    for operand in options.operands:
        try:
            _make_directory(process, operand, mode, options)
        except PathError as error:
            start = "can't create directory" if process.busybox else "cannot create directory"
            name = error.name if isinstance(error, _Unmade) else operand
            process.complain(f"{start} '{name}': {strerror(error.errno)}")
            status = 1
    return status


class _Unmade(PathError):
    """The directory on the way that could not be made."""

    def __init__(self, errno: str, name: str) -> None:
        super().__init__(errno)
        self.name = name


def _make_directory(process: Process, operand: str, mode: int, options: Options) -> None:
    if "p" not in options:
        path = process.resolve(bare(operand), follow=False, missing_ok=True)
        if process.files.at(path) is not None:
            raise PathError("EEXIST")
        checked(process.machine.do(Mkdir(process.target, path, mode)))
        _say(process, options, operand)
        return
    if not operand:
        raise PathError("ENOENT")
    parts = operand.rstrip("/").split("/")
    for count in range(1, len(parts) + 1):
        so_far = "/".join(parts[:count]) or "/"
        last = count == len(parts)
        try:
            path = process.resolve(so_far, missing_ok=True)
        except PathError as error:
            raise _Unmade(error.errno, so_far) from error
        entry = process.files.at(path)
        if entry is None and process.is_link(so_far):
            raise _Unmade("EEXIST" if last else "ENOENT", so_far)
        if entry is None:
            checked(process.machine.do(Mkdir(process.target, path, mode if last else 0o755)))
            _say(process, options, so_far)
        elif entry.kind is not Kind.DIR:
            raise _Unmade("EEXIST" if last else "ENOTDIR", so_far)


def _say(process: Process, options: Options, name: str) -> None:
    if "v" in options:
        process.print(f"created directory: '{name}'" if process.busybox else f"mkdir: created directory '{name}'")


def touch(process: Process) -> int:
    try:
        options = options_of(process, "camf", {"no-create": "c"})
    except UsageError as error:
        return refuse(process, error, TOUCH_USAGE)
    if not options.operands:
        return missing_operand(process, TOUCH_USAGE, "missing file operand")
    status = 0
    for operand in options.operands:
        try:
            path = process.resolve(operand, missing_ok=True)
            if "c" in options and process.files.at(path) is None:
                continue
            checked(process.machine.do(Touch(process.target, path)))
        except PathError as error:
            if "c" in options and error.errno == "ENOENT":
                continue
            message = strerror(error.errno)
            process.complain(f"{operand}: {message}" if process.busybox else f"cannot touch '{operand}': {message}")
            status = 1
    return status


def ln(process: Process) -> int:
    try:
        options = options_of(process, "sfnvT", LN_OPTIONS)
    except UsageError as error:
        return refuse(process, error, LN_USAGE)
    names = list(options.operands)
    if not names:
        return missing_operand(process, LN_USAGE, "missing file operand")
    if len(names) == 1:
        names.append(".")
    last = names.pop()
    into = process.is_directory(last) and "T" not in options and not ("n" in options and process.is_link(last))
    if len(names) > 1 and not into:
        missing = "n" not in options and process.files.find(process.path(last)) is None
        message = f"target '{last}': {strerror('ENOENT' if missing else 'ENOTDIR')}"
        process.complain(f"{last}: Not a directory" if process.busybox else message)
        return 1
    status = 0
    for name in names:
        link = f"{last.rstrip('/')}/{name.rstrip('/').rsplit('/', 1)[-1]}" if into else last
        if not name and into and "f" in options and not process.busybox:
            process.complain(f"{last}: cannot overwrite directory")
            status = 1
            continue
        try:
            _link(process, options, name, link)
        except _SameFile:
            link = f"./{link.removeprefix('./')}" if last == "." else link
            process.complain(f"'{name}' and '{link}' are the same file")
            status = 1
        except PathError as error:
            _ln_complaint(process, options, name, link, error.errno)
            status = 1
    return status


class _SourceError(PathError):
    """The file to be linked to is at fault, not the new name."""


class _SameFile(PathError):
    """The new name is that of the file itself, which -f would take away."""


def _link(process: Process, options: Options, name: str, link: str) -> None:
    source = ""
    if not name:
        raise PathError("ENOENT")
    if "s" not in options:
        try:
            source = process.resolve(name, follow=False)
        except PathError as error:
            raise _SourceError(error.errno) from error
        entry = process.files.at(source)
        if entry is not None and entry.kind is Kind.DIR:
            raise _SourceError("EPERM")
    path = process.resolve(link, follow=False, missing_ok=True)
    if link.endswith("/") and process.files.at(path) is None:
        raise PathError("ENOENT")
    if process.files.at(path) is not None:
        if "f" not in options:
            raise PathError("EEXIST")
        if process.files.find(process.path(name)) == process.files.at(path):
            raise _SameFile("EEXIST")
        checked(process.machine.do(Unlink(process.target, path)))
    action = Symlink(process.target, name, path) if "s" in options else Link(process.target, source, path)
    checked(process.machine.do(action))
    if "v" in options:
        process.print(f"'{link}' {'->' if 's' in options or process.busybox else '=>'} '{name}'")


def _ln_complaint(process: Process, options: Options, name: str, link: str, errno: str) -> None:
    message = strerror(errno)
    if process.busybox:
        process.complain(f"{name if errno == 'ENOENT' and 's' not in options else link}: {message}")
    elif errno == "EPERM":
        process.complain(f"{name}: hard link not allowed for directory")
    elif errno == "ENOENT" and "s" not in options and process.files.find(process.path(name), follow=False) is None:
        process.complain(f"failed to access '{name}': {message}")
    else:
        kind = "symbolic" if "s" in options else "hard"
        arrow = "" if errno == "EEXIST" else f" => '{name}'" if kind == "hard" else f" -> '{name}'" if not name else ""
        process.complain(f"failed to create {kind} link '{link}'{arrow}: {message}")


def truncate(process: Process) -> int:
    try:
        options = options_of(process, "cs:r:", {"no-create": "c", "size": "s", "reference": "r"})
    except UsageError as error:
        return refuse(process, error, TRUNCATE_USAGE)
    if "s" not in options and "r" not in options:
        return missing_operand(process, TRUNCATE_USAGE, "you must specify either '--size' or '--reference'")
    if not options.operands:
        return missing_operand(process, TRUNCATE_USAGE, "missing file operand")
    text = options.values.get("s", "+0")
    sign = text[0] if text[:1] in ("+", "-", "<", ">", "/", "%") else ""
    amount = parse_size(text[len(sign) :])
    if amount == 0 and sign and sign in "/%":
        process.complain("division by zero")
        return 1
    if amount is None:
        process.complain(f"invalid number '{text}'" if process.busybox else f"Invalid number: '{text}'")
        return 1
    like = None
    if "r" in options:
        try:
            like = process.stat(options.values["r"]).size_bytes
        except PathError as error:
            process.complain(f"cannot stat '{options.values['r']}': {strerror(error.errno)}")
            return 1
    status = 0
    for operand in options.operands:
        try:
            path = process.resolve(operand, missing_ok=True)
            entry = process.files.at(path)
            if entry is None and "c" in options:
                continue
            old = like if like is not None else entry.size_bytes if entry is not None else 0
            checked(process.machine.do(Truncate(process.target, path, _new_size(sign, old, amount))))
        except PathError as error:
            if "c" in options and error.errno == "ENOENT":
                continue
            message = strerror(error.errno)
            process.complain(
                f"{operand}: open: {message}" if process.busybox else f"cannot open '{operand}' for writing: {message}"
            )
            status = 1
    return status


def _new_size(sign: str, old: int, amount: int) -> int:
    """`+` and `-` by so much, `<` at most, `>` at least, `/` down and `%` up to a multiple of it."""
    match sign:
        case "+":
            return old + amount
        case "-":
            return max(0, old - amount)
        case "<":
            return min(old, amount)
        case ">":
            return max(old, amount)
        case "/":
            return old // amount * amount
        case "%":
            return -(-old // amount) * amount
        case _:
            return amount


DD_NUMBERS = ("bs", "ibs", "obs", "count", "seek", "skip")


def dd(process: Process) -> int:
    operands = {"bs": "512"}
    for word in process.operands:
        name, equals, value = word.partition("=")
        if not equals or name not in (*DD_NUMBERS, "if", "of", "conv", "status", "iflag", "oflag"):
            return refuse(
                process,
                UsageError(f"unrecognized operand '{word}'"),
                "dd [if=FILE] [of=FILE] [bs=N] [count=N] [skip=N] [seek=N] [conv=notrunc]",
            )
        operands[name] = value
    numbers: dict[str, int] = {}
    for name in DD_NUMBERS:
        if name in operands:
            number = parse_size(operands[name], blocks=True)
            if number is None or (number == 0 and name == "bs"):
                process.complain(
                    f"invalid number: '{operands[name]}'"
                    if not process.busybox
                    else f"invalid number '{operands[name]}'"
                )
                return 1
            numbers[name] = number
    source = operands.get("if", "-")
    try:
        content = process.read(source)
        if (
            source != "-"
            and "notrunc" not in operands.get("conv", "").split(",")
            and _is_same(process, source, operands)
        ):
            # Opening the output comes first, and empties it.
            content = EMPTY
    except PathError as error:
        if error.errno == "EISDIR" and not process.busybox:
            # A directory is opened like a file, and the output after it; reading fails then.
            if "of" in operands and not _emptied(process, operands["of"]):
                return 1
            process.complain(f"error reading '{source}': {strerror(error.errno)}")
        else:
            _cannot_open(process, source, error.errno)
        return 1
    block = numbers["bs"]
    start = numbers.get("skip", 0) * block
    end = start + numbers["count"] * block if "count" in numbers else content.size_bytes
    if device_content(process.path(source)) is not None and "count" not in numbers and content.size_bytes:
        process.complain("no count= was given and the input never ends")
        return 1
    copied = content.cut(min(start, content.size_bytes), min(end, content.size_bytes))
    target = operands.get("of")
    if target is None:
        process.stdout.write_content(copied)
    elif device_content(process.path(target)) is None:
        try:
            path = process.resolve(target, missing_ok=True)
            offset = numbers.get("seek", 0) * block
            if "notrunc" in operands.get("conv", "").split(","):
                checked(process.machine.do(WriteAt(process.target, path, offset, copied)))
            elif offset:
                checked(process.machine.do(Truncate(process.target, path, offset)))
                checked(process.machine.do(WriteAt(process.target, path, offset, copied)))
            else:
                checked(process.machine.do(Write(process.target, path, copied)))
        except PathError as error:
            _cannot_open(process, target, error.errno)
            return 1
    if operands.get("status") != "none":
        process.stderr.write(_dd_report(process, copied.size_bytes, block))
    return 0


def _emptied(process: Process, target: str) -> bool:
    try:
        checked(process.machine.do(Write(process.target, process.resolve(target, missing_ok=True), EMPTY)))
    except PathError as error:
        _cannot_open(process, target, error.errno)
        return False
    return True


def _is_same(process: Process, source: str, operands: dict[str, str]) -> bool:
    target = process.files.find(process.path(operands.get("of", "")))
    return target is not None and target == process.files.find(process.path(source))


def _cannot_open(process: Process, name: str, errno: str) -> None:
    message = strerror(errno)
    process.complain(f"can't open '{name}': {message}" if process.busybox else f"failed to open '{name}': {message}")


def _dd_report(process: Process, copied: int, block: int) -> str:
    """What dd says at the end; in the world's time a command takes a second."""
    records = f"{copied // block}+{int(copied % block > 0)}"
    report = f"{records} records in\n{records} records out\n"
    if process.busybox:
        short = _busybox_size(copied)
        return report + f"{copied} bytes ({short}) copied, 1.000000 seconds, {short}/s\n"
    amount = "1 byte" if copied == 1 else f"{copied} bytes"
    if copied >= 1000:
        decimal = _dd_size(copied, 1000, ("B", "kB", "MB", "GB", "TB"))
        binary = _dd_size(copied, 1024, ("B", "KiB", "MiB", "GiB", "TiB"))
        amount += f" ({decimal}, {binary})" if copied >= 1024 else f" ({decimal})"
    rate = _dd_size(copied, 1000, ("B", "kB", "MB", "GB", "TB")) if copied >= 1000 else f"{copied / 1000:.1f} kB"
    return report + f"{amount} copied, 1 s, {rate}/s\n"


def _dd_size(number: int, base: int, units: tuple[str, ...]) -> str:
    value = float(number)
    unit = 0
    while value >= base and unit < len(units) - 1:
        value /= base
        unit += 1
    return f"{value:.1f} {units[unit]}" if value < 9.95 and unit else f"{value:.0f} {units[unit]}"


def _busybox_size(number: int) -> str:
    value = float(number)
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if value < 1024 or unit == "TB":
            return f"{number}B" if unit == "B" else f"{value:.1f}{unit}"
        value /= 1024
    return size(number)


PROGRAMS = {
    "dd": Program(dd, "dd [if=FILE] [of=FILE] [bs=N] [count=N] [skip=N] [seek=N] [conv=notrunc]"),
    "ln": Program(ln, LN_USAGE),
    "mkdir": Program(mkdir, MKDIR_USAGE),
    "touch": Program(touch, TOUCH_USAGE),
    "truncate": Program(truncate, TRUNCATE_USAGE),
}
