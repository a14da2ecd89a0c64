"""The command line: `main()`. Commands live in a module each and are imported when they are called.

Importing this costs nothing and never imports Qt; the app is started by the command that opens it.
"""


def main() -> None:
    """Run `layerviz` with this process's arguments, and end the process with its status."""
    from layerviz.cli.root import layerviz

    layerviz(prog_name="layerviz")
