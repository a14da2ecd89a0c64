"""The engine's family of errors. What a kernel would refuse is no error of ours but an outcome (`Outcome.error`)."""

from layerviz.resources import Problem


class EngineError(Problem):
    """A question about a world that has no answer, or an action that names what is not there."""


class PathError(EngineError):
    """A path that leads nowhere; `code` is the errno's name: ENOENT, ENOTDIR, ELOOP …"""

    def __init__(self, where: object, what: str, hint: str = "") -> None:
        super().__init__(where, what, hint)
        self.code = what


class AmbiguousId(EngineError):
    """A prefix that several ids begin with."""
