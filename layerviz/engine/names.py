"""Names for containers that were given none, in docker's manner: an adjective and a surname."""

from collections.abc import Container as Taken

# fmt: off
_ADJECTIVES = (
    "admiring", "brave", "busy", "calm", "clever", "cool", "eager", "elegant", "epic", "festive", "focused",
    "friendly", "gallant", "gifted", "happy", "hopeful", "hungry", "jolly", "keen", "kind", "loving", "lucid",
    "modest", "nice", "patient", "practical", "quirky", "relaxed", "serene", "sharp", "sleepy", "stoic", "sweet",
    "tender", "trusting", "upbeat", "vibrant", "vigilant", "wizardly", "youthful", "zen",
)
_SURNAMES = (
    "allen", "babbage", "bartik", "bell", "blackwell", "bohr", "brown", "burnell", "carson", "cerf",
    "chandrasekhar", "curie", "darwin", "dijkstra", "easley", "einstein", "engelbart", "euclid", "euler", "faraday",
    "fermat", "galileo", "gauss", "goldberg", "hamilton", "hawking", "hodgkin", "hopper", "hypatia", "jackson",
    "johnson", "kepler", "knuth", "lamarr", "lovelace", "maxwell", "meitner", "moore", "newton", "noether", "nobel",
    "pascal", "perlman", "ritchie", "shannon", "stallman", "swartz", "tesla", "torvalds", "turing", "villani",
    "wilson", "wozniak", "wu",
)
# fmt: on


def container_name(number: int, taken: Taken[str]) -> str:
    """The name that belongs to `number`, the same today and tomorrow; a digit is added while it is taken."""
    name = f"{_ADJECTIVES[number * 17 % len(_ADJECTIVES)]}_{_SURNAMES[number * 31 % len(_SURNAMES)]}"
    candidate, digit = name, 0
    while candidate in taken:
        candidate, digit = f"{name}{digit}", digit + 1
    return candidate
