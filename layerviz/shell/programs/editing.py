"""sed, tr, cut, uniq: small programs that people reach for at a prompt."""

from __future__ import annotations

import re

from layerviz.engine import content
from layerviz.engine.actions import Write
from layerviz.shell.files import PathError, strerror
from layerviz.shell.process import DIRECTORY, Process, Program, UsageError, checked, options_of, refuse
from layerviz.shell.programs import expressions
from layerviz.shell.programs.operands import Operands
from layerviz.shell.programs.printing import unescape
from layerviz.shell.streams import lines_of, text_of

SED_USAGE = "sed [-i] [-nEr] [-e CMD] [FILE]..."
ADDRESS = re.compile(r"(\d+|\$|/(?:[^/\\]|\\.)*/)?(?:,(\d+|\$|/(?:[^/\\]|\\.)*/))?\s*(!?)\s*([sdpaicqy=])", re.DOTALL)


class _Step:
    """One command of a sed script: where it holds, what it does."""

    def __init__(
        self, first: str | None, last: str | None, letter: str, rest: str, *, elsewhere: bool, extended: bool
    ) -> None:
        self.first, self.last, self.letter, self.text = first, last, letter, rest.lstrip("\\ \n")
        self.elsewhere, self.inside = elsewhere, False
        self.everywhere, self.prints, self.which = False, False, 1
        if letter == "y":
            parts = rest.split(rest[0])
            if len(parts) != 4 or len(parts[1]) != len(parts[2]):
                raise UsageError(f"-e expression #1, char {len(rest) + 1}: unterminated `y' command")
            self.table = str.maketrans(parts[1], parts[2])
        if letter == "s":
            separator = re.escape(rest[0])
            match = re.fullmatch(
                rf"{separator}((?:\\.|(?!{separator})[^\\])*){separator}((?:\\.|(?!{separator})[^\\])*){separator}([gpiI0-9]*)",
                rest,
                re.DOTALL,
            )
            if match is None:
                raise UsageError(f"-e expression #1, char {len(rest) + 1}: unterminated `s' command")
            pattern, replacement, flags = match.groups()
            self.regex = _regex(pattern, extended=extended, ignore_case="i" in flags.lower())
            self.replacement = re.sub(r"(?<!\\)&", r"\\g<0>", replacement).replace("\\/", "/").replace("\\&", "&")
            self.everywhere, self.prints = "g" in flags, "p" in flags
            self.which = int(re.sub(r"\D", "", flags) or 1)

    def substituted(self, line: str) -> tuple[str, bool]:
        """The line after `s`, and whether anything was replaced. Where a match ended, no empty one begins."""
        found: list[str] = []
        position, ended, count = 0, -1, 0
        for match in self.regex.finditer(line):
            if match.start() == match.end() == ended:
                continue
            ended = match.end()
            count += 1
            if count == self.which or (self.everywhere and count > self.which):
                found += [line[position : match.start()], match.expand(self.replacement)]
                position = ended
                if not self.everywhere:
                    break
        return "".join([*found, line[position:]]), bool(found)

    def holds(self, line: str, number: int, is_last: bool) -> bool:
        return self._fits(line, number, is_last) != self.elsewhere

    def _fits(self, line: str, number: int, is_last: bool) -> bool:
        if self.first is None:
            return True
        if self.last is None:
            return _fits(self.first, line, number, is_last)
        if self.inside:
            self.inside = not _fits(self.last, line, number, is_last)
            return True
        self.inside = _fits(self.first, line, number, is_last)
        begins = self.inside
        if begins and self.last.isdigit() and int(self.last) <= number:
            self.inside = False
        return begins


def _regex(pattern: str, *, extended: bool, ignore_case: bool = False) -> re.Pattern[str]:
    try:
        return expressions.regex(pattern, extended=extended, ignore_case=ignore_case)
    except re.error as error:
        raise UsageError(f"-e expression #1, char {len(pattern)}: {error}") from error


def _fits(address: str, line: str, number: int, is_last: bool) -> bool:
    if address == "$":
        return is_last
    if address.isdigit():
        return int(address) == number
    return re.search(address[1:-1], line) is not None


def sed(process: Process) -> int:
    try:
        options = options_of(
            process, "nErie:", {"quiet": "n", "in-place": "i", "expression": "e", "regexp-extended": "E"}
        )
        operands = list(options.operands)
        if "e" not in options and not operands:
            raise UsageError("no script specified")
        script = "\n".join(options.every["e"]) if "e" in options else operands.pop(0)
        steps = _steps(script, extended="E" in options or "r" in options)
    except UsageError as error:
        if error.option or "expression" not in str(error):
            return refuse(process, error, SED_USAGE)
        process.complain(str(error))
        return 1
    in_place = "i" in options
    directory = next((number for number, name in enumerate(operands, 1) if process.is_directory(name)), len(operands))
    reading = Operands(process, tuple(operands[:directory]))
    texts = [(name, text_of(data, process.machine.ports.read)) for name, data in reading]
    status = reading.status
    if status and not process.busybox:
        # A directory that cannot be read ends sed; a file that is not there does not.
        named = operands[directory - 1 :]
        status = 4 if (process.is_directory(named[0]) if named else process.stdin == DIRECTORY) else 2
    if not in_place:
        # All files are one text, whose lines are counted through.
        ended = [text + "\n" * (text[-1:] not in ("", "\n")) for _, text in texts[:-1]]
        whole = "".join([*ended, *(text for _, text in texts[-1:])])
        process.stdout.write(_edited(whole, steps, quiet="n" in options))
        return status
    for name, text in texts:
        edited = _edited(text, steps, quiet="n" in options)
        try:
            path = process.resolve(name)
            written = content.of(edited.encode("utf-8", "surrogateescape"))
            checked(process.machine.do(Write(process.target, path, written)))
        except PathError as error:
            process.complain(f"{name}: {strerror(error.errno)}")
            status = 1
    return status


def _steps(script: str, *, extended: bool) -> list[_Step]:
    steps: list[_Step] = []
    for piece in re.split(r"\n|;(?=\s*(?:\d|\$|/|[sdpqy=]))", script):
        piece = piece.strip()
        if not piece:
            continue
        match = ADDRESS.match(piece)
        if match is None:
            raise UsageError(f"-e expression #1, char 1: unknown command: `{piece[:1]}'")
        first, last, sign, letter = match.groups()
        rest = piece[match.end() :] or " "
        steps.append(_Step(first, last, letter, rest, elsewhere=bool(sign), extended=extended))
    return steps


def _edited(text: str, steps: list[_Step], *, quiet: bool) -> str:
    lines = lines_of(text)
    found: list[str] = []
    for number, line in enumerate(lines, 1):
        after: list[str] = []
        shown, ends = not quiet, False
        for step in steps:
            if not step.holds(line, number, number == len(lines)):
                continue
            if step.letter == "d":
                shown = False
                break
            if step.letter == "s":
                line, replaced = step.substituted(line)
                if replaced and step.prints:
                    found.append(line)
            elif step.letter == "y":
                line = line.translate(step.table)
            elif step.letter == "=":
                found.append(str(number))
            elif step.letter == "q":
                ends = True
                break
            elif step.letter == "p":
                found.append(line)
            elif step.letter == "a":
                after.append(step.text)
            elif step.letter == "i":
                found.append(step.text)
            else:
                line = step.text
        found += [line] * shown + after
        if ends:
            return "".join(f"{one}\n" for one in found)
    end = "" if text and not text.endswith("\n") else "\n"
    return "\n".join(found) + end if found else ""


def tr(process: Process) -> int:
    try:
        options = options_of(process, "d", {"delete": "d"}, permute=False)
    except UsageError as error:
        return refuse(process, error, "tr [-d] STRING1 [STRING2]")
    words, deletes = options.operands, "d" in options
    if len(words) != (1 if deletes else 2):
        return refuse(process, UsageError("missing operand"), "tr [-d] STRING1 [STRING2]")
    if process.stdin == DIRECTORY:
        process.complain(f"read error: {strerror('EISDIR')}")
        return 1
    text = text_of(process.stdin, process.machine.ports.read)
    first = _set(words[0])
    if deletes:
        process.stdout.write("".join(character for character in text if character not in first))
        return 0
    second = _set(words[1]) or " "
    table = {character: second[min(index, len(second) - 1)] for index, character in enumerate(first)}
    process.stdout.write("".join(table.get(character, character) for character in text))
    return 0


CLASSES = {
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "digit": "0123456789",
    "space": " \t\n\r\f\v",
}


def _set(text: str) -> str:
    text = re.sub(r"\[:(\w+):\]", lambda match: CLASSES.get(match.group(1), ""), unescape(text))
    return re.sub(
        r"(.)-(.)",
        lambda match: "".join(map(chr, range(ord(match.group(1)), ord(match.group(2)) + 1))),
        text,
        flags=re.DOTALL,
    )


def cut(process: Process) -> int:
    usage = "cut [-d DELIM] -f LIST [FILE]... or cut -c LIST [FILE]..."
    try:
        options = options_of(process, "d:f:c:b:s", {"delimiter": "d", "fields": "f", "characters": "c"})
    except UsageError as error:
        return refuse(process, error, usage)
    wanted = options.values.get("f") or options.values.get("c") or options.values.get("b")
    if wanted is None:
        return refuse(process, UsageError("you must specify a list of bytes, characters, or fields"), usage)
    if not re.fullmatch(r"(\d+(-\d*)?|-\d+)(,(\d+(-\d*)?|-\d+))*", wanted):
        return refuse(process, UsageError("invalid field value"), usage)
    reading = Operands(process, options.operands)
    delimiter = options.values.get("d", "\t")
    for _, data in reading:
        for line in lines_of(text_of(data, process.machine.ports.read)):
            pieces = line.split(delimiter) if "f" in options else list(line)
            if "f" in options and len(pieces) == 1:
                process.print(line)
                continue
            chosen = [piece for index, piece in enumerate(pieces, 1) if _in_list(index, wanted)]
            process.print((delimiter if "f" in options else "").join(chosen))
    return reading.status


def _in_list(index: int, wanted: str) -> bool:
    for part in wanted.split(","):
        first, dash, last = part.partition("-")
        if (int(first or "1") <= index <= int(last or index)) if dash else index == int(part):
            return True
    return False


def uniq(process: Process) -> int:
    try:
        options = options_of(process, "c", {"count": "c"})
    except UsageError as error:
        return refuse(process, error, "uniq [-c] [FILE]")
    reading = Operands(process, options.operands[:1])
    counted: list[tuple[str, int]] = []
    for _, data in reading:
        for line in lines_of(text_of(data, process.machine.ports.read)):
            if counted and counted[-1][0] == line:
                counted[-1] = (line, counted[-1][1] + 1)
            else:
                counted.append((line, 1))
    for line, count in counted:
        process.print(f"{count:7} {line}" if "c" in options else line)
    return reading.status


PROGRAMS = {
    "cut": Program(cut, "cut [-d DELIM] -f LIST [FILE]..."),
    "sed": Program(sed, SED_USAGE),
    "tr": Program(tr, "tr [-d] STRING1 [STRING2]"),
    "uniq": Program(uniq, "uniq [-c] [FILE]"),
}
