"""Sizes, ages, tables and bars: what docker/go-units and the client's formatter print."""

import pytest

from layerviz.shell.table import progress_bar, shortened, table
from layerviz.shell.units import duration, parse_size, rfc3339, size


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0B"),
        (7, "7B"),
        (999, "999B"),
        (1000, "1kB"),
        (104_123_456, "104MB"),
        (63_704_232, "63.7MB"),
        (50_000_000, "50MB"),
        (999_600_000, "1e+03MB"),  # Go's %.3g rounds up to four digits and says so
        (1_500_000_000, "1.5GB"),
    ],
)
def test_sizes_have_three_digits_and_decimal_units(size_bytes: int, text: str) -> None:
    assert size(size_bytes) == text


def test_sizes_of_bars_and_prune_have_four_digits() -> None:
    assert (size(2048, 4), size(14_410, 4), size(1_369_000, 4)) == ("2.048kB", "14.41kB", "1.369MB")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "Less than a second"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "About a minute"),
        (119, "About a minute"),
        (120, "2 minutes"),
        (59 * 60 + 59, "59 minutes"),
        (60 * 60, "About an hour"),
        (90 * 60, "2 hours"),
        (47 * 3600 + 1799, "47 hours"),
        (48 * 3600, "2 days"),
        (14 * 86400 - 1801, "13 days"),
        (14 * 86400, "2 weeks"),
        (60 * 86400, "2 months"),
        (730 * 86400, "2 years"),
    ],
)
def test_ages_are_worded_by_their_largest_unit(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_times_are_written_as_go_writes_them() -> None:
    assert rfc3339(1612137600) == "2021-02-01T00:00:00Z"


def test_columns_are_three_blanks_apart_and_at_least_ten_wide_and_the_last_is_not_padded() -> None:
    assert table(("REPOSITORY", "TAG", "SIZE"), [("redis", "latest", "104MB"), ("a", "b", "")]) == (
        "REPOSITORY   TAG       SIZE\nredis        latest    104MB\na            b         \n"
    )


def test_a_table_without_rows_still_has_its_header() -> None:
    assert table(("NAME", "ID"), []) == "NAME      ID\n"


def test_a_long_cell_ends_in_one_character_of_ellipsis() -> None:
    assert shortened("docker-entrypoint.sh redis-server", 20) == "docker-entrypoint.s…"
    assert shortened("short", 20) == "short"


@pytest.mark.parametrize(
    ("current", "total", "text"),
    [
        (721, 1100, "[================================>                  ]     721B/1.1kB"),
        (870, 870, "[==================================================>]     870B/870B"),
        (14_410, 1_369_000, "[>                                                  ]  14.41kB/1.369MB"),
        (138_800, 1_369_000, "[=====>                                             ]  138.8kB/1.369MB"),
    ],
)
def test_bars_are_those_of_a_real_pull(current: int, total: int, text: str) -> None:
    # The log of October 2024 in rspamd/rspamd-docker#35.
    assert progress_bar(current, total) == text


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("5", 5),
        ("50MB", 50_000_000),
        ("50M", 52_428_800),
        ("256M", 268_435_456),
        ("1KiB", 1024),
        ("1kB", 1000),
        ("1G", 1 << 30),
    ],
)
def test_sizes_are_read_as_coreutils_do(text: str, size_bytes: int) -> None:
    assert parse_size(text) == size_bytes


def test_what_is_no_size_is_none() -> None:
    assert [parse_size(text) for text in ("", "M", "5X", "-1", "2x3", "5b")] == [None] * 6
    assert (parse_size("2x3b", blocks=True), parse_size("5w", blocks=True)) == (3072, 10)
