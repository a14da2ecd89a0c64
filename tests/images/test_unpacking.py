"""Archives that are compressed as a whole: unpacked once into the cache, and never taken for another."""

import bz2
import gzip
import lzma
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from layerviz.images import unpacking
from layerviz.images.opening import image_of, images_in
from layerviz.images.problems import ImageProblem
from layerviz.images.unpacking import plain
from layerviz.images.verifying import check_diff_ids
from tests.images import archives, layouts
from tests.images.archives import File

LAYER = archives.layer([File("a", b"1" * 5000)])
PACKS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1}),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "archives"


def packed(tmp_path: Path, data: bytes, form: str = "gzip") -> str:
    file = tmp_path / "image.tar.packed"
    file.write_bytes(PACKS[form](data))
    return str(file)


@pytest.mark.parametrize("form", PACKS)
def test_what_is_unpacked_are_the_archives_bytes(tmp_path: Path, form: str) -> None:
    data = archives.outer(archives.old([LAYER, os.urandom(1 << 20)]))
    assert Path(plain(packed(tmp_path, data, form))).read_bytes() == data
    twice = PACKS[form](data[:70000]) + PACKS[form](data[70000:])
    (tmp_path / "twice").write_bytes(twice)
    assert Path(plain(str(tmp_path / "twice"))).read_bytes() == data


def test_an_archive_that_is_not_compressed_stays_where_it_is(tmp_path: Path, cache: Path) -> None:
    file = archives.written(tmp_path, archives.old([LAYER]))
    assert plain(file) == file
    assert not cache.exists()


def test_it_is_unpacked_once_and_again_when_it_changes(tmp_path: Path, cache: Path) -> None:
    file = packed(tmp_path, archives.outer(archives.old([LAYER])))
    calls: list[tuple[int, int]] = []
    first = plain(file, lambda done, total: calls.append((done, total)))
    assert calls[-1] == (os.path.getsize(file), os.path.getsize(file))
    calls.clear()
    assert plain(file, lambda done, total: calls.append((done, total))) == first
    assert calls == []
    other = archives.outer(archives.old([LAYER, LAYER]))
    file = packed(tmp_path, other)
    assert Path(plain(file)).read_bytes() == other


@pytest.mark.parametrize("form", ["docker-archive", "oci-archive"])
def test_an_image_in_it_is_opened_under_the_name_that_was_given(tmp_path: Path, form: str, cache: Path) -> None:
    twice = archives.layer([File("a", b"1"), File("a", b"22")])
    members = archives.old([LAYER, twice]) if form == "docker-archive" else layouts.one([LAYER, twice]).members
    file = packed(tmp_path, archives.outer(members))
    for text in (file, f"{form}:{file}"):
        brought = image_of(text)
        assert brought.image.origin == file
        assert [str(report) for report in brought.reports] == [
            f"{file}, layer 2: a stands twice in one layer, which is forbidden; the last one counts"
        ]
        check_diff_ids([brought])


def test_what_is_wrong_in_it_is_told_of_the_file_that_was_named(tmp_path: Path) -> None:
    file = packed(tmp_path, archives.outer(archives.old([LAYER, b"x" * 2048])))
    with pytest.raises(ImageProblem) as caught:
        images_in(file)
    assert str(caught.value).startswith(f"{file}, layer 2, byte ")


@pytest.mark.parametrize("form", PACKS)
def test_damage_is_one_sentence_and_leaves_nothing_in_the_cache(tmp_path: Path, form: str, cache: Path) -> None:
    whole = PACKS[form](archives.outer(archives.old([os.urandom(3 << 19)])))
    file = tmp_path / "x"
    file.write_bytes(whole[:-2000])
    with pytest.raises(ImageProblem, match=f"^{file}: the {form} data ends too early"):
        plain(str(file))
    file.write_bytes(whole[: 1 << 20] + bytes(500) + whole[(1 << 20) + 500 :])
    with pytest.raises(ImageProblem, match=f"^{file}: the {form} data is damaged near byte"):
        Path(plain(str(file))).read_bytes()
    assert not cache.exists() or list(cache.iterdir()) == []


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "_BOMB_BYTES", 1 << 20)
    monkeypatch.setattr(unpacking, "_BOMB_RATIO", 100)
    bomb = archives.outer({"manifest.json": b"[]"}) + bytes(8 << 20)
    with pytest.raises(ImageProblem, match=r"compressed bytes become more than \d+"):
        plain(packed(tmp_path, bomb, "xz"))


def test_a_reading_that_is_ended_leaves_nothing_behind(tmp_path: Path, cache: Path) -> None:
    class Ended(Exception):
        pass

    def end(done: int, total: int) -> None:
        if done > 1 << 20:
            raise Ended

    file = packed(tmp_path, archives.outer(archives.old([os.urandom(4 << 20)])))
    with pytest.raises(Ended):
        plain(file, end)
    assert list(cache.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "file"))
    with pytest.raises(ImageProblem, match=r"cannot be unpacked into .* set LAYERVIZ_CACHE to another folder"):
        plain(packed(tmp_path, archives.outer(archives.old([LAYER]))))


def test_a_full_disk_is_told_with_the_folder_and_leaves_nothing(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ImageProblem, match=f"there is no room in {cache} to unpack it; make room"):
        plain(packed(tmp_path, archives.outer(archives.old([LAYER]))))
    assert list(cache.iterdir()) == []


def test_an_archive_that_changes_while_it_is_unpacked_is_not_kept(tmp_path: Path, cache: Path) -> None:
    file = packed(tmp_path, archives.outer(archives.old([os.urandom(1 << 20)])))

    def change(done: int, total: int) -> None:
        os.utime(file, (1, 1))

    with pytest.raises(ImageProblem, match="has changed since it was opened"):
        plain(file, change)
    assert list(cache.iterdir()) == []


def test_what_was_used_longest_ago_makes_room_and_what_is_in_use_stays(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "_KEPT_BYTES", 30_000)
    kept: list[Path] = []
    for number, age in enumerate((9000, 5000, 60)):
        data = archives.outer(archives.old([LAYER] * (number + 1)))
        kept.append(Path(plain(packed(tmp_path, data))))
        then = kept[-1].stat().st_mtime - age
        os.utime(kept[-1], (then, then))
    newest = Path(plain(packed(tmp_path, archives.outer(archives.old([LAYER] * 9)))))
    assert set(cache.iterdir()) == {kept[2], newest}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ImageProblem, match="is neither a file nor a folder; save the image into a file"):
        image_of(str(tmp_path / "pipe"))


def test_an_unpacked_archive_that_is_opened_again_stays_what_it_was(tmp_path: Path, cache: Path) -> None:
    file = packed(tmp_path, archives.outer(archives.old([LAYER])))
    first = Path(plain(file)).stat().st_mtime_ns
    time.sleep(0.01)
    assert Path(plain(file)).stat().st_mtime_ns == first
