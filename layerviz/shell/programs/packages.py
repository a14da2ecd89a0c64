"""apt-get, apt, apk, dpkg: what installing packages of the catalogue changes (assets/catalogue/README.md)."""

from __future__ import annotations

import re
from dataclasses import replace

from layerviz.engine import content
from layerviz.engine.actions import Put, Unlink
from layerviz.engine.entry import Entry, Kind
from layerviz.shell import catalogue
from layerviz.shell.catalogue import Distribution, Package
from layerviz.shell.hints import hint
from layerviz.shell.process import Process, Program
from layerviz.shell.streams import text_of

LISTS = "/var/lib/apt/lists"
DPKG_STATUS = "/var/lib/dpkg/status"
APK_INSTALLED = "/lib/apk/db/installed"
APK_WORLD = "/etc/apk/world"


def _text(process: Process, path: str) -> str:
    entry = process.files.find(path)
    return "" if entry is None else text_of(entry.content, process.machine.ports.read)


def _now(process: Process) -> int:
    return process.machine.world.clock * 10**9


def _file(process: Process, path: str, text: str) -> Entry:
    return Entry(path, mode=0o644, mtime_ns=_now(process), content=content.of(text.encode()))


def _put(process: Process, entries: list[Entry]) -> None:
    """Writes the files; a directory that is there already is left alone, so that it is not copied up."""
    new = [entry for entry in entries if entry.kind is not Kind.DIR or process.files.find(entry.path) is None]
    process.machine.do(Put(process.target, tuple(replace(entry, mtime_ns=_now(process)) for entry in new)))


def _needed(names: list[str], known: Distribution, installed: dict[str, str]) -> list[Package]:
    """The packages to be installed for `names`, what they need first."""
    found: dict[str, Package] = {}

    def gather(name: str) -> None:
        package = known.packages[name]
        for needed in package.needs:
            if needed not in installed and needed not in found:
                gather(needed)
        found[name] = package

    for name in names:
        gather(name)
    return list(found.values())


def apt(process: Process) -> int:
    words = [word for word in process.operands if not word.startswith("-")]
    flags = {word for word in process.operands if word.startswith("-")}
    if not words:
        process.print(f"{process.name} 1.2.29 (amd64)\nUsage: {process.name} [options] command")
        return 1 if not flags else 0
    command, *names = words
    if command == "update":
        return _apt_update(process)
    if command == "install":
        return _apt_install(process, names, flags)
    if command in ("upgrade", "dist-upgrade"):
        return _apt_install(process, _upgradable(process), flags | {"--only-upgrade"})
    if command in ("clean", "autoclean", "autoremove"):
        return 0
    if command in ("remove", "purge"):
        return _apt_remove(process, names)
    process.stderr.write(f"E: Invalid operation {command}\n")
    return 100


def _apt_update(process: Process) -> int:
    known = catalogue.distribution("ubuntu")
    text = "".join(f"Package: {package.name}\nVersion: {package.version}\n\n" for package in known.packages.values())
    entries = [_file(process, f"{LISTS}/{name}", text) for name in known.lists]
    _put(process, entries)
    process.stdout.write("Reading package lists...\n")
    return 0


def _installed(process: Process) -> dict[str, str]:
    """Installed packages and their versions, as dpkg's status says."""
    pairs = re.findall(
        r"^Package: (\S+)\nStatus: install ok installed\nVersion: (\S+)", _text(process, DPKG_STATUS), re.MULTILINE
    )
    return dict(pairs)


def _has_lists(process: Process) -> bool:
    return any(entry.name.endswith("_Packages") for entry in process.files.children(LISTS))


def _upgradable(process: Process) -> list[str]:
    known, installed = catalogue.distribution("ubuntu"), _installed(process)
    return [name for name, package in known.packages.items() if installed.get(name, package.version) != package.version]


def _apt_install(process: Process, names: list[str], flags: set[str]) -> int:
    process.stdout.write("Reading package lists...\nBuilding dependency tree...\nReading state information...\n")
    known = catalogue.distribution("ubuntu")
    installed = _installed(process)
    has_lists = _has_lists(process)
    missing = [name for name in names if name not in installed and (name not in known.packages or not has_lists)]
    if missing:
        process.stderr.write("".join(f"E: Unable to locate package {name}\n" for name in missing))
        unknown = [name for name in missing if name not in known.packages]
        if unknown:
            hint(process.machine, "packages", packages=" ".join(sorted(known.packages)))
        else:
            hint(process.machine, "apt_lists")
        return 100
    only_upgrade = "--only-upgrade" in flags
    if only_upgrade:
        for name in names:
            if name not in installed:
                process.print(f"Skipping {name}, it is not installed and only upgrades are requested.")
        names = [name for name in names if name in installed]
    wanted = [
        name
        for name in names
        if has_lists and name in known.packages and installed.get(name) != known.packages[name].version
    ]
    for name in names:
        if name not in wanted:
            process.print(f"{name} is already the newest version ({installed.get(name, '')}).")
    packages = _needed(wanted, known, installed)
    new = [package for package in packages if package.name not in installed]
    upgraded = [package for package in packages if package.name in installed]
    extra = [package.name for package in new if package.name not in wanted]
    if extra:
        process.print("The following additional packages will be installed:\n  " + " ".join(sorted(extra)))
    if new:
        process.print(
            "The following NEW packages will be installed:\n  " + " ".join(sorted(package.name for package in new))
        )
    if upgraded:
        process.print(
            "The following packages will be upgraded:\n  " + " ".join(sorted(package.name for package in upgraded))
        )
    rest = (
        len([name for name in _upgradable(process) if name not in {package.name for package in packages}])
        if has_lists
        else 0
    )
    process.print(f"{len(upgraded)} upgraded, {len(new)} newly installed, 0 to remove and {rest} not upgraded.")
    if not packages:
        return 0
    if not flags & {"-y", "--yes", "-qy", "-yq", "-qqy", "-yqq", "--assume-yes"}:
        process.stdout.write("Do you want to continue? [Y/n] Abort.\n")
        return 1
    for package in packages:
        old = installed.get(package.name)
        if old is None:
            process.print(f"Selecting previously unselected package {package.name}.")
        process.print(f"Unpacking {package.name} ({package.version}) {f'over ({old}) ' if old else ''}...")
    for package in packages:
        process.print(f"Setting up {package.name} ({package.version}) ...")
    status = {**installed, **{package.name: package.version for package in packages}}
    _put(process, [*_package_files(process, packages), _dpkg_status(process, status)])
    return 0


def _package_files(process: Process, packages: list[Package]) -> list[Entry]:
    found: list[Entry] = []
    for package in packages:
        changed = [
            # The version is part of a program's bytes, so that a patched program is another file.
            replace(entry, content=entry.content.plus(content.of(f"version {package.version}\n".encode())))
            if entry.kind is Kind.FILE and entry.mode & 0o111
            else entry
            for entry in package.entries
        ]
        names = "".join(f"{entry.path}\n" for entry in package.entries)
        found += [*changed, _file(process, f"/var/lib/dpkg/info/{package.name}.list", names)]
    return found


def _dpkg_status(process: Process, versions: dict[str, str]) -> Entry:
    blocks = [
        f"Package: {name}\nStatus: install ok installed\nVersion: {version}\n"
        for name, version in sorted(versions.items())
    ]
    return _file(process, DPKG_STATUS, "\n".join(blocks) + "\n")


def _apt_remove(process: Process, names: list[str]) -> int:
    process.stdout.write("Reading package lists...\nBuilding dependency tree...\nReading state information...\n")
    known, installed = catalogue.distribution("ubuntu"), _installed(process)
    for name in names:
        if name not in installed or name not in known.packages:
            process.print(f"Package '{name}' is not installed, so not removed")
            continue
        process.print(f"Removing {name} ({installed.pop(name)}) ...")
        paths = [entry.path for entry in known.packages[name].entries]
        for path in (*paths, f"/var/lib/dpkg/info/{name}.list"):
            if process.files.find(path, follow=False) is not None:
                process.machine.do(Unlink(process.target, path))
        _put(process, [_dpkg_status(process, installed)])
    return 0


def apk(process: Process) -> int:
    words = [word for word in process.operands if not word.startswith("-")]
    if not words:
        process.print("apk-tools 2.12.1, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]")
        return 1
    command, *names = words
    known = catalogue.distribution("alpine")
    installed = dict(re.findall(r"^P:(\S+)\nV:(\S+)", _text(process, APK_INSTALLED), re.MULTILINE))
    if command in ("update", "upgrade"):
        process.print(
            f"OK: {len(known.packages)} distinct packages available"
            if command == "update"
            else f"OK: {len(installed)} packages"
        )
        return 0
    if command != "add":
        process.stderr.write(f"ERROR: '{command}' is not an apk command. See 'apk --help'.\n")
        return 1
    missing = [name for name in names if name not in known.packages and name not in installed]
    if missing:
        process.stderr.write("ERROR: unable to select packages:\n")
        process.stderr.write(
            "".join(f"  {name} (no such package):\n    required by: world[{name}]\n" for name in missing)
        )
        hint(process.machine, "packages", packages=" ".join(sorted(known.packages)))
        return len(missing)
    packages = _needed([name for name in names if name not in installed], known, installed)
    entries: list[Entry] = []
    for index, package in enumerate(packages, 1):
        process.print(f"({index}/{len(packages)}) Installing {package.name} ({package.version})")
        entries += package.entries
        installed[package.name] = package.version
    process.print(f"OK: {len(installed)} packages")
    if packages:
        world = sorted({*_text(process, APK_WORLD).split(), *names})
        database = "".join(f"P:{name}\nV:{version}\n\n" for name, version in installed.items())
        _put(
            process,
            [*entries, _file(process, APK_WORLD, "\n".join(world) + "\n"), _file(process, APK_INSTALLED, database)],
        )
    return 0


def dpkg(process: Process) -> int:
    """`dpkg -l`: the installed packages."""
    if process.operands[:1] not in (("-l",), ("--list",)):
        process.stderr.write("dpkg: error: need an action option\n")
        return 2
    for name, version in sorted(_installed(process).items()):
        process.print(f"ii  {name:<14} {version:<24} amd64")
    return 0


PROGRAMS = {
    "apk": Program(apk, "apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]"),
    "apt": Program(apt, "apt [options] command"),
    "apt-get": Program(apt, "apt-get [options] command"),
    "dpkg": Program(dpkg, "dpkg -l"),
}
