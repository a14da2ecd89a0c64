"""From what a history records to the instruction as people write it in a Dockerfile.

Forms: classic builder "/bin/sh -c #(nop) …" and "/bin/sh -c …", with build arguments "|1 A=b /bin/sh -c …" (moby,
daemon/builder/dockerfile/internals.go); BuildKit "RUN /bin/sh -c … # buildkit", "COPY a /a # buildkit" (buildkit,
dockerfile2llb/convert.go). Anything else, as `docker commit` leaves it, stays as it is.
"""

import re

_SHELL = "/bin/sh -c "
_NOP = re.compile(r"#\(nop\)\s*")
_ARGUMENTS = re.compile(r"\|\d+ .*?(?=/bin/sh -c )", re.DOTALL)
_CONTENT = re.compile(r"\b(file|dir|multi):([0-9a-f]{12})[0-9a-f]{20,}")


def instruction(created_by: str) -> str:
    """`created_by` as a Dockerfile's line, blanks collapsed: "RUN apt-get update", "COPY file:0123456789ab in /a"."""
    text = created_by.removesuffix("# buildkit")
    run = text.startswith(("RUN ", "|", _SHELL))
    text = _ARGUMENTS.sub("", text.removeprefix("RUN "), count=1).removeprefix(_SHELL)
    if nop := _NOP.match(text):
        text, run = text[nop.end() :], False
    text = _CONTENT.sub(r"\1:\2", " ".join(text.split()))
    return f"RUN {text}" if run and text else text
