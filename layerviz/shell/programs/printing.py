"""echo, printf, cat, head, tail, tee, wc: programs that write to standard output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from layerviz.engine.actions import Write
from layerviz.engine.content import Content, of
from layerviz.engine.entry import Kind
from layerviz.shell.files import PathError, strerror
from layerviz.shell.process import (
    DIRECTORY,
    Process,
    Program,
    StillRunning,
    UsageError,
    checked,
    is_endless,
    options_of,
    refuse,
)
from layerviz.shell.programs.operands import Operands
from layerviz.shell.streams import SHOWN_BYTES, text_of

SIMPLE_ESCAPES = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|(0?[0-7]{1,3})|(c)|([abefnrtv\\]))")
DIRECTIVE = re.compile(r"%([-+ #0]*)(\d+|\*)?(?:\.(\d+|\*))?([sdiuoxXcbfeEgG%])")


class _StopHere(Exception):
    """`\\c`: no further output."""


def unescape(text: str) -> str:
    """Backslash sequences as echo -e and printf know them. Raises `_StopHere` at `\\c` with what came before."""

    def replace(match: re.Match[str]) -> str:
        hexadecimal, octal, stop, simple = match.groups()
        if stop:
            raise _StopHere(text[: match.start()])
        if hexadecimal:
            return _byte(int(hexadecimal, 16))
        return _byte(int(octal, 8) & 255) if octal else SIMPLE_ESCAPES[simple]

    return ESCAPE.sub(replace, text)


def _byte(number: int) -> str:
    return bytes((number,)).decode("utf-8", "surrogateescape")


def echo(process: Process) -> int:
    words = list(process.operands)
    escapes, newline = process.builtin_of == "dash", True
    pattern = re.compile(r"-n+" if process.builtin_of == "dash" else r"-[neE]+")
    while words and pattern.fullmatch(words[0]):
        for letter in words.pop(0)[1:]:
            newline = newline and letter != "n"
            escapes = {"e": True, "E": False}.get(letter, escapes)
    text = " ".join(words)
    if escapes:
        try:
            text = unescape(text)
        except _StopHere as stop:
            process.stdout.write(unescape(str(stop)))
            return 0
    process.stdout.write(text + "\n" * newline)
    return 0


def printf(process: Process) -> int:
    operands = list(process.operands)
    if operands[:1] == ["--"]:
        operands.pop(0)
    if not operands:
        process.complain("missing operand" if not process.builtin_of else "usage: printf format [arg ...]")
        return 2 if process.builtin_of else 1
    form, arguments = operands[0], operands[1:]
    status = 0
    first = True
    while first or arguments:
        before = len(arguments)
        try:
            text, wrong = _formatted(form, arguments)
        except _StopHere as stop:
            process.stdout.write(str(stop))
            return status
        process.stdout.write(text)
        for value in wrong:
            process.complain(_not_a_number(process, value))
            status = 1
        if process.builtin_of == "dash" and re.search(r"(?<!%)(?:%%)*%$", form):
            process.complain("missing format character")
            return 2
        if len(arguments) == before:
            break
        first = False
    return status


def _not_a_number(process: Process, value: str) -> str:
    if re.match(r"\s*[-+]?\d", value):
        return (
            f"'{value}': value not completely converted"
            if not process.builtin_of
            else f"{value}: not completely converted"
        )
    return f"{value}: expected numeric value" if process.builtin_of else f"'{value}': expected a numeric value"


def _formatted(form: str, arguments: list[str]) -> tuple[str, list[str]]:
    """One round of the format; takes what it needs off `arguments`. Also the values that are no numbers."""
    found: list[str] = []
    wrong: list[str] = []
    position = 0
    for match in DIRECTIVE.finditer(form):
        found.append(_piece(form[position : match.start()], found))
        position = match.end()
        flags, width, precision, kind = match.groups()
        if kind == "%":
            found.append("%")
            continue
        if width == "*":
            width = arguments.pop(0) if arguments else "0"
        value = arguments.pop(0) if arguments else ""
        shape = f"%{flags}{width or ''}" + (f".{precision}" if precision else "")
        if kind in "sb":
            found.append((shape + "s") % (_piece(value, found) if kind == "b" else value))
        elif kind == "c":
            found.append((shape + "s") % (value[:1] or "\0"))
        else:
            found.append(_number(shape, kind, value, wrong))
    rest = form[position:]
    found.append(_piece(rest.removesuffix("%") if rest.endswith("%") else rest, found))
    return "".join(found), wrong


def _piece(text: str, before: list[str]) -> str:
    try:
        return unescape(text)
    except _StopHere as stop:
        raise _StopHere("".join(before) + unescape(str(stop))) from None


def _number(shape: str, kind: str, value: str, wrong: list[str]) -> str:
    if value[:1] in ("'", '"') and len(value) > 1:
        number: float = ord(value[1])
    else:
        match = re.match(r"\s*([-+]?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?))", value)
        number = 0
        if match:
            text = match.group(1)
            number = (
                float(text)
                if "." in text
                else int(text, 16 if "x" in text.lower() else 8 if re.match(r"[-+]?0\d", text) else 10)
            )
        is_cut = kind in "diuoxX" and isinstance(number, float)
        if value and (match is None or match.end() != len(value) or is_cut):
            wrong.append(value)
    if kind in "feEgG":
        return (shape + kind) % number
    whole = int(number) if kind in "di" else int(number) % (1 << 64)
    return (shape + {"i": "d", "u": "d"}.get(kind, kind)) % whole


def cat(process: Process) -> int:
    try:
        options = options_of(process, "nAebstTuvE", CAT_OPTIONS)
    except UsageError as error:
        return refuse(process, error, "cat [-nbvteA] [FILE]...")
    reading = Operands(process, options.operands)
    if not options.flags - {"u"}:
        for _, content in reading:
            process.stdout.write_content(content)
        return reading.status
    count = _Count()
    for _, content in reading:
        data = content.read(SHOWN_BYTES, process.machine.ports.read)
        process.stdout.write_content(of(b"".join(_marked(data, options.flags, count))))
    return reading.status


CAT_OPTIONS = {
    "number": "n",
    "number-nonblank": "b",
    "squeeze-blank": "s",
    "show-all": "A",
    "show-ends": "E",
    "show-nonprinting": "v",
    "show-tabs": "T",
}


@dataclass(slots=True)
class _Count:
    """What cat counts through all files: lines, the empty ones that came last, whether a line is still open."""

    number: int = 0
    blanks: int = 0
    is_open: bool = False


def _marked(data: bytes, flags: frozenset[str], count: _Count) -> Iterator[bytes]:
    """The lines of `data` with what cat's options add to them."""
    visible, ends, tabs = bool(flags & set("veAt")), bool(flags & set("EeA")), bool(flags & set("TtA"))
    for line in re.findall(rb"[^\n]*\n|[^\n]+", data):
        text, newline = line.removesuffix(b"\n"), line.endswith(b"\n")
        goes_on, count.is_open = count.is_open, not newline
        count.blanks = count.blanks + 1 if not text and not goes_on else 0
        if "s" in flags and count.blanks > 1:
            continue
        if not goes_on and (("n" in flags and "b" not in flags) or ("b" in flags and text)):
            count.number += 1
            yield b"%6d\t" % count.number
        if visible:
            text = b"".join(map(_visible, text))
        yield text.replace(b"\t", b"^I") if tabs else text
        yield (b"$" * ends + b"\n") if newline else b""


def _visible(byte: int) -> bytes:
    """One byte as cat -v shows it: `^X` for control characters, `M-` before those above 127."""
    if byte >= 128:
        return b"M-" + _visible(byte - 128) if byte != 137 else b"M-^I"
    if byte < 32 and byte != 9:
        return b"^%c" % (byte + 64)
    return b"^?" if byte == 127 else b"%c" % byte


def head(process: Process) -> int:
    return _part_of_file(process, from_end=False)


def tail(process: Process) -> int:
    return _part_of_file(process, from_end=True)


def _part_of_file(process: Process, *, from_end: bool) -> int:
    usage = f"{process.name} [OPTIONS] [FILE]..."
    operands = process.operands
    if operands and re.fullmatch(r"-\d+", operands[0]):
        if from_end and len(operands) > 2 and not process.busybox:
            process.complain(f"option used in invalid context -- {operands[0][1:2]}")
            return 1
        process.arguments = (process.arguments[0], "-n", operands[0][1:], *operands[1:])
    try:
        options = options_of(
            process, "n:c:qvfF", {"lines": "n", "bytes": "c", "quiet": "q", "silent": "q", "verbose": "v"}
        )
    except UsageError as error:
        return refuse(process, error, usage)
    by_bytes = "c" in options
    count_text = options.values.get("c" if by_bytes else "n", "10")
    if not re.fullmatch(r"[-+]?\d+", count_text):
        what = "bytes" if by_bytes else "lines"
        process.complain(f"invalid number of {what}: '{count_text}'")
        return 1
    count = abs(int(count_text))
    if from_end and count_text in ("0", "-0") and not process.busybox:
        # GNU's tail does not even open what it prints nothing of.
        return 0
    shown: list[str] = []

    def head_line(name: str) -> None:
        if "q" not in options and ("v" in options or len(options.operands) > 1):
            process.stdout.write("\n" * bool(shown) + f"==> {'standard input' if name == '-' else name} <==\n")
            shown.append(name)

    reading = Operands(process, options.operands, may_be_endless=True, opened=head_line)
    for _, content in reading:
        if is_endless(content) and (from_end or not by_bytes or count_text.startswith("-")):
            raise StillRunning
        if by_bytes:
            size = content.size_bytes
            process.stdout.write_content(
                content.cut(size - min(size, count), size) if from_end else content.cut(0, count)
            )
            continue
        lines = re.findall(r"[^\n]*\n|[^\n]+", text_of(content, process.machine.ports.read))
        if from_end:
            chosen = lines[count - 1 :] if count_text.startswith("+") else lines[len(lines) - min(len(lines), count) :]
        else:
            chosen = lines[: len(lines) - count] if count_text.startswith("-") else lines[:count]
        process.stdout.write("".join(chosen))
    if from_end and ("f" in options or "F" in options):
        raise StillRunning
    return reading.status


PART_OPTIONS = {"lines": "n", "bytes": "c", "quiet": "q", "silent": "q", "verbose": "v"}


def wc(process: Process) -> int:
    try:
        options = options_of(process, "lwcm", {"lines": "l", "words": "w", "bytes": "c", "chars": "m"})
    except UsageError as error:
        return refuse(process, error, "wc [-clwL] [FILE]...")
    reading = Operands(process, options.operands, directories=True)
    wanted = [letter for letter in "lwcm" if letter in options] or ["l", "w", "c"]
    width = _width(process, options.operands, len(wanted))
    total = [0] * len(wanted)
    for name, content in reading:
        counts = _counts(process, content)
        row = [counts[letter] for letter in wanted]
        total = [before + number for before, number in zip(total, row, strict=True)]
        process.print(" ".join(f"{number:{width}}" for number in row) + f" {name}" * bool(options.operands))
    if len(options.operands) > 1:
        process.print(" ".join(f"{number:{width}}" for number in total) + " total")
    return reading.status


def _width(process: Process, names: tuple[str, ...], columns: int) -> int:
    """Of wc's columns. coreutils: as wide as the bytes of all files together, else seven; busybox: nine."""
    if columns == 1 and len(names) <= 1:
        return 1
    if process.busybox:
        return 9
    found = [process.files.find(process.path(name)) for name in names if name != "-"]
    if not names or "-" in names or any(entry is not None and entry.kind is not Kind.FILE for entry in found):
        return 7
    return len(str(sum(entry.size_bytes for entry in found if entry is not None)))


def _counts(process: Process, content: Content) -> dict[str, int]:
    """Newlines, words, bytes and characters, read piece by piece."""
    lines = words = characters = 0
    inside = False
    for chunk in content.chunks(process.machine.ports.read):
        lines += chunk.count(b"\n")
        characters += len(chunk.decode("utf-8", "surrogateescape"))
        words += len(chunk.split()) - (inside and not chunk[:1].isspace())
        inside = not chunk[-1:].isspace()
    return {"l": lines, "w": words, "c": content.size_bytes, "m": characters}


def tee(process: Process) -> int:
    try:
        options = options_of(process, "ai", {"append": "a"})
    except UsageError as error:
        return refuse(process, error, "tee [-ai] [FILE]...")
    if is_endless(process.stdin):
        raise StillRunning
    status = int(process.stdin == DIRECTORY)
    if status:
        process.complain(f"read error: {strerror('EISDIR')}")
    process.stdout.write_content(process.stdin)
    for operand in options.operands:
        try:
            path = process.resolve(operand, missing_ok=True)
            checked(process.machine.do(Write(process.target, path, process.stdin, "a" in options)))
        except PathError as failure:
            process.complain(f"{operand}: {strerror(failure.errno)}")
            status = 1
    return status


PROGRAMS = {
    "cat": Program(cat, "cat [-nbvteA] [FILE]..."),
    "echo": Program(echo, "echo [-neE] [ARG]..."),
    "head": Program(head, "head [OPTIONS] [FILE]..."),
    "printf": Program(printf, "printf FORMAT [ARG]..."),
    "tail": Program(tail, "tail [OPTIONS] [FILE]..."),
    "tee": Program(tee, "tee [-ai] [FILE]..."),
    "wc": Program(wc, "wc [-clwL] [FILE]..."),
}
