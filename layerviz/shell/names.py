"""Ids that docker draws at random, here from the world's counter, and which names a container may have."""

from __future__ import annotations

import hashlib
import re

VALID_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


def random_id(purpose: str, serial: int) -> str:
    """64 hexadecimal digits, the first twelve of them never all decimal (moby daemon/internal/stringid)."""
    attempt = 0
    while True:
        found = hashlib.sha256(f"{purpose} {serial} {attempt}".encode()).hexdigest()
        if not found[:12].isdecimal():
            return found
        attempt += 1


def is_valid_name(name: str) -> bool:
    return VALID_NAME.fullmatch(name) is not None


def short(identifier: str) -> str:
    """The first twelve digits, without "sha256:"."""
    return identifier.removeprefix("sha256:")[:12]
