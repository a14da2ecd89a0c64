"""The catalogue: strings by area and key, read from `assets/strings/<lang>/<area>.yaml` when first asked for,
and kept as JSON for the next start."""

from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, cast, get_args

from layerviz.kept import kept
from layerviz.resources import Problem, assets

Lang = Literal["en", "zh_CN"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)

Entry: TypeAlias = "str | dict[str, str]"
"""A string, or its plural forms: `{one: …, other: …}`, chosen by the value `count`."""


class StringsError(Problem, KeyError):
    """The catalogue has no such string, or the string wants a value that was not given."""

    __str__ = Problem.__str__


def tr(lang: Lang, key: str, /, **values: object) -> str:
    """The string `key` ("area.name", deeper levels too) in `lang`, with `{placeholders}` filled from `values`.

    Where the catalogue gives plural forms, the value `count` chooses. Raises `StringsError`, a `KeyError`, that
    names what is missing.
    """
    entry = lookup(lang, key)
    if isinstance(entry, dict):
        if "count" not in values:
            raise StringsError(f"{lang}/{key}", "has plural forms and was given no count")
        form = "one" if values["count"] == 1 and "one" in entry else "other"
        entry = entry[form]
    if not values:
        return entry
    try:
        return entry.format(**values)
    except (KeyError, IndexError) as missing:
        raise StringsError(f"{lang}/{key}", f"wants the value {missing}") from None


def lookup(lang: Lang, key: str) -> Entry:
    """The entry as it stands in the catalogue, unfilled."""
    name, _, rest = key.partition(".")
    entry = area(lang, name).get(rest)
    if entry is None:
        raise StringsError(f"{lang}/{key}", "the catalogue has no such string")
    return entry


@cache
def area(lang: Lang, name: str) -> dict[str, Entry]:
    """All strings of one area by their key within it; nested mappings are joined by dots."""
    file = assets("strings", lang) / f"{name}.yaml"
    try:
        return kept(f"strings-{lang}-{name}", [file], lambda: _read(file))
    except FileNotFoundError:
        raise StringsError(f"{lang}/{name}", "the catalogue has no such area") from None


def _read(file: Path) -> dict[str, Entry]:
    # Most starts find what an earlier one has read, and need no YAML.
    import yaml

    try:
        with file.open(encoding="utf-8") as text:
            read = yaml.load(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError as error:
        raise StringsError(file, f"is no valid YAML: {error}") from None
    strings: dict[str, Entry] = {}
    _gather(cast("dict[str, object]", read or {}), "", strings)
    return strings


def names(lang: Lang) -> tuple[str, ...]:
    """The areas that `lang` has, sorted."""
    return tuple(sorted(file.stem for file in assets("strings", lang).glob("*.yaml")))


def languages() -> dict[Lang, str]:
    """Every language with its own name for itself, in the order in which they are offered."""
    return {lang: tr(lang, "common.language") for lang in LANGUAGES}


def _gather(mapping: dict[str, object], prefix: str, into: dict[str, Entry]) -> None:
    for key, value in mapping.items():
        if isinstance(value, dict) and "other" in value:
            into[prefix + key] = cast("dict[str, str]", value)
        elif isinstance(value, dict):
            _gather(cast("dict[str, object]", value), f"{prefix}{key}.", into)
        else:
            into[prefix + key] = str(value)
