"""An allowance is decided with its amount, in law's name, and by which way it is paid."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from citizens.enums import Gender, Role
from dossiers.documents.facts import facts_of
from dossiers.documents.facts.frame import Paper
from dossiers.enums import Action, Actor, FormKind, Status
from dossiers.models import Dossier, DossierEvent
from dossiers.services.grant_result import grant_result
from dossiers.services.state_amount import grants_money, state_amount
from portal.common.errors import RefusedError
from portal.web.presenters.dossiers import returns
from procedures.services import open_matter
from tests.dossiers.bundle_scene import FRIDAY, TODAY
from tests.factories.citizens import CitizenFactory, GrantFactory, OfficialFactory
from tests.factories.dossiers import DossierFactory
from tests.office.places import signed_in
from tests.shelf import put_texts

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
FIELDS = {
    "deceased": "Lê Văn Đức",
    "benefit_receiver": "Trần Thị Lan",
    "benefit_kind": "Người có công",
    "payment_way": "Ngân hàng Thử nghiệm\n0123 4567 89\nTRAN THI LAN",
}


@pytest.fixture
def dossier() -> Any:
    """A widow's dossier for the allowance, being processed on a Friday."""
    with time_machine.travel(FRIDAY, tick=False):
        deceased = CitizenFactory(gender=Gender.MALE)
        found = DossierFactory(
            procedure_key="funeral_grant", owner_citizen=deceased, fields=FIELDS, processing=True
        )
        open_matter(
            procedure=found.procedure_version.procedure,
            party=found.owner,
            anchor=0,
            reference=found.code,
            day=TODAY,
        )
        put_texts()
        yield found


def test_nothing_is_granted_without_its_amount(dossier: Dossier) -> None:
    assert grants_money(dossier=dossier)
    with pytest.raises(RefusedError):
        grant_result(dossier=dossier, decided_on=TODAY)


@pytest.mark.parametrize(
    "typed", ["", "x", "-5", "0", "999", "1.000.000.000", "10e6", "1" * 40, "1000,50", "1.0000"]
)
def test_what_is_no_amount_is_refused(dossier: Dossier, typed: str) -> None:
    with pytest.raises(RefusedError):
        state_amount(dossier=dossier, typed=typed)


def test_the_decision_names_law_amount_and_way_of_payment(dossier: Dossier) -> None:
    state_amount(dossier=dossier, typed=" 10.000.000 đ ")
    dossier.refresh_from_db()
    grant_result(dossier=dossier, decided_on=TODAY)
    event = DossierEvent.objects.create(
        dossier=dossier,
        action=Action.APPROVE,
        status_before=Status.PROCESSING,
        status_after=Status.DONE,
        actor_role=Actor.HEAD_OF_UNIT,
        happened_at=FRIDAY,
    )

    said = facts_of(Paper(dossier, FormKind.RESULT, event, "C" * 20))

    assert said["basis"].startswith("Căn cứ: Luật số 41/2024/QH15, Pháp lệnh")
    rows = dict(said["rows"])
    assert rows["Số tiền"] == "10.000.000 đồng (Mười triệu đồng)"
    assert rows["Cách nhận tiền"] == "Ngân hàng Thử nghiệm, 0123 4567 89, TRAN THI LAN"
    assert ("Số tiền được cấp", "10.000.000\N{NO-BREAK SPACE}đ") in returns(dossier)


def test_the_official_who_approves_is_asked_for_it(dossier: Dossier) -> None:
    official = OfficialFactory(agency=dossier.competent)
    GrantFactory(official=official, unit=dossier.competent.unit, role=Role.HEAD_OF_UNIT)
    client = signed_in(official.user)
    page = reverse("admin:office_dossier", args=[dossier.public_id])
    press = reverse("admin:office_dossier_step", args=[dossier.public_id])
    assert 'name="amount"' in client.get(page).content.decode()

    for amount in ("", "10.000.000"):
        told = {"press": "approve", "version": dossier.version, "amount": amount}
        client.post(press, told)
        dossier.refresh_from_db()
        assert dossier.granted_vnd == (10_000_000 if amount else None)

    assert dossier.status == Status.DONE
