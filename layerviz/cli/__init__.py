"""The command line: `main()`. Commands live in a module each and are imported when they are called.

Importing this costs nothing and never imports Qt; the app is started by the command that opens it.
"""


def main() -> None:
    """Run `layerviz` with this process's arguments, and end the process with its status."""
    import io
    import os
    import sys

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Closed by whoever called: what is said there is lost, and no file of ours takes its place.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - it lives as long as we
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that knows no Chinese, or a name that is no text, shows escapes; JSON reads them back.
            stream.reconfigure(errors="backslashreplace")
    if not sys.argv[1:] and "_LAYERVIZ_COMPLETE" not in os.environ:
        sys.exit(_opened())
    import signal

    # Ctrl+C while all is being loaded ends it without a word; from then on it is told to the command.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from layerviz.cli.root import COMMANDS, layerviz

    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.argv[1:] and sys.argv[1] in COMMANDS:
        # So `timeout` and CI end a program: what is half written is taken away first. Of a window Qt takes care.
        signal.signal(signal.SIGTERM, _ended)
    layerviz(prog_name="layerviz")


def _ended(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _opened() -> int:
    """What `layerviz` alone asks for, without the parser that it does not need."""
    from layerviz.cli.opening import open_window
    from layerviz.resources import Problem

    try:
        return open_window()
    except (Problem, OSError) as problem:
        from layerviz.cli.root import told

        told(problem).show()
        return 1
