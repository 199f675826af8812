"""The last check, when a message leaves: may it, to whom, through which channel (F20, F21).

Pure: the caller gathers a Case, this decides. A person who is dead, gone or opted out hears
nothing; a minor's guardian hears it instead; at night, and outside the hours that somebody
chose, everything but the inbox waits for the morning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from notifications.enums import Channel, Reason
from notifications.rules.facts import Address, Case, Person, Wish
from notifications.rules.timing import DAY, Hours, quiet_until
from notifications.transports.base import Traits
from portal.common import clock


@dataclass(frozen=True)
class Go:
    """Send now; the inbox has no address."""

    channel: Channel
    address: Address | None
    language: str
    hours: Hours = DAY


@dataclass(frozen=True)
class Hold:
    """Wait until then."""

    until: datetime
    reason: Reason


@dataclass(frozen=True)
class Suppress:
    """Never send."""

    reason: Reason


Decision = Go | Hold | Suppress


def decide(
    case: Case,
    *,
    now: datetime,
    gateways: Mapping[Channel, Traits],
    closed: Mapping[Channel, Hold] = MappingProxyType({}),
) -> Decision:
    """Return what becomes of a message at the instant `now`.

    `gateways` are all that exist, `closed` says for those that are paused or broken until when to
    wait. The next way is taken meanwhile, but a message never gives up its way out for the inbox.
    """
    refusal = _refusal(case, now)
    if refusal:
        return Suppress(refusal)
    chosen = _choose(_ways(case, now, gateways), closed)
    if chosen is None:
        return Suppress(Reason.OPTED_OUT if _all_stopped(case) else Reason.NO_ADDRESS)
    if isinstance(chosen, Hold):
        return chosen
    if (
        case.topic.has_quiet_hours
        and gateways[chosen.channel].keeps_quiet_hours
        and not case.lifted
    ):
        morning = quiet_until(clock.civil_time(now), chosen.hours)
        if morning:
            return Hold(morning, Reason.QUIET_HOURS)
    return chosen


def _choose(ways: Iterable[Go], closed: Mapping[Channel, Hold]) -> Go | Hold | None:
    """Return the first way that is in service; what could only go to the inbox waits instead."""
    waits: list[Hold] = []
    for way in ways:
        if way.channel in closed:
            waits.append(closed[way.channel])
        elif way.channel != Channel.INBOX or not waits:
            return way
    return min(waits, key=lambda hold: hold.until, default=None)


def _refusal(case: Case, now: datetime) -> Reason | None:
    """Return why this message may not go out at all, whatever the channel."""
    person, day = case.person, clock.civil_date(now)
    if case.not_after is not None and case.not_after <= now:
        return Reason.TOO_LATE
    if case.is_heard:
        return Reason.ACTED
    if person is not None and person.died_on:
        return Reason.DECEASED
    if case.about_died_on and not case.topic.about_may_be_deceased:
        return Reason.ABOUT_DECEASED
    # An official's account is not in any register of people.
    return _refusal_of(person, case, day) if person is not None else None


def _refusal_of(person: Person, case: Case, day: date) -> Reason | None:
    """Return why this person may not be told."""
    if person.emigrated_on and person.emigrated_on <= day:
        return Reason.EMIGRATED
    if case.is_repeat:
        return Reason.MERGED_TWICE
    if person.is_minor(day) and not person.speakers and case.only_address is None:
        return Reason.NO_GUARDIAN
    return None


def _ways(case: Case, now: datetime, gateways: Mapping[Channel, Traits]) -> Iterator[Go]:
    """Yield the ways that are open, in the topic's order; those it may not lose come last."""
    if case.only_address is not None:
        channel = Channel(case.only_address.channel)
        if channel in gateways:
            told = case.person or Person()
            yield Go(channel, case.only_address, told.language, told.hours)
        return
    channels = [channel for channel in _channels(case) if channel in gateways]
    if case.stuck_to_channel:
        channels = [channel for channel in channels if channel == case.stuck_to_channel]
    for channel in channels:
        if _wants(case, channel):
            yield from _ways_of(case, channel, now)


def _channels(case: Case) -> list[Channel]:
    return [Channel(name) for name in case.topic.channels if name not in case.left_out]


def _ways_of(case: Case, channel: Channel, now: datetime) -> Iterator[Go]:
    """Yield the addresses of one channel: the person's own, or of who speaks for them."""
    for person in _listeners(case, now):
        if channel == Channel.INBOX:
            yield Go(channel, None, person.language, person.hours)
            continue
        for address in person.addresses:
            has_words = case.topic.has_words(channel, is_neutral=address.is_shared)
            if has_words and address.channel == channel and address.is_trusted(now):
                yield Go(channel, address, person.language, person.hours)


def _listeners(case: Case, now: datetime) -> Iterator[Person]:
    if case.person is None:
        return
    if not case.person.is_minor(clock.civil_date(now)):
        yield case.person
    yield from case.person.speakers


def _wants(case: Case, channel: Channel) -> bool:
    """Tell whether the wishes of recipient and subject allow this; a statutory notice asks nobody.

    The subject counts too where others answer for it (`Case.about_wishes`): a parent may stop what
    concerns a child alone. A digest goes where one of the topics in it may go.
    """
    person, topics = case.person, case.covers or [case.topic]
    if person is None or not all(topic.is_optional for topic in topics):
        return True
    return any(
        all(_allows(wishes, topic.key, channel) for wishes in (person.wishes, case.about_wishes))
        for topic in topics
    )


def _allows(wishes: Sequence[Wish], topic: str, channel: Channel) -> bool:
    """Tell whether the narrowest wish that fits allows a topic on a channel."""
    fitting = [
        wish for wish in wishes if wish.topic in ("", topic) and wish.channel in ("", channel)
    ]
    narrowest = max(fitting, key=lambda wish: (wish.topic != "", wish.channel != ""), default=None)
    return narrowest is None or narrowest.is_allowed


def _all_stopped(case: Case) -> bool:
    return not any(_wants(case, channel) for channel in _channels(case))
