"""Image references as docker reads them (github.com/distribution/reference, reference.go and normalize.go)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
DOMAIN = rf"(?:(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?)"
COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*"
REFERENCE = re.compile(
    rf"(?:(?P<domain>{DOMAIN})/)?(?P<path>{COMPONENT}(?:/{COMPONENT})*)"
    r"(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


class BadReference(Exception):
    """A text that names no image."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`name` is the familiar one ("redis", "registry.example/a/b"); `tag` "" where none was given."""

    name: str
    tag: str
    digest: str
    domain: str
    path: str

    @property
    def ref(self) -> str:
        """As the world's tags are written: "redis:latest"."""
        return f"{self.name}@{self.digest}" if self.digest else f"{self.name}:{self.tag or 'latest'}"

    @property
    def full(self) -> str:
        """With registry: "docker.io/library/redis:latest"."""
        return f"{self.domain}/{self.path}" + (f"@{self.digest}" if self.digest else f":{self.tag or 'latest'}")


def parse(text: str) -> Reference:
    """Raises `BadReference` with docker's message."""
    domain, slash, rest = text.partition("/")
    if not slash or not (re.search(r"[.:]", domain) or domain == "localhost" or domain.lower() != domain):
        domain, rest = "docker.io", text
    if domain == "index.docker.io":
        domain = "docker.io"
    if domain == "docker.io" and "/" not in rest:
        rest = f"library/{rest}"
    path = re.split(r"[:@]", rest, maxsplit=1)[0]
    if path.lower() != path:
        raise BadReference(f"invalid reference format: repository name ({path}) must be lowercase")
    match = REFERENCE.fullmatch(f"{domain}/{rest}")
    if match is None or re.fullmatch(r"[0-9a-f]{64}", text):
        raise BadReference("invalid reference format")
    path = match["path"]
    return Reference(familiar(domain, path), match["tag"] or "", match["digest"] or "", domain, path)


def familiar(domain: str, path: str) -> str:
    """A repository as docker shows it: "redis" for that of docker.io/library, "registry.example/a/b"."""
    return path.removeprefix("library/") if domain == "docker.io" else f"{domain}/{path}"
