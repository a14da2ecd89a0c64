"""Examples to start building from: each a short script of commands, and what of it stands on the stage."""

from functools import cache
from typing import NamedTuple

FILES = """\
mkdir a b c
echo "File 1" > a/file1; echo "File 2" > a/file2; echo "File 3" > a/file3
echo "File 4" > b/file4; echo "File 5" > b/file5; echo "File 6" > b/file6
echo "File 7" > c/file5
"""


class Example(NamedTuple):
    """`script` makes it, one command a line; `show` is what stands on the stage then."""

    id: str
    script: str
    show: tuple[str, ...]
    directory: str = "/"


@cache
def examples() -> tuple[Example, ...]:
    """In the order in which they are offered."""
    three = (
        FILES + "printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\nCOPY c/ /\\n' > Dockerfile\ndocker build -t three .\n"
    )
    two = FILES + "printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\n' > Dockerfile\ndocker build -t two .\n"
    grown = (
        'echo "FROM ubuntu:16.04" > Dockerfile\n'
        'echo "RUN apt-get update && apt-get install -y python3" >> Dockerfile\n'
        'echo "RUN apt-get update && apt-get install -y --only-upgrade apt" >> Dockerfile\n'
        "docker build -t grow:3 .\n"
    )
    six = (
        FILES
        + "printf 'FROM alpine\\nCOPY a/ /files/\\nCOPY b/ /files/\\nCOPY c/ /files/\\n' > Dockerfile\n"
        + "docker build -t six .\n"
    )
    return (
        Example("two_layers", two, ("two",)),
        Example("file_seven", three, ("three",)),
        Example("grows", grown, ("grow:3",), "/usr/bin"),
        Example("container", six + "docker run -dit --name c1 six\n", ("c1",), "/files"),
        Example(
            "changed",
            six + "docker run -dit --name c1 six\ndocker exec c1 sh -c 'echo \"File 8\" > /files/file1'\n"
            "docker exec c1 rm /files/file2\n",
            ("c1",),
            "/files",
        ),
        Example(
            "two_containers",
            six + "docker run -dit --name c1 six\ndocker run -dit --name c2 six\n"
            "docker exec c1 touch /files/new\ndocker exec c2 rm /files/file1\n",
            ("c1", "c2"),
            "/files",
        ),
    )


def example(example_id: str) -> Example | None:
    return next((one for one in examples() if one.id == example_id), None)
