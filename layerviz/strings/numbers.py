"""Numbers as people read them: small ones in words ("six", "六"), shares in percent."""

from layerviz.strings.catalogue import Lang, tr

_IN_WORDS = 20
"""Up to here numbers have words; beyond it digits read better."""


def words(lang: Lang, number: int, *, measured: bool = False) -> str:
    """`number` in words from 0 to 20, in digits beyond.

    `measured` asks for the form before a measure word, where a language has one: Chinese 两 (两层) for 二.
    """
    if not 0 <= number <= _IN_WORDS:
        return str(number)
    if measured and number == 2:
        return tr(lang, "common.two_measured")
    return tr(lang, f"common.number.{number}")


def percent(share: float) -> str:
    """ "98.4 %". Less than all is never rounded up to a hundred."""
    return f"{min(100 * share, 99.9) if share < 1 else 100:.1f} %"
