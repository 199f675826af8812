"""Telling the people of an incident: each once, past every wish, and what became of it."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import BreachAct, Role
from citizens.models import AccessLog, Breach, Citizen, Party, Register, Unit, User
from citizens.services.handle_breach import note_breach
from notifications.enums import MessageState
from notifications.models import Message
from notifications.selectors.incidents import TOPIC, by_letter, plan_of, progress_of
from notifications.services import set_preference
from notifications.services.tell_affected import LONGEST, SHORTEST, tell_affected
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.office.breach_page import affected
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
)
from tests.factories.notifications import reachable
from tests.notifications.gateways import ScriptedGateway, drain
from tests.office.places import signed_in
from tests.office.test_breaches import FRIDAY, made, official

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
WORDS = "Một tài khoản đã xem họ tên và địa chỉ; tài khoản đã bị khóa, ông/bà không phải làm gì."


def touched(register: Register, ward: Unit, **facts: Any) -> Party:
    """Return somebody whom the register holds and an SMS reaches."""
    return reachable(register=register, unit=ward, **facts)


def press(breach: Breach, user: User, words: str = WORDS, version: int | None = None) -> int:
    breach.refresh_from_db()
    return tell_affected(
        breach=breach,
        people=affected(breach),
        explained=words,
        user=user,
        version=breach.version if version is None else version,
        now=clock.now(),
    )


def told() -> list[int]:
    rows = Message.objects.filter(topic=TOPIC).order_by("recipient")
    return [key for key in rows.values_list("recipient", flat=True) if key]


def where(breach: Breach, name: str = "breach_tell") -> str:
    return reverse(f"admin:office_{name}", args=[breach.public_id])


# ------------------------------------------------------------------------------------ once each
def test_each_is_told_once_and_a_second_press_tells_who_came_since(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    first, second = touched(register, ward), touched(register, ward)
    CitizenFactory(unit=ward)

    assert press(incident, steward) == 2
    with pytest.raises(RefusedError, match="đều đã được báo"):
        press(incident, steward)
    third = touched(register, ward)
    assert press(incident, steward) == 1

    assert told() == sorted([first.pk, second.pk, third.pk])
    message = Message.objects.filter(topic=TOPIC).first()
    assert message is not None
    assert message.params == {
        "code": incident.code, "found_on": "2026-11-27", "explained": WORDS
    }  # fmt: skip
    noted = incident.steps.filter(act=BreachAct.NOTED).values_list("by", "words")
    assert [by for by, _words in noted] == [steward.pk, steward.pk]
    assert [words for _by, words in noted] == [
        f"Đã báo cho {count} người qua Cổng: {WORDS}" for count in (2, 1)
    ]


def test_two_incidents_are_two_matters(register: Register, ward: Unit, steward: User) -> None:
    person = touched(register, ward)

    for _number in range(2):
        press(made(register=register), steward)

    assert told() == [person.pk, person.pk]


def test_the_dead_are_not_told(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    touched(register, ward, died_on=date(2026, 1, 1))
    living = touched(register, ward)

    press(incident, steward)

    assert told() == [living.pk]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("x" * (SHORTEST - 1), f"từ {SHORTEST} đến {LONGEST}"),
        ("x" * (LONGEST + 1), f"từ {SHORTEST} đến {LONGEST}"),
        (f"{WORDS} Xem https://example.vn", "không được có liên kết"),
        (f"{WORDS} ((paper))", "chỗ điền"),
        (f"{WORDS} <b>", "mã khuôn mẫu"),
    ],
)
def test_words_that_may_not_be_said_tell_nobody(
    incident: Breach, register: Register, ward: Unit, steward: User, words: str, why: str
) -> None:
    touched(register, ward)

    with pytest.raises(RefusedError, match=why):
        press(incident, steward, words)

    assert told() == []
    assert incident.steps.count() == 0


def test_of_two_stewards_the_second_is_told_to_look_again(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    touched(register, ward)
    seen = incident.version
    press(incident, steward)
    touched(register, ward)

    with pytest.raises(StaleVersionError):
        press(incident, steward, version=seen)

    assert len(told()) == 1


def test_of_a_closed_incident_nobody_is_told(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    touched(register, ward)
    for act in (BreachAct.CONTAINED, BreachAct.REPORTED, BreachAct.TOLD, BreachAct.CLOSED):
        incident.refresh_from_db()
        note_breach(breach=incident, act=act, user=steward, version=incident.version,
                    words="Xong.", at=None, now=clock.now())  # fmt: skip

    with pytest.raises(RefusedError, match="không còn"):
        press(incident, steward)

    assert told() == []
    assert signed_in(steward).get(where(incident)).status_code == 302


# ---------------------------------------------------------------------------------- what becomes
def test_no_wish_stops_it_and_what_arrived_is_counted(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    stopped = touched(register, ward)
    set_preference(party=stopped, is_allowed=False)
    silent: Citizen = CitizenFactory(register=register, unit=ward)
    press(incident, steward)
    assert progress_of(breach=incident).under_way == 2

    gateway = ScriptedGateway(lambda _reference: None)
    drain(gateway)

    ((_to, body, _reference),) = gateway.sent
    assert "27/11/2026" in body
    assert WORDS not in body
    sent = progress_of(breach=incident)
    assert (sent.told, sent.sent, sent.unreachable, sent.by_letter) == (2, 1, 1, 1)
    assert list(by_letter(breach=incident)) == [silent]

    Message.objects.filter(recipient=stopped).update(state=MessageState.DELIVERED)
    Message.objects.filter(recipient=silent.pk).update(read_at=clock.now())
    assert progress_of(breach=incident).arrived == 2
    assert not by_letter(breach=incident).exists()


@pytest.mark.parametrize(
    ("states", "fate"),
    [
        ([("sms", "failed")], "failed"),
        ([("sms", "unknown")], "failed"),
        ([("app", "failed"), ("sms", "sent")], "sent"),
        ([("app", "sent"), ("sms", "delivered")], "arrived"),
        ([("app", "sent"), ("sms", "queued")], "sent"),
        ([("app", "failed"), ("sms", "queued")], "under_way"),
        ([("inbox", "delivered")], "unreachable"),
        ([(None, "suppressed")], "unreachable"),
    ],
)
def test_each_person_counts_once_whatever_was_tried(
    incident: Breach,
    register: Register,
    ward: Unit,
    steward: User,
    states: list[tuple[str | None, str]],
    fate: str,
) -> None:
    touched(register, ward)
    press(incident, steward)
    message = Message.objects.get(topic=TOPIC)
    for number, (channel, state) in enumerate(states):
        if number:
            message.pk, message.dedupe_key = None, f"{message.dedupe_key}>{number}"
            message._state.adding = True
            message.public_id = Message._meta.get_field("public_id").get_default()
        message.channel, message.state = channel, state
        message.save()

    counted = progress_of(breach=incident)

    assert (counted.told, getattr(counted, fate)) == (1, 1)
    assert counted.told == sum(
        getattr(counted, one) for one in ("arrived", "sent", "under_way", "failed", "unreachable")
    )
    assert by_letter(breach=incident).exists() is (fate in {"failed", "unreachable"})


def test_a_plan_tells_ways_children_and_the_dead(
    incident: Breach, register: Register, ward: Unit
) -> None:
    day = FRIDAY.date()
    app = touched(register, ward)
    ContactPointFactory(party=app, channel="app", verified_at=clock.now())
    set_preference(party=app, is_allowed=False)
    touched(register, ward)
    old = touched(register, ward)
    old.contact_points.update(verified_at=clock.now() - timedelta(days=400))
    CitizenFactory(register=register, unit=ward)
    touched(register, ward, birth_date=date(2008, 11, 28))
    touched(register, ward, birth_date=date(2008, 11, 27))
    touched(register, ward, died_on=date(2026, 1, 1))

    plan = plan_of(people=affected(incident), breach=incident, now=clock.now(), day=day)

    assert (plan.affected, plan.told, plan.dead, plan.unguarded) == (7, 0, 1, 1)
    assert plan.ways == {"app": 1, "sms": 2, "old_contact": 1, "no_contact": 1}
    assert plan.left == 6


# ------------------------------------------------------------------------------------- the page
def test_nobody_is_told_before_the_words_are_read_and_ticked(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    touched(register, ward)
    client, page = signed_in(steward), where(incident)
    said = {"explained": WORDS, "version": str(incident.version)}

    opened = client.get(page).content.decode()
    shown = client.post(page, {**said, "act": "show"}).content.decode()
    unticked = client.post(page, {**said, "act": "tell"}).content.decode()
    refused = client.post(page, {**said, "act": "tell", "sure": "1", "explained": "Ngắn"})

    assert 'value="tell"' not in opened
    assert 'value="tell"' in shown
    assert WORDS in shown
    assert "phat hien ngay 27/11/2026" in shown
    assert "1 phần × 350 đ" in shown
    assert "hãy đánh dấu" in unticked
    assert refused.status_code == 422
    assert told() == []
    done = client.post(page, {**said, "act": "tell", "sure": "1"}, follow=True).content.decode()
    assert len(told()) == 1
    assert "Đã báo qua Cổng" in done
    again = client.post(page, {**said, "act": "tell", "sure": "1"})
    assert again.status_code == 422
    assert "Không còn ai để báo" in client.get(page).content.decode()


def test_only_a_steward_of_the_province_tells(
    incident: Breach, register: Register, ward: Unit, city: Unit
) -> None:
    touched(register, ward)
    said = {"explained": WORDS, "version": "1", "act": "tell", "sure": "1"}

    for user in (official(ward, Role.DATA_STEWARD), official(city, Role.ADMINISTRATOR)):
        assert signed_in(user).get(where(incident)).status_code in {302, 403}
        assert signed_in(user).post(where(incident), said).status_code in {302, 403}
    assert told() == []


def test_who_is_to_be_told_by_letter_stands_in_a_list_and_a_file_and_is_logged(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    reached = Citizen.objects.get(pk=touched(register, ward, full_name="Lê Văn Đến").pk)
    silent = CitizenFactory(register=register, unit=ward, full_name="Bùi Thị Lặng")
    press(incident, steward)
    drain(ScriptedGateway(lambda _reference: None))
    client: Client = signed_in(steward)

    front = client.get(where(incident, "breach")).content.decode()
    shown = client.get(where(incident, "breach_people"), {"only": "letter"}).content.decode()
    file = client.get(where(incident, "breach_people_file"), {"only": "letter"}).getvalue()

    assert "?only=letter" in front
    assert silent.full_name in shown
    assert reached.full_name not in shown
    lines = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == [silent.full_name]
    looks = AccessLog.objects.filter(actor=steward, reference=incident.code)
    assert {tuple(look.subject_ids) for look in looks} == {(silent.pk,)}


def test_many_people_take_no_more_questions_than_one(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    client = signed_in(steward)
    touched(register, ward)
    client.get(where(incident))
    few = questions(client, incident)
    for _number in range(12):
        touched(register, ward)

    many = questions(client, incident)

    assert few == many <= 20
    with CaptureQueriesContext(connection) as asked:
        assert press(incident, steward) == 13
    inserts = [one for one in asked if "INSERT INTO" in one["sql"] and "message" in one["sql"]]
    assert len(inserts) == 1


def questions(client: Client, breach: Breach) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(where(breach))
    return len(asked)
