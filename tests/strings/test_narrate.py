import re

import pytest

from layerviz.engine import events as did
from layerviz.strings import LANGUAGES, Lang
from layerviz.strings.narrate import narrate

EVENTS: tuple[did.Event, ...] = (
    did.LookedUp("c1", "/a", ((3, "absent"), (2, "found")), 2, 7),
    did.LookedUp("c1", "/a", ((3, "found"),), 3, 7),
    did.LookedUp("c1", "/a", ((3, "absent"), (2, "whiteout")), None),
    did.LookedUp("c1", "/d/a", ((3, "opaque"),), None),
    did.LookedUp("c1", "/a", ((3, "absent"),), None),
    did.Listed("c1", "/d", (("a", 1),)),
    did.CopiedUp("c1", "/a", 2, 1_234_567),
    did.CopiedUp("c1", "/a", 2, 0),
    did.Written("c1", "/a", 7, created=True),
    did.Written("c1", "/a", 1, created=False),
    *(did.Made("c1", "/a", kind) for kind in ("dir", "symlink", "hardlink", "char", "block", "fifo")),
    did.Removed("c1", "/a"),
    did.WhiteoutWritten("c1", "/a", 2),
    did.OpaqueMarked("c1", "/d"),
    did.AttributesChanged("c1", "/a"),
    did.Renamed("c1", "/a", "/b"),
    did.BuildStep("two", 2, "COPY a/ /", cached=False),
    did.BuildStep("two", 2, "COPY a/ /", cached=True),
    did.LayerAdded("two", 2, 7, "COPY a/ /"),
    did.LayerAdded("two", 2, 7, ""),
    did.ConfigChanged("two", 'CMD ["sh"]'),
    did.ConfigChanged("two", ""),
    did.Tagged("two", moved=False),
    did.Tagged("two", moved=True),
    did.Untagged("two"),
    did.ImageDeleted("two", "sha256:" + "a" * 64),
    did.LayerDeleted("two", 2, 7, "sha256:" + "b" * 64),
    did.ContainerChanged("c1", "created"),
    did.ContainerChanged("c1", "started"),
    did.ContainerChanged("c1", "stopped", 137),
    did.ContainerChanged("c1", "removed"),
    did.Committed("c1", "two", 7),
    did.Committed("c1", "two", 0),
    did.PullProgress("redis", 1, "a076a628af6f", "Already exists"),
    did.PullProgress("redis", 1, "a076a628af6f", "Pull complete"),
    did.HostChanged("/a", exists=True),
    did.HostChanged("/a", exists=False),
    did.Shown("history", "two"),
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS, ids=repr)
def test_every_event_is_one_short_sentence(event: did.Event, lang: Lang) -> None:
    (sentence,) = narrate([event], lang)
    assert not re.search(r"[{}]", sentence)
    assert len(sentence) <= 100
    if lang == "zh_CN":
        assert re.search("[\u4e00-\u9fff]", sentence)


def test_every_kind_of_event_is_tried_here() -> None:
    kinds = {kind for kind in vars(did).values() if isinstance(kind, type) and issubclass(kind, did.Event)}
    assert {type(event) for event in EVENTS} == kinds - {did.Event}


def test_progress_of_a_download_is_not_narrated() -> None:
    events = [did.PullProgress("redis", 2, "f40d", status) for status in ("Waiting", "Downloading", "Extracting")]
    assert narrate(events, "en") == ()


def test_sentences_come_in_the_order_of_events() -> None:
    assert narrate(EVENTS[5:8], "en") == (
        "/d shows one name.",
        "Copy-up: 1,234,567 bytes of /a from layer 2 into the container's layer.",
        "Copy-up: /a from layer 2 into the container's layer, without data.",
    )


def test_glossary_words_are_used_in_chinese() -> None:
    spoken = "".join(narrate(EVENTS, "zh_CN"))
    for word in ("上拷", "whiteout", "opaque", "遮住", "容器层", "构建缓存", "配置", "标签", "查找", "镜像", "最上层"):
        assert word in spoken
    assert "覆盖" not in spoken


def test_long_row_of_one_kind_is_shortened() -> None:
    events = [did.Written("c1", f"/f{number}", 1, created=True) for number in range(20)]
    told = narrate(events, "en")
    assert told == ("/f0 is new, 1 byte.", "/f1 is new, 1 byte.", "/f2 is new, 1 byte.", "And 17 more like it.")
    assert narrate(events, "zh_CN")[-1] == "同样的还有 17 个。"


def test_names_unfit_for_a_screen_are_made_fit() -> None:
    assert narrate([did.Removed("c1", "/\u202egpj")], "en") == (
        "/\\u202egpj is really gone: it was in the top layer only.",
    )


def test_a_build_step_is_not_told_twice() -> None:
    step = did.BuildStep(image="three", line=2, instruction="COPY a/ /", cached=False)
    layer = did.LayerAdded(image="three", position=1, key=5, instruction="COPY a/ /")
    assert narrate((step, layer), "en") == narrate((layer,), "en")
    assert len(narrate((step,), "en")) == 1
