"""Images come from a registry whole and verified, whatever is in the way; what was brought is not brought again."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from layerviz.images import manifests
from layerviz.images.problems import ImageProblem
from layerviz.images.registry.endpoint import endpoint
from layerviz.images.registry.together import Patience
from tests.images import archives
from tests.images.archives import File
from tests.images.registry import fake
from tests.images.registry.conftest import HASTY, Fetch

ONE = archives.layer([File("one", b"1" * 3000)])
TWO = archives.layer([File("two", b"2" * 300_000)])
THREE = archives.layer([File("three", b"3" * 3000)])


def test_an_image_is_its_config_and_its_layers_in_the_cache_read_only(
    registry: fake.Registry, fetch: Fetch, cache: Path
) -> None:
    registry.add_image([ONE, TWO])
    parts = fetch()
    assert json.loads(parts.config)["rootfs"]["diff_ids"] == [fake.digest(ONE), fake.digest(TWO)]
    assert [Path(blob.file).read_bytes()[blob.start : blob.end] for blob in parts.blobs if blob] == [ONE, TWO]
    assert parts.refs == (f"{registry.host}/x:latest",)
    assert parts.digests == (fake.digest(ONE), fake.digest(TWO))
    assert parts.repo_digests == (f"{registry.host}/x@{fake.digest(parts.manifest)}",)
    assert sorted(file.name for file in cache.iterdir()) == sorted(
        archives.digest(data) for data in (ONE, TWO, parts.config, parts.manifest)
    )
    assert {file.stat().st_mode & 0o777 for file in cache.iterdir()} == {0o444}


def test_what_the_cache_has_is_not_asked_for_again(registry: fake.Registry, fetch: Fetch) -> None:
    registry.add_image([ONE, TWO])
    first = fetch()
    registry.asked.clear()
    assert fetch() == first
    assert registry.paths() == ["/v2/x/manifests/latest"]


def test_a_blob_that_images_share_is_brought_once(registry: fake.Registry, fetch: Fetch) -> None:
    shared = registry.add_image([ONE, TWO, ONE])[1]
    registry.add_image([ONE, THREE], "y")
    fetch()
    fetch("y")
    assert registry.paths().count(shared) == 1
    assert shared.replace("/x/", "/y/") not in registry.paths()


def test_a_kept_blob_of_the_wrong_size_is_brought_again(registry: fake.Registry, fetch: Fetch, cache: Path) -> None:
    registry.add_image([ONE])
    fetch()
    file = cache / archives.digest(ONE)
    file.chmod(0o644)
    file.write_bytes(ONE[:100])
    fetch()
    assert file.read_bytes() == ONE


def test_no_more_than_three_blobs_come_at_once_and_they_do(registry: fake.Registry, fetch: Fetch) -> None:
    layers = [archives.layer([File(str(number), b"x" * number)]) for number in range(7)]
    paths = registry.add_image(layers)
    together = threading.Barrier(3)

    def wait_for_the_others(handler: fake.Handler) -> None:
        together.wait(5)
        handler.as_usual()

    def wait_a_little(handler: fake.Handler) -> None:
        time.sleep(0.05)
        handler.as_usual()

    for path in paths[1:4]:
        registry.instead[path].append(wait_for_the_others)
    for path in paths[4:]:
        registry.instead[path].append(wait_a_little)
    fetch(patience=Patience(silence_s=10))
    assert registry.most_at_once == 3


def test_progress_counts_the_bytes_of_all_blobs_and_never_goes_back(registry: fake.Registry, fetch: Fetch) -> None:
    paths = registry.add_image([ONE, TWO])
    registry.instead[paths[2]] += [fake.cut(100_000), fake.cut(50_000)]
    told: list[tuple[int, int]] = []
    parts = fetch(progress=lambda done, all_bytes: told.append((done, all_bytes)))
    assert told[-1] == (len(ONE) + len(TWO) + len(parts.config),) * 2
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert all(done <= all_bytes for done, all_bytes in told)


def test_a_blob_that_is_cut_goes_on_where_it_was_cut(registry: fake.Registry, fetch: Fetch, cache: Path) -> None:
    path = registry.add_image([TWO])[1]
    registry.instead[path] += [fake.cut(100_000), fake.cut(7), fake.cut(0)]
    fetch()
    ranges = [one.headers.get("range") for one in registry.asked if one.path == path]
    assert ranges == [None, "bytes=100000-", "bytes=100007-", "bytes=100007-"]
    assert (cache / archives.digest(TWO)).read_bytes() == TWO


def test_a_registry_without_ranges_sends_what_is_there_again_and_it_is_skipped(
    registry: fake.Registry, fetch: Fetch, cache: Path
) -> None:
    path = registry.add_image([TWO])[1]
    registry.instead[path] += [fake.cut(100_000), fake.sends(TWO)]
    fetch()
    assert (cache / archives.digest(TWO)).read_bytes() == TWO


def test_what_an_earlier_download_left_is_gone_on_with(registry: fake.Registry, fetch: Fetch, cache: Path) -> None:
    path = registry.add_image([TWO])[1]
    registry.always[path] = fake.cut(1000)
    with pytest.raises(ImageProblem, match="hung up after 4000 of"):
        fetch()
    assert (cache / f"{archives.digest(TWO)}.part").stat().st_size == 4000
    registry.always.clear()
    registry.asked.clear()
    fetch()
    assert [one.headers["range"] for one in registry.asked if one.path == path] == ["bytes=4000-"]
    assert sorted(file.suffix for file in cache.iterdir()) == ["", "", ""]


def test_a_part_of_something_else_is_thrown_away(registry: fake.Registry, fetch: Fetch, cache: Path) -> None:
    path = registry.add_image([TWO])[1]
    cache.mkdir(parents=True)
    (cache / f"{archives.digest(TWO)}.part").write_bytes(b"something else")
    fetch()
    assert [one.headers.get("range") for one in registry.asked if one.path == path] == ["bytes=14-", None]
    assert (cache / archives.digest(TWO)).read_bytes() == TWO


def test_a_part_that_is_longer_than_the_blob_is_thrown_away(registry: fake.Registry, fetch: Fetch, cache: Path) -> None:
    registry.add_image([TWO])
    cache.mkdir(parents=True)
    (cache / f"{archives.digest(TWO)}.part").write_bytes(TWO + b"more")
    fetch()
    assert (cache / archives.digest(TWO)).read_bytes() == TWO


def test_a_part_that_another_process_is_filling_is_left_to_it(
    registry: fake.Registry, fetch: Fetch, cache: Path
) -> None:
    fcntl = pytest.importorskip("fcntl", reason="locks are tried where POSIX has them")
    registry.add_image([TWO])
    cache.mkdir(parents=True)
    part = cache / f"{archives.digest(TWO)}.part"
    with part.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        other.write(b"theirs")
        other.flush()
        fetch()
        assert part.read_bytes() == b"theirs"
    assert (cache / archives.digest(TWO)).read_bytes() == TWO
    assert sorted(file.suffix for file in cache.iterdir()) == ["", "", "", ".part"]


class _Cancelled(Exception):
    pass


def _stall(handler: fake.Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(TWO)))
    handler.end_headers()
    handler.wfile.write(TWO[:100_000])
    handler.wfile.flush()
    fake.silent(handler)


def test_cancel_ends_at_once_what_a_registry_keeps_waiting_and_leaves_what_is_there(
    registry: fake.Registry, fetch: Fetch, cache: Path
) -> None:
    path = registry.add_image([TWO])[1]
    registry.instead[path].append(_stall)

    def cancel(done: int, all_bytes: int) -> None:
        if done >= 100_000:
            raise _Cancelled

    before = time.monotonic()
    with pytest.raises(_Cancelled):
        fetch(progress=cancel, patience=Patience())
    assert time.monotonic() - before < 1
    registry.asked.clear()
    fetch()
    assert [one.headers["range"] for one in registry.asked if one.path == path] == ["bytes=100000-"]


def test_what_a_killed_process_had_brought_is_gone_on_with(registry: fake.Registry, fetch: Fetch, cache: Path) -> None:
    path = registry.add_image([TWO])[1]
    registry.instead[path].append(_stall)
    part = cache / f"{archives.digest(TWO)}.part"
    with subprocess.Popen([sys.executable, "-m", "layerviz", "tree", f"docker://{registry.host}/x"]) as process:
        until = time.monotonic() + 60
        while time.monotonic() < until and not (part.exists() and part.stat().st_size > 90_000):
            time.sleep(0.02)
        process.kill()
    registry.asked.clear()
    fetch()
    (asked,) = [one for one in registry.asked if one.path == path]
    assert int(asked.headers["range"].removeprefix("bytes=").rstrip("-")) > 90_000
    assert (cache / archives.digest(TWO)).read_bytes() == TWO


def test_cancel_is_heard_while_nothing_comes_at_all(registry: fake.Registry, fetch: Fetch) -> None:
    registry.always["/v2/x/manifests/latest"] = fake.silent

    def cancel(done: int, all_bytes: int) -> None:
        raise _Cancelled

    before = time.monotonic()
    with pytest.raises(_Cancelled):
        fetch(progress=cancel, patience=Patience())
    assert time.monotonic() - before < 1


def test_of_several_platforms_the_one_asked_for_is_brought(registry: fake.Registry, fetch: Fetch) -> None:
    descriptors = []
    for architecture, layer in (("amd64", ONE), ("arm64", TWO)):
        registry.add_image([layer], tag=architecture, architecture=architecture)
        data = registry.manifests[f"/v2/x/manifests/{architecture}"][1]
        descriptors.append(
            {**fake.descriptor(data, manifests.MANIFEST), "platform": {"os": "linux", "architecture": architecture}}
        )
    registry.add_manifest({"schemaVersion": 2, "manifests": descriptors}, media_type=manifests.INDEX)
    assert fetch(platform="linux/arm64").digests == (fake.digest(TWO),)
    brought = fetch(platform="linux/amd64")
    assert brought.digests == (fake.digest(ONE),)
    assert brought.repo_digests[0].endswith(fake.digest(registry.manifests["/v2/x/manifests/latest"][1]))
    with pytest.raises(ImageProblem, match=r"holds no image for linux/s390x, it has linux/amd64, linux/arm64"):
        fetch(platform="linux/s390x")


def test_indexes_of_indexes_without_end_are_refused(registry: fake.Registry, fetch: Fetch) -> None:
    inner = registry.add_manifest({"schemaVersion": 2, "manifests": []}, tag="inner", media_type=manifests.INDEX)
    for _ in range(20):
        inner = registry.add_manifest({"schemaVersion": 2, "manifests": [inner]}, media_type=manifests.INDEX)
    with pytest.raises(ImageProblem, match="is no manifest"):
        fetch()


def test_a_foreign_layer_is_not_asked_for(registry: fake.Registry, fetch: Fetch) -> None:
    config = archives.config([ONE, TWO])
    registry.blobs.update({fake.digest(data): data for data in (config, ONE)})
    foreign = {
        **fake.descriptor(TWO, "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"),
        "urls": ["https://example.invalid/two"],
    }
    said = {
        "schemaVersion": 2,
        "config": fake.descriptor(config, manifests.CONFIG),
        "layers": [fake.descriptor(ONE), foreign],
    }
    registry.add_manifest(said)
    parts = fetch()
    assert [blob is None for blob in parts.blobs] == [False, True]
    assert not [path for path in registry.paths() if fake.digest(TWO) in path]


def test_an_image_that_is_named_by_its_digest_needs_no_registry_any_more(registry: fake.Registry, fetch: Fetch) -> None:
    registry.add_image([ONE, TWO])
    digest = fake.digest(fetch().manifest)
    registry.asked.clear()
    assert len(fetch(digest=digest).blobs) == 2
    assert registry.asked == []


def test_a_kept_manifest_that_was_changed_is_asked_for_again(
    registry: fake.Registry, fetch: Fetch, cache: Path
) -> None:
    registry.add_image([ONE])
    parts = fetch()
    (cache / archives.digest(parts.manifest)).chmod(0o644)
    (cache / archives.digest(parts.manifest)).write_bytes(b"{}")
    assert fetch(digest=fake.digest(parts.manifest)).manifest == parts.manifest
    assert (cache / archives.digest(parts.manifest)).read_bytes() == parts.manifest


def test_by_digest_the_manifest_must_have_it(registry: fake.Registry, fetch: Fetch, cache: Path) -> None:
    registry.add_image([ONE])
    data = registry.manifests["/v2/x/manifests/latest"][1]
    parts = fetch(digest=fake.digest(data))
    assert (parts.refs, parts.repo_digests) == ((), (f"{registry.host}/x@{fake.digest(data)}",))
    shutil.rmtree(cache)
    registry.manifests[f"/v2/x/manifests/{fake.digest(data)}"] = (manifests.MANIFEST, data + b" ")
    with pytest.raises(ImageProblem, match=rf"/x@{fake.digest(data)}: the registry sent something else"):
        fetch(digest=fake.digest(data))


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="a full disk is told as POSIX tells it")
def test_what_the_disk_has_no_room_for_is_not_begun(registry: fake.Registry, fetch: Fetch) -> None:
    config = archives.config([ONE])
    registry.blobs[fake.digest(config)] = config
    layer = {**fake.descriptor(ONE), "size": 1 << 60}
    registry.add_manifest({"schemaVersion": 2, "config": fake.descriptor(config, manifests.CONFIG), "layers": [layer]})
    with pytest.raises(ImageProblem, match=f"{1 << 60} bytes are to be brought"):
        fetch()
    assert not [path for path in registry.paths() if fake.digest(ONE) in path]


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("docker.io", "https://registry-1.docker.io"),
        ("registry.example", "https://registry.example"),
        ("localhost:5000", "http://localhost:5000"),
        ("127.1.2.3", "http://127.1.2.3"),
        ("[::1]:5000", "http://[::1]:5000"),
        ("localhost.example:5000", "https://localhost.example:5000"),
        ("10.0.0.7:5000", "https://10.0.0.7:5000"),
        ("lan.example:5000", "http://lan.example:5000"),
    ],
)
def test_only_this_machine_and_named_hosts_are_spoken_to_without_tls(
    monkeypatch: pytest.MonkeyPatch, host: str, url: str
) -> None:
    monkeypatch.setenv("LAYERVIZ_PLAIN_HTTP", "other.example, lan.example:5000")
    assert endpoint(host).url == url


def test_no_proxy_stands_before_ones_own_machine(
    registry: fake.Registry, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    registry.add_image([ONE])
    assert len(fetch().blobs) == 1


def test_a_failure_that_passes_is_not_told(registry: fake.Registry, fetch: Fetch) -> None:
    manifest = "/v2/x/manifests/latest"
    path = registry.add_image([ONE])[1]
    registry.instead[manifest] += [fake.status(500), fake.status(503), fake.Handler.break_off]
    registry.instead[path] += [fake.status(502), fake.Handler.break_off]
    fetch()
    assert (registry.paths().count(manifest), registry.paths().count(path)) == (4, 3)


def test_a_busy_registry_is_asked_again_when_it_says(registry: fake.Registry, fetch: Fetch) -> None:
    registry.add_image([ONE])
    registry.instead["/v2/x/manifests/latest"].append(fake.status(429, {"Retry-After": "1"}))
    before = time.monotonic()
    fetch()
    assert time.monotonic() - before >= 1


def test_a_registry_that_wants_to_be_left_alone_for_long_is_not_waited_for(
    registry: fake.Registry, fetch: Fetch
) -> None:
    registry.always["/v2/x/manifests/latest"] = fake.status(429, {"Retry-After": "3600"})
    before = time.monotonic()
    with pytest.raises(ImageProblem, match=r"asked less often.*try again in 3600 s"):
        fetch(patience=Patience())
    assert time.monotonic() - before < 2
    assert len(registry.asked) == 1


def test_hasty_patience_is_for_tests_alone() -> None:
    assert Patience().silence_s == 30 > HASTY.silence_s
