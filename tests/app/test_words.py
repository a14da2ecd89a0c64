"""Every string that the window asks for exists, in every language, and no string is there that nobody asks for."""

import re
from pathlib import Path

import layerviz.app
from layerviz.strings import LANGUAGES
from layerviz.strings.catalogue import area

SOURCE = "\n".join(file.read_text(encoding="utf-8") for file in Path(layerviz.app.__file__).parent.glob("*.py"))
MADE_OF_PARTS = re.compile(
    r"theme\.|lang\.|page\.|example\.|keys\.|facts\.|question\.hint_|home\.(build|image)|build\.(a_layer|may_be|config)"
    r"|player\.(no_layer|config_only|next_line)|summary\."
)
"""Keys that are put together where they are asked for."""


def test_every_key_that_is_written_in_the_source_is_in_every_language() -> None:
    areas = {key.partition(".")[0] for key in area("en", "app")}
    written = set(re.findall(rf'"((?:{"|".join(sorted(areas))})\.[a-z_]+)"', SOURCE))
    assert len(written) > 120
    for lang in LANGUAGES:
        assert {key for key in written if not key.endswith((".json", ".sh"))} - set(area(lang, "app")) == set(), lang


def test_the_languages_have_the_same_keys() -> None:
    assert set(area("en", "app")) == set(area("zh_CN", "app"))


def test_no_string_is_left_that_nobody_asks_for() -> None:
    unused = {key for key in area("en", "app") if not MADE_OF_PARTS.match(key) and f'"{key}"' not in SOURCE}
    assert unused == set()
