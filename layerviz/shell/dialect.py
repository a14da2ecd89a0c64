"""How each shell words the same fault: dash (Ubuntu's sh), bash (your computer's prompt) and busybox's ash.

Measured on dash 0.5.12, bash 5.2 and BusyBox 1.35; the texts are theirs to the letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layerviz.shell.syntax import ShellSyntaxError

Kind = Literal["dash", "bash", "busybox"]
TOO_DEEP = "commands are nested too deep"


@dataclass(frozen=True, slots=True)
class Dialect:
    """A shell's name for itself and its manners. `prompt`: it runs at a prompt, where bash leaves out the line."""

    kind: Kind
    name: str
    prompt: bool = False
    within: str = ""
    """The builtin that runs the commands, which dash names: `eval`."""

    def prefix(self, line: int) -> str:
        if self.kind == "bash":
            return f"{self.name}: " if self.prompt else f"{self.name}: line {line}: "
        within = f"{self.within}: " if self.within else ""
        return f"{self.name}: {line}: {within}" if self.kind == "dash" else f"{self.name}: "

    def not_found(self, line: int, program: str) -> str:
        text = f"{program}: command not found" if self.kind == "bash" else f"{program}: not found"
        if "/" in program:
            text = f"{program}: No such file or directory" if self.kind == "bash" else f"{program}: not found"
        return self.prefix(line) + text

    def cannot_execute(self, line: int, program: str, *, directory: bool = False) -> str:
        reason = "Is a directory" if directory and self.kind == "bash" else "Permission denied"
        return f"{self.prefix(line)}{program}: {reason}"

    def cannot_write(self, line: int, path: str, errno: str, message: str) -> tuple[str, int]:
        """Message and exit status of a `>` that could not be opened."""
        if self.kind == "bash":
            return f"{self.prefix(line)}{path}: {message}", 1
        if self.kind == "dash":
            reason = {"ENOENT": "Directory nonexistent", "EISDIR": "Is a directory"}.get(errno, message)
            return f"{self.prefix(line)}cannot create {path}: {reason}", 2
        reason = "nonexistent directory" if errno == "ENOENT" else message
        return f"{self.prefix(line)}can't create {path}: {reason}", 1

    def cannot_read(self, line: int, path: str, errno: str, message: str) -> tuple[str, int]:
        """Message and exit status of a `<` that could not be opened."""
        if self.kind == "bash":
            return f"{self.prefix(line)}{path}: {message}", 1
        if self.kind == "dash":
            reason = "No such file" if errno == "ENOENT" else message
            return f"{self.prefix(line)}cannot open {path}: {reason}", 2
        reason = "no such file" if errno == "ENOENT" else message
        return f"{self.prefix(line)}can't open {path}: {reason}", 1

    def cannot_change_directory(self, line: int, path: str, message: str) -> tuple[str, int]:
        if self.kind == "bash":
            return f"{self.prefix(line)}cd: {path}: {message}", 1
        if self.kind == "dash":
            return f"{self.prefix(line)}cd: can't cd to {path}", 2
        return f"{self.name}: cd: line {line - 1}: can't cd to {path}: {message}", 2

    def syntax_error(self, error: ShellSyntaxError, text: str) -> str:
        """The message for a text that does not parse, without the newline at its end."""
        if error.fault == "nested":
            return f"{self.prefix(error.line)}{TOO_DEEP}"
        if self.kind == "bash":
            return self._bash_syntax_error(error, text)
        if self.kind == "dash":
            return self.prefix(error.line) + _dash_fault(error)
        return self.prefix(error.line) + _busybox_fault(error)

    def _bash_syntax_error(self, error: ShellSyntaxError, text: str) -> str:
        start = f"{self.name}: " if self.prompt else f"{self.name}: -c: line {error.line}: "
        if error.fault in ("quote", "brace"):
            return f"{start}unexpected EOF while looking for matching `{error.token}'"
        if error.fault == "here-document":
            return f"{start}here-document delimited by end-of-file (wanted `{error.token}')"
        if error.fault == "end":
            return f"{start}syntax error: unexpected end of file"
        if error.fault == "substitution":
            return f"{self.prefix(error.line)}{error.token}: bad substitution"
        if error.fault == "unsupported":
            return f"{start}{_unsupported(error.token)}"
        message = f"{start}syntax error near unexpected token `{error.token}'"
        if self.prompt:
            return message
        lines = text.split("\n")
        line = lines[min(error.line, len(lines)) - 1]
        return f"{message}\n{start}`{line}'"


def _unsupported(token: str) -> str:
    if token == "&":
        return "background jobs (&) do not exist in this shell"
    if token == "()":
        return "functions do not exist in this shell"
    return f"`{token}' does not exist in this shell"


def _dash_fault(error: ShellSyntaxError) -> str:
    if error.fault == "quote":
        return "Syntax error: Unterminated quoted string"
    if error.fault == "brace":
        return "Syntax error: Missing '}'"
    if error.fault == "end":
        expecting = f' (expecting "{error.token}")' if error.token else ""
        return f"Syntax error: end of file unexpected{expecting}"
    if error.fault == "here-document":
        return f'Syntax error: end of file unexpected (expecting "{error.token}")'
    if error.fault == "substitution":
        return "Bad substitution"
    if error.fault == "for":
        return "Syntax error: Bad for loop variable"
    if error.fault == "unsupported":
        return _unsupported(error.token)
    token = error.token
    if token == "newline":
        return "Syntax error: newline unexpected"
    return f'Syntax error: "{token}" unexpected'


def _busybox_fault(error: ShellSyntaxError) -> str:
    if error.fault == "quote":
        return "syntax error: unterminated quoted string"
    if error.fault == "brace":
        return "syntax error: missing '}'"
    if error.fault in ("end", "here-document"):
        expecting = f' (expecting "{error.token}")' if error.token else ""
        return f"syntax error: unexpected end of file{expecting}"
    if error.fault == "substitution":
        return "syntax error: bad substitution"
    if error.fault == "for":
        return "syntax error: bad for loop variable"
    if error.fault == "unsupported":
        return _unsupported(error.token)
    token = "newline" if error.token == "newline" else f'"{error.token}"'
    return f"syntax error: unexpected {token}"


DASH = Dialect("dash", "sh")
BUSYBOX = Dialect("busybox", "sh")
BASH = Dialect("bash", "bash")
PROMPT = Dialect("bash", "bash", prompt=True)
