"""Tries are counted in one table, and an address of IPv6 is a network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import RequestFactory, override_settings

from citizens.models import Tries
from citizens.services.count_tries import count_try, forget_tries
from portal.common import clock
from portal.web.limits import address_of

pytestmark = pytest.mark.django_db


def test_what_is_one_too_many_waits_until_the_span_of_the_first_has_passed() -> None:
    now = clock.now()

    def tries(seconds: int) -> int:
        later = now + timedelta(seconds=seconds)
        return count_try(what="door", key="a", most=2, seconds=60, now=later)

    assert [tries(second) for second in (0, 1, 2, 50, 60)] == [0, 0, 58, 10, 0]
    assert count_try(what="window", key="a", most=2, seconds=60, now=now) == 0
    assert forget_tries(now=now + timedelta(seconds=61)) == 1
    assert Tries.objects.count() == 1


def test_where_nothing_can_be_counted_nobody_is_let_through() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")

    with pytest.raises(DatabaseError):
        count_try(what="door", key="a", most=2, seconds=60, now=clock.now())


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_of_ipv6_the_network_counts(told: str, counted: str) -> None:
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=told)) == counted


@pytest.mark.parametrize(("proxies", "counted"), [(0, "10.0.0.1"), (1, "192.0.2.7")])
def test_of_what_a_proxy_writes_the_visitor_counts_and_what_they_made_up_does_not(
    proxies: int, counted: str
) -> None:
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 192.0.2.7"
    )

    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        assert address_of(request) == counted
