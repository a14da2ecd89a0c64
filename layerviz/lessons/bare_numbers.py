"""Numbers about the world that stand in a caption as written, not as placeholders: they would not change with it.

The rule: a number (digits, or a word from two to twenty) that counts something of the world, that is, one followed by a
noun that lessons count (files, layers, MB, 个, 层, …), with at most one word between. What names a thing is none:
"layer 2", "file5", "第 2 层", "Engine 29", "16.04". Nor is "one" or 一, which mostly mean "a"."""

import re

from layerviz.strings import Lang

_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty"
)
_NOUNS = (
    "layers?|files?|images?|containers?|names?|pieces?|versions?|copies|bytes?|lines?|entries|tiles?|folders?|downloads?"
    "|B|kB|MB|GB|KiB|MiB|GiB"
)
_ENGLISH = re.compile(rf"(?<![\w:./\[-])(?:\d[\d,.]*|(?i:{_WORDS}))(?:\s+[a-z]+)?\s*(?<![a-z])(?:{_NOUNS})(?![\w-])")
_CHINESE = re.compile(
    r"(?<!第)(?<![\w:./\[-])(?:\d[\d,.]*|[二两三四五六七八九十]+)\s*(?:层|个|份|块|行|条|字节|(?:[kMG]i?)?B(?![A-Za-z]))"
    r"|(?<!第)(?<!第 )(?<=[^\x00-\x7f])[二两三四五六七八九十]+(?:层|个|份|块|行|条|字节)"
)


def bare_numbers(text: str, lang: Lang) -> tuple[tuple[int, int], ...]:
    """Where in `text`, whose placeholders were made blank, bare numbers stand: (first letter, letter after)."""
    found: list[tuple[int, int]] = []
    for match in (_CHINESE if lang == "zh_CN" else _ENGLISH).finditer(text):
        if not text[: match.start()].rstrip().endswith("第"):
            found.append(match.span())
    return tuple(found)
