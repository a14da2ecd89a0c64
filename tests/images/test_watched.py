"""What is read of a region is seen once and in order, however it is read."""

from layerviz.images.watched import Watched

DATA = bytes(range(256)) * 10


def test_every_byte_is_seen_once_and_in_order_also_when_some_are_skipped_or_read_again() -> None:
    seen: list[bytes] = []
    region = Watched(DATA, 5, 2005, seen.append)
    for offset, size in ((0, 10), (0, 4), (5, 10), (100, 50), (90, 20), (5000, 10), (1999, 10)):
        assert region.at(offset, size) == DATA[5:2005][offset : offset + size]
    region.finish()
    region.finish()
    assert b"".join(seen) == DATA[5:2005]


def test_a_region_that_is_longer_than_its_file_ends_where_the_file_does() -> None:
    seen: list[bytes] = []
    region = Watched(DATA[:100], 0, 500, seen.append)
    region.finish()
    assert b"".join(seen) == DATA[:100]
