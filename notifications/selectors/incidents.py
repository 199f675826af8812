"""What became of telling people of an incident of personal data: one count a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from citizens.models import Authority, Breach, Citizen
from notifications.enums import Channel, MessageState
from notifications.models import Message, Topic
from notifications.models.messages import FOR_A_PERSON, UNFINISHED
from notifications.rules.facts import FULL_AGE
from notifications.selectors.reach import reachable

TOPIC = "data_incident"
_M = MessageState
_LONGEST_MERGE_CHAIN = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """So many people by what became of their message; each counts once.

    `arrived`: opened, or reported as delivered. `sent`: left, with no word yet. `under_way`: waits
    to leave. `failed`: a gateway refused it, or nobody knows whether it went. `unreachable`:
    nothing but the inbox was open to it, and it was not opened there. `by_letter`: those of the
    last two who live, the people of the list of that name.
    """

    told: int
    arrived: int
    sent: int
    under_way: int
    failed: int
    unreachable: int
    by_letter: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom a press would tell: by the channel that reaches them, children beside.

    `ways` has the channels, and why nothing but the inbox is left (`reach.NOT_REACHED`). Of the
    children `unguarded` have nobody who could be told for them. Merged records are one person.
    """

    affected: int
    told: int
    dead: int
    children: int
    unguarded: int
    ways: Mapping[str, int]

    @property
    def left(self) -> int:
        """How many people a press would tell."""
        return self.children + self.unguarded + sum(self.ways.values())


def thread_of(breach: Breach) -> str:
    """Return the thread in which people hear of an incident."""
    return f"breach:{breach.pk}"


def to_be_told(*, people: QuerySet[Citizen], breach: Breach) -> QuerySet[Citizen]:
    """Return those of `people` who live and were not told of the incident under any record."""
    heard = _messages(breach).values("person")
    return _each_once(people).filter(died_on=None).exclude(pk__in=heard)


def plan_of(*, people: QuerySet[Citizen], breach: Breach, now: datetime, day: date) -> Plan:
    """Return what a press would do; what becomes of a message is decided when it leaves."""
    affected = _each_once(people)
    topic = Topic.objects.get(pk=TOPIC)
    last = _full_age_before(day)
    grown = Q(birth_date=None) | Q(birth_date__lte=last)
    left = to_be_told(people=people, breach=breach)
    ways = left.filter(grown).annotate(way=reachable(person="party_id", topic=topic, now=now))
    speakers = Authority.objects.standing(day).filter(
        for_party=OuterRef("pk"),
        actor__died_on=None,
        actor__survivor=None,
        actor__birth_date__lte=last,
    )
    minors = left.exclude(grown).annotate(is_guarded=Exists(speakers))
    counts = affected.aggregate(
        affected=Count("pk"),
        dead=Count("pk", filter=Q(died_on__isnull=False)),
    )
    children = minors.aggregate(
        children=Count("pk", filter=Q(is_guarded=True)),
        unguarded=Count("pk", filter=Q(is_guarded=False)),
    )
    return Plan(
        told=_messages(breach).values("person").distinct().count(),
        ways=dict(ways.values_list("way").annotate(count=Count("pk"))),
        **counts,
        **children,
    )


def progress_of(*, breach: Breach) -> Progress:
    """Return what became of what was said so far, in two queries."""
    arrived, left = Q(has_arrived=True), Q(has_arrived=False, has_left=True)
    waiting = Q(has_arrived=False, has_left=False, is_waiting=True)
    counts = _fates(breach).aggregate(
        told=Count("person"),
        arrived=Count("person", filter=arrived),
        sent=Count("person", filter=left),
        under_way=Count("person", filter=waiting),
        failed=Count("person", filter=_NOT_OUT & Q(has_failed=True)),
        unreachable=Count("person", filter=_NOT_OUT & Q(has_failed=False)),
    )
    return Progress(by_letter=by_letter(breach=breach).count(), **counts)


def by_letter(*, breach: Breach) -> QuerySet[Citizen]:
    """Return the living people of whom nothing shows that the news came to them, by name."""
    missed = _fates(breach).filter(_NOT_OUT).values("person")
    return Citizen.objects.filter(pk__in=missed, died_on=None).order_by("name_sort", "pk")


_NOT_OUT = Q(has_arrived=False, has_left=False, is_waiting=False)


def _messages(breach: Breach) -> QuerySet[Any]:
    """Return the messages of an incident, each with the person who stands behind its record."""
    said = Message.objects.filter(
        topic=TOPIC, thread_key=thread_of(breach), recipient__isnull=False
    )
    return said.order_by().annotate(person=_survivor("recipient__citizen__", "recipient_id"))


def _each_once(people: QuerySet[Citizen]) -> QuerySet[Citizen]:
    """Return the records that stand for `people` today: of merged ones the survivor."""
    standing = people.order_by().annotate(person=_survivor("", "pk")).values("person")
    return Citizen.objects.filter(pk__in=standing).order_by()


def _survivor(start: str, itself: str) -> Coalesce:
    """Return the key of the record into which one was merged in the end, or its own."""
    steps = range(_LONGEST_MERGE_CHAIN, 0, -1)
    ends = [f"{start}{'__'.join(['survivor'] * step)}_id" for step in steps]
    return Coalesce(*ends, F(itself))


def _full_age_before(day: date) -> date:
    """Return the last birth date of those who are of full age on `day`."""
    try:
        return day.replace(year=day.year - FULL_AGE)
    except ValueError:  # 29 February
        return day.replace(year=day.year - FULL_AGE, day=28)


def _fates(breach: Breach) -> QuerySet[Any]:
    """Return a row for each person told: whether it arrived, left, waits to leave, or failed."""
    left = (_M.SENT, _M.DELIVERED)
    is_outside = ~Q(channel=Channel.INBOX)
    rows: QuerySet[Any] = (
        _messages(breach)
        .values("person")
        .annotate(
            has_arrived=_any(Q(read_at__isnull=False) | Q(is_outside, state=_M.DELIVERED)),
            has_left=_any(Q(is_outside, state__in=left)),
            is_waiting=_any(Q(state__in=UNFINISHED)),
            has_failed=_any(Q(state__in=FOR_A_PERSON)),
        )
    )
    return rows


def _any(condition: Q) -> BoolOr:
    return BoolOr(condition, default=Value(False))
