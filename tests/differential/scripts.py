"""Scripts that build images: written by hand for what is known to be hard, and by chance for what is not."""

import random
from collections.abc import Sequence

BASE = r"""
mkdir -p base/etc/deep/er base/bin base/d/sub base/opt
echo one > base/etc/one; echo two > base/etc/two; echo deep > base/etc/deep/er/file
echo x > base/d/x; echo y > base/d/sub/y; echo tool > base/bin/tool; chmod 755 base/bin/tool
ln -s ../etc/one base/opt/link; ln -s nowhere base/opt/broken; echo big > base/big; truncate -s 300000 base/big
printf 'FROM scratch\nCOPY base/ /\n' > Dockerfile
docker build -t base .
"""

BY_HAND = {
    "nothing": "true",
    "files come, change and go": "echo new > /new; echo more >> /etc/one; rm /etc/two",
    "a directory is removed and comes back empty": "rm -r /d; mkdir /d; echo z > /d/z",
    "a directory is removed and stays away": "rm -r /etc/deep",
    "a file becomes a directory": "rm /big; mkdir /big; echo in > /big/in",
    "a directory becomes a file": "rm -r /d; echo file > /d",
    "a symlink becomes a directory": "rm /opt/link; mkdir /opt/link; echo in > /opt/link/in",
    "a file becomes a symlink": "rm /etc/one; ln -s /etc/two /etc/one",
    "a symlink is written through": "echo through >> /opt/link",
    "a file moves": "mv /etc/one /moved; mv /d/x /d/sub/x",
    "a directory moves": "mv /d /e",
    "names are linked": "ln /etc/one /hard; ln /bin/tool /bin/tool2; echo three >> /hard",
    "modes change": "chmod 4755 /bin/tool; chmod 1777 /d; chmod 600 /etc/two; chmod 700 /etc/deep",
    "a file is cut and grown": "truncate -s 10 /big; truncate -s 70000 /etc/one",
    "one byte is written into a large file": "printf x | dd of=/big bs=1 seek=1000 conv=notrunc",
    "times change": "touch /etc/one /d",
    "something comes and goes at once": "echo a > /tmpfile; rm /tmpfile; mkdir /tmpdir; rmdir /tmpdir",
    "names are long": "mkdir -p /{a}/{b}; echo x > /{a}/{b}/{c}".format(a="a" * 90, b="b" * 90, c="c" * 120),
    "names are odd": "mkdir '/with blank'; echo x > '/with blank/-n'; echo x > /名字; echo x > /é.txt",
    "permissions go down to a new file": "mkdir -p /new/deep/er; echo x > /new/deep/er/f",
}
"""What each does is its name; the commands run in a container of `base`."""

NAMES = ("a", "b", "d", "etc", "one", "sub", "x")


def by_chance(seed: int, length: int = 14, names: Sequence[str] = NAMES, top: str = "") -> str:
    """Commands of every kind on a few names, so that they meet. Many fail; then nothing happens, here and elsewhere."""
    pick = random.Random(seed)

    def path() -> str:
        return f"{top}/" + "/".join(pick.choice(names) for _ in range(pick.choice((1, 1, 1, 2, 2, 3))))

    def command() -> str:
        return pick.choice(
            (
                f"echo {pick.randrange(99)} > {path()}",
                f"echo {pick.randrange(99)} >> {path()}",
                f"rm {path()}",
                f"rm -r {path()}",
                f"mkdir -p {path()}",
                f"mv {path()} {path()}",
                f"cp -r {path()} {path()}",
                f"ln {path()} {path()}",
                f"ln -s {pick.choice((path(), pick.choice(names)))} {path()}",
                f"chmod {pick.choice(('600', '755', '4711', '1777'))} {path()}",
                f"truncate -s {pick.choice((0, 3, 5000))} {path()}",
                f"rmdir {path()}",
            )
        )

    return "; ".join(command() for _ in range(length))


def changed(commands: str, image: str = "base", result: str = "changed") -> str:
    """A container of `image`, changed by `commands` and committed as `result`."""
    quoted = commands.replace("'", "'\\''")
    return f"docker run -dit --name c-{result} {image} sh\ndocker exec c-{result} sh -c '{quoted}'\n" + (
        f"docker commit c-{result} {result}\n"
    )


def dockerfile_by_chance(seed: int, length: int = 8) -> str:
    """Instructions of every kind on a context of a few files and folders; variables and the working directory change on
    the way. Each of them is legal. Where docker and buildah differ we do as docker does, and here it does not show:
    buildah makes no directory for a WORKDIR that nothing is put into, and gives away what is missing above a folder,
    too."""
    pick = random.Random(seed)
    made = ["FROM scratch", "COPY a /base/", "ENV TO=/to N=one DEEP=/deep/er"]

    def folder() -> str:
        return pick.choice(("/x", "/x/y", "$TO", "${DEEP}", "rel", "./rel/too", "/base", "."))

    def instruction() -> str:
        match pick.randrange(9):
            case 0:
                return f"COPY {pick.choice(('a', 'a/', 'b', '.'))} {folder()}"
            case 1:
                return f"COPY a/$N {folder()}/{pick.choice(('new', 'one', 'd/e/f'))}"
            case 2:
                return f"COPY top.txt run.sh {folder()}/"
            case 3:
                return f"COPY {pick.choice(('top.*', '*.txt', 'a/t*', '?/one'))} {folder()}/"
            case 4:
                return f'COPY ["a/two", "b/one", "{pick.choice(("/x", "rel", "/json"))}/"]'
            case 5:
                return f"WORKDIR {folder()}\nCOPY b/one ."
            case 6:
                return f"ENV {pick.choice(('N=two', 'N one', 'TO=$TO/more', 'DEEP /deep/$N', 'TO=/to N=one'))}"
            case 7:
                return f"copy --chown={pick.choice(('5:6', '7'))} a/one {folder()}/"
            case _:
                return f"LABEL n={pick.randrange(9)}"

    return "\n".join([*made, *(instruction() for _ in range(length))])
