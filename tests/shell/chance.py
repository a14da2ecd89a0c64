"""Shell scripts made by chance out of few names, so that they meet: what people type, and what they mistype.

They stay in the folder they start in: no `..`, no absolute path, and variables hold such names only.
"""

import random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SETUP = (
    "mkdir d d/sub full e; echo one > f; echo two > g; printf 'a\\nb\\nc\\n' > lines; echo x > full/x; "
    "echo y > full/y; echo s > d/sub/s; ln -s f link; ln -s d dl; ln -s nowhere dang; ln g hard; "
    "echo 'echo hi' > script; echo w > 'with blank'; echo h > .hid"
)
_NAMES = _words(
    "f g lines d d/sub d/sub/s full full/x full/y e link dl dang hard script new n2 d/new e/new nope/x d/ e/ ./f "
    "dl/sub .hid new/a new/a/b"
)
_WRITTEN = (
    "'with blank'", "with\\ blank", "'*'", '"$x"', "$x", '"$y z"', "'a'\"b\"", "full/*", "*", "d/*", "[fg]", "?", "n*",
    "*/x", "$(echo f)", "`echo g`", '"$(cat f)"', "$(cat lines)", '""', "$((1+1))", "{f,g}", '"$@"', '"${y:-f}"', 
)  # fmt: skip
_TEXTS = (
    "a", "b c", "'b  c'", '"x\\ty"', '"$x"', "-n a", '""', "$(ls)", "\\\\n", "'it'\\''s'", "$?", "# no", "a#b",
    "$((3*2))", '"$(ls d)"', '\\"q\\"', "'a\\nb'",
)  # fmt: skip
_MODES = ("600", "755", "u+x", "a-w", "go=", "+x", "u=rwx,g=u", "4711", "1777", "g+s", "=r", "a+X", "o=g-w", "99")


class Writer:
    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)

    def name(self) -> str:
        return self.pick.choice(_NAMES if self.pick.random() < 0.75 else _WRITTEN)

    def names(self, least: int, most: int) -> str:
        return " ".join(self.name() for _ in range(self.pick.randint(least, most)))

    def command(self) -> str:
        one, two, some = self.name(), self.name(), self.names(1, 3)
        choose = self.pick.choice
        return choose(
            (
                f"echo {choose(_TEXTS)}",
                f"echo {some}",
                f"printf '%s\\n' {some}",
                f"printf '{choose(('x', '%d', 'a%sb', '%5s|', '%x', '%c', '%%', '%b'))}' {choose(('1', '7 8', '-3'))}",
                f"cat {some}",
                f"ls {choose(('', '-a', '-A', '-d', '-R', '-F', '-p', '-r'))} {self.names(0, 3)}",
                f"cp {choose(('', '-r', '-a', '-p', '-f', '-n', '-P', '-v'))} {some} {two}",
                f"mv {choose(('', '', '-f', '-n', '-v'))} {one} {two}",
                f"rm {choose(('', '-r', '-f', '-rf', '-d', '-v'))} {some}",
                f"ln {choose(('', '-s', '-sf', '-f', '-sn', '-v', '-sT'))} {one} {two}",
                f"ln {choose(('', '-s'))} {one}",
                f"mkdir {choose(('', '-p', '-m 700', '-v', '-pv'))} {one}",
                f"rmdir {choose(('', '-p'))} {one}",
                f"touch {choose(('', '-c'))} {one}",
                f"chmod {choose(_MODES)} {one} {two}",
                f"chmod -R {choose(('700', 'go-rx', 'a+X'))} {one}",
                f"truncate -s {choose(('0', '3', '+2', '-1', '5K', '1kB', '%3', '/4'))} {one}",
                f"dd status=none if=lines of={one} bs={choose(('1', '2', '1K'))} count={choose((0, 1, 3))}",
                f"printf zz | dd status=none of={one} bs=1 seek={choose((0, 2, 5))} {choose(('', 'conv=notrunc'))}",
                f"cd {choose(_NAMES)}",
                f"x={one} y={choose(_TEXTS)}",
                f"[ {choose(('-e', '-f', '-d', '-L', '-s', '-n', '-z', '-x'))} {choose(_NAMES)} ]",
                f'test {choose(_NAMES)} = "$x"',
                choose(("true", "false", "! true", "! false", "shift", "umask", ". ./script", "sh script a b")),
                f"wc {choose(('', '-l', '-c', '-w'))} {choose(_NAMES)}",
                f"head -n {choose((1, 2))} {some}",
                f"tail -n {choose(('1', '+2'))} {some}",
                f"grep {choose(('-c', '-v', '-n', '-q', '-l'))} {choose(('a', 'o', '^t', 'e$'))} {one}",
                f"sort {choose(('', '-r', '-u'))} {one}",
                f"readlink {one}",
                f"stat -c '%n %s %a %F %h' {one}",
                f"{{ find {one} {choose(('', '-type f', '-name x', '-maxdepth 1'))} | sort; }}",
                f"echo $? $#; set -- {some}",
                f"sh -c 'echo $1 \"$2\"; exit 3' {some}",
                f"sed {choose(('s/o/0/', '1d', '-n 1p'))} {one}",
                f"cut -c1 {one}; basename {one}; dirname {one}",
            )
        )

    def redirected(self) -> str:
        if self.pick.random() < 0.6:
            return self.command()
        # Never a file that the command may read as well: what comes of that depends on when it is written.
        target = self.pick.choice(("out", "nope/x", "d", "e/log", "'a b'", "$x.log", '""'))
        return self.command() + self.pick.choice(
            (f" > {target}", f" >> {target}", f" 2> {target}", " 2>&1", f" > {target} 2>&1")
        )

    def piece(self, depth: int = 0) -> str:
        here = self.redirected()
        kind = self.pick.randrange(20)
        if depth == 2 or kind > 5:
            return here
        inside = self.piece(depth + 1)
        return (
            f"if {here}; then {inside}; else {self.piece(depth + 1)}; fi",
            f"for x in {self.names(0, 3)}; do {inside}; done",
            f"({inside})",
            f"{{ {inside}; }} > grouped",
            f"{here} && {inside}",
            f"{here} || {inside}",
        )[kind]


def script(seed: int, length: int = 4) -> str:
    writer = Writer(seed)
    return writer.pick.choice(("; ", "\n")).join(writer.piece() for _ in range(length))
