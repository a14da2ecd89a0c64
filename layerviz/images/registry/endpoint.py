"""Where a registry answers: from the host of a reference to the address of its API, and when that may be plain HTTP."""

import ipaddress
import os
from typing import NamedTuple

DOCKER_IO = "docker.io"
_DOCKER_IO_ANSWERS_AT = "registry-1.docker.io"
"""docker.io is a web site; the registry behind it has a name of its own (moby, registry/config.go)."""
PLAIN_HTTP = "LAYERVIZ_PLAIN_HTTP"
"""Hosts, with their ports, that are spoken to without TLS: `LAYERVIZ_PLAIN_HTTP=registry.lan:5000,10.0.0.7`."""


class Endpoint(NamedTuple):
    """A registry by the `host` that references and credentials name, and the `url` at which its API begins."""

    host: str
    url: str


def endpoint(host: str) -> Endpoint:
    """Loopback is spoken to in plain HTTP, as docker does; all else with TLS, whose certificate is verified."""
    scheme = "http" if may_be_plain(host) else "https"
    return Endpoint(host, f"{scheme}://{_DOCKER_IO_ANSWERS_AT if host == DOCKER_IO else host}")


def may_be_plain(host: str) -> bool:
    """Whether `host` (`HOST[:PORT]`) may be spoken to without TLS: this machine, or one that was named for it."""
    named = os.environ.get(PLAIN_HTTP, "").replace(",", " ").split()
    return is_loopback(host) or host in named


def is_loopback(host: str) -> bool:
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
