"""Layers are held against what their images call them, each once, and what was found right is remembered."""

import gzip
import json
import os
from pathlib import Path

import pytest

from layerviz.images import index_cache, verifying
from layerviz.images.opening import image_of, images_of
from layerviz.images.problems import ImageProblem
from layerviz.images.verifying import check_diff_ids, check_layer, check_small
from tests.images import archives, layouts
from tests.images.archives import File

BASE = archives.layer([File("a", os.urandom(30_000))])
TOP = archives.layer([File("b", b"2")])
PACKED = gzip.compress(BASE)


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path_factory.mktemp("cache")))


def test_progress_counts_the_stored_bytes_of_each_layer_once(tmp_path: Path) -> None:
    layout = layouts.Layout()
    layout.list(layout.image([BASE, TOP], stored=[PACKED, TOP]), "x")
    layout.list(layout.image([BASE], stored=[PACKED]), "y")
    calls: list[tuple[int, int]] = []
    check_diff_ids(images_of(layout.folder(tmp_path)), lambda done, total: calls.append((done, total)))
    total = len(PACKED) + len(TOP)
    assert {total for _, total in calls} == {total}
    assert calls[-1][0] == total
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)


def test_what_progress_raises_ends_it(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_diff_ids([image_of(layouts.one([BASE]).folder(tmp_path))], stop)


def test_the_bytes_of_one_layer_are_shown_as_they_are_stored(tmp_path: Path) -> None:
    brought = image_of(layouts.one([BASE, TOP], stored=[PACKED, TOP]).archive(tmp_path / "x.tar"))
    for position, data in enumerate((PACKED, TOP), 1):
        seen: list[bytes] = []
        check_layer(brought, position, seen.append)
        assert b"".join(seen) == data


def test_a_file_that_changed_since_it_was_opened_is_told_as_such(tmp_path: Path) -> None:
    file = layouts.one([BASE, TOP]).archive(tmp_path / "x.tar")
    brought = image_of(file)
    os.utime(file, (1, 1))
    with pytest.raises(ImageProblem, match="has changed since it was opened"):
        check_diff_ids([brought])


def test_small_images_are_checked_at_once_and_large_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lie = archives.old([BASE]) | {f"{0:064x}/layer.tar": gzip.compress(bytes(1 << 20))}
    brought = image_of(archives.written(tmp_path, lie))
    with pytest.raises(ImageProblem, match="invalid diffID"):
        check_small(brought)
    monkeypatch.setattr(verifying, "_SMALL_BYTES", 1 << 19)
    check_small(brought)


def test_only_what_was_found_right_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "_WORTH_REMEMBERING_BYTES", 1000)
    right = image_of(layouts.one([BASE, TOP], stored=[PACKED, TOP]).folder(tmp_path / "right"))
    check_diff_ids([right])
    members = archives.old([BASE]) | {f"{0:064x}/layer.tar": archives.layer([File("evil", bytes(30_000))])}
    wrong = image_of(archives.written(tmp_path, members))
    with pytest.raises(ImageProblem, match="invalid diffID"):
        check_diff_ids([wrong])
    assert right.parts is not None and wrong.parts is not None
    places = [index_cache.place(blob) for blob in (*right.parts.blobs, *wrong.parts.blobs) if blob]
    known = {one.name: json.loads(one.read_bytes())["diff_id"] for one in index_cache.folder().iterdir()}
    assert known == dict(zip(places[:2], (f"sha256:{archives.digest(layer)}" for layer in (BASE, TOP)), strict=True))
