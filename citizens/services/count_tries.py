"""How often somebody tried something: counted in one table, by one statement (F5, F39, F43)."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from django.db import connection

from citizens.models import Tries
from portal.common.crypto import keyed_index


def count_try(*, what: str, key: str, most: int, seconds: int, now: datetime) -> int:
    """Count one more try of `key` and return 0, or the seconds to wait where it is one too many.

    At most `most` within `seconds` from the first one. Tries at the same moment are all counted,
    one after the other, until the caller's transaction ends. Of the key only a keyed digest is
    kept. Where the database cannot count it raises: nobody is let through.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO citizens_tries AS held (key, try_count, until)"
            " VALUES (%(key)s, 1, %(until)s)"
            " ON CONFLICT (key) DO UPDATE SET"
            " try_count = CASE WHEN held.until <= %(now)s THEN 1 ELSE held.try_count + 1 END,"
            " until = CASE WHEN held.until <= %(now)s THEN %(until)s ELSE held.until END"
            " RETURNING try_count, until",
            {
                "key": keyed_index("tries", what, key),
                "now": now,
                "until": now + timedelta(seconds=seconds),
            },
        )
        tried, until = cursor.fetchone()
    return ceil((until - now).total_seconds()) if tried > most else 0


def network_of(address: str) -> str:
    """Return what stands for an address where its tries are counted.

    Of IPv6 that is the network of 64 bits: whoever has one address has all of it (RFC 6177).
    """
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(ip_network((found, 64), strict=False))
        found = found.ipv4_mapped
    return str(found)


def forget_tries(*, now: datetime) -> int:
    """Delete what no longer counts; return how many rows that were."""
    return Tries.objects.filter(until__lte=now).delete()[0]
