"""What an operator may write into a channel's variable, and who never reads it again."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from notifications.enums import Channel
from notifications.rules.signatures import path_token
from notifications.transports.base import Traits
from notifications.transports.registry import open_transport
from notifications.transports.urls import GatewayUrl

ITEMS = ("dedup", "rate")


def test_a_url_is_taken_apart() -> None:
    url = GatewayUrl.read("esms+https://k%40y:s%2Fe@host:8443/a/b?rate=50", items=ITEMS)

    assert (url.origin, url.path) == ("https://host:8443", "/a/b")
    assert (url.user, url.secret) == ("k@y", "s/e")
    assert url.rate == 50


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("app+http://k:s@[::1]:80/x", "http://[::1]:80"),
        ("app+https://k:s@HOST", "https://host"),
    ],
)
def test_an_origin_can_be_opened(given: str, origin: str) -> None:
    assert GatewayUrl.read(given, items=()).origin == origin


def test_what_is_shown_of_a_url_holds_no_secret() -> None:
    url = GatewayUrl.read("esms+https://geheim1:geheim2@host/?dedup=yes", items=ITEMS)

    assert "geheim" not in repr(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("esms+https://k:s@h/", (True, False, None, True)),
        ("esms+https://k:s@h/?dedup=no&ask=/q&rate=5", (False, True, 5, True)),
        ("kannel+https://k:s@h/cgi-bin/sendsms?from=X", (False, False, None, False)),
        ("kannel+https://k:s@h/cgi-bin/sendsms?dlr=1&dedup=yes", (True, False, None, True)),
    ],
)
def test_a_url_says_what_may_be_relied_on(
    url: str, expected: tuple[bool, bool, float | None, bool]
) -> None:
    traits: Traits = open_transport(Channel.SMS, url).traits

    found = (bool(traits.deduplicates_for), traits.can_ask, traits.rate, traits.has_receipts)
    assert found == expected
    assert traits.keeps_quiet_hours
    assert not traits.is_simulated


def test_without_a_word_kannel_is_blind() -> None:
    assert open_transport(Channel.SMS, "kannel+https://k:s@h/cgi-bin/sendsms").traits.is_blind


def test_a_channel_has_a_path_of_its_own(settings: Settings) -> None:
    tokens = {path_token(secret, channel=channel) for secret in "ab" for channel in ("sms", "app")}

    assert len(tokens) == 4
    assert all(len(token) == 40 for token in tokens)
