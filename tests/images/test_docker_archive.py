"""Docker archives, read: both forms, compressed layers, and everything that can be wrong with one."""

import gzip
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerviz.engine import merge
from layerviz.engine.digests import chain_ids, config_json, image_id, tar_of
from layerviz.images import contents
from layerviz.images.opening import images_in
from layerviz.images.problems import ImageProblem
from layerviz.images.verifying import check_diff_ids
from layerviz.resources import Problem
from tests.images import archives
from tests.images.archives import File

pytestmark = pytest.mark.usefixtures("both_ways")

BASE = archives.layer([File("a", b"hello\n"), File("b", b"bee\n"), File("d/x", b"x" * 3000)])
TOP = archives.layer([File(".wh.b"), File("c", b"sea\n")])
GOLDEN = [
    archives.layer([File("a", b"hello\n"), File("b", b"bee\n")], tarfile.USTAR_FORMAT),
    archives.layer([File(".wh.b"), File("c", b"sea\n")], tarfile.USTAR_FORMAT),
    archives.layer([File("a", b"HELLO\n")], tarfile.USTAR_FORMAT),
]


def shown(file: str) -> dict[str, bytes]:
    (brought,) = images_in(file)
    return {
        found.entry.path: found.entry.content.read(reader=contents.read)
        for found in merge.walk(brought.image.layers)
        if found.entry.kind == "file"
    }


@pytest.mark.parametrize("form", [archives.old, archives.new])
def test_both_forms_show_the_same_merged_files(tmp_path: Path, form: Callable[..., dict[str, bytes | str]]) -> None:
    file = archives.written(tmp_path, form([BASE, TOP]))
    assert shown(file) == {"/a": b"hello\n", "/c": b"sea\n", "/d/x": b"x" * 3000}


def test_the_worked_example_has_the_chain_that_everyone_computes(tmp_path: Path) -> None:
    (brought,) = images_in(archives.written(tmp_path, archives.old(GOLDEN)))
    assert chain_ids(brought.image.layers) == (
        "sha256:9e5f29f9af220a5376c5f35923b4a0e3cda065fdab50a90e74f05399964f6800",
        "sha256:a5130b7bbb7612df55b9e3b3bcfe2e9b049ff1cde2aa478cc74b34f94bc03054",
        "sha256:f928ca6cd52857ac08660e2b221022072ceb0fa2a3d6cc2e7edd9ec344359847",
    )
    check_diff_ids([brought])


def test_image_id_config_and_tars_are_the_archives_own_bytes(tmp_path: Path) -> None:
    members = archives.old([BASE, TOP])
    (brought,) = images_in(archives.written(tmp_path, members))
    said = archives.config([BASE, TOP])
    assert config_json(brought.image) == said
    assert image_id(brought.image) == f"sha256:{archives.digest(said)}"
    assert [b"".join(tar_of(one, contents.read)) for one in brought.image.layers] == [BASE, TOP]


@pytest.mark.parametrize("pack", [gzip.compress])
def test_compressed_layers_show_the_same_files_as_plain_ones(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    plain = archives.written(tmp_path, archives.new([BASE, TOP]), "plain.tar")
    packed = archives.written(tmp_path, archives.new([BASE, TOP], stored=[pack(BASE), pack(TOP)]), "packed.tar")
    assert shown(packed) == shown(plain)
    brought = images_in(packed)
    check_diff_ids(brought)
    assert [b"".join(tar_of(one, contents.read)) for one in brought[0].image.layers] == [BASE, TOP]


def test_a_layer_that_occurs_twice_is_read_once_and_shares_its_table(tmp_path: Path) -> None:
    (brought,) = images_in(archives.written(tmp_path, archives.old([BASE, TOP, BASE])))
    first, _, third = brought.image.layers
    assert first.entries is third.entries
    assert "b" in {found.entry.name for found in merge.walk(brought.image.layers)}


def test_each_layer_is_called_by_the_instruction_that_made_it(tmp_path: Path) -> None:
    members = archives.old([BASE, TOP], created_by=["/bin/sh -c #(nop) COPY dir:a in / ", "/bin/sh -c rm /b"])
    (brought,) = images_in(archives.written(tmp_path, members))
    assert [one.created_by for one in brought.image.layers] == ["COPY dir:a in /", "RUN rm /b"]


def test_a_history_that_does_not_match_names_no_layer(tmp_path: Path) -> None:
    (brought,) = images_in(archives.written(tmp_path, archives.old([BASE, TOP], created_by=["only one"])))
    assert [one.created_by for one in brought.image.layers] == ["", ""]


def test_several_images_of_one_archive_share_the_layers_they_have_in_common(tmp_path: Path) -> None:
    one, two = archives.old([BASE], ["one:latest"]), archives.old([BASE, TOP], ["two:latest", "two:1"])
    lines = [json.loads(form["manifest.json"])[0] for form in (one, two)]
    both = one | two | {"manifest.json": json.dumps(lines).encode()}
    first, second = images_in(archives.written(tmp_path, both))
    assert (first.refs, second.refs) == (("one:latest",), ("two:latest", "two:1"))
    assert first.image.layers[0].entries is second.image.layers[0].entries


def test_names_that_are_odd_but_legal_are_shown(tmp_path: Path) -> None:
    odd = archives.layer([File("/etc/absolute"), File("./dotted"), File("caf\udce9"), File("n" * 65536)])
    assert set(shown(archives.written(tmp_path, archives.old([odd])))) == {
        "/etc/absolute",
        "/dotted",
        "/caf\udce9",
        "/" + "n" * 65536,
    }


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ([File("../out", b"x")], "leaves_the_root"),
        ([File("a", b"1"), File("a", b"2")], "duplicate"),
        ([File(".wh.")], "invalid_whiteout"),
        ([File("f"), File("f/x")], "not_in_a_directory"),
        ([File("l", kind=tarfile.LNKTYPE, link="../../x")], "hard_link_target"),
    ],
)
def test_a_layer_that_breaks_a_rule_is_read_and_reported(tmp_path: Path, files: list[File], key: str) -> None:
    (brought,) = images_in(archives.written(tmp_path, archives.old([BASE, archives.layer(files)])))
    (report,) = brought.reports
    assert report.key == key
    assert str(report).startswith(f"{tmp_path}/image.tar, layer 2: ")
    assert report.said("zh_CN") != str(report)


def _without(name: str) -> Callable[[dict[str, bytes | str]], None]:
    def removed(members: dict[str, bytes | str]) -> None:
        del members[next(key for key in members if key.endswith(name))]

    return removed


def _manifest(change: Callable[[dict[str, object]], object]) -> Callable[[dict[str, bytes | str]], None]:
    def changed(members: dict[str, bytes | str]) -> None:
        line = json.loads(members["manifest.json"])[0]
        change(line)
        members["manifest.json"] = json.dumps([line]).encode()

    return changed


def _put(name: str, what: bytes | str) -> Callable[[dict[str, bytes | str]], None]:
    return lambda members: members.update({name: what})


L1, L2 = f"{0:064x}/layer.tar", f"{1:064x}/layer.tar"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_without("manifest.json"), "does not contain a manifest.json"),
        (_put("manifest.json", b"not json"), "manifest.json: is no JSON"),
        (_put("manifest.json", b'[{"Config": "\xff"}]'), "manifest.json: is no JSON"),
        (
            _put("manifest.json", b'[{"Config": "x", "more": ' + b"[" * 100_000),
            "manifest.json: the JSON is nested too deeply",
        ),
        (_put("manifest.json", b"[]"), "manifest.json names no image"),
        (_put("manifest.json", b'[{"Config": 5}]'), "Expected `str`, got `int`"),
        (_put("manifest.json", b" " * (17 << 20)), "manifest.json has 17825792 bytes"),
        (_without("/layer.tar"), f"has no {L1}"),
        (_manifest(lambda line: line.update(Config="gone.json")), "has no gone.json"),
        (_manifest(lambda line: line.update(Config="two\nlines")), r"has no two\nlines"),
        (_manifest(lambda line: line.update(Layers=[L1])), "layers length mismatch: expected 2, got 1"),
        (_put(L1, f"../{1:064x}/layer.tar"), "is a link that leads in a circle"),
        (_put(L2, "../gone/layer.tar"), f"has no {L2}"),
        (_put(L2, b"x" * 1024), "layer 2, byte "),
        (_put(L2, TOP[:700]), "layer 2, byte "),
        (_put(L2, gzip.compress(TOP)[:-20]), "layer 2: the gzip data ends too early"),
        (_put("../evil", b"x"), "the name ../evil leads out of the archive"),
    ],
)
def test_what_is_wrong_with_an_archive_is_one_sentence(
    tmp_path: Path, damage: Callable[[dict[str, bytes | str]], None], words: str
) -> None:
    members = archives.old([BASE, TOP])
    damage(members)
    if L1 in members and members[L1] == f"../{1:064x}/layer.tar":
        members[L2] = f"../{0:064x}/layer.tar"
    file = archives.written(tmp_path, members)
    with pytest.raises(ImageProblem) as caught:
        images_in(file)
    assert words in str(caught.value)
    assert str(caught.value).startswith(file)
    assert "\n" not in str(caught.value)


def test_a_config_with_a_digest_that_is_none_is_refused(tmp_path: Path) -> None:
    members = archives.old([BASE])
    name = next(name for name in members if name.endswith(".json") and name != "manifest.json")
    bad = config_with(members[name], "sha256:../../etc/passwd")
    with pytest.raises(ImageProblem, match="is no sha256 digest"):
        images_in(archives.written(tmp_path, members | {name: bad}))


def config_with(data: bytes | str, diff_id: str) -> bytes:
    said = json.loads(data)
    said["rootfs"]["diff_ids"] = [diff_id]
    return json.dumps(said).encode()


def test_an_image_of_more_layers_than_any_system_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageProblem, match="the image has 1001 layers; at most 1000 are read"):
        images_in(archives.written(tmp_path, archives.old([BASE] * 1001)))


def test_a_layer_that_is_not_what_its_diff_id_says_is_found_when_it_is_checked(tmp_path: Path) -> None:
    members = archives.old([BASE, TOP])
    other = archives.layer([File("evil", b"x")])
    brought = images_in(archives.written(tmp_path, members | {L2: other}))
    with pytest.raises(ImageProblem, match=f"invalid diffID for layer 2: expected sha256:{archives.digest(TOP)}, got"):
        check_diff_ids(brought)


def test_a_file_that_changed_since_it_was_indexed_is_not_read(tmp_path: Path) -> None:
    file = archives.written(tmp_path, archives.old([BASE]))
    (brought,) = images_in(file)
    row = brought.image.layers[0].entries.row("/a")
    assert row is not None
    content = brought.image.layers[0].entries.entry(row).content
    assert content.read(reader=contents.read) == b"hello\n"
    Path(file).write_bytes(b"something else")
    with pytest.raises(ImageProblem, match="has changed since it was opened"):
        content.read(reader=contents.read)
    Path(file).unlink()
    with pytest.raises(ImageProblem, match="cannot be read"):
        content.read(reader=contents.read)


def test_every_cut_of_an_archive_ends_in_one_sentence_or_a_report(tmp_path: Path) -> None:
    whole = archives.outer(archives.old([BASE, TOP])).rstrip(b"\0")
    whole = whole.ljust(-(-len(whole) // 512) * 512, b"\0")
    for size in range(0, len(whole) + 1, 512):
        file = tmp_path / "cut.tar"
        file.write_bytes(whole[:size])
        try:
            (brought,) = images_in(str(file))
        except ImageProblem as problem:
            assert str(problem).startswith(str(file))
            assert problem.key != "no_manifest", "it is there in the whole archive"
        else:
            assert "no_end_mark" in {report.key for report in brought.reports}


@pytest.mark.parametrize("stored", [[BASE, TOP], [gzip.compress(BASE), gzip.compress(TOP)]], ids=["plain", "gzip"])
def test_reading_tells_how_far_it_is_and_can_be_ended(tmp_path: Path, stored: list[bytes]) -> None:
    file = archives.written(tmp_path, archives.new([BASE, TOP], stored=stored))
    calls: list[tuple[int, int]] = []
    images_in(file, lambda done, total: calls.append((done, total)))
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    stored_bytes = sum(map(len, stored))
    assert (calls[-1][0], {total for _, total in calls}) == (stored_bytes, {stored_bytes})

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        images_in(file, stop)


def test_a_problem_survives_the_way_back_from_a_child_process(tmp_path: Path) -> None:
    import pickle

    with pytest.raises(ImageProblem) as caught:
        images_in(str(tmp_path))
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again, ImageProblem)
    assert (str(again), again.said("zh_CN")) == (str(caught.value), caught.value.said("zh_CN"))


WHOLE = archives.outer(archives.old([BASE, TOP]) | archives.new([TOP, BASE], stored=[gzip.compress(TOP), BASE]))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_archive_never_ends_in_a_traceback(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        match data.draw(st.sampled_from(["byte", "zeros", "copy", "cut"])):
            case "byte":
                whole[at] = data.draw(st.integers(0, 255))
            case "zeros":
                whole[at : at + 600] = bytes(len(whole[at : at + 600]))
            case "copy":
                to = data.draw(st.integers(0, len(whole) - 1))
                whole[to : to + 512] = whole[at : at + 512]
            case _:
                del whole[max(at, 1) :]
        block = at // 512 * 512
        if data.draw(st.booleans()) and block + 512 <= len(whole):
            sums = sum(whole[block : block + 148]) + 256 + sum(whole[block + 156 : block + 512])
            whole[block + 148 : block + 156] = b"%06o\0 " % sums
    file = tmp_path / "fuzzed.tar"
    file.write_bytes(whole)
    try:
        brought = images_in(str(file))
        check_diff_ids(brought)
        for one in brought:
            list(merge.walk(one.image.layers))
    except Problem as problem:
        assert "\n" not in str(problem)
