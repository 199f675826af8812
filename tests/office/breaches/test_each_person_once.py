"""Who is told of an incident is a person: of merged records one, of a child its guardian."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from citizens.enums import Role
from citizens.models import Breach, Citizen, Register, Unit, User
from notifications.models import Message
from notifications.selectors.incidents import TOPIC, Plan, by_letter, plan_of, progress_of
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.breach_page import affected
from tests.factories.citizens import AuthorityFactory, CitizenFactory, RegisterFactory
from tests.notifications.gateways import ScriptedGateway, drain
from tests.office.breaches.test_telling import WORDS, press, told, touched, where
from tests.office.places import make_house, signed_in
from tests.office.test_breaches import FRIDAY, official

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
OTHER_WORDS = f"{WORDS} Cơ quan đã tìm ra nguyên nhân."


@pytest.fixture
def ward(db: None) -> Unit:
    return make_house()


@pytest.fixture
def steward(ward: Unit) -> User:
    return official(ward, Role.DATA_STEWARD)


def planned(breach: Breach) -> Plan:
    now = clock.now()
    return plan_of(people=affected(breach), breach=breach, now=now, day=clock.civil_date(now))


def record(register: Register, ward: Unit, **facts: Any) -> Citizen:
    made_here: Citizen = CitizenFactory(register=register, unit=ward, **facts)
    return made_here


# -------------------------------------------------------------------------------- merged records
def test_of_merged_records_the_one_that_stands_is_told_once(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    standing = touched(register, ward).citizen
    middle = record(register, ward, survivor=standing)
    record(register, ward, survivor=middle)

    before = planned(incident)
    assert press(incident, steward) == 1
    with pytest.raises(RefusedError, match="đều đã được báo"):
        press(incident, steward, OTHER_WORDS)
    after = planned(incident)

    assert (before.affected, before.left) == (1, 1)
    assert (after.affected, after.told, after.left) == (1, 1, 0)
    assert told() == [standing.pk]


def test_a_record_outside_of_the_incident_is_told_for_the_one_merged_into_it(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    standing = touched(RegisterFactory(code="OUT"), ward).citizen
    record(register, ward, survivor=standing)

    press(incident, steward)

    assert told() == [standing.pk]


def test_who_was_told_before_the_records_were_merged_is_one_person_and_told_no_more(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    standing = touched(register, ward).citizen
    merged = record(register, ward)
    assert press(incident, steward) == 2
    Citizen.objects.filter(pk=merged.pk).update(survivor=standing)
    drain(ScriptedGateway(lambda _reference: None))

    sent = progress_of(breach=incident)

    assert Message.objects.filter(topic=TOPIC, recipient=merged.pk, state="suppressed").exists()
    assert (sent.told, sent.sent, sent.unreachable, sent.by_letter) == (1, 1, 0, 0)
    assert not by_letter(breach=incident).exists()
    assert (planned(incident).told, planned(incident).left) == (1, 0)


def test_who_was_told_under_a_record_that_was_merged_since_is_not_told_again(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    merged = touched(register, ward).citizen
    press(incident, steward)
    standing = touched(register, ward).citizen
    Citizen.objects.filter(pk=merged.pk).update(survivor=standing)

    with pytest.raises(RefusedError, match="đều đã được báo"):
        press(incident, steward, OTHER_WORDS)

    assert told() == [merged.pk]


# ------------------------------------------------------------------------------ letters and price
def test_who_died_since_is_in_neither_the_list_nor_the_count_of_letters(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    silent, dying = record(register, ward), record(register, ward)
    press(incident, steward)
    drain(ScriptedGateway(lambda _reference: None))
    Citizen.objects.filter(pk=dying.pk).update(died_on=FRIDAY.date())

    sent = progress_of(breach=incident)

    assert (sent.told, sent.unreachable, sent.by_letter) == (2, 2, 1)
    assert list(by_letter(breach=incident)) == [silent]


def test_the_price_counts_the_guardians_and_no_child_without_one(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    born = date(2020, 1, 1)
    child, _alone = (record(register, ward, birth_date=born) for _number in range(2))
    AuthorityFactory(for_party=child.party)
    client, page = signed_in(steward), where(incident)

    plan, for_one = planned(incident), client.get(page)
    touched(register, ward)
    for_two = client.get(page)

    assert (plan.children, plan.unguarded, plan.left, plan.ways) == (1, 1, 2, {})
    assert "chưa rõ cha mẹ hoặc người giám hộ" in for_one.content.decode()
    one = for_one.context["parts"] * for_one.context["price"]
    assert one > 0
    assert (for_one.context["cost"], for_two.context["cost"]) == (one, 2 * one)


def test_double_brackets_are_refused_with_a_reason(
    incident: Breach, register: Register, ward: Unit, steward: User
) -> None:
    touched(register, ward)

    with pytest.raises(RefusedError, match="hai ngoặc tròn"):
        press(incident, steward, f"{WORDS} ((check_code))")

    assert told() == []
