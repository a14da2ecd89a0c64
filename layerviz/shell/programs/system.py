"""id, whoami, hostname, pwd, uname, date, sleep, basename, dirname, readlink, sort, seq and the like."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

from layerviz.engine.actions import Tick
from layerviz.engine.content import of
from layerviz.engine.entry import Kind
from layerviz.shell.files import PathError, strerror
from layerviz.shell.process import Process, Program, StillRunning, UsageError, options_of, refuse
from layerviz.shell.programs.operands import Operands
from layerviz.shell.streams import lines_of, text_of


def whoami(process: Process) -> int:
    process.print("root")
    return 0


def identify(process: Process) -> int:
    letters = "".join(word[1:] for word in process.operands if word.startswith("-"))
    if "u" in letters or "g" in letters:
        process.print("root" if "n" in letters else "0")
    else:
        process.print("uid=0(root) gid=0(root) groups=0(root)")
    return 0


def hostname(process: Process) -> int:
    container = next((item for item in process.machine.world.containers if item.key == process.target), None)
    process.print("your-computer" if container is None else container.id[:12])
    return 0


def pwd(process: Process) -> int:
    process.print(process.cwd)
    return 0


def uname(process: Process) -> int:
    letters = "".join(word[1:] for word in process.operands if word.startswith("-")) or "s"
    values = {
        "s": "Linux",
        "n": "layerviz",
        "r": "5.10.0",
        "v": "#1 SMP",
        "m": "x86_64",
        "p": "x86_64",
        "o": "GNU/Linux",
    }
    chosen = "snrvmo" if "a" in letters else [letter for letter in values if letter in letters]
    process.print(" ".join(values[letter] for letter in chosen))
    return 0


def date(process: Process) -> int:
    moment = datetime.fromtimestamp(process.machine.world.clock, UTC)
    try:
        options = options_of(process, "u", {"utc": "u", "universal": "u"})
    except UsageError as error:
        return refuse(process, error, "date [-u] [+FMT]")
    form = next((word[1:] for word in options.operands if word.startswith("+")), None)
    if form is None:
        process.print(f"{moment:%a %b} {moment.day:2} {moment:%H:%M:%S} UTC {moment.year}")
    else:
        process.print(moment.strftime(form.replace("%s", str(process.machine.world.clock))))
    return 0


def sleep(process: Process) -> int:
    total = 0.0
    if not process.operands:
        return refuse(process, UsageError("missing operand"), "sleep [N]...")
    for word in process.operands:
        match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", word)
        if word in ("infinity", "inf"):
            raise StillRunning
        if match is None:
            process.complain(f"invalid number '{word}'" if process.busybox else f"invalid time interval '{word}'")
            return 1
        total += float(match.group(1)) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[match.group(2)]
    if process.is_main_and_detached:
        raise StillRunning
    process.machine.do_unseen(Tick(int(total)))
    return 0


def basename(process: Process) -> int:
    if not process.operands:
        return refuse(process, UsageError("missing operand"), "basename FILE [SUFFIX]")
    try:
        options = options_of(process, "as:", {"multiple": "a", "suffix": "s"}, permute=False)
    except UsageError as error:
        return refuse(process, error, "basename FILE [SUFFIX]")
    if len(options.operands) > 2 and "a" not in options and "s" not in options:
        return refuse(process, UsageError(f"extra operand '{options.operands[2]}'"), "basename FILE [SUFFIX]")
    names, suffix = options.operands, options.values.get("s", "")
    if "a" not in options and "s" not in options:
        names, suffix = options.operands[:1], "".join(options.operands[1:2])
    for operand in names:
        name = operand.rstrip("/").rsplit("/", 1)[-1] or operand[:1]
        process.print(name.removesuffix(suffix) if name != suffix else name)
    return 0


def dirname(process: Process) -> int:
    if not process.operands:
        return refuse(process, UsageError("missing operand"), "dirname FILENAME")
    try:
        operands = options_of(process, "z", {"zero": "z"}).operands
    except UsageError as error:
        return refuse(process, error, "dirname FILENAME")
    for operand in operands:
        head, slash, _ = operand.rstrip("/").rpartition("/")
        process.print(head.rstrip("/") or ("/" if slash else "."))
    return 0


def readlink(process: Process) -> int:
    try:
        options = options_of(process, "fenqsvz", {"canonicalize": "f"})
    except UsageError as error:
        return refuse(process, error, "readlink [-fnv] FILE")
    if not options.operands:
        return refuse(process, UsageError("missing operand"), "readlink [-fnv] FILE")
    status = 0
    for operand in options.operands:
        try:
            if "f" in options or process.name == "realpath":
                process.print(process.files.resolve(process.path(operand), missing_ok=True))
                continue
            entry = process.stat(operand, follow=False)
            if entry.kind is not Kind.SYMLINK:
                status = 1
            else:
                process.print(entry.linkname)
        except PathError as error:
            if process.name == "realpath":
                process.complain(f"{operand}: {strerror(error.errno)}")
            status = 1
    return status


def checksum(process: Process) -> int:
    algorithm = process.name.removesuffix("sum")
    names = tuple(word for word in process.operands if word == "-" or not word.startswith("-"))
    reading = Operands(process, names)
    for name, content in reading:
        digest = hashlib.new(algorithm)
        for chunk in content.chunks(process.machine.ports.read):
            digest.update(chunk)
        process.print(f"{digest.hexdigest()}  {name}")
    return reading.status


def sort(process: Process) -> int:
    try:
        options = options_of(process, "rnu", {"reverse": "r", "numeric-sort": "n", "unique": "u"})
    except UsageError as error:
        return refuse(process, error, "sort [-nrug] [FILE]...", 2)
    reading = Operands(process, options.operands, stops=True)
    texts = [text_of(content, process.machine.ports.read) for _, content in reading]
    if reading.status:
        return 2 if not process.busybox else 1
    lines = [line for text in texts for line in lines_of(text)]
    if "n" in options:
        lines.sort(
            key=lambda line: (float(match.group()) if (match := re.match(r"\s*-?\d+(\.\d+)?", line)) else 0.0, line)
        )
    else:
        lines.sort(key=lambda line: line.encode("utf-8", "surrogateescape"))
    if "r" in options:
        lines.reverse()
    if "u" in options:
        lines = list(dict.fromkeys(lines))
    process.stdout.write("".join(line + "\n" for line in lines))
    return 0


def seq(process: Process) -> int:
    numbers = list(process.operands)
    if not 1 <= len(numbers) <= 3 or not all(re.fullmatch(r"-?\d+", number) for number in numbers):
        wrong = next((number for number in numbers if not re.fullmatch(r"-?\d+", number)), "")
        return refuse(
            process,
            UsageError(f"invalid floating point argument: '{wrong}'" if wrong else "missing operand"),
            "seq [-w] [-s SEP] [FIRST [INC]] LAST",
        )
    values = [int(number) for number in numbers]
    first = values[0] if len(values) > 1 else 1
    step = values[1] if len(values) == 3 else 1
    if step == 0:
        process.complain("invalid Zero increment value: '0'")
        return 1
    last = values[-1] + (1 if step > 0 else -1)
    process.stdout.write_content(of("".join(f"{number}\n" for number in range(first, last, step)).encode()))
    return 0


def nothing(process: Process) -> int:
    del process
    return 0


PROGRAMS = {
    "basename": Program(basename, "basename FILE [SUFFIX]"),
    "clear": Program(nothing, "clear"),
    "date": Program(date, "date [OPTIONS] [+FMT] [TIME]"),
    "dirname": Program(dirname, "dirname FILENAME"),
    "hostname": Program(hostname, "hostname"),
    "id": Program(identify, "id [OPTIONS] [USER]"),
    "md5sum": Program(checksum, "md5sum [FILE]..."),
    "pwd": Program(pwd, "pwd"),
    "readlink": Program(readlink, "readlink [-fnv] FILE"),
    "realpath": Program(readlink, "realpath FILE..."),
    "seq": Program(seq, "seq [-w] [-s SEP] [FIRST [INC]] LAST"),
    "sha256sum": Program(checksum, "sha256sum [FILE]..."),
    "sleep": Program(sleep, "sleep [N]..."),
    "sort": Program(sort, "sort [-nrug] [FILE]..."),
    "sync": Program(nothing, "sync"),
    "uname": Program(uname, "uname [-amnrspvio]"),
    "whoami": Program(whoami, "whoami"),
}
