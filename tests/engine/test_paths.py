import pytest

from layerviz.engine.paths import ancestors, base, display, from_key, is_below, join, key, normal, parent


@pytest.mark.parametrize(
    ("path", "up", "last", "above"),
    [("/", "/", "", ()), ("/a", "/", "a", ("/",)), ("/a/b/c", "/a/b", "c", ("/", "/a", "/a/b"))],
)
def test_parts_of_a_path(path: str, up: str, last: str, above: tuple[str, ...]) -> None:
    assert (parent(path), base(path), ancestors(path)) == (up, last, above)


def test_joined_and_below() -> None:
    assert (join("/", "a"), join("/a", "b")) == ("/a", "/a/b")
    assert is_below("/a/b", "/a") and is_below("/a", "/")
    assert not is_below("/a-b", "/a") and not is_below("/a", "/a") and not is_below("/", "/")


@pytest.mark.parametrize(
    ("written", "clean"),
    [("/", "/"), ("a", "/a"), ("//a//b/", "/a/b"), ("/a/./b", "/a/b"), ("/a/../../b", "/b"), ("/..", "/"), ("", "/")],
)
def test_normal_path(written: str, clean: str) -> None:
    assert normal(written) == clean


def test_keys_sort_by_components_and_lead_back() -> None:
    ordered = ["/", "/a", "/a/x", "/a/x/y", "/a-b", "/a.b", "/aé", "/\udcff"]
    assert sorted(reversed(ordered), key=key) == ordered
    assert [from_key(key(path)) for path in ordered] == ordered


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/plain", "/plain"),
        ("/文件 é", "/文件 é"),
        ("/caf\udce9", "/caf\\xe9"),
        ("/a\nb\tc\x1b", "/a\\nb\\tc\\x1b"),
        ("/\u202eevil", "/\\u202eevil"),
        ("/\u2028", "/\\u2028"),
    ],
)
def test_display_is_fit_for_a_screen(path: str, shown: str) -> None:
    assert display(path) == shown
