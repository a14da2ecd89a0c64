"""The command line: `main()`. Commands live in a module each and are imported when they are called.

Importing this costs nothing and never imports Qt; the app is started by the command that opens it.
"""


def main() -> None:
    """Run `layerviz` with this process's arguments, and end the process with its status."""
    import io
    import sys

    from layerviz.cli.root import layerviz

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that knows no Chinese, or a name that is no text, shows escapes; JSON reads them back.
            stream.reconfigure(errors="backslashreplace")
    layerviz(prog_name="layerviz")
