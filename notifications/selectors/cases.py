"""Gather what the last check looks at, for a whole batch in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from citizens.models import Authority, Citizen, ContactPoint, User
from notifications.enums import Channel
from notifications.models import Message, Preference, Topic
from notifications.rules.facts import DIGEST, Address, Case, Person, TopicFacts, Wish
from notifications.rules.timing import Hours
from notifications.selectors.chains import Chain, Contents, chains_of, contents_of, root_of
from notifications.selectors.texts import Shelf
from portal.common import clock

_LONGEST_MERGE_CHAIN = 5


def gather_cases(
    messages: Sequence[Message], *, now: datetime, shelf: Shelf | None = None
) -> dict[int, Case]:
    """Return a Case for every message at the instant `now`, by its key.

    With a `shelf` a channel for which the topic has no text there is no way for it.
    """
    day = clock.civil_date(now)
    recipients = {m.recipient_id for m in messages if m.recipient_id is not None}
    about = {m.about_id for m in messages if m.about_id is not None}
    citizens = _citizens(recipients | about)
    survivors = {pk: _survivor_of(pk, citizens) for pk in recipients}
    people = _people(set(survivors.values()), citizens, day=day)
    topics = {topic.pk: _topic_facts(topic, shelf) for topic in Topic.objects.all()}
    wishes_about = _wishes(_spoken_for(about, citizens, day=day))
    named = _named_addresses(messages)
    merged = [m for m in messages if survivors.get(_id(m)) != m.recipient_id]
    repeats = _repeats(merged, survivors)
    chains = chains_of({m.follows_id for m in messages if m.follows_id is not None})
    digests = {root_of(m) for m in messages if m.topic_id == DIGEST}
    contents = contents_of(digests, now=now)
    return {
        m.pk: Case(
            topic=topics[m.topic_id],
            person=people[survivors[m.recipient_id]] if m.recipient_id is not None else None,
            not_after=m.not_after,
            about_died_on=_died_on(m.about_id, citizens),
            about_wishes=wishes_about.get(m.about_id or 0, ()),
            only_address=named.get(m.pk),
            stuck_to_channel=(m.channel or "") if m.handed_at else "",
            is_repeat=m.pk in repeats,
            **_of_digest(m, contents, topics, **_of_chain(m, chains)),
        )
        for m in messages
    }


def _of_chain(message: Message, chains: dict[int, Chain]) -> dict[str, Any]:
    """Return what a message that follows others must not repeat; the inbox has had it."""
    if message.follows_id is None:
        return {}
    chain = chains[message.follows_id]
    used = {channel for pk, channel in chain.channels.items() if pk != message.pk}
    return {"left_out": frozenset({*used, Channel.INBOX}), "is_heard": chain.is_read}


def _of_digest(
    message: Message,
    contents: dict[int, Contents],
    topics: dict[str, TopicFacts],
    left_out: frozenset[str] = frozenset(),
    is_heard: bool = False,
) -> dict[str, Any]:
    """Return what a digest says today, and what its chain says of any message.

    Who opened or settled a part of it is not told it on a further channel.
    """
    if message.topic_id != DIGEST:
        return {"left_out": left_out, "is_heard": is_heard}
    said = contents[root_of(message)]
    is_heard = is_heard or (message.follows_id is not None and said.is_touched)
    return {
        "left_out": left_out | {*said.left_out, *([Channel.INBOX] if said.left_out else [])},
        "is_heard": is_heard or not said.count,
        "covers": [topics[key] for key in sorted(said.topics)],
        "params": said.params,
    }


def _id(message: Message) -> int:
    return message.recipient_id if message.recipient_id is not None else -1


class _Known(NamedTuple):
    """What the check needs of a citizen; plain rows, because models cost more than the query."""

    pk: int
    died_on: date | None
    emigrated_on: date | None
    birth_date: date
    survivor_id: int | None


def _citizens(wanted: Collection[int]) -> dict[int, _Known]:
    """Return citizens by key, with those into whom they were merged."""
    found: dict[int, _Known] = {}
    missing = set(wanted)
    for _step in range(_LONGEST_MERGE_CHAIN):
        if not missing:
            break
        rows = Citizen.objects.filter(pk__in=missing).values_list(*_Known._fields)
        news = [_Known(*row) for row in rows]
        found |= {citizen.pk: citizen for citizen in news}
        missing = {c.survivor_id for c in news if c.survivor_id} - found.keys()
    return found


def _survivor_of(pk: int, citizens: dict[int, _Known]) -> int:
    for _step in range(_LONGEST_MERGE_CHAIN):
        citizen = citizens.get(pk)
        if citizen is None or citizen.survivor_id is None:
            break
        pk = citizen.survivor_id
    return pk


def _died_on(pk: int | None, citizens: dict[int, _Known]) -> date | None:
    citizen = citizens.get(pk) if pk is not None else None
    return citizen.died_on if citizen else None


def _spoken_for(about: set[int], citizens: dict[int, _Known], *, day: date) -> set[int]:
    """Return those of whom others answer: minors, organisations, households.

    What grown-up people stopped, they stopped for themselves: a father hears of his child's birth
    though the mother wants no messages, and a family hears though the deceased had stopped them.
    """
    return {pk for pk in about if pk not in citizens or _bare_person(citizens[pk]).is_minor(day)}


def _people(wanted: set[int], citizens: dict[int, _Known], *, day: date) -> dict[int, Person]:
    """Return everyone with addresses, wishes and who speaks for them."""
    bare = {pk: _bare_person(citizens.get(pk)) for pk in wanted}
    dependent = {pk for pk, p in bare.items() if pk not in citizens or p.is_minor(day)}
    speakers = _speakers(dependent, day=day)
    everyone = wanted | {pk for group in speakers.values() for pk in group}
    addresses, hearing = _addresses(everyone), _hearing(everyone)
    wishes = _wishes(wanted)
    reachable = {
        pk: replace(
            bare.get(pk, Person()),
            addresses=addresses[pk],
            **hearing.get(pk, {}),
            wishes=wishes[pk],
        )
        for pk in everyone
    }
    return {
        pk: replace(reachable[pk], speakers=[reachable[speaker] for speaker in speakers[pk]])
        for pk in wanted
    }


def _bare_person(citizen: _Known | None) -> Person:
    if citizen is None:
        return Person()
    return Person(
        died_on=citizen.died_on, emigrated_on=citizen.emigrated_on, birth_date=citizen.birth_date
    )


def _speakers(dependent: Collection[int], *, day: date) -> defaultdict[int, list[int]]:
    """Return who speaks for minors, organisations and households: living adults with authority."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    if not dependent:
        return found
    standing = Authority.objects.standing(day).filter(
        for_party__in=dependent, actor__died_on=None, actor__survivor=None
    )
    adult = _years_before(day, 18)
    rows = standing.filter(actor__birth_date__lte=adult).order_by("pk")
    for party, actor in rows.values_list("for_party_id", "actor_id"):
        found[party].append(actor)
    return found


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _addresses(parties: Collection[int]) -> defaultdict[int, list[Address]]:
    """Return contact points by party, the most recently verified first."""
    found: defaultdict[int, list[Address]] = defaultdict(list)
    verified = ContactPoint.objects.filter(party__in=parties, verified_at__isnull=False)
    rows = verified.order_by("-verified_at", "pk")
    columns = rows.values_list("party_id", "pk", "channel", "verified_at", "shared")
    for party, pk, channel, verified_at, is_shared in columns:
        found[party or 0].append(Address(pk, channel, verified_at, is_shared))
    return found


def _hearing(parties: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return in which language and at which hours those who have an account want to be told."""
    columns = ("citizen_id", "language", "heard_from", "heard_until")
    rows = User.objects.filter(citizen__in=parties).values_list(*columns)
    return {
        citizen: {"language": language, "hours": Hours(first, last)}
        for citizen, language, first, last in rows
        if citizen is not None
    }


def _wishes(parties: Collection[int]) -> defaultdict[int, list[Wish]]:
    found: defaultdict[int, list[Wish]] = defaultdict(list)
    if not parties:
        return found
    for wish in Preference.objects.filter(party__in=parties):
        found[wish.party_id].append(Wish(wish.topic_id or "", wish.channel, wish.is_allowed))
    return found


def _topic_facts(topic: Topic, shelf: Shelf | None) -> TopicFacts:
    return TopicFacts(
        key=topic.pk,
        channels=topic.channels,
        is_optional=topic.is_optional,
        has_quiet_hours=topic.has_quiet_hours,
        about_may_be_deceased=topic.about_may_be_deceased,
        params=topic.params,
        words=shelf.words_of(topic.pk) if shelf else None,
    )


def _named_addresses(messages: Iterable[Message]) -> dict[int, Address]:
    """Return the one address of messages that name a contact or go to an official's account."""
    contacts = {m.pk: m.contact_point_id for m in messages if m.contact_point_id}
    users = {m.pk: m.user_id for m in messages if m.user_id and not m.contact_point_id}
    if not contacts and not users:
        return {}
    points = ContactPoint.objects.defer("value_enc", "value_index")
    named = points.in_bulk(set(contacts.values()))
    own = points.filter(user__in=set(users.values()), verified_at__isnull=False)
    of_user = {point.user_id: point for point in own.order_by("verified_at", "pk")}
    found = {pk: named[contact] for pk, contact in contacts.items() if contact in named}
    found |= {pk: of_user[user] for pk, user in users.items() if user in of_user}
    return {
        pk: Address(point.pk, point.channel, point.verified_at, point.shared)
        for pk, point in found.items()
    }


def _repeats(merged: Sequence[Message], survivors: dict[int, int]) -> set[int]:
    """Return messages to a merged record whose surviving record is told the same."""
    if not merged:
        return set()
    told = Message.objects.filter(recipient__in={survivors[_id(m)] for m in merged})
    same = {
        (row.recipient_id, row.topic_id, row.thread_key, str(row.params))
        for row in told.only("recipient", "topic", "thread_key", "params")
    }
    return {
        m.pk for m in merged if (survivors[_id(m)], m.topic_id, m.thread_key, str(m.params)) in same
    }
