"""The certificate of a household business: its owner's number, and whose business it is."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from citizens.enums import PartyKind
from citizens.models import Citizen
from dossiers.documents.facts import facts_of
from dossiers.documents.facts.frame import Paper
from dossiers.enums import FormKind
from dossiers.services.freeze_form import freeze_form
from dossiers.services.grant_result import grant_result
from procedures.prefill import Form, prefill_form
from tests.dossiers.bundle_scene import FRIDAY, TODAY
from tests.factories.citizens import CitizenFactory, HouseholdFactory, HouseholdMemberFactory
from tests.factories.dossiers import DossierFactory, catalogued_version

pytestmark = pytest.mark.django_db
KEY = "household_business_registration"
ALONE, TOGETHER = "Cá nhân", "Các thành viên hộ gia đình"


@pytest.fixture
def owner() -> Any:
    """Somebody who lives with a son, on a Friday."""
    with time_machine.travel(FRIDAY, tick=False):
        owner = CitizenFactory(age=40)
        home = HouseholdFactory(head=owner, unit=owner.unit)
        HouseholdMemberFactory(household=home, citizen=CitizenFactory(unit=owner.unit))
        yield owner


def _form(owner: Citizen) -> Form:
    return prefill_form(
        version=catalogued_version(KEY),
        subject=owner.party,
        applicant=owner,
        suggestion=None,
        day=TODAY,
    )


@pytest.mark.parametrize(("founder", "listed"), [(ALONE, False), (TOGETHER, True)])
def test_members_are_filed_only_where_they_found_it(
    owner: Citizen, founder: str, listed: bool
) -> None:
    form = _form(owner)
    words = {"phone": "0905123456", "money": "1000", "industries": "5610 Quán ăn"}
    answers = {
        field.name: field.choices[0] if field.choices else words.get(field.type, "Đà Nẵng")
        for field in form.missing
    }

    frozen = freeze_form(form=form, answers=answers | {"founder_kind": founder})

    assert ("members" in frozen) is listed
    shown = {field.name for field in form.fitting({"founder_kind": founder}).fields}
    assert ("members" in shown) is listed
    assert "members" in {field.name for field in form.fitting({}).fields}  # not answered yet


def test_the_certificate_bears_its_owners_number(owner: Citizen) -> None:
    dossier = DossierFactory(
        procedure_key=KEY, owner_citizen=owner, fields={"business_name": "Quán Mây"}
    )

    result = grant_result(dossier=dossier, decided_on=TODAY)

    assert dossier.owner.kind == PartyKind.CITIZEN
    assert result.credential is not None
    assert result.credential.number == owner.pin
    event = dossier.events.last()
    said = dict(facts_of(Paper(dossier, FormKind.RESULT, event, "C" * 20))["rows"])
    assert said["Số"] == owner.pin
