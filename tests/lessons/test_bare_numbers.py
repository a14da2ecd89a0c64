"""Captions take numbers about the world from the engine; the rule knows them from names and asides."""

import pytest

from layerviz.lessons.bare_numbers import bare_numbers
from layerviz.strings import Lang

BARE: list[tuple[Lang, str, str]] = [
    ("en", "COPY makes three files here", "three files"),
    ("en", "Six layers, one on another", "Six layers"),
    ("en", "hides 50 MB", "50 MB"),
    ("en", "frees 0 bytes", "0 bytes"),
    ("en", "four image layers are new", "four image layers"),
    ("en", "19B and no more", "19B"),
    ("zh_CN", "看到六个", "六个"),
    ("zh_CN", "存了 7 个文件", "7 个"),
    ("zh_CN", "仍是两层。", "两层"),
    ("zh_CN", "藏起 50 MB", "50 MB"),
    ("zh_CN", "四个镜像", "四个"),
]

INNOCENT: list[tuple[Lang, str]] = [
    ("en", "Layer 2, which everyone pulls, says token=1234."),
    ("en", "One listing: apt comes from layer 1, python3 from layer 2."),
    ("en", "Here: Ubuntu 16.04."),
    ("en", "Standard support ended in April 2021."),
    ("en", "Engine 29 (November 2025), fresh: upgraded hosts keep overlay2."),
    ("en", "7 covers 5, because both are called /file5."),
    ("en", "COPY a/ makes the first layer."),
    ("en", "a 5 beyond six sentences"),
    ("en", "rmi keeps layer 1: nginx still stands on it"),
    ("zh_CN", "第 2 层里写着 token=1234"),
    ("zh_CN", "安全补丁是第三层"),
    ("zh_CN", "run 在最上面加一个可写层；每一层只存一份"),
    ("zh_CN", "Engine 29（2025 年 11 月）全新安装"),
    ("zh_CN", "7 遮住 5，因为都叫 /file5"),
    ("zh_CN", "这两种每层只存改动"),
]


@pytest.mark.parametrize(("lang", "text", "bare"), BARE)
def test_a_number_that_counts_something_is_bare(lang: Lang, text: str, bare: str) -> None:
    ((first, last),) = bare_numbers(text, lang)
    assert text[first:last] == bare


@pytest.mark.parametrize(("lang", "text"), INNOCENT)
def test_a_number_that_names_something_is_not(lang: Lang, text: str) -> None:
    assert bare_numbers(text, lang) == ()
