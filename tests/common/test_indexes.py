"""Keyed indexes: one by one and by the million they are the same HMAC."""

from __future__ import annotations

import hmac

import pytest
from pytest_django import Settings

from portal.common.crypto import indexer, keyed_index


@pytest.mark.parametrize("length", [1, 44, 63, 64, 65, 200])
def test_an_index_is_the_hmac_of_its_parts(settings: Settings, length: int) -> None:
    settings.INDEX_KEY = ("khóa " * length)[:length]

    index_of = indexer("contact", "sms")

    for value in ("", "+84501234567", "Đà Nẵng" * 40):
        told = f"contact\x1fsms\x1f{value}".encode()
        expected = hmac.digest(settings.INDEX_KEY.encode(), told, "sha256")
        assert index_of(value) == keyed_index("contact", "sms", value) == expected
