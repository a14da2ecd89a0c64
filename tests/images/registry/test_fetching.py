"""Images come from a registry whole and verified, whatever is in the way; what was brought is not brought again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from layerviz.images import manifests
from layerviz.images.opening import image_of
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import InRegistry
from layerviz.images.registry import cache as cache_module
from layerviz.images.registry.cache import is_verified
from layerviz.images.registry.client import Client
from layerviz.images.registry.endpoint import endpoint
from layerviz.images.registry.fetching import fetched
from layerviz.images.registry.together import Patience
from layerviz.images.verifying import check_diff_ids
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


@pytest.mark.parametrize(
    "act",
    [
        fake.status(416),
        fake.status(206, {"Content-Range": "bytes 7-1/2"}),
        fake.status(206),
    ],
    ids=["416", "another part", "no word of it"],
)
def test_where_a_registry_cannot_go_on_the_blob_is_begun_anew(
    registry: fake.Registry, fetch: Fetch, cache: Path, act: fake.Act
) -> None:
    path = registry.add_image([TWO])[1]
    registry.instead[path] += [fake.cut(1000), act, fake.cut(500)]
    fetch()
    ranges = [one.headers.get("range") for one in registry.asked if one.path == path]
    assert ranges[:2] == [None, "bytes=1000-"] and set(ranges[3:]) == {None}
    assert (cache / archives.digest(TWO)).read_bytes() == TWO


def test_a_slow_blob_is_waited_for_as_long_as_it_goes_on(registry: fake.Registry, fetch: Fetch, cache: Path) -> None:
    def drip(handler: fake.Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for at in range(0, len(ONE), 200):
            handler.wfile.write(ONE[at : at + 200])
            handler.wfile.flush()
            time.sleep(0.1)
        handler.close_connection = True

    registry.instead[registry.add_image([ONE])[1]].append(drip)
    before = time.monotonic()
    fetch(patience=Patience(silence_s=0.5, pauses_s=()))
    assert time.monotonic() - before > 1
    assert (cache / archives.digest(ONE)).read_bytes() == ONE


def _write_to(file: Path, data: bytes) -> None:
    file.chmod(0o644)
    file.write_bytes(data)
    file.chmod(0o444)


def test_a_kept_blob_that_somebody_has_written_to_is_brought_again(
    registry: fake.Registry, fetch: Fetch, cache: Path
) -> None:
    path = registry.add_image([ONE, TWO])[1]
    first = fetch()
    _write_to(cache / archives.digest(ONE), ONE[:700] + b"#" + ONE[701:])
    assert fetch() == first
    assert (cache / archives.digest(ONE)).read_bytes() == ONE
    assert registry.paths().count(path) == 2


def test_a_kept_blob_that_was_only_touched_is_not_brought_again_and_looked_at_once(
    registry: fake.Registry, fetch: Fetch, cache: Path
) -> None:
    path = registry.add_image([ONE])[1]
    fetch()
    file = cache / archives.digest(ONE)
    os.utime(file)
    assert not is_verified(file)
    fetch()
    assert is_verified(file) and registry.paths().count(path) == 1


def test_a_kept_blob_that_is_found_to_be_damaged_is_brought_again_the_next_time(
    registry: fake.Registry, cache: Path
) -> None:
    path = registry.add_image([ONE, TWO])[1]
    text = f"docker://{registry.host}/x"
    brought = image_of(text, platform="linux/amd64")
    file, verified = cache / archives.digest(ONE), (cache / archives.digest(ONE)).stat().st_mtime_ns
    # As a disk forgets: nobody has written to it.
    _write_to(file, ONE[:8] + b"#" + ONE[9:])
    os.utime(file, ns=(verified, verified))
    with pytest.raises(ImageProblem, match="layer 1"):
        check_diff_ids([brought])
    assert registry.paths().count(path) == 1
    assert len(image_of(text, platform="linux/amd64").image.layers[0].entries) == 1
    assert registry.paths().count(path) == 2


def test_a_kept_blob_that_cannot_be_read_is_brought_again_at_once(
    registry: fake.Registry, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = registry.add_image([ONE, TWO])[1]
    text = f"docker://{registry.host}/x"
    image_of(text, platform="linux/amd64")
    file, verified = cache / archives.digest(ONE), (cache / archives.digest(ONE)).stat().st_mtime_ns
    _write_to(file, ONE[:8] + b"#" + ONE[9:])
    os.utime(file, ns=(verified, verified))
    # As if another process had brought it.
    monkeypatch.setattr(cache_module, "_held_here", set())
    assert len(image_of(text, platform="linux/amd64").image.layers[0].entries) == 1
    assert registry.paths().count(path) == 2


def test_a_blob_that_was_sent_damaged_is_not_brought_twice(registry: fake.Registry, cache: Path) -> None:
    path = registry.add_image([ONE[:8] + b"#" + ONE[9:]])[1]
    text = f"docker://{registry.host}/x"
    for _ in range(2):
        with pytest.raises(ImageProblem, match=f"^{text}, layer 1, byte 0: .*checksum"):
            image_of(text, platform="linux/amd64")
    assert registry.paths().count(path) == 1


def test_two_processes_that_bring_the_same_image_do_not_disturb_each_other(
    registry: fake.Registry, cache: Path
) -> None:
    paths = registry.add_image([ONE, TWO])
    together = threading.Barrier(2)

    def wait_for_the_other(handler: fake.Handler) -> None:
        together.wait(60)
        handler.as_usual()

    registry.instead[paths[2]] += [wait_for_the_other] * 2
    command = [sys.executable, "-m", "layerviz", "tree", f"docker://{registry.host}/x"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(2)]
    said = [process.communicate(timeout=100)[0] for process in both]
    assert said[0] == said[1] and b"/two" in said[0]
    assert [process.returncode for process in both] == [0, 0]
    assert registry.paths().count(paths[2]) == 2
    assert not [file.name for file in cache.iterdir() if file.suffix]
    assert (cache / archives.digest(TWO)).read_bytes() == TWO


@pytest.mark.skipif(sys.platform != "linux", reason="a disk is made small as Linux does it")
def test_a_disk_that_fills_up_is_one_sentence_and_what_was_written_is_gone_on_with(
    registry: fake.Registry, fetch: Fetch, cache: Path
) -> None:
    import resource

    path = registry.add_image([TWO])[1]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(ImageProblem, match=r"blobs/sha256/.*cannot be written.*LAYERVIZ_CACHE"):
            fetch()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    fetch()
    assert (cache / archives.digest(TWO)).read_bytes() == TWO
    assert [one.headers.get("range") for one in registry.asked if one.path == path] == [None, "bytes=100000-"]


def test_a_cache_that_cannot_be_written_is_one_sentence(
    registry: fake.Registry, fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add_image([ONE])
    (tmp_path / "file").touch()
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(ImageProblem, match=r"file/cache.*LAYERVIZ_CACHE"):
        fetch()


def test_the_loopback_of_ipv6_is_this_machine_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    try:
        with fake.running(address="::1") as registry:
            registry.add_image([ONE])
            image = image_of(f"docker://{registry.host}/x", platform="linux/amd64")
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    assert image.refs == (f"{registry.host}/x:latest",)


def test_what_is_in_the_cache_whole_needs_no_connection(
    registry: fake.Registry, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add_image([ONE])
    digest = fake.digest(fetch().manifest)
    monkeypatch.setattr(Client, "_http", None)
    assert fetch(digest=digest).digests == (fake.digest(ONE),)


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


def test_a_registry_that_thinks_long_before_it_fails_is_not_asked_for_ever(
    registry: fake.Registry, fetch: Fetch
) -> None:
    def slowly(handler: fake.Handler) -> None:
        time.sleep(0.4)
        handler.say(500)

    registry.always["/v2/x/manifests/latest"] = slowly
    before = time.monotonic()
    with pytest.raises(ImageProblem, match="the registry failed"):
        fetch(patience=Patience(silence_s=1, pauses_s=(0.01,) * 20))
    assert time.monotonic() - before < 3


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
    assert 30 > Patience().silence_s > HASTY.silence_s


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [
        ("socks5://127.0.0.1:1", "SOCKS"),
        ("ftp://127.0.0.1:1", "Unknown scheme"),
        ("http://host:port", "Invalid port"),
        ("http://{registry}", "501"),
    ],
)
def test_a_proxy_that_is_none_is_one_sentence(
    registry: fake.Registry, monkeypatch: pytest.MonkeyPatch, proxy: str, expected: str
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, proxy.format(registry=registry.host))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    reference = InRegistry("registry.example", "x", "latest")
    with pytest.raises(ImageProblem, match=rf"^registry.example/x.*the proxy that .*{expected}.*NO_PROXY"):
        fetched(reference, patience=HASTY)
    assert registry.asked == []


def test_a_registry_in_plain_http_is_reached_through_the_proxy_unless_no_proxy_names_it(
    registry: fake.Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add_image([ONE])
    for path in ("manifests/latest", *(f"blobs/{digest}" for digest in registry.blobs)):
        act = partial(_as_if_asked_for, path=f"/v2/x/{path}")
        registry.always[f"http://lan.example:5000/v2/x/{path}"] = act
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, f"http://{registry.host}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "other.example")
    monkeypatch.setenv("LAYERVIZ_PLAIN_HTTP", "lan.example:5000")
    reference = InRegistry("lan.example:5000", "x", "latest")
    assert fetched(reference, "linux/amd64", patience=HASTY).digests == (fake.digest(ONE),)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "lan.example")
    registry.asked.clear()
    with pytest.raises(ImageProblem, match="cannot be reached"):
        fetched(reference, "linux/amd64", patience=HASTY)
    assert registry.asked == []


def _as_if_asked_for(handler: fake.Handler, path: str) -> None:
    handler.path = path
    handler.as_usual()
