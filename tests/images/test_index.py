"""Indexes of layers: files of columns, written by child processes, kept until they are of no use."""

import gzip
import os
import shutil
import subprocess
import sys
import tarfile
import time
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerviz.engine import merge, whole
from layerviz.engine.changeset import Header, from_changeset
from layerviz.engine.content import EMPTY, Content, Range, stored
from layerviz.images import index_cache, index_file, index_view, indexing, layers, reading, scan, widening
from layerviz.images.children import Child
from layerviz.images.forking import Fork, can_fork
from layerviz.images.index_file import Indexed, Note, opened, write
from layerviz.images.layers import Blob, read_layers
from layerviz.images.opening import images_in
from layerviz.images.problems import ImageProblem
from layerviz.images.reading import indexed
from layerviz.images.scan import Fields
from tests.images import archives
from tests.images.archives import File
from tests.images.test_scan import TARS, with_extra
from tests.images.test_tar import END

FILES = [
    File("d", kind=tarfile.DIRTYPE),
    File("d/x", b"x" * 3000),
    File("d/x", b"twice"),
    File("caf\udce9", b"1"),
    File("l", kind=tarfile.SYMTYPE, link="to \udcff"),
    File("h", kind=tarfile.LNKTYPE, link="d/x"),
    File("c", kind=tarfile.CHRTYPE),
    File("n" * 300, b"long"),
]
BASE, TOP = archives.layer(FILES), archives.layer([File(".wh.h"), File("d/.wh..wh..opq"), File("deep/er/x", b"1")])
HEADERS = st.builds(
    Header,
    st.lists(st.sampled_from([b"a", b"b", b"\xff", b".wh.a", b".wh..wh..opq"]), min_size=1, max_size=3).map(b"/".join),
    st.sampled_from([b"0", b"1", b"2", b"3", b"5"]),
    st.integers(0, 0o7777),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.integers(-(2**63), 2**64),
    st.integers(0, 3).map(lambda size: Content((Range("s", 512 * size, size),)) if size else EMPTY)
    | st.sampled_from([stored("s", 512, 90, segments) for segments in ([], [0, 5, 80, 10], [7, 1])]),
    st.sampled_from([b"", b"a", b"\xff"]),
    st.just((5, 1)),
    st.sampled_from([(), (("user.a", b"\0\xff"), ("user.b", b""))]),
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "index"


@pytest.fixture
def always_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "WORTH_A_CHILD_BYTES", 0)


def blobs(tmp_path: Path, *stored: bytes) -> list[tuple[Blob, int]]:
    file = tmp_path / "layers"
    file.write_bytes(b"".join(stored))
    found, start = [], 0
    for position, data in enumerate(stored, 1):
        found.append((Blob(str(file), start, start + len(data)), position))
        start += len(data)
    return found


def seen(read: dict[Blob, layers.ReadLayer]) -> list[object]:
    return [(list(one.table), one.table.hard_links(), one.tar, one.reports) for one in read.values()]


@settings(max_examples=60, deadline=None)
@given(st.lists(HEADERS, max_size=9), st.lists(st.builds(Note, st.integers(-1, 9**9), st.text(), st.just((("n", 1),)))))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Header], notes: list[Note]
) -> None:
    table, _ = from_changeset(drawn, "s")
    file = tmp_path_factory.mktemp("index") / "one"
    write(file, Indexed(table, 77, tuple(notes)))
    got = opened(file)
    assert got is not None
    assert got[1:] == (77, tuple(notes))
    columns = ("kinds", "flags")
    assert [getattr(got.table, name) for name in columns] == [getattr(table, name) for name in columns]
    for name in ("modes", "uids", "gids", "sizes", "mtimes", "offsets"):
        assert list(getattr(got.table, name)) == list(getattr(table, name))
    for name in ("linknames", "devices", "xattrs", "segments"):
        assert dict(getattr(got.table, name)) == dict(getattr(table, name))
    assert got.table.keys() == table.keys()
    assert got.table.hard_links() == table.hard_links()
    for path in ("/", "/a", "/b", "/a/\udcff"):
        assert got.table.children(path) == table.children(path)
        assert (got.table.row(path), got.table.whiteout(path)) == (table.row(path), table.whiteout(path))


def test_a_damaged_cut_or_foreign_file_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "one"
    write(file, Indexed(from_changeset([Header(b"a"), Header(b"l", b"2", linkname=b"a")])[0], 5, ()))
    data = file.read_bytes()
    assert opened(file) is not None
    for at in range(0, len(data), 7):
        file.write_bytes(data[:at] + bytes([data[at] ^ 64]) + data[at + 1 :])
        assert opened(file) is None, at
        file.write_bytes(data[:at])
        assert opened(file) is None, at
    file.write_bytes(data)
    assert opened(file) is not None
    monkeypatch.setattr(index_file, "__version__", "another")
    assert opened(file) is None
    assert opened(tmp_path / "none") is None


@pytest.mark.usefixtures("always_children", "both_ways")
@pytest.mark.parametrize("may_fork", [True, False])
def test_children_read_what_the_program_itself_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_fork: bool
) -> None:
    monkeypatch.setattr(indexing, "can_fork", lambda: may_fork and can_fork())
    wanted = blobs(tmp_path, BASE, TOP, gzip.compress(BASE))
    with_children = read_layers(wanted)
    assert [tuple(report.key for report in one.reports) for one in with_children.values()][1:] == [
        ("opaque_without_directory",),
        ("duplicate",),
    ]
    monkeypatch.setattr(indexing, "can_help", lambda: False)
    monkeypatch.setattr(layers, "_known", lambda _: {})
    assert seen(with_children) == seen(read_layers(wanted))


def written_both_ways(file: Path, length: int) -> tuple[bytes, bytes]:
    """The index of a layer as the base install writes it, and as the extra does."""
    ways = file.with_name("base"), file.with_name("fast")
    with patch.object(scan, "_FEWEST_WIDE", 1):
        for way, wide in zip(ways, (None, widening.loaded()), strict=True):
            write(way, indexed(str(file), 0, length, 1, Fields(wide), is_child=True))
    return ways[0].read_bytes(), ways[1].read_bytes()


@with_extra
def test_with_the_extra_an_index_is_the_same_file(tmp_path: Path) -> None:
    files = [File(f"{'deep/' * (number % 50)}f{number}", bytes(number % 3 * 400)) for number in range(900)]
    walked = sorted(files, key=lambda one: one.name.replace("/", "\0"))
    tars = [
        archives.layer(some, form) for some in (files, walked) for form in (tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT)
    ]
    for tar in (BASE, TOP, *tars):
        (tmp_path / "tar").write_bytes(tar)
        base, fast = written_both_ways(tmp_path / "tar", len(tar))
        assert base == fast


@with_extra
@settings(max_examples=150, deadline=None)
@given(TARS)
def test_with_the_extra_any_index_is_the_same_file(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[list[bytes], bytes]
) -> None:
    data = b"".join(drawn[0]) + drawn[1]
    file = tmp_path_factory.mktemp("tar") / "tar"
    file.write_bytes(data or END)
    try:
        base, fast = written_both_ways(file, len(data or END))
    except ImageProblem as problem:
        # Either way raises it, and it says the same.
        with patch.object(scan, "_FEWEST_WIDE", 1), pytest.raises(ImageProblem) as caught:
            indexed(str(file), 0, len(data or END), 1, Fields(widening.loaded()))
        assert str(caught.value) == str(problem)
    else:
        assert base == fast


def test_the_extra_is_used_for_many_entries_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pays(*stored: bytes) -> bool:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        return widening.pays([blob for blob, _ in blobs(folder, *stored)])

    monkeypatch.setattr(widening, "find_spec", lambda _: "found")
    monkeypatch.delenv("LAYERVIZ_FAST", raising=False)
    many = archives.layer([File(f"f{number}", b"x") for number in range(100)])
    assert not pays(many)
    monkeypatch.setattr(widening, "_WORTH_IT", 80)
    assert pays(many, TOP)
    assert not pays(TOP)
    assert not pays(gzip.compress(many))
    assert not widening.pays([])
    assert not widening.pays([Blob(str(tmp_path / "gone"), 0, 9)])
    monkeypatch.setenv("LAYERVIZ_FAST", "0")
    assert not pays(many)
    monkeypatch.setenv("LAYERVIZ_FAST", "1")
    assert pays(TOP)
    monkeypatch.setattr(widening, "find_spec", lambda _: None)
    assert not pays(many)


def said(program: str, *, fast: str = "") -> str:
    environment = {name: value for name, value in os.environ.items() if name != "LAYERVIZ_FAST"}
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, env=environment | ({"LAYERVIZ_FAST": fast} if fast else {}), capture_output=True, text=True, check=True
    ).stdout


@with_extra
@pytest.mark.skipif(sys.platform != "linux", reason="only there processes are copied")
def test_a_process_that_loaded_the_extra_can_still_be_copied() -> None:
    program = "from layerviz.images import forking, widening; print(bool(widening.loaded()), forking.can_fork())"
    assert said(program) == "True True\n"


OPENED = """
import sys
from layerviz.images import layers, index_view
layers.WORTH_A_CHILD_BYTES = index_view.WORTH_A_CHILD_BYTES = 0
from layerviz.engine import whole
from layerviz.images.opening import image_of
view = whole.merged(image_of({file!r}).image.layers)
print(list(view.rows), list(view.positions), "numpy" in sys.modules)
"""


def test_numpy_is_loaded_where_it_is_wanted_and_else_nowhere(tmp_path: Path, own_cache: Path) -> None:
    program = OPENED.format(file=str(archives.written(tmp_path, archives.old([BASE, TOP]))))
    without = said(program)
    assert without.endswith("False\n")
    shutil.rmtree(own_cache)
    assert said(program, fast="0") == without
    shutil.rmtree(own_cache)
    assert said(program, fast="1") == without.replace("False", str(bool(find_spec("numpy"))))


@pytest.mark.usefixtures("always_children")
def test_the_second_opening_reads_no_layer(tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = blobs(tmp_path, BASE, TOP)
    first = seen(read_layers(wanted))
    assert len(list(own_cache.iterdir())) == 2
    monkeypatch.setattr(indexing, "Indexing", forbidden)
    monkeypatch.setattr(reading, "indexed", forbidden)
    assert seen(read_layers(wanted)) == first


def forbidden(*_: object) -> None:
    raise AssertionError("nothing is to be read")


@pytest.mark.usefixtures("always_children")
def test_an_index_is_of_no_use_once_the_file_has_changed_or_it_is_damaged(tmp_path: Path, own_cache: Path) -> None:
    wanted = blobs(tmp_path, BASE, TOP)
    read_layers(wanted)
    for file in own_cache.iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    assert [len(one.table) for one in read_layers(wanted).values()] == [7, 5]
    other = archives.layer([File("other", b"1")]).ljust(len(BASE), b"\0")
    time.sleep(0.01)
    assert [len(one.table) for one in read_layers(blobs(tmp_path, other, TOP)).values()] == [1, 5]


@pytest.mark.usefixtures("always_children")
def test_a_layer_with_something_wrong_is_told_of_as_without_children(tmp_path: Path) -> None:
    damaged = BASE[:520] + b"#" + BASE[521:]
    with pytest.raises(ImageProblem, match=r"layers, layer 2, byte \d+: .*checksum"):
        read_layers(blobs(tmp_path, TOP, damaged))


@pytest.mark.usefixtures("always_children")
def test_what_progress_raises_ends_the_children(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    children: list[Child] = []
    start = indexing._started

    def started() -> Child:
        children.append(start())
        return children[-1]

    def cancelled(done: int, _: int) -> None:
        if done:
            raise KeyboardInterrupt

    monkeypatch.setattr(indexing, "_started", started)
    with pytest.raises(KeyboardInterrupt):
        read_layers(blobs(tmp_path, BASE, TOP), cancelled)
    assert children
    assert all(child.returncode is not None for child in children)
    assert not [one for one in own_cache.iterdir() if one.name.startswith("new-")]


@pytest.mark.parametrize("may_fork", [True, False])
def test_a_child_ends_with_its_parent(may_fork: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if may_fork and not can_fork():
        pytest.skip("this process cannot be copied")
    monkeypatch.setattr(indexing, "can_fork", lambda: may_fork)
    child, younger = indexing._started(), indexing._started()
    assert isinstance(child, Fork) == may_fork
    for one in (child, younger):
        assert one.stdin
        one.stdin.close()
        assert one.wait() == 0
        assert one.stdout
        one.stdout.close()


@pytest.mark.usefixtures("always_children")
def test_progress_counts_the_stored_bytes_of_all_layers(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    wanted = blobs(tmp_path, BASE, TOP)
    read_layers(wanted, lambda done, total: calls.append((done, total)))
    total = len(BASE) + len(TOP)
    assert (calls[0], calls[-1]) == ((0, total), (total, total))
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)


@pytest.mark.usefixtures("always_children")
def test_without_a_cache_that_can_be_written_an_image_opens_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "file" / "cache"))
    assert [len(one.table) for one in read_layers(blobs(tmp_path, BASE, TOP)).values()] == [7, 5]


@pytest.mark.usefixtures("always_children")
@pytest.mark.parametrize("allowed", [0, 1])
def test_where_no_more_processes_can_be_started_an_image_opens_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: int
) -> None:
    left = [True] * allowed
    started = indexing._started

    def start() -> Child:
        if not left:
            raise BlockingIOError("Resource temporarily unavailable")
        left.pop()
        return started()

    monkeypatch.setattr(indexing, "cores", lambda: 2)
    monkeypatch.setattr(indexing, "_started", start)
    assert [len(one.table) for one in read_layers(blobs(tmp_path, BASE, TOP)).values()] == [7, 5]
    assert not left


@pytest.mark.usefixtures("always_children")
def test_a_file_that_is_gone_before_it_is_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImageProblem, match="No such file"):
        read_layers([(Blob(str(tmp_path / "gone"), 0, 1024), 1)])


@pytest.mark.usefixtures("always_children")
def test_a_verified_layer_is_kept_under_its_diff_id_once(tmp_path: Path, own_cache: Path) -> None:
    ((blob, position),) = blobs(tmp_path, BASE)
    first = seen(read_layers([(blob, position)]))
    diff_id = f"sha256:{archives.digest(BASE)}"
    index_cache.verified(blob, diff_id)
    assert (own_cache / diff_id.replace(":", "-")).stat().st_size > 200
    assert seen(read_layers([(blob, position)])) == first
    copy = tmp_path / "copy"
    copy.write_bytes(BASE)
    again = Blob(str(copy), 0, len(BASE))
    read_layers([(again, 1)])
    index_cache.verified(again, diff_id)
    assert len([one for one in own_cache.iterdir() if one.stat().st_size > 200]) == 1


def test_what_is_no_diff_id_is_not_kept(tmp_path: Path, own_cache: Path) -> None:
    ((blob, _),) = blobs(tmp_path, BASE)
    index_cache.verified(blob, "sha256:../../x")
    assert not own_cache.exists()


@pytest.mark.usefixtures("always_children")
def test_indexes_not_used_for_longest_go_first(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_layers(blobs(tmp_path, BASE, TOP))
    files = sorted(own_cache.iterdir())
    os.utime(files[0], (1, 1))
    abandoned = own_cache / ".new-abandoned"
    abandoned.mkdir()
    os.utime(abandoned, (1, 1))
    monkeypatch.setattr(index_cache, "_LARGEST_FOLDER_BYTES", files[1].stat().st_size)
    index_cache.trim()
    assert list(own_cache.iterdir()) == [files[1]]


def test_a_small_archive_is_read_without_children_and_leaves_nothing_in_the_cache(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "Indexing", forbidden)
    (brought,) = images_in(archives.written(tmp_path, archives.old([BASE, TOP])))
    assert len(brought.image.layers) == 2
    assert not own_cache.exists()


@pytest.mark.usefixtures("always_children", "both_ways")
def test_the_merged_view_is_kept_and_found_again(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_view, "WORTH_A_CHILD_BYTES", 0)
    file = archives.written(tmp_path, archives.old([BASE, TOP]))
    first = list(whole.walk(images_in(file)[0].image.layers))
    (view,) = own_cache.glob("view-*")
    data = view.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(index_view, "_made", forbidden)
        again = images_in(file)[0].image.layers
        assert list(whole.walk(again)) == first == list(merge.walk(again))
    for damaged in (b"", data[:-1], data[:-1] + bytes([data[-1] ^ 1]), data.replace(b"view 1", b"view 0")):
        view.write_bytes(damaged)
        assert list(whole.walk(images_in(file)[0].image.layers)) == first
        assert view.read_bytes() == data
