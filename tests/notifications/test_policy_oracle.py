"""The last check against a second account of the same rules, written the long way round."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from notifications.enums import Channel, Reason
from notifications.policy import Decision, Go, Hold, Suppress, decide
from notifications.rules.facts import Address, Case, Person, TopicFacts, Wish
from notifications.rules.timing import Hours
from notifications.transports.base import Traits
from portal.common.clock import CIVIL_ZONE

DAY = datetime(2026, 11, 23, tzinfo=CIVIL_ZONE)
KEY, OTHER = "credential_expiring", "age_milestone_near"
OUTSIDE = ("app", "zalo", "sms")
instants = st.integers(0, 24 * 60 - 1).map(lambda minute: DAY + timedelta(minutes=minute))
maybe = st.booleans()
ages = st.sampled_from([0, 1, 364, 365, 400, None])
addresses = st.lists(st.tuples(st.sampled_from(OUTSIDE), ages, maybe), max_size=4)
wishes = st.lists(
    st.tuples(st.sampled_from(["", KEY, OTHER]), st.sampled_from(["", *OUTSIDE, "inbox"]), maybe),
    max_size=4,
    unique_by=lambda wish: wish[:2],
).map(lambda found: [Wish(*wish) for wish in found])


@st.composite
def people(draw: st.DrawFn, now: datetime, *, with_speakers: bool = True) -> Person:
    known = [
        Address(pk, channel, None if days is None else now - timedelta(days=days), is_shared)
        for pk, (channel, days, is_shared) in enumerate(draw(addresses), start=1)
    ]
    born = draw(st.sampled_from([date(1980, 1, 1), date(2008, 11, 23), date(2008, 11, 24), None]))
    speakers = [draw(people(now, with_speakers=False))] if with_speakers and draw(maybe) else []
    return Person(
        died_on=draw(st.sampled_from([None, None, None, date(2026, 1, 1)])),
        emigrated_on=draw(st.sampled_from([None, None, date(2026, 11, 23), date(2026, 11, 24)])),
        birth_date=born,
        hours=draw(st.sampled_from([Hours(), Hours(8, 17), Hours(17, 21)])),
        addresses=known,
        wishes=draw(wishes),
        speakers=speakers,
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Case, datetime, dict[Channel, Traits], dict[Channel, Hold]]:
    now = draw(instants)
    words = draw(st.none() | st.sets(st.sampled_from(list(product(OUTSIDE, [True, False])))))
    topic = TopicFacts(
        key=KEY,
        channels=draw(st.permutations([*OUTSIDE, "inbox"])),
        is_optional=draw(maybe),
        has_quiet_hours=draw(maybe),
        about_may_be_deceased=draw(maybe),
        words=None if words is None else frozenset(words),
    )
    case = Case(
        topic=topic,
        person=draw(people(now)),
        not_after=draw(st.sampled_from([None, None, now, now + timedelta(seconds=1)])),
        about_died_on=draw(st.sampled_from([None, None, date(2026, 1, 1)])),
        about_wishes=draw(wishes),
        left_out=frozenset(draw(st.sampled_from([(), (), ("app", "inbox"), ("inbox", "sms")]))),
        is_heard=draw(st.sampled_from([False, False, False, True])),
        is_repeat=draw(st.sampled_from([False, False, False, True])),
        lifted=draw(maybe),
    )
    served = [Channel(name) for name in OUTSIDE if draw(st.sampled_from([True, True, False]))]
    gateways = {channel: Traits(keeps_quiet_hours=draw(maybe)) for channel in served}
    gateways[Channel.INBOX] = Traits(keeps_quiet_hours=False)
    closed = {
        channel: Hold(now + timedelta(minutes=draw(st.integers(1, 30))), Reason.GATEWAY_BROKEN)
        for channel in served
        if draw(st.sampled_from([False, False, True]))
    }
    return case, now, gateways, closed


def allowed(found: list[Wish], channel: str) -> bool:
    said = {(wish.topic, wish.channel): wish.is_allowed for wish in found}
    for question in ((KEY, channel), (KEY, ""), ("", channel), ("", "")):
        if question in said:
            return said[question]
    return True


def refusal(case: Case, person: Person, now: datetime, *, is_minor: bool) -> Reason | None:
    may_speak = case.topic.about_may_be_deceased
    reasons = [
        (case.not_after is not None and case.not_after <= now, Reason.TOO_LATE),
        (case.is_heard, Reason.ACTED),
        (person.died_on is not None, Reason.DECEASED),
        (case.about_died_on is not None and not may_speak, Reason.ABOUT_DECEASED),
        (person.emigrated_on == date(2026, 11, 23), Reason.EMIGRATED),
        (case.is_repeat, Reason.MERGED_TWICE),
        (is_minor and not person.speakers, Reason.NO_GUARDIAN),
    ]
    return next((reason for holds, reason in reasons if holds), None)


def ways_by(case: Case, name: str, listener: Person, now: datetime) -> list[Go]:
    if name == "inbox":
        return [Go(Channel.INBOX, None, listener.language, listener.hours)]
    words = case.topic.words
    return [
        Go(Channel(name), address, listener.language, listener.hours)
        for address in listener.addresses
        if address.channel == name
        and address.verified_at is not None
        and now - address.verified_at < timedelta(days=365)
        and (words is None or (name, address.is_shared) in words)
    ]


def chosen_of(ways: list[Go], closed: dict[Channel, Hold]) -> Go | Hold:
    shut = [closed[way.channel] for way in ways if way.channel in closed]
    for number, way in enumerate(ways):
        is_passed_over = any(before.channel in closed for before in ways[:number])
        if way.channel not in closed and not (way.channel == Channel.INBOX and is_passed_over):
            return way
    return min(shut, key=lambda hold: hold.until)


def at_its_hour(case: Case, go: Go, now: datetime, gateways: dict[Channel, Traits]) -> Decision:
    first, last = go.hours.first, go.hours.last
    is_night = now.hour >= last or now.hour < first
    keeps = case.topic.has_quiet_hours and gateways[go.channel].keeps_quiet_hours
    if is_night and keeps and not case.lifted:
        morning = DAY.replace(hour=first) + timedelta(days=1 if now.hour >= last else 0)
        return Hold(morning, Reason.QUIET_HOURS)
    return go


def expected(
    case: Case, now: datetime, gateways: dict[Channel, Traits], closed: dict[Channel, Hold]
) -> Decision:
    person = case.person
    assert person is not None
    is_minor = person.birth_date == date(2008, 11, 24)  # 18 tomorrow
    refused = refusal(case, person, now, is_minor=is_minor)
    if refused:
        return Suppress(refused)
    both = [list(person.wishes), list(case.about_wishes)]
    wanted = [
        name
        for name in case.topic.channels
        if name not in case.left_out
        and (not case.topic.is_optional or all(allowed(one, name) for one in both))
    ]
    ways = [
        way
        for name in wanted
        if Channel(name) in gateways
        for listener in [*([] if is_minor else [person]), *person.speakers]
        for way in ways_by(case, name, listener, now)
    ]
    if not ways:
        return Suppress(Reason.NO_ADDRESS if wanted else Reason.OPTED_OUT)
    chosen = chosen_of(ways, closed)
    return chosen if isinstance(chosen, Hold) else at_its_hour(case, chosen, now, gateways)


@given(cases())
def test_the_check_decides_as_the_rules_say(
    made: tuple[Case, datetime, dict[Channel, Traits], dict[Channel, Hold]],
) -> None:
    case, now, gateways, closed = made

    assert decide(case, now=now, gateways=gateways, closed=closed) == expected(*made)
