"""What a registry that answers 401 asks for: the challenges of its WWW-Authenticate headers (RFC 9110, 11.6.1)."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = re.compile(rf'\s*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))\s*(?:,|$)')
_SCHEME = re.compile(rf"[\s,]*({_TOKEN})(?:\s+|$|(?=,))")


class Challenge(NamedTuple):
    """The scheme in small letters ("basic", "bearer") and its parameters, their names in small letters."""

    scheme: str
    parameters: Mapping[str, str]


def challenges(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """All challenges of the headers, in their order. What cannot be read is left out."""
    return tuple(one for header in headers for one in _of(header))


def _of(header: str) -> Iterable[Challenge]:
    at = 0
    while at < len(header):
        scheme = _SCHEME.match(header, at)
        if scheme is None:
            return
        at = scheme.end()
        parameters: dict[str, str] = {}
        while parameter := _PARAMETER.match(header, at):
            quoted = parameter[2]
            value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else parameter[3]
            parameters.setdefault(parameter[1].lower(), value)
            at = parameter.end()
        yield Challenge(scheme[1].lower(), parameters)
