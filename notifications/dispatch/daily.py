"""At most three SMS a civil day to a number, whoever sends them (F22); sign-in codes are not held.

The places of a day are counted under the lock of the number's own row, in the transaction that
hands messages over: two dispatchers never take the same place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from notifications.dispatch.parcels import Outcome, Parcel
from notifications.enums import Channel, MessageState, Priority
from notifications.models import DailyCount, Message
from portal.common import clock

LIMIT = 3
_GONE = {MessageState.SENT, MessageState.DELIVERED, MessageState.UNKNOWN}
# In the order of the index everywhere: two transactions never wait for each other.
_TAKE_SQL = """
INSERT INTO {places} AS place (address_index, day, sent_count)
SELECT number, %s, wanted FROM unnest(%s::bytea[], %s::int[]) AS asked(number, wanted)
ORDER BY number
ON CONFLICT (address_index, day) DO UPDATE SET sent_count = place.sent_count + excluded.sent_count
RETURNING address_index, sent_count
"""
_CAP_SQL = """
UPDATE {places} SET sent_count = %s WHERE day = %s AND address_index = ANY(%s)
  AND sent_count > %s
"""
_GIVE_BACK_SQL = """
UPDATE {places} AS place
SET sent_count = greatest(place.sent_count - locked.returned, 0)
FROM (
  SELECT known.id, asked.returned
  FROM unnest(%s::bytea[], %s::date[], %s::int[]) AS asked(number, day, returned)
  JOIN {places} AS known ON known.address_index = asked.number AND known.day = asked.day
  ORDER BY known.address_index, known.day FOR UPDATE OF known
) AS locked
WHERE place.id = locked.id
"""


def over_limit(parcels: Iterable[Parcel], *, day: date) -> list[Parcel]:
    """Take the day's places for those that are counted; return those that find none left.

    The most urgent take theirs first. Call it in the transaction that hands the others over.
    """
    counted = [parcel for parcel in parcels if _is_counted(parcel)]
    counted.sort(key=lambda parcel: (parcel.message.priority, parcel.message.due_at))
    left = take_places(Counter(_number(parcel.message) for parcel in counted), day=day)
    refused = []
    for parcel in counted:
        number = _number(parcel.message)
        left[number] -= 1
        if left[number] < 0:
            refused.append(parcel)
    return refused


def take_places(wanted: Mapping[bytes, int], *, day: date) -> dict[bytes, int]:
    """Take up to so many places of each number on a day; return how many it got."""
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        _run(cursor, _TAKE_SQL, [day, list(wanted), list(wanted.values())])
        counts = {bytes(number): count for number, count in cursor.fetchall()}
        over = [number for number, count in counts.items() if count > LIMIT]
        if over:
            _run(cursor, _CAP_SQL, [LIMIT, day, over, LIMIT])
    return {
        number: min(max(LIMIT - (count - wanted[number]), 0), wanted[number])
        for number, count in counts.items()
    }


def give_back_unsent(parcels: Iterable[Parcel], *, day: date) -> None:
    """Give back the places of parcels that were not handed over after all."""
    _give_back(Counter((_number(p.message), day) for p in parcels if _is_counted(p)))


def places_of(outcomes: Sequence[Outcome]) -> dict[int, tuple[bytes, date]]:
    """Return which places become free with these outcomes, by message; ask before writing them.

    Those of messages that a gateway was to get and certainly has not.
    """
    back = [o.message.pk for o in outcomes if _frees_its_place(o)]
    if not back:
        return {}
    handed = Message.objects.filter(pk__in=back, handed_at__isnull=False, channel=Channel.SMS)
    rows = handed.exclude(priority=Priority.CODE).exclude(address_index=None)
    return {
        pk: (bytes(number or b""), clock.civil_date(_instant(handed_at)))
        for pk, number, handed_at in rows.values_list("pk", "address_index", "handed_at")
    }


def free_places(places: Iterable[tuple[bytes, date]]) -> None:
    """Give places back, in the transaction that writes why."""
    _give_back(Counter(places))


def _give_back(places: Mapping[tuple[bytes, date], int]) -> None:
    if not places:
        return
    numbers, days = zip(*places, strict=True)
    with connection.cursor() as cursor:
        _run(cursor, _GIVE_BACK_SQL, [list(numbers), list(days), list(places.values())])


def _run(cursor: CursorWrapper, sql: str, params: list[Any]) -> None:
    cursor.execute(sql.format(places=DailyCount._meta.db_table), params)


def _is_counted(parcel: Parcel) -> bool:
    """Tell whether handing it over takes a place; what is in doubt has taken its own before."""
    message = parcel.message
    return (
        parcel.channel == Channel.SMS
        and parcel.traits.has_daily_limit
        and message.priority != Priority.CODE
        and message.address_index is not None
        and message.handed_at is None
        and not parcel.must_ask
    )


def _frees_its_place(outcome: Outcome) -> bool:
    has_number = outcome.message.address_index is not None
    return has_number and outcome.is_settled and outcome.state not in _GONE


def _number(message: Message) -> bytes:
    return bytes(message.address_index or b"")


def _instant(handed_at: datetime | None) -> datetime:
    return handed_at or clock.now()
