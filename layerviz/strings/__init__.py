"""What people read, in every language: `tr(lang, "area.key", **values)`, `words(lang, n)`, `languages()`.

One folder of YAML files a language under `assets/strings`; a new language is one new folder and its code in `Lang`.
`narrate` says in words what events did.
"""

from layerviz.strings.catalogue import LANGUAGES, Lang, StringsError, languages, names, tr
from layerviz.strings.numbers import words

__all__ = ["LANGUAGES", "Lang", "StringsError", "languages", "names", "tr", "words"]
