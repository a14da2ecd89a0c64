"""Ids against published ones: of redis and nginx in January 2021, of the specification, of worked tar bytes."""

import hashlib
import io
import tarfile
from collections.abc import Iterable
from dataclasses import replace

from layerviz.engine import canonical
from layerviz.engine.changeset import Header, from_changeset
from layerviz.engine.content import Content, Range, of
from layerviz.engine.digests import (
    chain_id,
    chain_ids,
    chain_of,
    config_json,
    content_digest,
    diff_id,
    image_id,
    rfc3339,
    tar_of,
)
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import Table
from layerviz.engine.world import Config, HistoryLine, Image, Layer, Quoted
from tests.engine.drawn import view

REDIS = {
    "cb42413394c4059335228c137fe884ff3ab8946a014014309676c25e3ac86864": (
        "cb42413394c4059335228c137fe884ff3ab8946a014014309676c25e3ac86864"
    ),
    "8e14cb7841faede6e42ab797f915c329c22f3b39026f8338c4c75de26e5d4e82": (
        "b51317bef36fe1900be48402c8a41fcd9cdb6b8950c10209f764473cb8323371"
    ),
    "1450b8f0019c829e638ab5c1f3c2674d117517669e41dd2d0409a668e0807e96": (
        "8c41f4e708c37059df28ae1cabc200a6db2fee45bd3a2cadcf70f2765bb68730"
    ),
    "f927192cc30cb53065dc266f78ff12dc06651d6eb84088e82be2d98ac47d42a0": (
        "1d047d19be363b00139990d4d7f392dabdb0809dbc9d0fbe67c1f15b8caed27a"
    ),
    "a24a292d018421783c491bc72f6601908cb844b17427bac92f0a22f5fd809665": (
        "79b2381e35429e8fc04d31b3445f069c22d288bf5c4cba7b7c10004ff78ae201"
    ),
    "3480f9cdd491225670e9899786128ffe47054b0a5d54c48f6b10623d2f340632": (
        "de66cfbf4712b8ba9ef292e08ef7487be26d9d21b350548e400ae351405d820e"
    ),
}
NGINX = {
    "cb42413394c4059335228c137fe884ff3ab8946a014014309676c25e3ac86864": (
        "cb42413394c4059335228c137fe884ff3ab8946a014014309676c25e3ac86864"
    ),
    "1c91bf69a08b515a1f9c36893d01bd3123d896b38b082e7c21b4b7cc7023525a": (
        "a3ee2510dcf02c980d7aff635909612006fd1662084d6225e52e769b984abeb5"
    ),
    "56bc37de0858bc2a5c94db9d69b85b4ded4e0d03684bb44da77e0fe93a829292": (
        "a1c538085c6f891424160d8db120ea093d4dda393e94cd4713e3fff3c82299b5"
    ),
    "3e5288f7a70f526d6bceb54b3568d13c72952936cebfe28ddcb3386fe3a236ba": (
        "3c90a0917c79b758d74b7040f62d17a7680cd14077f734330b1994a2985283b8"
    ),
    "85fcec7ef3efbf3b4e76a0f5fb8ea14eca6a6c7cbc0c52a1d401ad5548a29ba5": (
        "4dfe71c4470c5920135f00af483556b09911b72547113512d36dc29bfc5f7445"
    ),
}
WORKED_EXAMPLE = (
    (
        (("a", b"hello\n"), ("b", b"bee\n")),
        "9e5f29f9af220a5376c5f35923b4a0e3cda065fdab50a90e74f05399964f6800",
        "9e5f29f9af220a5376c5f35923b4a0e3cda065fdab50a90e74f05399964f6800",
    ),
    (
        ((".wh.b", b""), ("c", b"sea\n")),
        "ad89be479acede400bd1a273b161001caccacaeeb56ff61755bce83df3dca419",
        "a5130b7bbb7612df55b9e3b3bcfe2e9b049ff1cde2aa478cc74b34f94bc03054",
    ),
    (
        (("a", b"HELLO\n"),),
        "465b0f92dde13a098b72133e6812f62a9518c71d563d0c8358f0812127b024a1",
        "f928ca6cd52857ac08660e2b221022072ceb0fa2a3d6cc2e7edd9ec344359847",
    ),
)

EMPTY_LAYER = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"


def sha256s(digests: Iterable[str]) -> list[str]:
    return [f"sha256:{digest}" for digest in digests]


def test_chain_ids_of_redis_are_those_that_docker_rmi_printed() -> None:
    layers = [Layer(key, Table(), quoted_diff_id=diff) for key, diff in enumerate(REDIS, 1)]
    assert list(chain_ids(layers)) == sha256s(REDIS.values())
    assert chain_id(layers) == "sha256:" + list(REDIS.values())[-1]


def test_chain_ids_of_nginx() -> None:
    assert list(chain_of(list(NGINX))) == sha256s(NGINX.values())


def test_chain_id_of_the_specification_s_example_config() -> None:
    chain = chain_of(
        [
            "sha256:c6f988f4874bb0add23a778f753c65efe992244e148a1d2ec2a8b664fb66bbd1",
            "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        ]
    )
    assert chain[-1] == "sha256:c3191d32a37d7159b2e30830937d2e30268ad6c375a773a8994911a3aba9b93f"


def test_worked_example_from_tar_bytes_to_chain_ids_and_merged_view() -> None:
    layers = []
    for key, (files, diff, _) in enumerate(WORKED_EXAMPLE, 1):
        data = tar_by_python(files)
        assert hashlib.sha256(data).hexdigest() == diff
        layers.append(replace(read_back(data, key), brought_diff_id=diff, brought_tar=of(data)))
    assert list(chain_ids(layers)) == sha256s(chain for _, _, chain in WORKED_EXAMPLE)
    assert view(layers) == "a=HELLO\n c=sea\n"
    assert b"".join(tar_of(layers[0])) == tar_by_python(WORKED_EXAMPLE[0][0])


def test_our_tar_of_the_worked_example_is_python_s_without_the_padding() -> None:
    for files, _, _ in WORKED_EXAMPLE:
        rows = [
            Entry(f"/{name}", content=of(data)) if data else Entry(f"/{name[4:]}", Kind.WHITEOUT)
            for name, data in files
        ]
        ours = b"".join(canonical.tar(Table.of(rows)))
        theirs = tar_by_python(files, whiteout_mode=0o600)
        assert theirs.startswith(ours)
        assert not theirs[len(ours) :].strip(b"\0")


def test_empty_layer_has_the_diff_id_that_everyone_knows() -> None:
    layer = Layer(1, Table())
    assert b"".join(tar_of(layer)) == bytes(1024)
    assert diff_id(layer) == EMPTY_LAYER


def test_diff_id_is_golden() -> None:
    layer = Layer(1, Table.of([Entry("/file1", content=of(b"File 1\n"), mtime_ns=1612137600 * 10**9)]))
    ours = b"".join(tar_of(layer))
    assert len(ours) == 512 + 512 + 1024
    assert diff_id(layer) == "sha256:" + hashlib.sha256(ours).hexdigest()
    assert diff_id(layer) == "sha256:f93b35140236ea351fc974aa7c14a9aa1db7065208fc27178cb3f544d5f14e50"


def test_diff_id_does_not_depend_on_the_order_in_which_entries_came() -> None:
    rows = [Entry("/b"), Entry("/a/", Kind.DIR), Entry("/c", Kind.WHITEOUT)]
    assert diff_id(Layer(1, Table.of(rows))) == diff_id(Layer(2, Table.of(reversed(rows))))


def test_diff_id_reads_contents_of_an_archive_through_the_reader() -> None:
    there = Entry("/a", content=Content((Range("file", 7, 3),)))
    digest = diff_id(Layer(1, Table.of([there])), lambda extent, start, size: b"abc"[start : start + size])
    assert digest == diff_id(Layer(2, Table.of([Entry("/a", content=of(b"abc"))])))


def test_config_is_go_s_json_in_the_specification_s_order() -> None:
    image = Image(
        key=1,
        layers=(Layer(2, Table()),),
        config=Config(
            env=(("PATH", "/bin"), ("B", "<&>")),
            cmd=("sh", "-c", "echo 'ü'"),
            working_dir="/w",
            labels=(("b", "2"), ("a", "1")),
            exposed_ports=("80/tcp",),
        ),
        history=(HistoryLine(1612137600, "COPY a /"), HistoryLine(1612137601, "CMD", empty_layer=True, comment="x")),
        created=1612137601,
    )
    assert config_json(image).decode() == (
        '{"created":"2021-02-01T00:00:01Z","architecture":"amd64","os":"linux",'
        '"config":{"ExposedPorts":{"80/tcp":{}},"Env":["PATH=/bin","B=\\u003c\\u0026\\u003e"],'
        '"Cmd":["sh","-c","echo \'ü\'"],"WorkingDir":"/w","Labels":{"a":"1","b":"2"}},'
        f'"rootfs":{{"type":"layers","diff_ids":["{EMPTY_LAYER}"]}},'
        '"history":[{"created":"2021-02-01T00:00:00Z","created_by":"COPY a /"},'
        '{"created":"2021-02-01T00:00:01Z","created_by":"CMD","comment":"x","empty_layer":true}]}'
    )
    assert image_id(image) == "sha256:" + hashlib.sha256(config_json(image)).hexdigest()


def test_config_that_was_brought_stays_as_it_was_to_the_byte() -> None:
    raw = b'{ "rootfs": {"type":"layers"}, "os" : "linux" }\n'
    image = Image(1, (), Config(raw=raw))
    assert config_json(image) == raw
    assert image_id(image) == "sha256:" + hashlib.sha256(raw).hexdigest()


def test_quoted_image_has_its_published_id() -> None:
    image = Image(1, (), quoted=Quoted("621ceef7494a", "0f97", "104MB", 104_000_000))
    assert image_id(image) == "sha256:621ceef7494a"


def test_content_digest_is_that_of_the_bytes() -> None:
    assert content_digest(of(b"abc")) == "sha256:" + hashlib.sha256(b"abc").hexdigest()


def test_time_is_written_as_rfc_3339() -> None:
    assert rfc3339(1612137600) == "2021-02-01T00:00:00Z"


def tar_by_python(files: tuple[tuple[str, bytes], ...], whiteout_mode: int = 0o644) -> bytes:
    """A USTAR archive with the defaults of `TarInfo`, padded to 10,240 bytes."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            if not data:
                info.mode = whiteout_mode
            tar.addfile(info, io.BytesIO(data))
    return made.getvalue()


def read_back(data: bytes, key: int) -> Layer:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        headers = [
            Header(info.name.encode(), info.type, info.mode, content=of(data[info.offset_data :][: info.size]))
            for info in tar
        ]
    table, reports = from_changeset(headers)
    assert reports == ()
    return Layer(key, table)
