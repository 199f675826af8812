"""The last check before sending, as a table (F20, F21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from notifications.enums import Channel, Reason
from notifications.policy import Go, Hold, Suppress, decide
from notifications.rules.facts import Address, Case, Person, TopicFacts, Wish
from notifications.transports.base import Traits
from portal.common.clock import CIVIL_ZONE

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CIVIL_ZONE)
REAL = Traits(can_ask=True)
GATEWAYS = {
    Channel.INBOX: Traits(keeps_quiet_hours=False),
    Channel.SMS: REAL,
    Channel.APP: REAL,
}
REMINDER = TopicFacts(
    key="credential_expiring",
    channels=["app", "zalo", "sms", "inbox"],
    is_optional=True,
    has_quiet_hours=True,
    about_may_be_deceased=False,
)
STATUTORY = replace(REMINDER, key="dossier_refused", is_optional=False)
SMS = Address(1, "sms", NOON - timedelta(days=10), is_shared=False)
OLD_SMS = replace(SMS, verified_at=NOON - timedelta(days=365))
UNVERIFIED = replace(SMS, verified_at=None)
APP = replace(SMS, pk=2, channel="app")
ZALO = replace(SMS, pk=3, channel="zalo")
ADULT = Person(birth_date=date(1980, 5, 1), addresses=[SMS])
MOTHER = replace(ADULT, addresses=[replace(SMS, pk=9)])
CHILD = Person(birth_date=date(2010, 11, 24), addresses=[SMS])  # 16 years today
CASE = Case(topic=REMINDER, person=ADULT)
NO_SMS = Wish("", "sms", is_allowed=False)
NOTHING = Wish("", "", is_allowed=False)


def civil(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CIVIL_ZONE)


def suppressed(case: Case, now: datetime = NOON) -> Reason | None:
    decision = decide(case, now=now, gateways=GATEWAYS)
    return decision.reason if isinstance(decision, Suppress) else None


def way(case: Case) -> tuple[str, int | None] | None:
    decision = decide(case, now=NOON, gateways=GATEWAYS)
    if not isinstance(decision, Go):
        return None
    return decision.channel, decision.address.pk if decision.address else None


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (CASE, None),
        (replace(CASE, not_after=NOON), Reason.TOO_LATE),
        (replace(CASE, not_after=NOON + timedelta(seconds=1)), None),
        (replace(CASE, person=replace(ADULT, died_on=date(2026, 11, 1))), Reason.DECEASED),
        (replace(CASE, about_died_on=date(2026, 11, 1)), Reason.ABOUT_DECEASED),
        (replace(CASE, person=replace(ADULT, emigrated_on=date(2026, 11, 23))), Reason.EMIGRATED),
        (replace(CASE, person=replace(ADULT, emigrated_on=date(2026, 11, 24))), None),
        (replace(CASE, is_repeat=True), Reason.MERGED_TWICE),
        (replace(CASE, person=CHILD), Reason.NO_GUARDIAN),
        (replace(CASE, person=replace(ADULT, wishes=[NOTHING])), Reason.OPTED_OUT),
        (replace(CASE, person=None), Reason.NO_ADDRESS),
    ],
)
def test_who_hears_nothing(case: Case, reason: Reason | None) -> None:
    assert suppressed(case) == reason


def test_a_topic_may_speak_of_the_deceased() -> None:
    topic = replace(REMINDER, about_may_be_deceased=True)

    assert suppressed(replace(CASE, topic=topic, about_died_on=date(2026, 11, 1))) is None


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (ADULT, ("sms", 1)),
        (replace(ADULT, addresses=[SMS, APP]), ("app", 2)),
        (replace(ADULT, addresses=[ZALO, SMS]), ("sms", 1)),  # no Zalo gateway in service
        (replace(ADULT, addresses=[ZALO]), ("inbox", None)),
        (replace(ADULT, addresses=[OLD_SMS]), ("inbox", None)),
        (replace(ADULT, addresses=[UNVERIFIED]), ("inbox", None)),
        (replace(ADULT, addresses=[]), ("inbox", None)),
        (replace(ADULT, wishes=[NO_SMS]), ("inbox", None)),
        (replace(ADULT, wishes=[NOTHING, Wish("credential_expiring", "", True)]), ("sms", 1)),
        (replace(ADULT, wishes=[Wish("age_milestone_near", "", False)]), ("sms", 1)),
        (replace(ADULT, wishes=[NOTHING, Wish("", "inbox", True)]), ("inbox", None)),
        (replace(CHILD, speakers=[MOTHER]), ("sms", 9)),
        (replace(CHILD, speakers=[replace(MOTHER, addresses=[]), MOTHER]), ("sms", 9)),
        (Person(speakers=[MOTHER]), ("sms", 9)),  # an organisation through its representative
        (Person(addresses=[SMS], speakers=[MOTHER]), ("sms", 1)),
        (replace(CHILD, birth_date=date(2008, 11, 23)), ("sms", 1)),  # 18 today
    ],
)
def test_which_way_a_message_takes(person: Person, expected: tuple[str, int | None]) -> None:
    assert way(replace(CASE, person=person)) == expected


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ([NOTHING], ("sms", 1)),
        ([NO_SMS], ("sms", 1)),
        ([NO_SMS, Wish("", "inbox", False)], ("sms", 1)),
    ],
)
def test_a_statutory_notice_asks_for_no_leave(
    wishes: list[Wish], expected: tuple[str, int | None]
) -> None:
    case = Case(topic=STATUTORY, person=replace(ADULT, wishes=wishes))

    assert way(case) == expected


def test_a_named_address_is_the_only_one_even_unverified() -> None:
    case = replace(CASE, only_address=replace(UNVERIFIED, pk=77))

    assert way(case) == ("sms", 77)


def test_a_message_that_a_gateway_may_have_stays_with_it() -> None:
    person = replace(ADULT, addresses=[SMS, APP])

    assert way(replace(CASE, person=person, stuck_to_channel="sms")) == ("sms", 1)


@pytest.mark.parametrize(
    ("hour", "until"),
    [
        ("2026-11-23T06:59", "2026-11-23T07:00"),
        ("2026-11-23T07:00", None),
        ("2026-11-23T20:59", None),
        ("2026-11-23T21:00", "2026-11-24T07:00"),
        ("2026-12-31T23:30", "2027-01-01T07:00"),
        ("2028-02-28T22:00", "2028-02-29T07:00"),
    ],
)
def test_at_night_an_sms_waits_for_the_morning(hour: str, until: str | None) -> None:
    now = civil(hour)
    person = replace(ADULT, addresses=[replace(SMS, verified_at=now)])
    case = Case(topic=REMINDER, person=person)

    decision = decide(case, now=now, gateways=GATEWAYS)

    if until is None:
        assert isinstance(decision, Go)
    else:
        assert decision == Hold(civil(until), Reason.QUIET_HOURS)


@pytest.mark.parametrize(
    "case",
    [
        replace(CASE, lifted=True),
        replace(CASE, topic=replace(REMINDER, has_quiet_hours=False)),
        replace(CASE, person=replace(ADULT, addresses=[])),
    ],
    ids=["lifted", "topic without quiet hours", "inbox"],
)
def test_what_may_arrive_at_night(case: Case) -> None:
    night = NOON.replace(hour=23)

    assert isinstance(decide(case, now=night, gateways=GATEWAYS), Go)


def test_a_demo_phone_never_sleeps() -> None:
    gateways = {Channel.SMS: Traits(keeps_quiet_hours=False)}

    assert isinstance(decide(CASE, now=NOON.replace(hour=23), gateways=gateways), Go)


# ------------------------------------------------------------------------ paused and broken ways
BROKEN = Hold(NOON + timedelta(minutes=2), Reason.GATEWAY_BROKEN)
PAUSED = Hold(NOON + timedelta(minutes=10), Reason.CHANNEL_PAUSED)
BOTH = replace(ADULT, addresses=[APP, SMS])


@pytest.mark.parametrize(
    ("case", "closed", "expected"),
    [
        (replace(CASE, person=BOTH), {}, "app"),
        (replace(CASE, person=BOTH), {Channel.APP: BROKEN}, "sms"),
        (replace(CASE, person=BOTH), {Channel.APP: PAUSED, Channel.SMS: BROKEN}, BROKEN),
        (replace(CASE, person=BOTH), {Channel.APP: BROKEN, Channel.SMS: PAUSED}, BROKEN),
        (CASE, {Channel.SMS: PAUSED}, PAUSED),  # not given up for the inbox
        (CASE, {Channel.APP: BROKEN}, "sms"),  # no app in any case
        (replace(CASE, person=replace(ADULT, addresses=[])), {Channel.SMS: PAUSED}, "inbox"),
        (replace(CASE, person=replace(ADULT, wishes=[NO_SMS])), {Channel.SMS: PAUSED}, "inbox"),
        (
            replace(CASE, topic=replace(REMINDER, channels=["inbox", "sms"])),
            {Channel.SMS: PAUSED},
            "inbox",
        ),
        (replace(CASE, person=BOTH, stuck_to_channel="app"), {Channel.APP: PAUSED}, PAUSED),
        (replace(CASE, only_address=SMS), {Channel.SMS: BROKEN}, BROKEN),
        (replace(CASE, not_after=NOON), {Channel.SMS: PAUSED}, Reason.TOO_LATE),
    ],
)
def test_the_next_way_is_taken_and_none_is_given_up_for_the_inbox(
    case: Case, closed: dict[Channel, Hold], expected: str | Hold
) -> None:
    decision = decide(case, now=NOON, gateways=GATEWAYS, closed=closed)

    match decision:
        case Go():
            assert decision.channel == expected
        case Suppress():
            assert decision.reason == expected
        case _:
            assert decision == expected


@pytest.mark.parametrize(
    ("words", "is_shared", "expected"),
    [
        (None, True, "app"),
        ({("app", False), ("sms", False)}, False, "app"),
        ({("app", False), ("sms", False), ("sms", True)}, True, "sms"),
        ({("sms", False)}, False, "sms"),
        (set(), False, "inbox"),
    ],
)
def test_what_cannot_be_said_on_a_channel_takes_the_next(
    words: set[tuple[str, bool]] | None, is_shared: bool, expected: str
) -> None:
    topic = replace(REMINDER, words=None if words is None else frozenset(words))
    addresses = [replace(address, is_shared=is_shared) for address in (APP, SMS)]

    found = way(Case(topic=topic, person=replace(ADULT, addresses=addresses)))

    assert found is not None
    assert found[0] == expected
