"""Feedback is found by its code alone, goes one way to its answer, and is counted as defined."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import ProgrammingError, transaction

from citizens.enums import Role
from citizens.models import Agency, Official, Unit, User
from dossiers.enums import Satisfaction
from notifications.models import Message
from portal.common.errors import RefusedError, StaleVersionError
from portal.reporting.feedback.answering import answer_feedback, assign_feedback
from portal.reporting.feedback.enums import FeedbackState
from portal.reporting.feedback.models import LONGEST_WORDS, Feedback, FeedbackStep
from portal.reporting.feedback.reading import feedback_for
from portal.reporting.feedback.taking import feedback_of, rate_answer, take_feedback
from portal.reporting.quality.counting import counted
from portal.reporting.selectors.settled import Months
from tests.factories.citizens import (
    AgencyFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
    UserFactory,
)
from tests.office.places import make_house

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)
DUE = date(2026, 12, 4)  # ten working days, no holiday between
NOVEMBER = Months.between(date(2026, 11, 1), date(2026, 11, 1), date(2026, 12, 20))


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def city() -> Unit:
    return make_house()


@pytest.fixture
def office(city: Unit) -> Agency:
    ward = UnitFactory(parent=city, name_vi="Phường Xuân")
    agency: Agency = AgencyFactory(kind__key="ubnd_xa", unit=ward, name_vi="UBND phường Xuân")
    return agency


def person(agency: Agency, role: Role) -> User:
    official: Official = OfficialFactory(agency=agency)
    GrantFactory(official=official, role=role, unit=agency.unit)
    return official.user


@pytest.fixture
def head(office: Agency) -> User:
    return person(office, Role.HEAD_OF_UNIT)


def sent(unit: Unit | None = None, words: str = "Chờ lâu quá.", at: datetime = NOW) -> Feedback:
    return take_feedback(words=words, unit=unit, now=at)[0]


def answered(office: Agency, head: User, at: datetime = NOW) -> Feedback:
    """Return feedback that the office has answered at a moment."""
    row = assign_feedback(
        feedback=sent(office.unit), agency=office, user=head, version=1, words="", now=NOW
    )
    return answer_feedback(
        feedback=row, user=head, version=row.version, words="Đã mở thêm quầy.", now=at
    )


def test_only_who_has_the_code_finds_it() -> None:
    row, code = take_feedback(words="  Chờ lâu quá. ", unit=None, now=NOW)

    assert feedback_of(code=code) == row
    assert feedback_of(code=f" {code.lower().replace('-', ' ')} ") == row
    assert feedback_of(code=code[:-1]) is None
    assert feedback_of(code="") is None
    assert feedback_of(code="7KQ2-MX4P-D9TA-HV3C") is None
    kept = " ".join(str(value) for value in Feedback.objects.values_list()[0])
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert row.steps.get().words == "Chờ lâu quá."
    assert (row.received_on, row.due_on, row.state) == (NOW.date(), DUE, FeedbackState.RECEIVED)


@pytest.mark.parametrize("words", ["", "   ", "\x00", "x" * (LONGEST_WORDS + 1)])
def test_without_words_nothing_is_taken(words: str) -> None:
    with pytest.raises(RefusedError):
        take_feedback(words=words, unit=None, now=NOW)

    assert not Feedback.objects.exists()


def test_it_is_assigned_answered_and_rated_once(office: Agency, head: User) -> None:
    row = answered(office, head)
    assert (row.state, row.answered_on) == (FeedbackState.ANSWERED, NOW.date())

    row = rate_answer(feedback=row, answer=Satisfaction.DISSATISFIED, now=NOW)

    assert row.rating == Satisfaction.DISSATISFIED
    assert list(row.steps.values_list("act", flat=True)) == [
        "received", "assigned", "answered", "rated",
    ]  # fmt: skip
    with pytest.raises(RefusedError):
        rate_answer(feedback=row, answer=Satisfaction.SATISFIED, now=NOW)
    with pytest.raises(StaleVersionError):
        answer_feedback(feedback=row, user=head, version=row.version, words="Nữa", now=NOW)


def test_a_citizen_who_was_signed_in_is_told_of_the_answer_once(office: Agency, head: User) -> None:
    sender: User = UserFactory()
    assert sender.citizen is not None
    row = take_feedback(words="Chờ lâu.", unit=office.unit, now=NOW, sender=sender)[0]
    row = assign_feedback(feedback=row, agency=office, user=head, version=1, words="", now=NOW)
    assert not Message.objects.filter(topic="feedback_answered").exists()

    answer_feedback(feedback=row, user=head, version=row.version, words="Đã mở quầy.", now=NOW)

    message = Message.objects.get(topic="feedback_answered")
    assert message.recipient == sender.citizen.party
    assert message.params == {"received_on": "2026-11-20"}  # neither the words nor the answer


def test_who_gave_no_name_gets_no_message(office: Agency, head: User) -> None:
    answered(office, head)

    assert not Message.objects.filter(topic="feedback_answered").exists()


def test_what_is_not_answered_is_not_rated(office: Agency) -> None:
    with pytest.raises(RefusedError):
        rate_answer(feedback=sent(office.unit), answer=Satisfaction.SATISFIED, now=NOW)


def test_an_office_answers_only_what_it_has(office: Agency, head: User, city: Unit) -> None:
    row = sent(office.unit)
    with pytest.raises(RefusedError):
        answer_feedback(feedback=row, user=head, version=1, words="Đã rõ.", now=NOW)

    row = assign_feedback(feedback=row, agency=office, user=head, version=1, words="", now=NOW)
    other = AgencyFactory(kind__key="ubnd_xa", unit=UnitFactory(parent=city))
    for stranger in (person(other, Role.HEAD_OF_UNIT), person(office, Role.RECEPTIONIST)):
        with pytest.raises(RefusedError):
            answer_feedback(feedback=row, user=stranger, version=2, words="Đã rõ.", now=NOW)
    with pytest.raises(StaleVersionError):
        answer_feedback(feedback=row, user=head, version=1, words="Đã rõ.", now=NOW)
    with pytest.raises(RefusedError):
        answer_feedback(feedback=row, user=head, version=2, words=" ", now=NOW)


def test_a_head_assigns_within_the_unit_and_a_leader_everywhere(
    office: Agency, head: User, city: Unit
) -> None:
    other = AgencyFactory(kind__key="ubnd_xa", unit=UnitFactory(parent=city))
    leader = person(AgencyFactory(kind__key="ubnd_tinh", unit=city), Role.PROVINCIAL_LEADER)
    said: dict[str, Any] = {"version": 1, "words": "", "now": NOW}

    with pytest.raises(RefusedError):  # an office of others
        assign_feedback(feedback=sent(office.unit), agency=other, user=head, **said)
    with pytest.raises(RefusedError):  # what somebody else leads
        assign_feedback(feedback=sent(other.unit), agency=office, user=head, **said)
    row = assign_feedback(feedback=sent(), agency=other, user=leader, **said)

    with pytest.raises(RefusedError):  # it has it already
        assign_feedback(feedback=row, agency=other, user=leader, **(said | {"version": 2}))
    row = assign_feedback(feedback=row, agency=office, user=leader, **(said | {"version": 2}))
    assert (row.agency, row.due_on) == (office, DUE)


def test_who_reads_what(office: Agency, head: User, city: Unit) -> None:
    clerk = person(office, Role.CASE_OFFICER)
    other = person(
        AgencyFactory(kind__key="ubnd_xa", unit=UnitFactory(parent=city)), Role.HEAD_OF_UNIT
    )
    leader = person(AgencyFactory(kind__key="ubnd_tinh", unit=city), Role.PROVINCIAL_LEADER)
    about, nowhere = sent(office.unit), sent()

    def read(user: User) -> set[Feedback]:
        return set(feedback_for(user=user, day=NOW.date()))

    assert (read(head), read(clerk), read(other)) == ({about}, set(), set())
    assert read(leader) == {about, nowhere}
    assign_feedback(feedback=about, agency=office, user=head, version=1, words="", now=NOW)
    assert (read(head), read(clerk), read(other)) == ({about}, {about}, set())


@pytest.mark.parametrize(
    "change",
    [
        lambda: FeedbackStep.objects.update(words="Khác"),
        lambda: FeedbackStep.objects.all().delete(),
    ],
)
def test_what_was_said_stays(change: Callable[[], object]) -> None:
    sent()

    with pytest.raises(ProgrammingError), transaction.atomic():
        change()


def test_the_index_counts_what_is_answered_or_due(office: Agency, head: User) -> None:
    """Five in the unit: well answered, dissatisfying, late, never answered; one is not due yet."""
    late = datetime(2026, 12, 7, 9, tzinfo=ZONE)
    answered(office, head)
    answered(office, head)
    rate_answer(feedback=answered(office, head), answer=Satisfaction.DISSATISFIED, now=NOW)
    too_late = answered(office, head, at=late)
    rate_answer(feedback=too_late, answer=Satisfaction.DISSATISFIED, now=late)
    sent(office.unit)
    sent(office.unit, at=datetime(2026, 11, 30, 9, tzinfo=ZONE))
    sent()
    until = NOVEMBER.until
    rows = list(Feedback.objects.filter(received_on__month=11))
    count = [one for one in rows if one.answered_on or one.due_on <= until]
    in_time = [one for one in count if one.answered_on and one.answered_on <= one.due_on]
    well = [one for one in in_time if one.rating != Satisfaction.DISSATISFIED]

    found = counted(months=NOVEMBER)

    assert until == date(2026, 11, 30)
    assert found["feedback_on_time"].whole == (len(in_time), len(count)) == (3, 4)
    assert found["feedback_satisfaction"].whole == (len(well), len(count)) == (2, 4)
    assert found["feedback_on_time"].by_unit == {office.unit_id: (3, 4)}
    assert found["feedback_satisfaction"].by_unit == {}
    assert found["feedback_satisfaction"].withheld == {office.unit_id}


def test_at_the_end_of_the_year_the_unanswered_count_too(office: Agency, head: User) -> None:
    answered(office, head)
    sent(office.unit)
    sent()
    year = Months.between(date(2026, 1, 1), date(2026, 12, 1), DUE + timedelta(days=40))

    found = counted(months=year)

    assert found["feedback_on_time"].whole == (1, 3)
    assert found["feedback_on_time"].by_unit == {office.unit_id: (1, 2)}
