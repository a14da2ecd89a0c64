"""Sizes, ages and times as docker prints them (docker/go-units size.go and duration.go)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

DECIMAL_UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")


def size(size_bytes: int, digits: int = 3) -> str:
    """`size_bytes` in decimal units: 104123456 is "104MB". Images, history, ps and cp use three digits."""
    number = float(size_bytes)
    unit = 0
    while number >= 1000.0 and unit < len(DECIMAL_UNITS) - 1:
        number /= 1000.0
        unit += 1
    # Go's %.3g and Python's agree, odd cases included: 999.6 MB is "1e+03MB".
    return f"{number:.{digits}g}{DECIMAL_UNITS[unit]}"


def ago(now: int, then: int) -> str:
    return f"{duration(now - then)} ago"


def duration(seconds: int) -> str:
    """An age in words, by whole-number division except that hours are rounded."""
    minutes = seconds // 60
    hours = (seconds + 1800) // 3600
    if seconds < 1:
        return "Less than a second"
    if seconds == 1:
        return "1 second"
    if seconds < 60:
        return f"{seconds} seconds"
    if minutes == 1:
        return "About a minute"
    if minutes < 60:
        return f"{minutes} minutes"
    if hours == 1:
        return "About an hour"
    if hours < 48:
        return f"{hours} hours"
    if hours < 24 * 7 * 2:
        return f"{hours // 24} days"
    if hours < 24 * 30 * 2:
        return f"{hours // 24 // 7} weeks"
    if hours < 24 * 365 * 2:
        return f"{hours // 24 // 30} months"
    return f"{hours // 24 // 365} years"


def rfc3339(seconds: int) -> str:
    """The instant `seconds` after 1970 as Go writes it: "2021-02-01T00:00:00Z"."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def date_and_zone(seconds: int) -> str:
    """As Go's time.Time prints itself: "2021-02-01 00:00:00 +0000 UTC"."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S +0000 UTC")


SIZE_SUFFIXES = {
    "": 1,
    "c": 1,
    "w": 2,
    "b": 512,
    "kB": 1000,
    "K": 1024,
    "KiB": 1024,
    "k": 1024,
    "MB": 1000**2,
    "M": 1024**2,
    "MiB": 1024**2,
    "m": 1024**2,
    "xM": 1024**2,
    "GB": 1000**3,
    "G": 1024**3,
    "GiB": 1024**3,
    "g": 1024**3,
    "TB": 1000**4,
    "T": 1024**4,
    "TiB": 1024**4,
    "t": 1024**4,
    "KB": 1000,
    "PB": 1000**5,
    "P": 1024**5,
    "PiB": 1024**5,
}


def parse_size(text: str, *, blocks: bool = False) -> int | None:
    """A size as coreutils read it ("50MB" is 50,000,000, "50M" 52,428,800), None if it is none.

    `blocks` allows dd's `c`, `w` and `b` and products (`2x512`); without it `k`, `m`, `g` and `t` still do.
    """
    if blocks and "x" in text:
        product = 1
        for factor in text.split("x"):
            number = parse_size(factor, blocks=True)
            if number is None:
                return None
            product *= number
        return product
    match = re.fullmatch(r"(\d+)([A-Za-z]*)", text)
    if match is None:
        return None
    suffix = match.group(2)
    if suffix in ("c", "w", "b") and not blocks:
        return None
    factor_of_suffix = SIZE_SUFFIXES.get(suffix)
    return None if factor_of_suffix is None else int(match.group(1)) * factor_of_suffix
