"""Who was not reached: why, where to go, what to say there, and what the visit found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog, Unit
from notifications.enums import Channel, MessageState, Reason
from notifications.models import CallBack, Message
from notifications.services import VISIT
from portal.common import clock
from portal.office.visit_words import hamlet_of
from portal.reporting.selectors.not_reached import Why, not_reached
from procedures.models import Suggestion
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    GrantFactory,
    UnitFactory,
)
from tests.factories.notifications import MessageFactory
from tests.factories.procedures import SuggestionFactory, version_of
from tests.office.places import CANARY, Place, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

M = MessageState
PAGE = "admin:office_visits"


def say(
    unit: Unit, *, phone: bool | str = True, thread: str = "dossier:1", **facts: Any
) -> Message:
    """Return a message of a matter to a new resident, who has a phone (or an old number)."""
    citizen = CitizenFactory(unit=unit, current_address="Tổ 3, thôn An Ngãi, xã Xuân")
    if phone:
        age = timedelta(days=400) if phone == "old" else timedelta()
        ContactPointFactory(party=citizen.party, verified_at=clock.now() - age)
    message: Message = MessageFactory(recipient=citizen.party, thread_key=thread, **facts)
    return message


def days_ago(days: int) -> Any:
    return clock.now() - timedelta(days=days)


INBOX = {"state": M.SENT, "channel": "inbox"}
SMS = {"state": M.SENT, "channel": "sms"}
CASES: dict[str, tuple[dict[str, Any], Why | None]] = {
    "only the inbox, no phone": ({"phone": False} | INBOX, Why.NO_CONTACT),
    "only the inbox, an old number": ({"phone": "old"} | INBOX, Why.OLD_CONTACT),
    "only the inbox, by wish": ({"phone": True} | INBOX, Why.STOPPED),
    "no way at all": (
        {"phone": False, "state": M.SUPPRESSED, "reason": Reason.NO_ADDRESS}, Why.NO_CONTACT
    ),
    "stopped": ({"state": M.SUPPRESSED, "reason": Reason.OPTED_OUT}, Why.STOPPED),
    "no guardian": ({"state": M.SUPPRESSED, "reason": Reason.NO_GUARDIAN}, Why.NO_GUARDIAN),
    "failed": ({"state": M.FAILED, "channel": "sms"}, Why.FAILED),
    "set aside": ({"state": M.PARKED}, Why.FAILED),
    "unknown": ({"state": M.UNKNOWN, "channel": "sms"}, Why.UNKNOWN),
    "never opened": (SMS | {"sent_at": 8}, Why.UNREAD),
    "sent lately": (SMS | {"sent_at": 6}, None),
    "in the app, never opened": (
        {"state": M.DELIVERED, "channel": "app", "sent_at": 8}, Why.UNREAD
    ),
    "the SMS arrived": ({"state": M.DELIVERED, "channel": "sms", "sent_at": 8}, None),
    "opened": (SMS | {"sent_at": 8, "read_at": 7}, None),
    "waits": ({}, None),
    "acted": ({"state": M.WITHDRAWN, "reason": Reason.ACTED}, None),
    "too late": ({"state": M.FAILED, "not_after": 1}, None),
    "no matter": ({"state": M.FAILED, "thread": ""}, None),
    "too old": ({"state": M.FAILED, "thread": "suggestion:0"}, None),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "why"), CASES.values(), ids=CASES)
def test_why_somebody_was_not_reached(facts: dict[str, Any], why: Why | None, city: Unit) -> None:
    unit = city
    dated = {
        name: days_ago(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in facts.items()
    }
    message = say(unit, **dated)

    found = not_reached(unit=unit, now=clock.now(), after_days=7)

    assert [(one.message, one.why) for one in found] == ([(message.pk, why)] if why else [])


def test_one_channel_that_arrives_is_enough(city: Unit) -> None:
    first = say(city, state=M.FAILED, channel="app")
    MessageFactory(
        recipient=first.recipient,
        thread_key=first.thread_key,
        follows=first,
        state=M.DELIVERED,
        channel=Channel.SMS,
        sent_at=days_ago(8),
    )

    assert not_reached(unit=city, now=clock.now(), after_days=7) == []


@pytest.mark.parametrize(
    ("digest", "why"),
    [
        ({"state": M.FAILED, "channel": "sms"}, [Why.FAILED]),
        ({"state": M.UNKNOWN, "channel": "sms"}, [Why.UNKNOWN]),
        ({"state": M.SENT, "channel": "sms", "sent_at": 8}, [Why.UNREAD]),
        ({"state": M.SENT, "channel": "sms", "sent_at": 2}, []),
        ({"state": M.DELIVERED, "channel": "sms", "sent_at": 8}, []),
        ({"state": M.SENT, "channel": "app", "sent_at": 8, "read_at": 7}, []),
        ({"state": M.QUEUED}, []),
    ],
)
def test_what_was_said_together_fares_as_its_digest(
    digest: dict[str, Any], why: list[Why], city: Unit
) -> None:
    dated = {
        name: days_ago(value) if isinstance(value, int) else value for name, value in digest.items()
    }
    member = say(city, state=M.SUPPRESSED, reason=Reason.IN_DIGEST)
    whole = MessageFactory(recipient=member.recipient, **dated)
    Message.objects.filter(pk=member.pk).update(digest=whole)

    found = not_reached(unit=city, now=clock.now(), after_days=7)

    assert [one.why for one in found] == why


@pytest.mark.parametrize("fact", ["died_on", "emigrated_on"])
def test_nobody_is_visited_who_is_gone(fact: str, city: Unit) -> None:
    message = say(city, state=M.FAILED)
    assert message.recipient is not None
    citizen = message.recipient.citizen
    type(citizen).objects.filter(pk=citizen.pk).update(**{fact: clock.today()})

    assert not_reached(unit=city, now=clock.now(), after_days=7) == []


@pytest.mark.parametrize(("state", "count"), [("open", 1), ("snoozed", 1), ("accepted", 0)])
def test_a_suggestion_that_waits_no_more_needs_no_visit(
    state: str, count: int, here: Place
) -> None:
    suggestion = Suggestion.objects.get(subject=here.citizen.party)
    Suggestion.objects.filter(pk=suggestion.pk).update(state=state)
    say(here.unit, state=M.FAILED, thread=f"suggestion:{suggestion.pk}")

    assert len(not_reached(unit=here.unit, now=clock.now(), after_days=7)) == count


def test_it_asks_the_same_of_many_as_of_few(city: Unit, django_assert_num_queries: Any) -> None:
    for number in range(5):
        say(city, state=M.FAILED, thread=f"dossier:{number}")

    with django_assert_num_queries(3):
        assert len(not_reached(unit=city, now=clock.now(), after_days=7)) == 5


# ---------------------------------------------------------------------------------- the page
@pytest.mark.parametrize(
    ("address", "hamlet"),
    [
        ("Tổ 5, thôn An Ngãi, xã Hòa Vang, thành phố Đà Nẵng", "Thôn An Ngãi"),
        ("Thôn Aréc, xã Tây Giang", "Thôn Aréc"),
        ("Tổ 12, phường Hải Châu", "Tổ 12"),
        ("Số nhà 3, Khu phố 4, phường An Hải", "Khu phố 4"),
        ("369 Nguyễn Tri Phương, phường An Hải", "Nguyễn Tri Phương"),
        ("12/4A Núi Thành, phường Hòa Cường", "Núi Thành"),
        ("Bản Đôn", "Bản Đôn"),
    ],
)
def test_houses_stand_by_hamlet_or_street(address: str, hamlet: str) -> None:
    assert hamlet_of(address) == hamlet


def test_the_list_names_who_where_what_and_logs_each(here: Place, elsewhere: Place) -> None:
    mine = say(here.unit, state=M.FAILED)
    say(elsewhere.unit, state=M.FAILED)
    before = AccessLog.objects.count()

    client = signed_in(here.user)
    for page in (PAGE, "admin:office_visits_file"):
        said = client.get(reverse(page), {"unit": elsewhere.unit.code}).content.decode()
        assert mine.recipient is not None
        assert mine.recipient.citizen.full_name in said
        assert "An Ngãi" in said
        assert CANARY not in said

    rows = list(AccessLog.objects.order_by("pk")[before:])
    assert [row.subject_ids for row in rows] == [[mine.recipient_id]] * 2
    assert all("address" in row.fields for row in rows)


def test_what_tells_of_poverty_is_said_neutrally(here: Place) -> None:
    params = {"due_on": clock.today().isoformat(), "days": 3, "count": 1}
    say(here.unit, state=M.FAILED, topic_id="household_hardship", params=params)
    poor = SuggestionFactory(rule_version=version_of("poor_household_annual_review"))
    say(here.unit, state=M.FAILED, thread=f"suggestion:{poor.pk}")

    said = signed_in(here.user).get(reverse("admin:office_visits_file")).content.decode()

    assert said.count("A matter to look at in the portal") + said.count("Có việc cần xem") == 2
    assert "hộ nghèo" not in said.lower()


def test_a_visit_is_noted_with_who_and_when(here: Place) -> None:
    message = say(here.unit, state=M.FAILED, next_channel_at=clock.now())
    client = signed_in(here.user)
    mark = reverse("admin:office_visits_mark")

    client.post(mark, {"message": str(message.public_id), "outcome": "absent"})
    listed = client.get(reverse(PAGE)).content.decode()
    client.post(mark, {"message": str(message.public_id), "outcome": "told"})

    visits = CallBack.objects.filter(reason=VISIT).order_by("pk")
    assert [(one.note, one.done_by, one.unit) for one in visits] == [
        ("absent", here.user, here.unit),
        ("told", here.user, here.unit),
    ]
    assert here.user.display_name in listed
    assert not client.get(reverse(PAGE)).context["hamlets"]
    assert client.get(reverse(PAGE), {"done": "1"}).context["house_count"] == 1
    message.refresh_from_db()
    assert message.next_channel_at is None


@pytest.mark.parametrize(
    "change",
    [{"message": "x"}, {"message": ""}, {"outcome": "eaten"}, {"outcome": ""}],
)
def test_nonsense_notes_nothing(change: dict[str, str], here: Place) -> None:
    message = say(here.unit, state=M.FAILED)
    given = {"message": str(message.public_id), "outcome": "told"} | change

    answer = signed_in(here.user).post(reverse("admin:office_visits_mark"), given)

    assert (answer.status_code, CallBack.objects.filter(reason=VISIT).count()) == (404, 0)


def test_nobody_notes_a_visit_in_another_commune(here: Place, elsewhere: Place) -> None:
    message = say(elsewhere.unit, state=M.FAILED)
    given = {"message": str(message.public_id), "outcome": "told"}

    answer = signed_in(here.user).post(reverse("admin:office_visits_mark"), given)

    assert (answer.status_code, CallBack.objects.filter(reason=VISIT).count()) == (404, 0)


@pytest.mark.parametrize("role", Role)
def test_only_case_workers_and_administrators_see_it(role: Role, city: Unit) -> None:
    place = make_place(city, "Hạ", roles=(role,))
    message = say(place.unit, state=M.FAILED)
    client = signed_in(place.user)
    works = role in (Role.RECEPTIONIST, Role.CASE_OFFICER, Role.HEAD_OF_UNIT)
    given = {"message": str(message.public_id), "outcome": "told"}

    seen = client.get(reverse(PAGE)).status_code
    noted = client.post(reverse("admin:office_visits_mark"), given).status_code

    assert seen == (200 if works or role is Role.ADMINISTRATOR else 403)
    assert noted == (302 if works else 403)


def test_who_asks_for_no_unit_sees_where_most_were_not_reached(city: Unit) -> None:
    place = make_place(city, "Hạ", roles=())
    GrantFactory(official=place.official, role=Role.ADMINISTRATOR, unit=city)
    first, fullest = (UnitFactory(parent=city, name_vi=name) for name in ("Xã A", "Xã B"))
    say(first, state=M.FAILED, thread="dossier:1")
    for number in range(2, 4):
        say(fullest, state=M.FAILED, thread=f"dossier:{number}")

    asked = signed_in(place.official.user).get(reverse(PAGE))

    assert asked.context["wish"].unit == fullest
    assert asked.context["house_count"] == 2
