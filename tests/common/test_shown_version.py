"""A version that a page posts is a number, or it is none that a row has."""

from __future__ import annotations

import pytest

from portal.common.errors import shown_version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1", 1),
        ("999999999", 999_999_999),
        ("", 0),
        ("-1", 0),
        ("1.5", 0),
        ("٣", 0),
        ("9" * 10, 0),
        ("9" * 5000, 0),
    ],
)
def test_a_posted_version(text: str, version: int) -> None:
    assert shown_version(text) == version
