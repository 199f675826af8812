"""The whole loop on the database: suggestion, dossier, decision, register, next cycle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from citizens.enums import FactKind, Role
from citizens.models import Credential, FactChange
from dossiers.enums import Action, ClockEventKind, Status
from dossiers.models import Dossier, EventFeed, Result
from dossiers.selectors import clock_of, dossier_for, timeline, why_due
from dossiers.services import decide, return_result
from notifications.models import Message
from portal.common.errors import RefusedError
from procedures.enums import MatterOutcome, SuggestionState
from procedures.models import OpenMatter
from tests.dossiers.scene import FRIDAY, pay_fee, renewal, step

MONDAY = FRIDAY + timedelta(days=3)


@pytest.mark.django_db
def test_a_confirmed_suggestion_comes_back_as_a_renewed_licence() -> None:
    # Given a licence in its first term and the desk of the competent office
    scene = renewal()
    receptionist = scene.officer(Role.RECEPTIONIST)
    officer = scene.officer(Role.CASE_OFFICER)
    number = scene.licence.number

    # When it is filed, received, processed, approved, paid and returned
    dossier = scene.submit()
    dossier = step(dossier, Action.RECEIVE, receptionist)
    assert (dossier.clock_started_on, dossier.due_on) == (date(2026, 11, 20), date(2026, 11, 27))
    dossier = step(dossier, Action.START_PROCESSING, officer)
    assert dossier.assignee == officer.official
    result = decide(dossier=dossier, user=officer, version=dossier.version, now=MONDAY)
    dossier = pay_fee(dossier, now=MONDAY)
    dossier = return_result(dossier=dossier, user=receptionist, version=dossier.version, now=MONDAY)

    # Then the register holds the next term of the same line, and everything else is closed
    licence = Credential.objects.get()
    assert licence == scene.licence == result.credential
    assert (licence.term, licence.number) == (2, number)
    assert (licence.issued_on, licence.expires_on) == (date(2026, 11, 23), date(2036, 11, 23))
    assert FactChange.objects.filter(kind=FactKind.CREDENTIAL, object_id=licence.pk).exists()
    assert (dossier.status, dossier.finished_at, dossier.returned_at) == (
        Status.RETURNED,
        MONDAY,
        MONDAY,
    )
    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.FULFILLED
    matter = OpenMatter.objects.get()
    assert (matter.outcome, matter.closed_on) == (MatterOutcome.GRANTED, MONDAY.date())
    topics = list(Message.objects.order_by("pk").values_list("topic_id", flat=True))
    assert topics == [
        "dossier_submitted",
        "dossier_received",
        "dossier_approved",
        "payment_received",
        "dossier_returned",
    ]
    received = Message.objects.get(topic="dossier_received")
    assert received.params["due_on"] == "2026-11-27"
    assert EventFeed.objects.count() == dossier.events.count() == 6
    kinds = list(dossier.clock_events.values_list("kind", flat=True))
    assert kinds == [ClockEventKind.START, ClockEventKind.FINISH]
    assert clock_of(dossier=dossier).due_on == dossier.due_on
    assert [moment.action for moment in timeline(dossier=dossier)] == [
        Action.SUBMIT,
        Action.RECEIVE,
        Action.START_PROCESSING,
        Action.APPROVE,
        Action.CONFIRM_PAYMENT,
        Action.RETURN_RESULT,
    ]
    assert scene.submit() == dossier  # a late press on the old page finds what was granted


@pytest.mark.django_db
def test_the_due_date_explains_itself() -> None:
    scene = renewal()
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer(Role.RECEPTIONIST))

    assert why_due(dossier=dossier) == (
        "Hẹn trả thứ Sáu 27/11/2026: 5 ngày làm việc tính từ ngày tiếp nhận 20/11/2026, "
        "không tính thứ Bảy, Chủ nhật."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("refusal", [Action.REFUSE_RECEPTION, Action.STOP])
def test_a_refused_matter_waits_again_and_can_be_filed_anew(refusal: Action) -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    first = scene.submit()
    if refusal is Action.STOP:
        first = step(first, Action.RECEIVE, officer)

    refused = step(first, refusal, officer, note="Giấy khám sức khỏe đã hết hạn")

    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.OPEN
    assert OpenMatter.objects.get().outcome == MatterOutcome.REFUSED
    message = Message.objects.get(topic="dossier_refused")
    assert message.params["reason"] == "Giấy khám sức khỏe đã hết hạn"
    assert refused.finished_at == FRIDAY
    second = scene.submit(now=MONDAY)
    assert second != refused
    assert second.code.endswith("20261123-0000001")
    assert dossier_for(citizen=scene.citizen, public_id=refused.public_id) == refused
    assert not Result.objects.exists()


@pytest.mark.django_db
def test_the_citizen_withdraws() -> None:
    scene = renewal()

    dossier = step(scene.submit(), Action.WITHDRAW, scene.user)

    assert dossier.status == Status.WITHDRAWN
    assert OpenMatter.objects.get().outcome == MatterOutcome.WITHDRAWN
    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.OPEN


@pytest.mark.django_db
def test_a_supplement_stops_the_clock_while_the_citizen_looks_for_papers() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    tuesday, thursday = FRIDAY + timedelta(days=4), FRIDAY + timedelta(days=6)

    dossier = step(
        dossier, Action.REQUEST_SUPPLEMENT, officer, now=tuesday, note="Thiếu giấy khám sức khỏe"
    )
    dossier = step(dossier, Action.SUPPLEMENT, scene.user, now=thursday)

    assert dossier.status == Status.RECEIVED
    assert dossier.due_on == date(2026, 12, 1)
    assert "cộng 2 ngày làm việc chờ công dân" in why_due(dossier=dossier)
    pause, resume = list(dossier.clock_events.all())[1:]
    assert (pause.reason, resume.days, resume.due_on) == (
        "Thiếu giấy khám sức khỏe",
        2,
        date(2026, 12, 1),
    )


@pytest.mark.django_db
def test_papers_asked_for_before_reception_start_the_clock_when_they_come() -> None:
    scene = renewal()
    dossier = step(
        scene.submit(), Action.REQUEST_SUPPLEMENT, scene.officer(Role.RECEPTIONIST), note="Thiếu"
    )
    assert dossier.due_on is None

    dossier = step(dossier, Action.SUPPLEMENT, scene.user, now=MONDAY)

    assert dossier.due_on == date(2026, 11, 30)
    assert dossier.received_at == scene.agency
    assert Message.objects.filter(topic="dossier_received").count() == 1


@pytest.mark.django_db
def test_what_cannot_be_stored_leaves_everything_as_it_was() -> None:
    """The register refuses the paper, so the decision, its step and its message are not there."""
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    dossier = step(dossier, Action.START_PROCESSING, officer)
    Credential.objects.update(category="Z9")
    before = (Message.objects.count(), EventFeed.objects.count(), dossier.events.count())

    with pytest.raises(RefusedError, match="Z9"):
        step(dossier, Action.APPROVE, officer)

    stored = Dossier.objects.get(pk=dossier.pk)
    assert (stored.status, stored.version) == (Status.PROCESSING, dossier.version)
    assert (Message.objects.count(), EventFeed.objects.count(), stored.events.count()) == before
    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.ACCEPTED
