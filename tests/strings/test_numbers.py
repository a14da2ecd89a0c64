"""Numbers as people read them."""

import pytest

from layerviz.strings.numbers import percent


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0.0 %"), (0.9844212134184309, "98.4 %"), (0.99999, "99.9 %"), (1.0, "100.0 %")]
)
def test_only_all_of_it_is_a_hundred_percent(share: float, text: str) -> None:
    assert percent(share) == text
