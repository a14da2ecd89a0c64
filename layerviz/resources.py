"""The ground floor: where lessons, assets and catalogues lie, and the root of every family of errors.

An installed layerviz carries its data in `layerviz/_data`; a checkout keeps them in its top-level folders.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


class Problem(Exception):
    """What is wrong, where, and what to do about it. Every floor's family of errors derives from this one.

    It is raised where the cause is known and shown once at the edge: `str(problem)` is one line for a person.
    All three parts are positional, so that a problem survives the way back from a child process.
    """

    def __init__(self, where: object, what: str, hint: str = "") -> None:
        super().__init__(where, what, hint)
        self.where = str(where)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.what}" if self.where else self.what
        return f"{sentence}; {self.hint}" if self.hint else sentence


class ResourceError(Problem):
    """A part of layerviz itself is missing: the installation is incomplete."""


def assets(*parts: str) -> Path:
    """The file or folder `parts` of the assets: `assets("fonts", "Inter-400.ttf")`.

    Raises `ResourceError` when it is not there.
    """
    return _existing(_data_folder() / "assets", *parts)


def lessons_folder() -> Path:
    """The folder that holds the lessons shipped with layerviz, one YAML file each."""
    return _existing(_data_folder() / "lessons")


def _data_folder() -> Path:
    # An editable installation leaves a copy of the data in site-packages; starting from our own file never meets it.
    packed = _PACKAGE / "_data"
    return packed if packed.is_dir() else _PACKAGE.parent


def _existing(folder: Path, *parts: str) -> Path:
    found = folder.joinpath(*parts)
    if not found.exists():
        raise ResourceError(found, "this part of layerviz is missing", "install layerviz again")
    return found
