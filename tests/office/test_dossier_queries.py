"""A dossier's page asks the same few questions, whatever the dossier went through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Citizen, Official
from dossiers.enums import Action, Actor, ClockEventKind, DelayKind, PaymentState, Status
from dossiers.models import (
    Absence,
    ClockEvent,
    DelayCause,
    Delegation,
    Dispute,
    Dossier,
    DossierEvent,
    DossierNote,
    DossierPaper,
    Payment,
)
from portal.common import clock
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    GrantFactory,
    OfficialFactory,
    always,
)
from tests.factories.dossiers import DossierFactory
from tests.office.places import Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

MOST = 20


def asked_of(official: Official, dossier: Dossier, end: str = "") -> int:
    """Return how many questions the page needs once the process is warm."""
    client = signed_in(official.user)
    address = reverse("admin:office_dossier", args=[dossier.public_id]) + end
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_an_eventful_dossier_stays_within_its_queries(here: Place) -> None:
    """Late, disputed, paid for, filed by kin, of an absent colleague, signed for the head."""
    officer = _official(here, Role.CASE_OFFICER)
    officer.self_pin_index = Citizen.index_of("001090000001")
    officer.save(update_fields=["self_pin_index"])
    colleague, head = _official(here, Role.CASE_OFFICER), _official(here, Role.HEAD_OF_UNIT)
    Absence.objects.create(official=colleague, cover=officer, away=always())
    Delegation.objects.create(
        agency=here.agency, holder=head, deputy=officer, valid=always(), decision_number="7/QĐ"
    )
    dossier = _worked_on(here, colleague)
    _put(dossier, officer, 3)

    few = asked_of(officer, dossier)
    _put(dossier, officer, 27)

    assert asked_of(officer, dossier) == few <= MOST


def test_a_plain_dossier_asks_less(here: Place) -> None:
    assert asked_of(here.official, here.dossier) <= 15


def test_the_way_along_the_queue_asks_nothing_more(here: Place) -> None:
    DossierFactory(owner_citizen=CitizenFactory(unit=here.unit), competent=here.agency)

    alone = asked_of(here.official, here.dossier)

    assert asked_of(here.official, here.dossier, "?queue=where%3Dunit%26due%3Dlate") == alone


def _official(here: Place, role: Role) -> Official:
    found: Official = OfficialFactory(agency=here.agency)
    GrantFactory(official=found, role=role, unit=here.unit)
    return found


def _worked_on(here: Place, desk: Official) -> Dossier:
    """Return a late dossier on somebody's desk that another than its owner filed."""
    day = clock.today()
    dossier: Dossier = DossierFactory(
        owner_citizen=CitizenFactory(unit=here.unit),
        applicant=CitizenFactory(unit=here.unit),
        competent=here.agency,
        assignee=desk,
        status=Status.PROCESSING,
        clock_started_on=day - timedelta(days=60),
        due_on=day - timedelta(days=20),
        fee_vnd=135_000,
        ledgers=False,
        fields={"reason": "001090000002"},
    )
    ClockEvent.objects.create(
        dossier=dossier,
        kind=ClockEventKind.START,
        happened_at=clock.now() - timedelta(days=60),
        due_on=day - timedelta(days=20),
    )
    return dossier


def _put(dossier: Dossier, official: Official, count: int) -> None:
    """Add so many rows to each table that belongs to a dossier and may grow."""
    held = dossier.papers.count()
    for number in range(held, held + count):
        told = {"dossier": dossier, "happened_at": clock.now()}
        DossierPaper.objects.create(
            dossier=dossier, component_code=f"P{number:03}", name_vi="Giấy tờ"
        )
        DossierEvent.objects.create(
            **told,
            action=Action.REASSIGN,
            status_before=Status.PROCESSING,
            status_after=Status.PROCESSING,
            actor_role=Actor.HEAD_OF_UNIT,
            official=official.user,
        )
        DossierNote.objects.create(dossier=dossier, official=official.user, text="Đã gọi điện")
        DelayCause.objects.create(**told, kind=DelayKind.INSIDE, days=1, official=official.user)
        Payment.objects.create(
            dossier=dossier,
            amount_vnd=1000,
            state=PaymentState.CANCELLED,
            reference=f"R{number}",
            asked_at=clock.now(),
        )
        ContactPointFactory(party=dossier.owner)
    if not dossier.disputes.exists():
        Dispute.objects.create(
            dossier=dossier,
            kind=DelayKind.SYSTEM,
            claimed_days=1,
            grounds="Hệ thống ngừng",
            raised_by=official.user,
            raised_at=clock.now(),
        )
